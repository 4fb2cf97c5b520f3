"""Replies about: every tick, every five seconds, and the order book."""

from decimal import Decimal

import msgspec


class TickByTickTrade(msgspec.Struct, frozen=True, kw_only=True):
    """One trade; `tick_type` 1 for `Last`, 2 for `AllLast`.

    `attributes` is a bit mask: 1 past limit, 2 unreported. `time` in seconds since 1970.
    """

    request_id: int
    tick_type: int
    time: int
    price: Decimal
    size: Decimal
    attributes: int = 0
    exchange: str = ""
    conditions: str = ""


class TickByTickBidAsk(msgspec.Struct, frozen=True, kw_only=True):
    """One change of the best quote; `attributes`: 1 bid past low, 2 ask past high."""

    request_id: int
    time: int
    bid: Decimal
    ask: Decimal
    bid_size: Decimal
    ask_size: Decimal
    attributes: int = 0


class TickByTickMidPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One change of the middle of the best quote."""

    request_id: int
    time: int
    mid_point: Decimal


class RealTimeBar(msgspec.Struct, frozen=True, kw_only=True):
    """One bar of five seconds that begins at `time`; volume, average, count -1 for quotes."""

    request_id: int
    time: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    average: Decimal
    count: int


class MarketDepth(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the book: `operation` 0 insert, 1 update, 2 delete; `side` 0 ask, 1 bid."""

    request_id: int
    position: int
    operation: int
    side: int
    price: Decimal
    size: Decimal


class MarketDepthL2(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the book with who stands there; see `MarketDepth`."""

    request_id: int
    position: int
    market_maker: str
    operation: int
    side: int
    price: Decimal
    size: Decimal
    is_smart_depth: bool
