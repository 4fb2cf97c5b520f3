"""Fields of the replies about ticks, five-second bars and the order book."""

from typing import Any

import msgspec

from bot.exchange.wire import replies as rp
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import (
    ReplyField,
    decimal,
    fixed,
    flag,
    integer,
    size,
    text,
)

TABLE: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.MarketDepth: (
        *headed(12),
        integer("position"),
        integer("operation"),
        integer("side"),
        decimal("price"),
        *size("size"),
    ),
    rp.MarketDepthL2: (
        *headed(13),
        integer("position"),
        text("market_maker"),
        integer("operation"),
        integer("side"),
        decimal("price"),
        *size("size"),
        flag("is_smart_depth"),
    ),
    rp.RealTimeBar: (
        *headed(50, old_version="3"),
        integer("time"),
        decimal("open"),
        decimal("high"),
        decimal("low"),
        decimal("close"),
        *size("volume"),
        decimal("average"),
        integer("count"),
    ),
    rp.TickByTickTrade: (
        *headed(99, old_version=None),
        integer("tick_type"),
        integer("time"),
        decimal("price"),
        *size("size"),
        integer("attributes"),
        text("exchange"),
        text("conditions"),
    ),
    rp.TickByTickBidAsk: (
        *headed(99, old_version=None),
        fixed("3"),
        integer("time"),
        decimal("bid"),
        decimal("ask"),
        *size("bid_size"),
        *size("ask_size"),
        integer("attributes"),
    ),
    rp.TickByTickMidPoint: (
        *headed(99, old_version=None),
        fixed("4"),
        integer("time"),
        decimal("mid_point"),
    ),
}

TICKS_BY_TYPE: tuple[int, dict[str, type[msgspec.Struct]]] = (
    2,
    {
        "1": rp.TickByTickTrade,
        "2": rp.TickByTickTrade,
        "3": rp.TickByTickBidAsk,
        "4": rp.TickByTickMidPoint,
    },
)
"""The place of the tick type in a message of id 99, and what each type is."""
