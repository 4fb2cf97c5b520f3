"""Which replies exist and the fields of each; the hot ticks are in `bot.exchange.wire.ticks`."""

from typing import Any

from bot.exchange.wire.reply_fields import (
    account,
    display_groups,
    history,
    market_data,
    news,
    orders,
    reference,
    scanner,
    session,
)
from bot.exchange.wire.reply_plan import ReplyField
from bot.exchange.wire.ticks import TICK_NAMES

REPLIES: dict[type[Any], tuple[ReplyField, ...]] = (
    session.TABLE
    | reference.TABLE
    | market_data.TABLE
    | history.TABLE
    | account.TABLE
    | orders.TABLE
    | news.TABLE
    | scanner.TABLE
    | display_groups.TABLE
)

MESSAGE_NAMES: dict[int, str] = {
    int(table[0].spell(None)): kind.__name__ for kind, table in REPLIES.items()
} | TICK_NAMES
"""What each message is called, for those who read a trace."""
