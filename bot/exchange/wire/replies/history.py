"""Replies about: prices of the past."""

from decimal import Decimal

import msgspec


class WireBar(msgspec.Struct, frozen=True, kw_only=True):
    """One bar; `date` is in the form the request asked for, `average` the volume-weighted price."""

    date: str
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    average: Decimal
    count: int


class HistoricalData(msgspec.Struct, frozen=True, kw_only=True):
    """All bars of a request, oldest first, with the covered span as text."""

    request_id: int
    start: str
    end: str
    bars: tuple[WireBar, ...]


class HistoricalDataUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """A new or changed last bar of a kept-up-to-date request."""

    request_id: int
    bar: WireBar


class HeadTimestamp(msgspec.Struct, frozen=True, kw_only=True):
    """The time of the earliest bar, as text in the form asked for."""

    request_id: int
    timestamp: str


class ScheduledSession(msgspec.Struct, frozen=True, kw_only=True):
    """One session: its ends as `yyyymmdd-hh:mm:ss`, its day as `yyyymmdd`."""

    start: str
    end: str
    day: str


class HistoricalSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """The sessions of a span, oldest first, in `time_zone`."""

    request_id: int
    start: str
    end: str
    time_zone: str
    sessions: tuple[ScheduledSession, ...]


class PriceCount(msgspec.Struct, frozen=True, kw_only=True):
    """How much traded at a price."""

    price: Decimal
    count: int


class HistogramData(msgspec.Struct, frozen=True, kw_only=True):
    """What traded at each price, cheapest first."""

    request_id: int
    items: tuple[PriceCount, ...]


class PastTick(msgspec.Struct, frozen=True, kw_only=True):
    """A past middle of the best quote; `time` in seconds since 1970."""

    time: int
    price: Decimal
    size: Decimal = Decimal(0)


class HistoricalTicks(msgspec.Struct, frozen=True, kw_only=True):
    """Past middles of the best quote, oldest first; `done` ends the answer."""

    request_id: int
    ticks: tuple[PastTick, ...]
    done: bool


class PastBidAsk(msgspec.Struct, frozen=True, kw_only=True):
    """A past best quote; `attributes`: 1 ask past high, 2 bid past low."""

    time: int
    attributes: int = 0
    bid: Decimal
    ask: Decimal
    bid_size: Decimal
    ask_size: Decimal


class HistoricalTicksBidAsk(msgspec.Struct, frozen=True, kw_only=True):
    """Past best quotes, oldest first; `done` ends the answer."""

    request_id: int
    ticks: tuple[PastBidAsk, ...]
    done: bool


class PastTrade(msgspec.Struct, frozen=True, kw_only=True):
    """A past trade; `attributes`: 1 past limit, 2 unreported."""

    time: int
    attributes: int = 0
    price: Decimal
    size: Decimal
    exchange: str = ""
    conditions: str = ""


class HistoricalTicksLast(msgspec.Struct, frozen=True, kw_only=True):
    """Past trades, oldest first; `done` ends the answer."""

    request_id: int
    ticks: tuple[PastTrade, ...]
    done: bool
