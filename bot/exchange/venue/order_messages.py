"""How the books' orders and fills are told on the wire."""

from decimal import Decimal

from bot.exchange.venue.orders import BookedOrder, Status
from bot.exchange.venue.records import Execution
from bot.exchange.venue.wire_time import spell_time
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.order import WireExecution, WireOrder, WireOrderState
from bot.exchange.wire.replies import (
    NO_REQUEST,
    CommissionReport,
    CompletedOrder,
    ExecDetails,
    OpenOrder,
    OrderStatus,
)


def wire_order(order: BookedOrder, account: str) -> WireOrder:
    """Return the wire form of a booked order."""
    return WireOrder(
        order_id=order.order_id,
        client_id=order.client_id,
        perm_id=order.perm_id,
        action=order.side.value,
        total_quantity=Decimal(order.quantity),
        order_type="LMT",
        lmt_price=order.limit,
        tif=order.tif.value,
        account=account,
        order_ref=order.order_ref,
        outside_rth=order.outside_rth,
    )


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
        parent_id=0,
        last_fill_price=order.last_fill_price,
        client_id=order.client_id,
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
    )
