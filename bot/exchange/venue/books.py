"""The account's books: cash, positions, orders, executions, ids.

Only `apply` changes them, and only a record does it (see `records`). What the positions are worth
is not in the books: it depends on the market and is told by `valuation`.
"""

import zlib
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from bot.domain.instruments import ConId
from bot.exchange.reference.conid import is_future
from bot.exchange.venue.accruals import Accruals
from bot.exchange.venue.charges import Charges
from bot.exchange.venue.holding import Holding, Trade, Traded, settle_daily, trade
from bot.exchange.venue.orders import BookedOrder, check_move
from bot.exchange.venue.records import (
    AccountOpened,
    ClockNoted,
    DayOpened,
    Execution,
    FillBooked,
    InterestAccrued,
    InterestPaid,
    OrderBooked,
    OrderIdSpent,
    PositionSettled,
    Record,
    Settlement,
    VariationSettled,
)

# The first permanent id; the broker's are of this size too.
_FIRST_PERM_ID = 1_000_000_001


class BooksError(Exception):
    """A record does not fit the books: they were not opened, or it was booked already."""


class Books:
    """The books of one account; USD throughout.

    Attributes:
        account: The account id, empty until the books are opened.
        cash_usd: Settled cash.
        realized_usd: Realized since the account was opened, net of commissions.
        holdings: Positions ever held, by contract; flat ones stay, for what they realized.
        orders: All orders, by permanent id, oldest first.
        executions: All fills, oldest first.
        day_opening: The last trading day that began; its profit and loss count from there.
        day_holdings: The holdings when that day began.
        interest: Interest, paid or not yet.
        clock: The latest instant that a record names.
    """

    def __init__(self) -> None:
        self.account = ""
        self.opened_at: datetime | None = None
        self.cash_usd = Decimal(0)
        self.realized_usd = Decimal(0)
        self.holdings: dict[ConId, Holding] = {}
        self.orders: dict[int, BookedOrder] = {}
        self.executions: list[Execution] = []
        self.day_opening: DayOpened | None = None
        self.day_holdings: dict[ConId, Holding] = {}
        self.interest = Accruals()
        self.clock: datetime | None = None
        self._open_orders: dict[int, BookedOrder] = {}
        self._by_client: dict[tuple[int, int], int] = {}
        self._groups: dict[tuple[int, str], dict[int, None]] = {}
        self._highest_order_id: dict[int, int] = {}
        self._charges: dict[tuple[int, ConId], Charges] = {}
        self._fills = 0
        self._exec_ids: set[str] = set()

    # -- questions

    @property
    def is_open(self) -> bool:
        """Whether the account exists."""
        return self.opened_at is not None

    @property
    def next_perm_id(self) -> int:
        """The permanent id of the next order."""
        return _FIRST_PERM_ID + len(self.orders)

    def next_exec_id(self, part: str = "") -> str:
        """Return the id of the next execution, `part` naming a leg of a combination.

        The last segment counts corrections; none happen here.
        """
        prefix = zlib.crc32(self.account.encode())
        return f"{prefix:08x}.{self._fills + 1:08x}{part}.01.01"

    def next_order_id(self, client_id: int) -> int:
        """Return the lowest order id that `client_id` has not used."""
        return self._highest_order_id.get(client_id, 0) + 1

    def open_orders(self) -> list[BookedOrder]:
        """Return the open orders in order of arrival."""
        return list(self._open_orders.values())

    def order_of(self, client_id: int, order_id: int) -> BookedOrder | None:
        """Return the order that a client knows by `order_id`, or None."""
        perm_id = self._by_client.get((client_id, order_id))
        return None if perm_id is None else self.orders[perm_id]

    def rest_of_group(self, order: BookedOrder) -> list[BookedOrder]:
        """Return the open orders of the one-cancels-all group of `order`, without itself."""
        return [other for other in self.members(order) if other.is_open]

    def members(self, order: BookedOrder) -> list[BookedOrder]:
        """Return all orders ever in the group of `order` besides itself; none if it has none."""
        found = self._groups.get((order.client_id, order.group), ()) if order.group else ()
        return [self.orders[each] for each in found if each != order.perm_id]

    def attached_to(self, parent: BookedOrder) -> list[BookedOrder]:
        """Return the open orders that wait for `parent` to fill."""
        waiting = (o for o in self._open_orders.values() if o.waits_for_parent)
        return [order for order in waiting if order.parent_perm_id == parent.perm_id]

    def family_of(self, order: BookedOrder) -> list[BookedOrder]:
        """Return the open orders that are sent with `order`: its parent first, then its siblings.

        An order that is attached to nothing is sent alone.
        """
        if not order.parent_perm_id:
            return []
        parent = self._open_orders.get(order.parent_perm_id)
        siblings = [
            other
            for other in self._open_orders.values()
            if other.parent_perm_id == order.parent_perm_id
        ]
        return [parent, *siblings] if parent else siblings

    def positions(self) -> list[Holding]:
        """Return the positions that are not flat, by contract."""
        return [h for _, h in sorted(self.holdings.items()) if h.quantity]

    def quantity(self, con_id: ConId) -> int:
        """Return the signed position in a contract."""
        holding = self.holdings.get(con_id)
        return holding.quantity if holding else 0

    def closed_today(self) -> list[Holding]:
        """Return the positions that became flat since the trading day began, by contract."""
        flat = (h for _, h in sorted(self.holdings.items()) if not h.quantity)
        return [h for h in flat if h != self.day_holdings.get(h.con_id)]

    def cost_of_positions_usd(self) -> Decimal:
        """Return the cash that is in all positions; of a future only what it has moved.

        Cash + this + unpaid interest - realized - all interest earned never changes.
        """
        return sum((h.invested_usd for h in self.holdings.values()), Decimal(0))

    # -- what a fill would do

    def charges(self, perm_id: int, con_id: ConId) -> Charges:
        """Return what an order has traded of a contract, and was charged for it."""
        return self._charges.get((perm_id, con_id), Charges())

    def traded(self, done: Execution) -> Traded:
        """Return what an execution makes of its position; nothing is booked."""
        con_id = done.con_id
        holding = self.holdings.get(con_id) or Holding(
            con_id=con_id, multiplier=done.multiplier, is_future=is_future(con_id)
        )
        signed = done.side.sign * done.quantity
        return trade(
            holding, Trade(quantity=signed, price=done.price, commission_usd=done.commission_usd)
        )

    # -- the only way in

    def apply(self, record: Record) -> None:
        """Book `record`.

        Raises:
            BooksError: It does not fit the books.
            IllegalMoveError: It moves an order as no order can move.
        """
        self._check_opened(record)
        match record:
            case AccountOpened():
                self._open(record)
            case OrderIdSpent():
                self._spend(record.client_id, record.order_id)
            case OrderBooked():
                self._book_order(record.order)
            case FillBooked():
                self._book_fill(record)
            case PositionSettled() | VariationSettled() | InterestAccrued() | InterestPaid():
                self._settle(record)
            case DayOpened():
                self.day_opening, self.day_holdings = record, dict(self.holdings)
            case ClockNoted():
                self._note_clock(record.at)
            case _:
                assert_never(record)

    def _check_opened(self, record: Record) -> None:
        if self.is_open is isinstance(record, AccountOpened):
            raise BooksError("an account is opened once, before anything else")

    def _open(self, record: AccountOpened) -> None:
        self.account, self.opened_at = record.account, record.at
        self.cash_usd = record.cash_usd
        self.holdings = {holding.con_id: holding for holding in record.holdings}
        self._note_clock(record.at)

    def _spend(self, client_id: int, order_id: int) -> None:
        highest = max(order_id, self._highest_order_id.get(client_id, 0))
        self._highest_order_id[client_id] = highest

    def _book_order(self, order: BookedOrder) -> None:
        old = self.orders.get(order.perm_id)
        if old is not None:
            check_move(old, order)
        self.orders[order.perm_id] = order
        self._by_client[order.client_id, order.order_id] = order.perm_id
        self._spend(order.client_id, order.order_id)
        if order.group:
            self._groups.setdefault((order.client_id, order.group), {})[order.perm_id] = None
        self._note_clock(order.ended_at or order.placed_at)
        if order.is_open:
            self._open_orders[order.perm_id] = order
        else:
            self._open_orders.pop(order.perm_id, None)

    def _book_fill(self, record: FillBooked) -> None:
        for each in record.told:
            if each.exec_id in self._exec_ids:
                raise BooksError(f"execution {each.exec_id} is booked already")
        self._book_order(record.order)
        for each in record.trades:
            self._move(self.traded(each))
            sums = self.charges(each.perm_id, each.con_id)
            self._charges[each.perm_id, each.con_id] = sums.plus(each)
        self._fills += 1
        self._exec_ids.update(each.exec_id for each in record.told)
        self.executions.extend(record.told)
        self._note_clock(record.trades[0].at)

    def _settle(self, record: Settlement) -> None:
        match record:
            case PositionSettled():
                self._move(self._paid_out(record))
                self._note_clock(record.at)
            case VariationSettled():
                self._move(settle_daily(self.holdings[record.con_id], record.price_points))
                self._note_clock(record.at)
            case InterestAccrued():
                self.interest.accrue(record)
            case InterestPaid():
                self.cash_usd += self.interest.pay(record)
                self._note_clock(record.at)
            case _:
                assert_never(record)

    def _paid_out(self, record: PositionSettled) -> Traded:
        holding = self.holdings[record.con_id]
        payout = Trade(
            quantity=-holding.quantity, price=record.value_points, commission_usd=Decimal(0)
        )
        return trade(holding, payout)

    def _move(self, traded: Traded) -> None:
        self.holdings[traded.holding.con_id] = traded.holding
        self.cash_usd += traded.cash_usd
        self.realized_usd += traded.realized_usd or Decimal(0)

    def _note_clock(self, at: datetime) -> None:
        self.clock = at if self.clock is None else max(self.clock, at)
