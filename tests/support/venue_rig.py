"""A venue on a market that stands where a test puts it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from bot.domain.instruments import ConId, Index, Right
from bot.domain.sessions import SessionTable
from bot.exchange.market.quote import DailyBar, MarketQuote, Rates, Samples, Statistics
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.products import Tradable
from bot.exchange.reference.reference import Reference
from bot.exchange.reference.underlyings import VIX_ID
from bot.exchange.scenarios.loader import load_scenario
from bot.exchange.venue.account_rules import AccountRules
from bot.exchange.venue.books import Books
from bot.exchange.venue.contracts import BAG_CON_ID
from bot.exchange.venue.data_rules import DataRules
from bot.exchange.venue.floor import Floor, Outbox, SessionId
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.orders import BookedOrder, Side, Status, Tif
from bot.exchange.venue.records import AccountOpened
from bot.exchange.venue.venue import Venue
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.order import WireOrder
from bot.exchange.wire.replies import ErrorMessage, OrderStatus, Reply
from tests.support.session_tables import index_option_sessions

NEW_YORK = ZoneInfo("America/New_York")
ACCOUNT = "SIM0000001"
CASH = Decimal(100_000)
FEBRUARY = date(2018, 2, 14)

R = TypeVar("R")


def at(text: str) -> datetime:
    """Return a New York time such as `2018-01-16T10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def vix_option(strike: str, right: Right = Right.CALL, settlement: date = FEBRUARY) -> ConId:
    """Return the number of a monthly VIX option."""
    return con_id_of(ContractKey(ContractClass.VIX, settlement, Decimal(strike), right))


def spx_option(strike: str, right: Right, settlement: date = date(2018, 3, 16)) -> ConId:
    """Return the number of an AM-settled SPX option."""
    return con_id_of(ContractKey(ContractClass.SPX, settlement, Decimal(strike), right))


CALL_15 = vix_option("15")


def quote(
    con_id: ConId, bid: str | None = None, ask_: str | None = None, size: int = 10
) -> MarketQuote:
    """Return a line with the same size on each side that stands."""
    return MarketQuote(
        con_id=con_id,
        bid=None if bid is None else Decimal(bid),
        ask=None if ask_ is None else Decimal(ask_),
        bid_size=0 if bid is None else size,
        ask_size=0 if ask_ is None else size,
        last=None,
        volume=0,
        close=None,
    )


class TapeMarket:
    """A market that shows what a test wrote on it, whatever the time."""

    def __init__(self) -> None:
        self.shown: dict[ConId, MarketQuote] = {}
        self.past: dict[datetime, dict[ConId, MarketQuote]] = {}
        self.settled: dict[ConId, Decimal] = {}
        self.bars: dict[ConId, list[DailyBar]] = {}
        self.sampled: dict[ConId, Samples] = {}
        self.figures: dict[ConId, Statistics] = {}
        self.dividend_yield = 0.0

    def show(self, line: MarketQuote) -> None:
        """Let a line show this from the next step on."""
        self.shown[line.con_id] = line

    def quotes(
        self,
        con_ids: Sequence[ConId],
        now: datetime,
    ) -> list[MarketQuote]:
        """Return what is shown now; of a past that a test wrote, what was shown then."""
        past = self.past.get(now, {})
        return [past.get(c) or self.shown.get(c, quote(c)) for c in con_ids]

    def settlement_value(
        self,
        con_id: ConId,
        now: datetime,  # noqa: ARG002
    ) -> Decimal | None:
        return self.settled.get(con_id)

    def daily_bars(
        self,
        con_id: ConId,
        until: datetime,  # noqa: ARG002
        count: int,
    ) -> list[DailyBar]:
        return self.bars.get(con_id, [])[-count:]

    def samples(
        self,
        con_id: ConId,
        start: datetime,
        end: datetime,
        step_seconds: int,  # noqa: ARG002 - the tape is written at the steps a test wants
    ) -> Samples:
        """Return what a test wrote of (`start`, `end`]."""
        empty = Samples(*np.empty((len(Samples._fields), 0)))
        found = self.sampled.get(con_id, empty)
        held = (found.at > start.timestamp()) & (found.at <= end.timestamp())
        return Samples(*(column[held] for column in found))

    def rates(self, now: datetime) -> Rates:  # noqa: ARG002
        return Rates(rate=0.0, dividend_yield=self.dividend_yield)

    def statistics(
        self,
        con_id: ConId,
        now: datetime,  # noqa: ARG002
    ) -> Statistics:
        return self.figures.get(con_id, Statistics())


@cache
def rig_sessions() -> SessionTable:
    """Return the sessions of the scenario of February 2018."""
    scenario = load_scenario("volmageddon-2018")
    return index_option_sessions(scenario.sessions_from, scenario.sessions_until)


@cache
def rig_reference() -> Reference:
    """Return that scenario's contracts."""
    return Reference(load_scenario("volmageddon-2018"), rig_sessions())


def product(con_id: ConId) -> Tradable:
    """Return a contract that can be traded."""
    found = rig_reference().instrument(con_id)
    assert not isinstance(found, Index)
    return found


class Rig:
    """A venue with an open account, its market, and clients that talk to it."""

    def __init__(
        self,
        start: str = "2018-01-16T10:00",
        *,
        holdings: Iterable[Holding] = (),
        lines: Iterable[MarketQuote] = (),
        books: Books | None = None,
        data_rules: DataRules | None = None,
        cash: Decimal = CASH,
        benchmark: Decimal | None = None,
        rules: AccountRules | None = None,
    ) -> None:
        self.market = TapeMarket()
        for line in lines:
            self.market.show(line)
        self.books = books or Books()
        if books is None:
            opened = AccountOpened(
                account=ACCOUNT, at=at(start), cash_usd=cash, holdings=tuple(holdings)
            )
            self.books.apply(opened)
        self.floor = Floor(
            books=self.books,
            market=self.market,
            reference=rig_reference(),
            sessions=rig_sessions(),
            now=at(start),
            rules=rules,
        )
        self.floor.data_rules = data_rules or DataRules()
        self.venue = Venue(self.floor, benchmark)
        self.records = list(self.venue.advance(at(start)).records)

    def connect(self, client_id: int = 1) -> SessionId:
        """Open a session that has named itself."""
        session = self.venue.open_session()
        self.say(session, ask.StartApi(client_id=client_id))
        return session

    def say(self, session: SessionId, request: ask.Request) -> list[Reply]:
        """Return what a request sends back to its own session."""
        return self.keep(self.venue.handle(session, request)).replies.get(session, [])

    def step(self, now: str) -> dict[SessionId, list[Reply]]:
        """Advance to a New York time; return what went to whom."""
        return self.keep(self.venue.advance(at(now))).replies

    def keep(self, outbox: Outbox) -> Outbox:
        """Remember the records."""
        self.records += outbox.records
        return outbox


def order(order_id: int, side: str, quantity: int, price: str, **changes: object) -> WireOrder:
    """Return a DAY limit order."""
    made = WireOrder(
        order_id=order_id,
        action=side,
        total_quantity=Decimal(quantity),
        order_type="LMT",
        lmt_price=Decimal(price),
        tif="DAY",
    )
    return msgspec.structs.replace(made, **changes)


def place(
    wire: WireOrder, con_id: ConId = CALL_15, contract: WireContract | None = None
) -> ask.PlaceOrder:
    """Return a request to place `wire`, by contract number."""
    return ask.PlaceOrder(
        contract=contract or WireContract(con_id=con_id, exchange="SMART"), order=wire
    )


def only(replies: Iterable[Reply], kind: type[R]) -> list[R]:
    """Return the replies of one kind."""
    return [reply for reply in replies if isinstance(reply, kind)]


def codes(replies: Iterable[Reply]) -> list[int]:
    """Return the error codes among the replies."""
    return [reply.code for reply in only(replies, ErrorMessage)]


def statuses(replies: Iterable[Reply]) -> list[str]:
    """Return the order states told, in order."""
    return [reply.status for reply in only(replies, OrderStatus)]


def traded(rig: Rig) -> list[tuple[str, int, str]]:
    """Return what moved positions: side, contracts and price of each fill."""
    done = (e for e in rig.books.executions if e.con_id != BAG_CON_ID)
    return [(e.side.value, e.quantity, str(e.price)) for e in done]


VIX_INDEX = WireContract(con_id=VIX_ID)

ORDER = BookedOrder(
    perm_id=1,
    order_id=1,
    client_id=1,
    con_id=CALL_15,
    exchange="SMART",
    side=Side.BUY,
    quantity=5,
    limit=Decimal("1.00"),
    tif=Tif.DAY,
    outside_rth=False,
    order_ref="",
    status=Status.SUBMITTED,
    placed_at=at("2018-01-16T10:00"),
    good_until=at("2018-01-16T16:15"),
)
