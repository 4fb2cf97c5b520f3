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
