"""Requests about: prices of the past."""

import msgspec

from bot.exchange.wire.contract import WireContract


class RequestHistoricalData(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for bars; the texts are the wire's own (`1 D`, `5 mins`, ...).

    `date_format` 1 asks for text dates, 2 for epoch seconds. An empty `end` means now.
    """

    request_id: int
    contract: WireContract
    end: str
    bar_size: str
    duration: str
    regular_hours_only: bool
    what_to_show: str
    date_format: int
    keep_up_to_date: bool = False
    options: str = ""


class CancelHistoricalData(msgspec.Struct, frozen=True, kw_only=True):
    """Ends a bar request or its updates."""

    request_id: int


class RequestHeadTimestamp(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the time of the earliest bar."""

    request_id: int
    contract: WireContract
    regular_hours_only: bool
    what_to_show: str
    date_format: int


class CancelHeadTimestamp(msgspec.Struct, frozen=True, kw_only=True):
    """Withdraws a head-time request."""

    request_id: int


class RequestHistogramData(msgspec.Struct, frozen=True, kw_only=True):
    """Asks how much traded at each price within a period such as `3 days`."""

    request_id: int
    contract: WireContract
    regular_hours_only: bool
    period: str


class CancelHistogramData(msgspec.Struct, frozen=True, kw_only=True):
    """Withdraws a histogram request."""

    request_id: int


class RequestHistoricalTicks(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for past ticks after `start` or before `end`, one of which is empty."""

    request_id: int
    contract: WireContract
    start: str
    end: str
    number_of_ticks: int
    what_to_show: str
    regular_hours_only: bool
    ignore_size: bool
    options: str = ""
