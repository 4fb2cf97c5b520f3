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
