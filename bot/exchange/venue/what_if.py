"""Answers what an order would cost: margins before and after, equity, commission.

Nothing is booked but the order id. A refusal is answered as it would be for the order itself.
"""

from decimal import Decimal

import msgspec

from bot.domain.instruments import Future
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.order_costs import commission_usd, expected_price, tied_usd
from bot.exchange.venue.order_messages import open_order
from bot.exchange.venue.orders import BookedOrder, Status
from bot.exchange.venue.refusal import Refusal
from bot.exchange.wire.order import WireOrderState
from bot.exchange.wire.replies import OpenOrder


def answer_what_if(
    floor: Floor, client: Client, order: BookedOrder, refusal: Refusal | None
) -> None:
    """Send the state an order would lead to, or why it would be refused."""
    if refusal is not None:
        floor.fail(client, order.order_id, refusal.code, refusal.text)
        return
    told = open_order(order, floor.contract_of(order, order.con_id), floor.books.account)
    wire = msgspec.structs.replace(told.order, what_if=True)
    floor.send(client, OpenOrder(contract=told.contract, order=wire, state=_state(floor, order)))


def _state(floor: Floor, order: BookedOrder) -> WireOrderState:
    before = tied_usd(floor, None) or Decimal(0)
    after = tied_usd(floor, order) or Decimal(0)
    commission = commission_usd(floor, order)
    equity = floor.books.cash_usd
    change = -_cost(floor, order) - commission
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


def _cost(floor: Floor, order: BookedOrder) -> Decimal:
    """Return the cash that would be paid, negative for a credit."""
    price, lead = expected_price(floor, order), floor.lead(order)
    if price is None or isinstance(lead, Future):
        return Decimal(0)
    return order.side.sign * order.quantity * price * lead.multiplier
