"""Fields of the replies about market scans."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import ReplyField, fixed, text

TABLE: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.ScannerParameters: (fixed("19"), fixed("1"), text("xml")),
    rp.ScannerData: (*headed(20, old_version="3"), fixed("0")),  # no rows
}
