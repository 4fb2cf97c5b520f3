"""Replies about: orders, their state, and fills."""

from decimal import Decimal

import msgspec

from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.order import WireExecution, WireOrder, WireOrderState
from bot.exchange.wire.replies.session import NO_REQUEST


class OpenOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order as the server holds it; must precede the order's first `OrderStatus`."""

    contract: WireContract
    order: WireOrder
    state: WireOrderState


class OpenOrderEnd(msgspec.Struct, frozen=True, kw_only=True):
    """All open orders have been told."""


class OrderStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Progress of an order; prices are 0 while nothing is filled."""

    order_id: int
    status: str
    filled: Decimal
    remaining: Decimal
    average_fill_price: Decimal
    perm_id: int
    parent_id: int
    last_fill_price: Decimal
    client_id: int
    why_held: str = ""
    market_cap_price: Decimal = Decimal(0)


class ExecDetails(msgspec.Struct, frozen=True, kw_only=True):
    """One fill; `request_id` -1 for fills that nobody asked for."""

    request_id: int = NO_REQUEST
    contract: WireContract
    execution: WireExecution


class ExecDetailsEnd(msgspec.Struct, frozen=True, kw_only=True):
    """All fills have been told."""

    request_id: int


class CommissionReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a fill cost, and what it realized (`None` for an opening fill)."""

    exec_id: str
    commission: Decimal
    currency: str
    realized_pnl: Decimal | None = None
    bond_yield: Decimal | None = None
    yield_redemption_date: int | None = None


class CompletedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that is done; `completed_time` as `yyyymmdd hh:mm:ss zone`."""

    contract: WireContract
    order: WireOrder
    status: str
    filled_quantity: Decimal
    completed_time: str
    completed_status: str
    parent_perm_id: int = 0


class CompletedOrdersEnd(msgspec.Struct, frozen=True, kw_only=True):
    """All completed orders have been told."""


class OrderBound(msgspec.Struct, frozen=True, kw_only=True):
    """An order from elsewhere is now known to a client under an id of its own."""

    perm_id: int
    client_id: int
    order_id: int
