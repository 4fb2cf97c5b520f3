"""Requests about: every tick, every five seconds, and the order book."""

import msgspec

from bot.exchange.wire.contract import WireContract


class RequestTickByTick(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for each tick of a kind: `Last`, `AllLast`, `BidAsk` or `MidPoint`.

    `number_of_ticks` past ones come first; `ignore_size` leaves out changes of size alone.
    """

    request_id: int
    contract: WireContract
    tick_type: str
    number_of_ticks: int = 0
    ignore_size: bool = False


class CancelTickByTick(msgspec.Struct, frozen=True, kw_only=True):
    """Ends a stream of ticks."""

    request_id: int


class RequestRealTimeBars(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for a bar every five seconds."""

    request_id: int
    contract: WireContract
    bar_size: int
    what_to_show: str
    regular_hours_only: bool
    options: str = ""


class CancelRealTimeBars(msgspec.Struct, frozen=True, kw_only=True):
    """Ends real-time bars."""

    request_id: int


class RequestMarketDepth(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the order book, `rows` levels of each side."""

    request_id: int
    contract: WireContract
    rows: int
    is_smart_depth: bool
    options: str = ""


class CancelMarketDepth(msgspec.Struct, frozen=True, kw_only=True):
    """Ends an order book."""

    request_id: int
    is_smart_depth: bool
