"""Fields of the replies about prices as they come."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import (
    ReplyField,
    decimal,
    integer,
    text,
)

TABLE: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.TickSnapshotEnd: headed(57),
    rp.MarketDataType: (*headed(58), integer("data_type")),
    rp.TickRequestParameters: (
        *headed(81, old_version=None),
        decimal("min_tick"),
        text("bbo_exchange"),
        integer("snapshot_permissions"),
    ),
}
