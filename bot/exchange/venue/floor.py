"""What all desks of the venue share: the books, the market, the clients, and what goes out.

A desk answers requests by sending replies and booking records through here; nothing leaves before
the shell has stored the records (see `outbox`).
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NewType

import msgspec

from bot.domain.instruments import ConId, Index
from bot.domain.sessions import SessionTable
from bot.exchange.reference.products import Product, Tradable
from bot.exchange.reference.reference import Reference
from bot.exchange.reference.underlyings import SPX_ID, VIX_ID, VVIX_ID
from bot.exchange.venue.account_rules import AccountRules
from bot.exchange.venue.board import Board
from bot.exchange.venue.books import Books
from bot.exchange.venue.combos import spell_combo
from bot.exchange.venue.contracts import spell_contract
from bot.exchange.venue.data_rules import DataRules
from bot.exchange.venue.hours import new_york_date
from bot.exchange.venue.lines import Line
from bot.exchange.venue.margin import HeldPosition
from bot.exchange.venue.margin_levels import Levels
from bot.exchange.venue.open_hours import OpenHours
from bot.exchange.venue.order_hours import OrderHours
from bot.exchange.venue.orders import BookedOrder
from bot.exchange.venue.ports import Market
from bot.exchange.venue.records import Record
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.replies import NO_REQUEST, ErrorMessage, Reply

SessionId = NewType("SessionId", int)
"""One connection; a client that comes back has another."""


class MultiSubscription(msgspec.Struct, kw_only=True):
    """Account values under a request id, with what was last told of each."""

    only_ledger: bool
    told: dict[tuple[str, str], str] = msgspec.field(default_factory=dict)


class SummarySubscription(msgspec.Struct, kw_only=True):
    """Chosen account values under a request id, with what was last told of each."""

    tags: frozenset[str]
    ledger: frozenset[str]
    told: dict[tuple[str, str], str] = msgspec.field(default_factory=dict)


class Client(msgspec.Struct, kw_only=True):
    """One connected client and its subscriptions; the keys are request ids.

    `streams` names those that a desk keeps itself (`bot.exchange.venue.streams`).
    """

    session_id: SessionId
    client_id: int
    data_type: int = 1
    positions: bool = False
    account_updates: bool = False
    lines: dict[int, Line] = msgspec.field(default_factory=dict)
    snapshots: dict[int, Line] = msgspec.field(default_factory=dict)
    positions_multi: set[int] = msgspec.field(default_factory=set)
    account_multi: dict[int, MultiSubscription] = msgspec.field(default_factory=dict)
    summaries: dict[int, SummarySubscription] = msgspec.field(default_factory=dict)
    pnl: dict[int, Reply | None] = msgspec.field(default_factory=dict)
    pnl_single: dict[int, tuple[ConId, Reply | None]] = msgspec.field(default_factory=dict)
    account_told: dict[tuple[str, str], str] = msgspec.field(default_factory=dict)
    portfolio_told: dict[ConId, Reply] = msgspec.field(default_factory=dict)
    scans: set[int] = msgspec.field(default_factory=set)
    display_groups: dict[int, int] = msgspec.field(default_factory=dict)
    streams: set[tuple[str, int]] = msgspec.field(default_factory=set)

    @property
    def subscription_count(self) -> int:
        """How much the client has open at once, of all kinds together."""
        return sum(len(getattr(self, name)) for name in _SUBSCRIPTIONS)


# What was told is no subscription.
_SUBSCRIPTIONS = tuple(
    field.name
    for field in msgspec.structs.fields(Client)
    if field.default_factory in {dict, set} and not field.name.endswith("_told")
)


class Outbox:
    """What a request or a step caused, in order.

    The shell stores `records` first, then writes `replies`, then closes what is in `drops`.
    """

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.replies: dict[SessionId, list[Reply]] = {}
        self.drops: dict[SessionId, str] = {}


class Floor:
    """The shared state of the desks.

    Attributes:
        now: The exchange's time.
        rules: What the account may trade, and who sees everybody's orders.
        data_rules: What market data the login may have; set before the first request.
    """

    def __init__(
        self,
        *,
        books: Books,
        market: Market,
        reference: Reference,
        sessions: SessionTable,
        now: datetime,
        rules: AccountRules | None = None,
    ) -> None:
        self.books = books
        self.market = market
        self.reference = reference
        self.sessions = sessions
        self.now = now
        self.data_rules = DataRules()
        self.open_hours = OpenHours(sessions)
        self.order_hours = OrderHours(sessions)
        self.rules = rules or AccountRules()
        self.board = Board(market, now)
        self.clients: dict[SessionId, Client] = {}
        self.outbox = Outbox()
        self.positions_changed: set[ConId] = set()
        self.marks: dict[ConId, Decimal] = {}
        self._spelled: dict[tuple[ConId, str], WireContract] = {}

    @property
    def today(self) -> date:
        """The New York date."""
        return new_york_date(self.now)

    def take_outbox(self) -> Outbox:
        """Hand out what has gathered and start anew."""
        taken, self.outbox = self.outbox, Outbox()
        return taken

    def send(self, client: Client, reply: Reply) -> None:
        """Address `reply` to a connected client."""
        self.outbox.replies.setdefault(client.session_id, []).append(reply)

    def send_all(self, client: Client, replies: Iterable[Reply]) -> None:
        """Address many replies to a connected client."""
        self.outbox.replies.setdefault(client.session_id, []).extend(replies)

    def watched(self) -> Iterable[ConId]:
        """Yield every contract that somebody watches, holds or has an order in."""
        for client in self.clients.values():
            for line in (*client.lines.values(), *client.snapshots.values()):
                yield from () if line.is_delayed else line.con_ids
        for holding in self.books.positions():
            yield holding.con_id
        for order in self.books.open_orders():
            for leg in order.parts:
                yield leg.con_id

    def send_to_owner(self, client_id: int, reply: Reply) -> None:
        """Address `reply` to whoever placed an order, and to the master, where connected."""
        for client in self.clients.values():
            if client.client_id in (client_id, self.rules.master_client_id):
                self.send(client, reply)

    def fail(self, client: Client, request_id: int, code: int, text: str) -> None:
        """Answer with an error code (domain.md section 3.6)."""
        self.send(client, ErrorMessage(request_id=request_id, code=code, text=text))

    def notify(self, client: Client, code: int, text: str) -> None:
        """Send a notice that belongs to no request."""
        self.fail(client, NO_REQUEST, code, text)

    def book(self, record: Record) -> None:
        """Change the books and keep the record for the store."""
        self.books.apply(record)
        self.outbox.records.append(record)

    def instrument(self, con_id: ConId) -> Product:
        """Return a contract that is in the books."""
        return self.reference.instrument(con_id)

    def spelled(self, con_id: ConId, exchange: str) -> WireContract:
        """Return the wire form of a contract that is in the books, routed to `exchange`."""
        found = self._spelled.get((con_id, exchange))
        if found is None:
            found = spell_contract(self.instrument(con_id), exchange)
            self._spelled[con_id, exchange] = found
        return found

    def product(self, con_id: ConId) -> Tradable:
        """Return a contract that is in an order or a position: no index is."""
        found = self.instrument(con_id)
        assert not isinstance(found, Index)
        return found

    def lead(self, order: BookedOrder) -> Tradable:
        """Return the first product of an order, whose hours are the order's."""
        return self.product(order.parts[0].con_id)

    def contract_of(self, order: BookedOrder, con_id: ConId) -> WireContract:
        """Return the wire form of what an order or one of its executions trades."""
        if con_id in (leg.con_id for leg in order.parts):
            return self.spelled(con_id, order.exchange)
        return spell_combo(self.lead(order), order.legs, order.exchange)

    def levels(self) -> Levels:
        """Return where the underlyings stand, for the margin."""
        vix, spx, vvix = (self.board.quote(i).last for i in (VIX_ID, SPX_ID, VVIX_ID))
        return Levels(at=self.now, spx=spx, vix=vix, vvix=vvix)

    def held_positions(self) -> list[HeldPosition]:
        """Return the positions at their marks, for the margin; without a mark, at their cost."""
        found = []
        for holding in self.books.positions():
            product = self.product(holding.con_id)
            mark = self.marks.get(holding.con_id, holding.average_price_points)
            found.append(HeldPosition(product, holding.quantity, mark))
        return found
