"""Takes orders: new ones, changes, cancellations.

A new order passes the checks, is booked, told, and then meets the market. An order id is spent when
it was used for a new order, refused or not; only form errors that come before it (103) spend none.
A change may touch price, size and DAY to IOC; whatever else it says is refused and the order lives
on as it was (domain.md section 3.4).
"""

from bot.domain.instruments import Index
from bot.exchange.venue.brackets import check_parent
from bot.exchange.venue.contracts import BAG, LegsError, ResolvedLeg, resolve_legs
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.matching_desk import MatchingDesk
from bot.exchange.venue.oca import check_group
from bot.exchange.venue.order_changes import changed_order, check_change
from bot.exchange.venue.order_checks import (
    check_account,
    check_deal,
    check_leg_prices,
    check_permission,
    check_prices,
)
from bot.exchange.venue.order_draft import Deal, draft_order, with_status
from bot.exchange.venue.order_presets import check_presets
from bot.exchange.venue.order_terms import check_form
from bot.exchange.venue.orders import BookedOrder, Side, Status, end
from bot.exchange.venue.records import OrderBooked, OrderIdSpent
from bot.exchange.venue.reference_desk import ReferenceDesk
from bot.exchange.venue.refusal import REJECTED, Refusal, invalid
from bot.exchange.venue.what_if import answer_what_if
from bot.exchange.venue.wire_time import spell_time
from bot.exchange.wire.order import WireOrder
from bot.exchange.wire.requests import CancelOrder, PlaceOrder

_REGULAR_HOURS_ONLY = (
    "Order Event Warning: Attribute 'Outside Regular Trading Hours' is ignored based on the order "
    "type and destination. PlaceOrder is now being processed."
)
_PRESET_TIF = "Order TIF was set to DAY based on order preset."
_CROSS_SIDE = (
    "Cross Side Warning: the closing order quantity is greater than your current position."
)
_NOT_FOUND = "OrderId {} that needs to be cancelled is not found."
_NOT_CANCELLABLE = "OrderId {} that needs to be cancelled cannot be cancelled, state: {}."
_REFUSED_BEFORE = "Cancel attempted when order is not in a cancellable state. Order permId ={}"


class OrderDesk:
    """Takes orders, changes and cancellations."""

    def __init__(self, floor: Floor, reference: ReferenceDesk, matching: MatchingDesk) -> None:
        self._floor = floor
        self._reference = reference
        self._matching = matching

    # -- place

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
        wire, floor = request.order, self._floor
        deal = self._deal(client, request)
        if deal is None:
            return
        parent = floor.books.order_of(client.client_id, wire.parent_id)
        refusal = check_deal(wire, deal, floor.sessions, floor.now) or check_parent(wire, parent)
        if refusal is not None:
            floor.fail(client, wire.order_id, refusal.code, refusal.text)
            return
        order = draft_order(floor, client.client_id, wire, deal, parent)
        refusal = self._check(order, deal, wire)
        if wire.what_if:
            answer_what_if(floor, client, order, refusal)
        elif refusal is None:
            self._accept(client, wire, deal, order)
        else:
            self._refuse(client, order, refusal)

    def _deal(self, client: Client, request: PlaceOrder) -> Deal | None:
        """Return what a well-formed order trades, or answer why it is none."""
        order_id, contract = request.order.order_id, request.contract
        refusal = check_form(request.order, self._floor.books.account)
        if refusal is None and not contract.exchange:
            refusal = invalid("Missing order exchange")
        if refusal is not None:
            self._floor.fail(client, order_id, refusal.code, refusal.text)
            return None
        is_combo = contract.sec_type == BAG
        legs = self._combo(client, request) if is_combo else self._single(client, request)
        return Deal(legs, contract.exchange, is_combo) if legs else None

    def _single(self, client: Client, request: PlaceOrder) -> tuple[ResolvedLeg, ...]:
        order_id, exchange = request.order.order_id, request.contract.exchange
        listing = self._reference.resolve(client, order_id, request.contract, for_order=True)
        if listing is None:
            return ()
        product = listing.instrument
        if isinstance(product, Index):
            text = f"The contract is not available for trading: {product.symbol} is an index."
            self._floor.fail(client, order_id, 412, text)
            return ()
        return (ResolvedLeg(product=product, signed_ratio=1, exchange=exchange),)

    def _combo(self, client: Client, request: PlaceOrder) -> tuple[ResolvedLeg, ...]:
        try:
            return resolve_legs(self._floor.reference, request.contract, self._floor.today)
        except LegsError as error:
            self._floor.fail(client, request.order.order_id, error.code, str(error))
            return ()

    def _check(self, order: BookedOrder, deal: Deal, wire: WireOrder) -> Refusal | None:
        floor = self._floor
        if order.good_until <= floor.now:
            return invalid("the good-till date is over")
        refusal = (
            check_prices(order, deal)
            or check_permission(floor.rules, deal)
            or check_presets(floor, order, wire)
            or check_group(floor.books, order)
        )
        if refusal is not None or not (order.is_live or wire.what_if):
            return refusal  # what is held back or attached asks the account when its time comes
        return check_account(floor, order)

    # -- accept or refuse

    def _accept(self, client: Client, wire: WireOrder, deal: Deal, order: BookedOrder) -> None:
        floor = self._floor
        crosses = self._crosses(order)
        floor.book(OrderBooked(order=order))
        if wire.outside_rth and not order.outside_rth:
            floor.fail(client, order.order_id, 2109, _REGULAR_HOURS_ONLY)
        if crosses:
            floor.fail(client, order.order_id, 2137, _CROSS_SIDE)
        self._put_to_work(client, deal, order)
        if not wire.tif:
            floor.fail(client, order.order_id, 10349, _PRESET_TIF)
        if wire.transmit:
            self._transmit_family(order)

    def _put_to_work(self, client: Client, deal: Deal, order: BookedOrder) -> None:
        held = Status.PENDING_SUBMIT if order.status is Status.PENDING_SUBMIT else None
        self._matching.tell(order, held or Status.PRE_SUBMITTED)
        if order.status is Status.SUBMITTED:
            self._matching.tell(order)
        elif order.is_live:
            self._say_when(client, deal, order)
        self._matching.arrive(order)

    def _say_when(self, client: Client, deal: Deal, order: BookedOrder) -> None:
        """Tell when an order that waits for its hours will be placed (399)."""
        floor = self._floor
        opening = floor.order_hours.opens_at(deal.lead, order, floor.now)
        if opening <= floor.now:
            return
        text = (
            f"Order Message:\n{order.side} {order.quantity}\n"
            f"Warning: Your order will not be placed at the exchange until {spell_time(opening)}."
        )
        floor.fail(client, order.order_id, 399, text)

    def _transmit_family(self, order: BookedOrder) -> None:
        """Send what an attached order's transmit flag sends with it: its parent, then siblings."""
        for held in self._floor.books.family_of(order):
            current = self._floor.books.orders[held.perm_id]
            if current.status is Status.PENDING_SUBMIT:
                self._matching.transmit(current)

    def _crosses(self, order: BookedOrder) -> bool:
        """Tell whether a sell would turn a long position into a short one."""
        held = self._floor.books.quantity(order.con_id)
        return order.side is Side.SELL and 0 < held < order.quantity

    def _refuse(self, client: Client, order: BookedOrder, refusal: Refusal) -> None:
        """Answer a refusal; one by the account leaves a trace in the completed orders."""
        if refusal.code == REJECTED:
            inactive = end(order, Status.INACTIVE, self._floor.now, refusal.text)
            self._floor.book(OrderBooked(order=inactive))
        self._floor.fail(client, order.order_id, refusal.code, refusal.text)

    # -- change

    def _change(self, client: Client, request: PlaceOrder, old: BookedOrder) -> None:
        floor, wire = self._floor, request.order
        deal = self._deal(client, request)
        if deal is None:
            return
        refusal = check_leg_prices(wire, deal)
        if refusal is None:
            parent = floor.books.orders.get(old.parent_perm_id)
            draft = draft_order(floor, client.client_id, wire, deal, parent)
            refusal = check_change(old, draft, wire) or check_prices(draft, deal)
            if refusal is None:
                new = with_status(floor, deal.lead, changed_order(old, draft, wire))
                self._accept_change(client, request, deal, new)
                return
        floor.fail(client, old.order_id, refusal.code, refusal.text)

    def _accept_change(
        self, client: Client, request: PlaceOrder, deal: Deal, new: BookedOrder
    ) -> None:
        """Book a change that may be; where the account cannot bear it, the order dies with it.

        The broker's 201 is final, for a change too.
        """
        refusal = check_account(self._floor, new) if new.is_live else None
        if refusal is not None:
            old = self._floor.books.orders[new.perm_id]
            self._matching.drop(old, refusal.text)
            self._floor.fail(client, new.order_id, refusal.code, refusal.text)
            return
        self._floor.book(OrderBooked(order=new))
        self._put_to_work(client, deal, new)
        if request.order.transmit:
            self._transmit_family(new)

    # -- cancel

    def cancel(self, client: Client, request: CancelOrder) -> None:
        """Cancel one order of this client, or answer 10147, 10148 or 161."""
        order = self._floor.books.order_of(client.client_id, request.order_id)
        if order is None:
            text = _NOT_FOUND.format(request.order_id)
            self._floor.fail(client, request.order_id, 10147, text)
        elif order.status is Status.INACTIVE:
            text = _REFUSED_BEFORE.format(order.perm_id)
            self._floor.fail(client, request.order_id, 161, text)
        elif not order.is_open:
            text = _NOT_CANCELLABLE.format(request.order_id, order.status.value)
            self._floor.fail(client, request.order_id, 10148, text)
        else:
            self._matching.cancel(order, "Cancelled on request")

    def cancel_all(self) -> None:
        """Cancel every open order of the account, whoever placed it."""
        for order in self._floor.books.open_orders():
            if self._floor.books.orders[order.perm_id].is_open:
                self._matching.cancel(order, "Cancelled on request")
