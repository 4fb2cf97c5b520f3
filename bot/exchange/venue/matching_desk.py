"""Lets orders trade: on arrival, at each step of the market, at the opening, and until they end.

The size a line shows can be taken once: what one order took is gone for the next until the line
shows something new.
"""

from datetime import datetime

import msgspec

from bot.domain.instruments import ConId, Option
from bot.exchange.market.quote import MarketQuote
from bot.exchange.venue.floor import Floor
from bot.exchange.venue.hours import is_open
from bot.exchange.venue.matching import Match, far_side, match_arrival, match_resting
from bot.exchange.venue.order_messages import (
    commission_report,
    exec_details,
    open_order,
    order_status,
)
from bot.exchange.venue.orders import BookedOrder, Side, Status, end
from bot.exchange.venue.records import Execution, OrderBooked
from bot.exchange.wire.replies import Reply


class MatchingDesk:
    """Books fills and endings, and tells the client that placed the order."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._taken: dict[tuple[ConId, Side], tuple[MarketQuote, int]] = {}

    def arrive(self, order: BookedOrder) -> None:
        """Let an order that works from now on trade with what the line shows."""
        self._match(order, arriving=True)

    def step(self) -> None:
        """Match every open order with the market as it stands now, the oldest first."""
        now = self._floor.now
        trading = is_open(self._floor.sessions, now)
        for order in self._floor.books.open_orders():
            if order.good_until <= now:
                self._end(order, order.good_until, "Expired")
            elif trading:
                self._work(order)

    def cancel(self, order: BookedOrder, reason: str) -> None:
        """End an open order because somebody asked for it."""
        self._end(order, self._floor.now, reason)

    def tell(self, order: BookedOrder, status: Status | None = None) -> None:
        """Send the order and its progress to the client that placed it."""
        contract = self._floor.spelled(order.con_id, order.exchange)
        account = self._floor.books.account
        self._send(order, open_order(order, contract, account, status))
        self._send(order, order_status(order, status))

    def _send(self, order: BookedOrder, reply: Reply) -> None:
        self._floor.send_to_owner(order.client_id, reply)

    def _work(self, order: BookedOrder) -> None:
        if order.status is not Status.PRE_SUBMITTED:
            self._match(order, arriving=False)
            return
        released = msgspec.structs.replace(order, status=Status.SUBMITTED)
        self._floor.book(OrderBooked(order=released))
        self.tell(released)
        self._match(released, arriving=True)

    def _match(self, order: BookedOrder, *, arriving: bool) -> None:
        quote = self._floor.board.quote(order.con_id)
        key = (order.con_id, order.side)
        shown, taken = self._taken.get(key, (quote, 0))
        if shown is not quote:
            taken = 0
        meet = match_arrival if arriving else match_resting
        match = meet(order, far_side(order.side, quote), taken)
        if match is not None:
            self._taken[key] = (quote, taken + match.quantity)
            self._fill(order, match)

    def _fill(self, order: BookedOrder, match: Match) -> None:
        instrument = self._floor.instrument(order.con_id)
        assert isinstance(instrument, Option)  # nothing else gets past the order desk
        record = self._floor.books.fill(order, match, instrument.multiplier, self._floor.now)
        self._floor.book(record)
        self._floor.positions_changed.add(order.con_id)
        self._tell_fill(record.execution, record.order)

    def _tell_fill(self, done: Execution, order: BookedOrder) -> None:
        contract = self._floor.spelled(order.con_id, order.exchange)
        self._send(order, exec_details(done, contract, self._floor.books.account))
        self.tell(order)
        self._send(order, commission_report(done))
        # the broker repeats itself; whoever trades here must not count a status twice
        self._send(order, order_status(order))

    def _end(self, order: BookedOrder, at: datetime, reason: str) -> None:
        ended = end(order, Status.CANCELLED, at, reason)
        self._floor.book(OrderBooked(order=ended))
        self.tell(ended)
