"""Which replies exist and the fields of each; the hot ticks are in `bot.exchange.wire.ticks`."""

from collections.abc import Sequence
from typing import Any

import msgspec

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
    streams,
)
from bot.exchange.wire.reply_plan import ReplyField
from bot.exchange.wire.ticks import TICK_TABLES

REPLIES: dict[type[Any], tuple[ReplyField, ...]] = (
    session.TABLE
    | reference.TABLE
    | market_data.TABLE
    | streams.TABLE
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
VARIANTS: dict[int, tuple[int, dict[str, type[msgspec.Struct]]]] = {99: streams.TICKS_BY_TYPE}
"""Messages that share an id: the place of the field that tells them apart, and what each is."""


def kind_of(number: int, fields: Sequence[str]) -> type[msgspec.Struct] | None:
    """Return the struct of a message, None if there is none; `fields` has the id first."""
    if number not in VARIANTS:
        return MESSAGE_KINDS.get(number)
    place, kinds = VARIANTS[number]
    return kinds.get(fields[place]) if place < len(fields) else None
