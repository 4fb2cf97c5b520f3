"""How the books' orders and fills are told on the wire."""

from decimal import Decimal

from bot.exchange.venue.adaptive import ADAPTIVE, PRIORITY_TAG
from bot.exchange.venue.oca import told_type
from bot.exchange.venue.orders import BookedOrder, Status
from bot.exchange.venue.records import Execution
from bot.exchange.venue.wire_time import spell_time
from bot.exchange.wire.contract import TagValue, WireContract
from bot.exchange.wire.order import WireExecution, WireOrder, WireOrderState
from bot.exchange.wire.replies import (
    NO_REQUEST,
    CommissionReport,
    CompletedOrder,
    ExecDetails,
    OpenOrder,
    OrderStatus,
)

# the API's numbers for what a fill did to the book
_ADDED, _REMOVED = 1, 2


def wire_order(order: BookedOrder, account: str) -> WireOrder:
    """Return the wire form of a booked order."""
    return WireOrder(
        order_id=order.order_id,
        client_id=order.client_id,
        perm_id=order.perm_id,
        action=order.side.value,
        total_quantity=Decimal(order.quantity),
        order_type=order.order_type.value,
        # the broker's software tells a price of zero where an order has none
        lmt_price=order.limit or Decimal(0),
        aux_price=order.stop or Decimal(0),
        tif=order.tif.value,
        account=account,
        order_ref=order.order_ref,
        transmit=order.status is not Status.PENDING_SUBMIT,
        outside_rth=order.outside_rth,
        oca_group=order.group,
        oca_type=told_type(order),
        parent_id=order.parent_id,
        trigger_method=order.trigger_method,
        all_or_none=order.all_or_none,
        good_after_time=order.good_after_time,
        good_till_date=order.good_till_date,
        algo_strategy=ADAPTIVE if order.priority else "",
        algo_params=_algo_params(order),
        combo_leg_prices=order.leg_limits,
        smart_combo_params=() if order.guaranteed else (TagValue(tag="NonGuaranteed", value="1"),),
    )


def _algo_params(order: BookedOrder) -> tuple[TagValue, ...]:
    if order.priority is None:
        return ()
    return (TagValue(tag=PRIORITY_TAG, value=order.priority.value),)


def open_order(
    order: BookedOrder, contract: WireContract, account: str, status: Status | None = None
) -> OpenOrder:
    """Return the order as the exchange holds it; `status` overrides the booked one."""
    return OpenOrder(
        contract=contract,
        order=wire_order(order, account),
        state=WireOrderState(status=(status or order.status).value),
    )


def order_status(order: BookedOrder, status: Status | None = None) -> OrderStatus:
    """Return the progress of an order; `status` overrides the booked one."""
    return OrderStatus(
        order_id=order.order_id,
        status=(status or order.status).value,
        filled=Decimal(order.filled),
        remaining=Decimal(order.remaining),
        average_fill_price=order.average_price,
        perm_id=order.perm_id,
        parent_id=order.parent_id,
        last_fill_price=order.last_fill_price,
        client_id=order.client_id,
        why_held=order.why_held,
    )


def exec_details(
    done: Execution, contract: WireContract, account: str, request_id: int = NO_REQUEST
) -> ExecDetails:
    """Return a fill."""
    execution = WireExecution(
        exec_id=done.exec_id,
        time=spell_time(done.at),
        account=account,
        exchange=done.exchange,
        side=done.side.execution_word,
        shares=Decimal(done.quantity),
        price=done.price,
        order_id=done.order_id,
        perm_id=done.perm_id,
        client_id=done.client_id,
        cum_qty=Decimal(done.cum_quantity),
        avg_price=done.average_price,
        order_ref=done.order_ref,
        last_liquidity=_ADDED if done.rested else _REMOVED,
    )
    return ExecDetails(
        request_id=request_id,
        contract=contract,
        execution=execution,
    )


def commission_report(done: Execution) -> CommissionReport:
    """Return what a fill cost and realized."""
    return CommissionReport(
        exec_id=done.exec_id,
        commission=done.commission_usd,
        currency="USD",
        realized_pnl=done.realized_usd,
    )


def completed_order(order: BookedOrder, contract: WireContract, account: str) -> CompletedOrder:
    """Return an order that is done."""
    return CompletedOrder(
        contract=contract,
        order=wire_order(order, account),
        status=order.status.value,
        filled_quantity=Decimal(order.filled),
        completed_time=spell_time(order.ended_at or order.placed_at),
        completed_status=order.ended_reason,
        parent_perm_id=order.parent_perm_id,
    )
