"""Which requests exist: struct and fields of each one served, the names of the others."""

import msgspec

from bot.exchange.wire.request_fields import (
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
from bot.exchange.wire.request_fields.form import ServedRequest


class UnservedRequest(msgspec.Struct, frozen=True):
    """A request known by name only; `id_position` is the field that holds its request id."""

    name: str
    id_position: int


SERVED: dict[int, ServedRequest] = (
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

# Field positions count the message id as 0.
UNSERVED: dict[int, UnservedRequest] = {
    10: UnservedRequest("reqMktDepth", 2),
    11: UnservedRequest("cancelMktDepth", 2),
    50: UnservedRequest("reqRealTimeBars", 2),
    51: UnservedRequest("cancelRealTimeBars", 2),
    54: UnservedRequest("calculateImpliedVolatility", 2),
    55: UnservedRequest("calculateOptionPrice", 2),
    56: UnservedRequest("cancelCalculateImpliedVolatility", 2),
    57: UnservedRequest("cancelCalculateOptionPrice", 2),
    88: UnservedRequest("reqHistogramData", 1),
    89: UnservedRequest("cancelHistogramData", 1),
    96: UnservedRequest("reqHistoricalTicks", 1),
    97: UnservedRequest("reqTickByTickData", 1),
    98: UnservedRequest("cancelTickByTickData", 1),
}

MESSAGE_NAMES: dict[int, str] = {key: one.make.__name__ for key, one in SERVED.items()} | {
    key: one.name for key, one in UNSERVED.items()
}
"""What each message is called, for those who read a trace."""
