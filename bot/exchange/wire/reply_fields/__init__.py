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
from bot.exchange.wire.ticks import TICK_TABLES

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

MESSAGE_KINDS: dict[int, type[Any]] = {
    int(table[0].spell(None)): kind for kind, table in (REPLIES | TICK_TABLES).items()
}
"""What each message id stands for."""
MESSAGE_NAMES: dict[int, str] = {number: kind.__name__ for number, kind in MESSAGE_KINDS.items()}
"""What each message is called, for those who read a trace."""
