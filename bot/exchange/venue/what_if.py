"""Answers what an order would cost: margins before and after, equity, commission.

Nothing is booked but the order id. A refusal is answered as it would be for the order itself.
"""

import msgspec

from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.order_costs import (
    commission_usd,
    equity_usd,
    expected_price,
    premium_usd,
    requirement_after,
    requirement_before,
)
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
    before = requirement_before(floor)
    after = requirement_after(floor, order, naked_calls=True)
    price = expected_price(floor, order)
    assert after is not None  # or it would have been refused
    assert price is not None
    commission = commission_usd(floor, order)
    equity = equity_usd(floor)
    change = -premium_usd(floor, order, price) - commission
    return WireOrderState(
        status=Status.PRE_SUBMITTED.value,
        init_margin_before=before.initial_usd,
        maint_margin_before=before.maintenance_usd,
        equity_with_loan_before=equity,
        init_margin_change=after.initial_usd - before.initial_usd,
        maint_margin_change=after.maintenance_usd - before.maintenance_usd,
        equity_with_loan_change=change,
        init_margin_after=after.initial_usd,
        maint_margin_after=after.maintenance_usd,
        equity_with_loan_after=equity + change,
        commission=commission,
        commission_currency="USD",
    )
