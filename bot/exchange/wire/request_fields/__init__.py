"""Which requests exist: struct and fields of each one served, the names of the others."""

import msgspec

from bot.exchange.wire.request_fields import (
    account,
    history,
    market_data,
    orders,
    reference,
    session,
)
from bot.exchange.wire.request_fields.form import ServedRequest


class UnservedRequest(msgspec.Struct, frozen=True):
    """A request known by name only; `id_position` is the field that holds its request id."""

    name: str
    id_position: int | None = None


SERVED: dict[int, ServedRequest] = (
    session.TABLE
    | reference.TABLE
    | market_data.TABLE
    | history.TABLE
    | account.TABLE
    | orders.TABLE
)

# Field positions count the message id as 0.
UNSERVED: dict[int, UnservedRequest] = {
    10: UnservedRequest("reqMktDepth", 2),
    11: UnservedRequest("cancelMktDepth", 2),
    12: UnservedRequest("reqNewsBulletins"),
    13: UnservedRequest("cancelNewsBulletins"),
    18: UnservedRequest("requestFA"),
    19: UnservedRequest("replaceFA"),
    21: UnservedRequest("exerciseOptions", 2),
    22: UnservedRequest("reqScannerSubscription", 1),
    23: UnservedRequest("cancelScannerSubscription", 2),
    24: UnservedRequest("reqScannerParameters"),
    50: UnservedRequest("reqRealTimeBars", 2),
    51: UnservedRequest("cancelRealTimeBars", 2),
    52: UnservedRequest("reqFundamentalData", 2),
    53: UnservedRequest("cancelFundamentalData", 2),
    54: UnservedRequest("calculateImpliedVolatility", 2),
    55: UnservedRequest("calculateOptionPrice", 2),
    56: UnservedRequest("cancelCalculateImpliedVolatility", 2),
    57: UnservedRequest("cancelCalculateOptionPrice", 2),
    65: UnservedRequest("verifyRequest"),
    66: UnservedRequest("verifyMessage"),
    67: UnservedRequest("queryDisplayGroups", 2),
    68: UnservedRequest("subscribeToGroupEvents", 2),
    69: UnservedRequest("updateDisplayGroup", 2),
    70: UnservedRequest("unsubscribeFromGroupEvents", 2),
    72: UnservedRequest("verifyAndAuthRequest"),
    73: UnservedRequest("verifyAndAuthMessage"),
    79: UnservedRequest("reqSoftDollarTiers", 1),
    80: UnservedRequest("reqFamilyCodes"),
    82: UnservedRequest("reqMktDepthExchanges"),
    83: UnservedRequest("reqSmartComponents", 1),
    84: UnservedRequest("reqNewsArticle", 1),
    85: UnservedRequest("reqNewsProviders"),
    86: UnservedRequest("reqHistoricalNews", 1),
    88: UnservedRequest("reqHistogramData", 1),
    89: UnservedRequest("cancelHistogramData", 1),
    96: UnservedRequest("reqHistoricalTicks", 1),
    97: UnservedRequest("reqTickByTickData", 1),
    98: UnservedRequest("cancelTickByTickData", 1),
    100: UnservedRequest("reqWshMetaData", 1),
    101: UnservedRequest("cancelWshMetaData", 1),
    102: UnservedRequest("reqWshEventData", 1),
    103: UnservedRequest("cancelWshEventData", 1),
    104: UnservedRequest("reqUserInfo", 1),
}
