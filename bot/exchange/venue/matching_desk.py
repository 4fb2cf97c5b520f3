"""Lets orders trade: on arrival, at each step of the market, at the opening, and until they end.

The size a line shows can be taken once: what one order took is gone for the next until the line
shows something new. What the fill or end of one order does to others - its group, the orders
attached to it - is followed up here at once, before the next order is looked at.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.domain.instruments import ConId
from bot.exchange.market.quote import MarketQuote
from bot.exchange.venue.adaptive import walk_to
from bot.exchange.venue.fills import Filling, make_fill
from bot.exchange.venue.floor import Floor
from bot.exchange.venue.hours import new_york_date
from bot.exchange.venue.legging import match_loose
from bot.exchange.venue.matching import (
    Offer,
    Print,
    far_side,
    match_arrival,
    match_resting,
    whole,
)
from bot.exchange.venue.oca import left_after_fill
from bot.exchange.venue.order_checks import check_account
from bot.exchange.venue.order_draft import is_ready, with_status
from bot.exchange.venue.order_messages import (
    commission_report,
    exec_details,
    open_order,
    order_status,
)
from bot.exchange.venue.orders import BookedOrder, Leg, Side, Status, end
from bot.exchange.venue.records import FillBooked, OrderBooked
from bot.exchange.venue.stops import watch_stop
from bot.exchange.wire.replies import ErrorMessage, Reply

CANCELLED_TEXT = "Order Canceled - reason:"


class MatchingDesk:
    """Books fills and endings, and tells the client that placed the order."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._taken: dict[tuple[ConId, Side], tuple[MarketQuote, int]] = {}

    # -- what moves orders

    def step(self) -> None:
        """Match every open order with the market as it stands now, the oldest first."""
        for perm_id in [order.perm_id for order in self._floor.books.open_orders()]:
            order = self._floor.books.orders[perm_id]
            if order.is_open:
                self._step_one(order)

    def arrive(self, order: BookedOrder) -> None:
        """Let an order that was just booked and told do what it can at once."""
        if order.status is Status.SUBMITTED:
            self._trade(order, arriving=True)
        else:
            self._work(order)

    def transmit(self, order: BookedOrder) -> None:
        """Send an order that was held back; the account is asked only now (domain.md 3.4)."""
        refusal = None if order.waits_for_parent else check_account(self._floor, order)
        if refusal is not None:
            self.drop(order, refusal.text)
            self._tell_error(order, refusal.code, refusal.text)
            return
        held = msgspec.structs.replace(order, status=Status.PRE_SUBMITTED)
        self._book_and_tell(with_status(self._floor, self._floor.lead(held), held))

    def cancel(self, order: BookedOrder, reason: str) -> None:
        """End an open order as if somebody had asked for it, and say so (202)."""
        self.drop(order, reason)
        self._tell_error(order, 202, CANCELLED_TEXT)

    def drop(self, order: BookedOrder, reason: str) -> None:
        """End an open order; the answer that says why is the caller's."""
        self._end(order, self._floor.now, reason)

    def tell(self, order: BookedOrder, status: Status | None = None) -> None:
        """Send the order and its progress to the client that placed it."""
        contract = self._floor.contract_of(order, order.con_id)
        account = self._floor.books.account
        self._send(order, open_order(order, contract, account, status))
        self._send(order, order_status(order, status))

    # -- one order at one step

    def _step_one(self, order: BookedOrder) -> None:
        now = self._floor.now
        if order.good_until > now:
            self._work(order)
        elif order.order_type.is_closing and order.is_live:
            self._trade_at_close(order)
        else:
            self._end(order, order.good_until, "Expired")

    def _work(self, order: BookedOrder) -> None:
        floor = self._floor
        if not is_ready(floor, order, floor.lead(order)):
            return
        if order.is_asleep:
            order = self._watch(order)
            if order.is_asleep:
                return
        if order.status is Status.SUBMITTED:
            self._trade(order, arriving=False)
            return
        released = msgspec.structs.replace(order, status=Status.SUBMITTED)
        self._book_and_tell(released)

    def _book_and_tell(self, order: BookedOrder) -> None:
        """Book an order that was held, and let it arrive if it is held no longer."""
        self._floor.book(OrderBooked(order=order))
        self.tell(order)
        self.arrive(order)

    def _watch(self, order: BookedOrder) -> BookedOrder:
        quote = self._floor.board.quote(order.con_id)
        watched = watch_stop(order, self._floor.lead(order), quote)
        if watched != order:
            self._floor.book(OrderBooked(order=watched))
        return watched

    def _trade(self, order: BookedOrder, *, arriving: bool) -> None:
        if order.priority is not None:
            order = self._walk(order)
            arriving = True
        if order.is_open and (order.priority is None or order.walked_to is not None):
            arrives = arriving or order.working_limit is None
            prints = self._match(order, arriving=arrives)
            if prints:
                order = self._fill(order, prints, self._floor.now, rested=not arrives)
        if order.is_open and order.tif.is_immediate:
            self.cancel(order, "Not filled at once")

    def _match(self, order: BookedOrder, *, arriving: bool) -> tuple[Print, ...]:
        offers = self._offers(order)
        if not order.guaranteed:
            return match_loose(order, offers, arriving=arriving)
        return (match_arrival if arriving else match_resting)(order, whole(offers))

    def _walk(self, order: BookedOrder) -> BookedOrder:
        """Let the market come to where the algo's price was, then move the price on."""
        floor = self._floor
        if order.walked_to is not None:
            prints = match_resting(order, whole(self._offers(order)))
            if prints:
                order = self._fill(order, prints, floor.now, rested=True)
        if not order.is_open:
            return order
        since = order.walks_since
        if since is None or new_york_date(since) != floor.today:
            since = floor.now
        quote = floor.board.quote(order.con_id)
        price = walk_to(order, quote, floor.lead(order).grid, since, floor.now)
        walked = msgspec.structs.replace(order, walked_to=price, walks_since=since)
        if walked != order:
            floor.book(OrderBooked(order=walked))
        return walked

    def _trade_at_close(self, order: BookedOrder) -> None:
        """Fill at the closing quote: a buy at its ask, a sell at its bid, whatever the size."""
        at = order.good_until
        (quote,) = self._floor.market.quotes([order.con_id], at)
        far = far_side(order.side, quote)
        (part,) = order.parts
        offers = [Offer(part, order.side, far.price, order.remaining)] if far else []
        prints = match_arrival(order, offers)
        if prints:
            self._fill(order, prints, at, rested=False)
        else:
            self._end(order, at, "Not filled at the close")

    def _offers(self, order: BookedOrder) -> list[Offer | None]:
        """Return what each leg meets, None for one that meets nobody."""
        return [self._offer(leg, order.sides(leg)) for leg in order.parts]

    def _offer(self, leg: Leg, side: Side) -> Offer | None:
        quote = self._floor.board.quote(leg.con_id)
        far = far_side(side, quote)
        if far is None:
            return None
        return Offer(leg, side, far.price, far.size - self._taken_of(leg.con_id, side, quote))

    def _taken_of(self, con_id: ConId, side: Side, quote: MarketQuote) -> int:
        shown, taken = self._taken.get((con_id, side), (quote, 0))
        return taken if shown is quote else 0

    # -- fills and ends, and what follows from them

    def _fill(
        self, order: BookedOrder, prints: Sequence[Print], at: datetime, *, rested: bool
    ) -> BookedOrder:
        floor = self._floor
        products = {leg.con_id: floor.product(leg.con_id) for leg in order.parts}
        filling = Filling(products=products, at=at, rested=rested)
        record = make_fill(floor.books, order, prints, filling)
        floor.book(record)
        for each in prints:
            quote = floor.board.quote(each.leg.con_id)
            taken = self._taken_of(each.leg.con_id, each.side, quote)
            self._taken[each.leg.con_id, each.side] = (quote, taken + each.quantity)
            floor.positions_changed.add(each.leg.con_id)
        self._tell_fill(record)
        if record.order.filled > order.filled:
            self._adjust_group(record.order, record.order.filled - order.filled)
        if record.order.status is Status.FILLED:
            self._wake_attached(record.order)
        return record.order

    def _tell_fill(self, record: FillBooked) -> None:
        order = record.order
        for done in record.told:
            contract = self._floor.contract_of(order, done.con_id)
            self._send(order, exec_details(done, contract, self._floor.books.account))
        self.tell(order)
        for done in record.trades:
            self._send(order, commission_report(done))
        # the broker repeats itself; whoever trades here must not count a status twice
        self._send(order, order_status(order))

    def _adjust_group(self, filled: BookedOrder, quantity: int) -> None:
        books = self._floor.books
        for member in books.rest_of_group(filled):
            left = left_after_fill(filled, quantity, books.orders[member.perm_id])
            if left is None:
                continue
            if left.remaining:
                self._floor.book(OrderBooked(order=left))
                self.tell(left)
            else:
                self.cancel(books.orders[member.perm_id], "Its group was filled")

    def _wake_attached(self, parent: BookedOrder) -> None:
        books = self._floor.books
        for child in books.attached_to(parent):
            current = books.orders[child.perm_id]
            if not current.is_open:
                continue
            awake = msgspec.structs.replace(current, waits_for_parent=False)
            if awake.status is Status.PENDING_SUBMIT:
                self._floor.book(OrderBooked(order=awake))
            else:
                self.transmit(awake)

    def _end(self, order: BookedOrder, at: datetime, reason: str) -> None:
        ended = end(order, Status.CANCELLED, at, reason)
        self._floor.book(OrderBooked(order=ended))
        self.tell(ended)
        for child in self._floor.books.attached_to(order):
            self.cancel(child, "The order it is attached to ended")

    def _send(self, order: BookedOrder, reply: Reply) -> None:
        self._floor.send_to_owner(order.client_id, reply)

    def _tell_error(self, order: BookedOrder, code: int, text: str) -> None:
        self._send(order, ErrorMessage(request_id=order.order_id, code=code, text=text))
