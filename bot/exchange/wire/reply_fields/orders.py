"""Fields of the replies about orders, their state, and fills."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.order_reply_fields import COMPLETED_ORDER, OPEN_ORDER, contract_fields
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import (
    UNSET,
    ReplyField,
    decimal,
    fixed,
    integer,
    optional_decimal,
    optional_integer,
    text,
)

TABLE: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.OrderStatus: (
        fixed("3"),
        integer("order_id"),
        text("status"),
        decimal("filled"),
        decimal("remaining"),
        decimal("average_fill_price"),
        integer("perm_id"),
        integer("parent_id"),
        decimal("last_fill_price"),
        integer("client_id"),
        text("why_held"),
        decimal("market_cap_price"),
    ),
    rp.OpenOrder: OPEN_ORDER,
    rp.ExecDetails: (
        *headed(11, old_version=None),
        integer("execution.order_id"),
        *contract_fields("contract"),
        text("execution.exec_id"),
        text("execution.time"),
        text("execution.account"),
        text("execution.exchange"),
        text("execution.side"),
        decimal("execution.shares"),
        decimal("execution.price"),
        integer("execution.perm_id"),
        integer("execution.client_id"),
        integer("execution.liquidation"),
        decimal("execution.cum_qty"),
        decimal("execution.avg_price"),
        text("execution.order_ref"),
        text("execution.ev_rule"),
        optional_decimal("execution.ev_multiplier"),
        text("execution.model_code"),
        integer("execution.last_liquidity"),
        fixed("0", since=178),  # a price revision is pending
    ),
    rp.OpenOrderEnd: (fixed("53"), fixed("1")),
    rp.ExecDetailsEnd: headed(55),
    rp.CommissionReport: (
        fixed("59"),
        fixed("1"),
        text("exec_id"),
        decimal("commission"),
        text("currency"),
        optional_decimal("realized_pnl", unset=UNSET),
        optional_decimal("bond_yield", unset=UNSET),
        optional_integer("yield_redemption_date"),
    ),
    rp.CompletedOrder: COMPLETED_ORDER,
    rp.CompletedOrdersEnd: (fixed("102"),),
    rp.OrderBound: (
        fixed("100"),
        integer("perm_id"),
        integer("client_id"),
        integer("order_id"),
    ),
}
