"""Fields of the replies about positions, values, profit and loss."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.order_reply_fields import contract_fields
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import (
    ReplyField,
    decimal,
    fixed,
    floating,
    integer,
    optional_floating,
    rows,
    size,
    text,
)

TABLE: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.AccountValue: (
        fixed("6"),
        fixed("2"),
        text("key"),
        text("value"),
        text("currency"),
        text("account"),
    ),
    rp.PortfolioValue: (
        fixed("7"),
        fixed("8"),
        integer("contract.con_id"),
        text("contract.symbol"),
        text("contract.sec_type"),
        text("contract.last_trade_date"),
        floating("contract.strike"),
        text("contract.right"),
        text("contract.multiplier"),
        text("contract.primary_exchange"),
        text("contract.currency"),
        text("contract.local_symbol"),
        text("contract.trading_class"),
        decimal("quantity"),
        decimal("market_price"),
        decimal("market_value"),
        decimal("average_cost"),
        decimal("unrealized_pnl"),
        decimal("realized_pnl"),
        text("account"),
    ),
    rp.AccountUpdateTime: (fixed("8"), fixed("1"), text("timestamp")),
    rp.AccountDownloadEnd: (fixed("54"), fixed("1"), text("account")),
    rp.Position: (
        fixed("61"),
        fixed("3"),
        text("account"),
        *contract_fields("contract"),
        decimal("quantity"),
        decimal("average_cost"),
    ),
    rp.PositionEnd: (fixed("62"), fixed("1")),
    rp.AccountSummary: (
        *headed(63),
        text("account"),
        text("tag"),
        text("value"),
        text("currency"),
    ),
    rp.AccountSummaryEnd: headed(64),
    rp.PositionMulti: (
        *headed(71),
        text("account"),
        *contract_fields("contract"),
        decimal("quantity"),
        decimal("average_cost"),
        text("model_code"),
    ),
    rp.PositionMultiEnd: headed(72),
    rp.AccountUpdateMulti: (
        *headed(73),
        text("account"),
        text("model_code"),
        text("key"),
        text("value"),
        text("currency"),
    ),
    rp.AccountUpdateMultiEnd: headed(74),
    rp.PnL: (
        *headed(94, old_version=None),
        optional_floating("daily"),
        optional_floating("unrealized"),
        optional_floating("realized"),
    ),
    rp.PnLSingle: (
        *headed(95, old_version=None),
        *size("position"),
        optional_floating("daily"),
        optional_floating("unrealized"),
        optional_floating("realized"),
        optional_floating("value"),
    ),
    rp.SoftDollarTiers: (
        *headed(77, old_version=None),
        rows("tiers", text("name"), text("value"), text("display_name")),
    ),
    rp.FamilyCodes: (fixed("78"), rows("codes", text("account"), text("family_code"))),
}
