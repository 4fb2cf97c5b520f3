"""Serves orders: place, change, cancel, and questions about them.

A new order passes the checks, is booked, told, and then meets the market. An order id is spent when
it was used for a new order, refused or not; only form errors that come before it (103) spend none.
"""

from datetime import timedelta
from decimal import Decimal

import msgspec

from bot.domain.instruments import Option
from bot.exchange.venue.commission import order_commission_usd
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.hours import is_open, last_trade_at, trading_session
from bot.exchange.venue.margin import OptionPosition, requirement_usd
from bot.exchange.venue.matching_desk import MatchingDesk
from bot.exchange.venue.order_checks import (
    Refusal,
    check_form,
    check_funds,
    check_grid,
    check_instrument,
    check_short,
)
from bot.exchange.venue.order_messages import completed_order, open_order, order_status
from bot.exchange.venue.orders import BookedOrder, Side, Status, Tif, end
from bot.exchange.venue.records import OrderBooked, OrderIdSpent
from bot.exchange.venue.reference_desk import ReferenceDesk
from bot.exchange.venue.wire_time import spell_time
from bot.exchange.wire.order import WireOrder, WireOrderState
from bot.exchange.wire.replies import CompletedOrdersEnd, OpenOrder, OpenOrderEnd
from bot.exchange.wire.requests import CancelOrder, PlaceOrder, RequestAutoOpenOrders

COMPLETED_DAYS = timedelta(days=7)
_REGULAR_HOURS_ONLY = (
    "Order Event Warning: Attribute 'Outside Regular Trading Hours' is ignored based on the order "
    "type and destination. PlaceOrder is now being processed."
)
_NOT_FOUND = "OrderId {} that needs to be cancelled is not found."
_NOT_CANCELLABLE = "OrderId {} that needs to be cancelled cannot be cancelled, state: {}."


class OrderDesk:
    """Takes orders and answers for them."""

    def __init__(self, floor: Floor, reference: ReferenceDesk, matching: MatchingDesk) -> None:
        self._floor = floor
        self._reference = reference
        self._matching = matching

    # -- place and change

    def place(self, client: Client, request: PlaceOrder) -> None:
        """Place a new order, or change the open one of that id."""
        order_id = request.order.order_id
        old = self._floor.books.order_of(client.client_id, order_id)
        if old is not None and old.is_open:
            self._change(client, request, old)
        elif old is not None and old.status is Status.FILLED:
            self._floor.fail(client, order_id, 104, "Cannot modify a filled order.")
        elif order_id < self._floor.books.next_order_id(client.client_id):
            self._floor.fail(client, order_id, 103, "Duplicate order id")
        else:
            self._floor.book(OrderIdSpent(client_id=client.client_id, order_id=order_id))
            self._place_new(client, request)

    def _place_new(self, client: Client, request: PlaceOrder) -> None:
        wire = request.order
        option = self._option(client, request)
        if option is None:
            return
        order = self._draft(client, wire, option, request.contract.exchange)
        refusal = check_grid(option, order.limit)
        if refusal is None:
            refusal = self._check_account(option, order)
        if wire.what_if:
            self._answer_what_if(client, option, order, refusal)
        elif refusal is None:
            self._accept(client, order)
        else:
            self._refuse(client, order, refusal)

    def _option(self, client: Client, request: PlaceOrder) -> Option | None:
        """Return the option that a well-formed order names, or answer why not."""
        order_id = request.order.order_id
        refusal = check_form(request.order, self._floor.books.account)
        if refusal is None:
            listing = self._reference.resolve(client, order_id, request.contract)
            if listing is None:
                return None
            found = listing.instrument
            refusal = check_instrument(
                found, request.contract.exchange, self._floor.sessions, self._floor.now
            )
            if refusal is None and isinstance(found, Option):
                return found
        assert refusal is not None  # an instrument that passes is an option
        self._floor.fail(client, order_id, refusal.code, refusal.text)
        return None

    def _draft(self, client: Client, wire: WireOrder, option: Option, exchange: str) -> BookedOrder:
        assert wire.lmt_price is not None  # checked with its form
        floor = self._floor
        tif = Tif(wire.tif or Tif.DAY)
        working = is_open(floor.sessions, floor.now)
        last = last_trade_at(floor.sessions, option)
        close = trading_session(floor.sessions, floor.now).close_at
        return BookedOrder(
            perm_id=floor.books.next_perm_id,
            order_id=wire.order_id,
            client_id=client.client_id,
            con_id=option.con_id,
            exchange=exchange,
            side=Side(wire.action),
            quantity=int(wire.total_quantity),
            limit=wire.lmt_price,
            tif=tif,
            outside_rth=wire.outside_rth,
            order_ref=wire.order_ref,
            status=Status.SUBMITTED if working else Status.PRE_SUBMITTED,
            placed_at=floor.now,
            good_until=min(last, close) if tif is Tif.DAY else last,
        )

    def _check_account(self, option: Option, order: BookedOrder) -> Refusal | None:
        floor = self._floor
        refusal = check_short(option, order, floor.books)
        if refusal is not None:
            return refusal
        return check_funds(option, order, floor.books, floor.option_positions())

    def _accept(self, client: Client, order: BookedOrder) -> None:
        self._floor.book(OrderBooked(order=order))
        if order.outside_rth:
            self._floor.fail(client, order.order_id, 2109, _REGULAR_HOURS_ONLY)
        self._matching.tell(order, Status.PRE_SUBMITTED)
        self._put_to_work(client, order)

    def _put_to_work(self, client: Client, order: BookedOrder) -> None:
        if order.status is Status.SUBMITTED:
            self._matching.tell(order)
            self._matching.arrive(order)
            return
        until = spell_time(trading_session(self._floor.sessions, self._floor.now).open_at)
        text = (
            f"Order Message:\n{order.side} {order.quantity}\n"
            f"Warning: Your order will not be placed at the exchange until {until}."
        )
        self._floor.fail(client, order.order_id, 399, text)

    def _refuse(self, client: Client, order: BookedOrder, refusal: Refusal) -> None:
        """Answer a refusal; one by the account leaves a trace in the completed orders."""
        if refusal.code == 201:  # noqa: PLR2004 - the broker's code
            inactive = end(order, Status.INACTIVE, self._floor.now, refusal.text)
            self._floor.book(OrderBooked(order=inactive))
        self._floor.fail(client, order.order_id, refusal.code, refusal.text)

    def _change(self, client: Client, request: PlaceOrder, old: BookedOrder) -> None:
        option = self._option(client, request)
        if option is None:
            return
        draft = self._draft(client, request.order, option, request.contract.exchange)
        refusal = self._check_change(old, draft, option)
        if refusal is not None:
            self._floor.fail(client, old.order_id, refusal.code, refusal.text)
            return
        new = msgspec.structs.replace(
            old, quantity=draft.quantity, limit=draft.limit, status=draft.status
        )
        refusal = self._check_account(option, new)
        if refusal is not None:
            # the broker's 201 is final: the order that was to be changed dies with the change
            self._matching.cancel(old, refusal.text)
            self._floor.fail(client, old.order_id, refusal.code, refusal.text)
            return
        self._floor.book(OrderBooked(order=new))
        self._matching.tell(new, Status.PRE_SUBMITTED)
        self._put_to_work(client, new)

    def _check_change(self, old: BookedOrder, draft: BookedOrder, option: Option) -> Refusal | None:
        """Refuse what may not change; the order lives on as it was."""
        fixed = ("con_id", "side", "tif", "outside_rth", "order_ref")
        if any(getattr(old, name) != getattr(draft, name) for name in fixed):
            return Refusal(105, "Order being modified does not match original order")
        if draft.quantity <= old.filled:
            return Refusal(321, f"Error validating request: {old.filled} are filled already")
        return check_grid(option, draft.limit)

    def _answer_what_if(
        self, client: Client, option: Option, order: BookedOrder, refusal: Refusal | None
    ) -> None:
        if refusal is not None:
            self._floor.fail(client, order.order_id, refusal.code, refusal.text)
            return
        contract = self._floor.spelled(order.con_id, order.exchange)
        told = open_order(order, contract, self._floor.books.account)
        wire = msgspec.structs.replace(told.order, what_if=True)
        state = self._what_if_state(option, order)
        self._floor.send(client, OpenOrder(contract=told.contract, order=wire, state=state))

    def _what_if_state(self, option: Option, order: BookedOrder) -> WireOrderState:
        held = self._floor.option_positions()
        signed = order.side.sign * order.quantity
        before = requirement_usd(held) or Decimal(0)
        after = requirement_usd([*held, OptionPosition(option, signed)]) or Decimal(0)
        commission = order_commission_usd(order.quantity, order.limit)
        equity = self._floor.books.cash_usd
        change = -signed * order.limit * option.multiplier - commission
        return WireOrderState(
            status=Status.PRE_SUBMITTED.value,
            init_margin_before=before,
            maint_margin_before=before,
            equity_with_loan_before=equity,
            init_margin_change=after - before,
            maint_margin_change=after - before,
            equity_with_loan_change=change,
            init_margin_after=after,
            maint_margin_after=after,
            equity_with_loan_after=equity + change,
            commission=commission,
            commission_currency="USD",
        )

    # -- cancel

    def cancel(self, client: Client, request: CancelOrder) -> None:
        """Cancel one order of this client, or answer 10147 (unknown) or 10148 (not open)."""
        order = self._floor.books.order_of(client.client_id, request.order_id)
        if order is None:
            text = _NOT_FOUND.format(request.order_id)
            self._floor.fail(client, request.order_id, 10147, text)
        elif not order.is_open:
            text = _NOT_CANCELLABLE.format(request.order_id, order.status.value)
            self._floor.fail(client, request.order_id, 10148, text)
        else:
            self._cancel(order)

    def cancel_all(self) -> None:
        """Cancel every open order of the account, whoever placed it."""
        for order in self._floor.books.open_orders():
            self._cancel(order)

    def _cancel(self, order: BookedOrder) -> None:
        self._matching.cancel(order, "Cancelled on request")
        for owner in self._floor.clients.values():
            if owner.client_id == order.client_id:
                self._floor.fail(owner, order.order_id, 202, "Order Canceled - reason:")

    # -- questions

    def open_orders(self, client: Client, *, everybody: bool) -> None:
        """Send the open orders of this client, or of everybody, then the end mark."""
        floor = self._floor
        for order in floor.books.open_orders():
            if everybody or order.client_id == client.client_id:
                contract = floor.spelled(order.con_id, order.exchange)
                floor.send(client, open_order(order, contract, floor.books.account))
                floor.send(client, order_status(order))
        floor.send(client, OpenOrderEnd())

    def completed_orders(self, client: Client) -> None:
        """Send the orders of all clients that ended in the last week, then the end mark."""
        floor = self._floor
        done = [o for o in floor.books.orders.values() if o.ended_at is not None]
        for order in done:
            if order.ended_at is not None and floor.now - order.ended_at <= COMPLETED_DAYS:
                contract = floor.spelled(order.con_id, order.exchange)
                floor.send(client, completed_order(order, contract, floor.books.account))
        floor.send(client, CompletedOrdersEnd())

    def bind_orders(self, client: Client, request: RequestAutoOpenOrders) -> None:
        """Take note: nobody places orders by hand here. Only client 0 may ask (321)."""
        if request.bind and client.client_id != 0:
            self._floor.notify(client, 321, "Error validating request: only client 0 may bind")
