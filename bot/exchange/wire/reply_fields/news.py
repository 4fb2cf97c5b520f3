"""Fields of the replies about news."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import (
    ReplyField,
    fixed,
    flag,
    rows,
    text,
)

TABLE: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.NewsProviders: (fixed("85"), rows("providers", text("code"), text("name"))),
    rp.HistoricalNewsEnd: (*headed(87, old_version=None), flag("has_more")),
}
