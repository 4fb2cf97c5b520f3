"""Which requests exist: struct and fields of each one served, the names of the others."""

from typing import Any

import msgspec

from bot.exchange.wire import requests as rq
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.order_fields import (
    PLACE_ORDER,
    contract_fields,
    read_delta_neutral_contract,
    read_short_legs,
)
from bot.exchange.wire.request_plan import RequestField, of_contract, skipped, spanning, value

_F = FieldReader
# Many messages keep a version of their own from before the handshake had one; it no longer changes.
_OLD_VERSION = skipped(_F.integer)
_REQUEST_ID = value("request_id", _F.integer)
_ONLY_ID = (_OLD_VERSION, _REQUEST_ID)


class ServedRequest(msgspec.Struct, frozen=True):
    """A request that is decoded into its own struct."""

    make: type[Any]
    table: tuple[RequestField, ...]


class UnservedRequest(msgspec.Struct, frozen=True):
    """A request known by name only; `id_position` is the field that holds its request id."""

    name: str
    id_position: int | None = None


SERVED: dict[int, ServedRequest] = {
    1: ServedRequest(
        rq.RequestMarketData,
        (
            _OLD_VERSION,
            _REQUEST_ID,
            *contract_fields(),
            spanning(read_short_legs),
            spanning(read_delta_neutral_contract),
            value("generic_ticks", _F.text),
            value("snapshot", _F.flag),
            value("regulatory_snapshot", _F.flag),
            value("options", _F.text),
        ),
    ),
    2: ServedRequest(rq.CancelMarketData, _ONLY_ID),
    3: ServedRequest(rq.PlaceOrder, PLACE_ORDER),
    4: ServedRequest(
        rq.CancelOrder,
        (
            _OLD_VERSION,
            value("order_id", _F.integer),
            value("manual_time", _F.text, since=169),
        ),
    ),
    5: ServedRequest(rq.RequestOpenOrders, (_OLD_VERSION,)),
    6: ServedRequest(
        rq.RequestAccountUpdates,
        (_OLD_VERSION, value("subscribe", _F.flag), value("account", _F.text)),
    ),
    7: ServedRequest(
        rq.RequestExecutions,
        (
            _OLD_VERSION,
            _REQUEST_ID,
            value("client_id", _F.integer_or_zero),
            value("account", _F.text),
            value("time", _F.text),
            value("symbol", _F.text),
            value("sec_type", _F.text),
            value("exchange", _F.text),
            value("side", _F.text),
        ),
    ),
    8: ServedRequest(rq.RequestIds, (_OLD_VERSION, value("count", _F.integer_or_zero))),
    9: ServedRequest(
        rq.RequestContractDetails,
        (
            _OLD_VERSION,
            _REQUEST_ID,
            *contract_fields(),
            of_contract("include_expired", _F.flag),
            of_contract("sec_id_type", _F.text),
            of_contract("sec_id", _F.text),
            of_contract("issuer_id", _F.text, since=176),
        ),
    ),
    14: ServedRequest(rq.SetServerLogLevel, (_OLD_VERSION, value("level", _F.integer))),
    15: ServedRequest(rq.RequestAutoOpenOrders, (_OLD_VERSION, value("bind", _F.flag))),
    16: ServedRequest(rq.RequestAllOpenOrders, (_OLD_VERSION,)),
    17: ServedRequest(rq.RequestManagedAccounts, (_OLD_VERSION,)),
    20: ServedRequest(
        rq.RequestHistoricalData,
        (
            _REQUEST_ID,
            *contract_fields(),
            of_contract("include_expired", _F.flag),
            value("end", _F.text),
            value("bar_size", _F.text),
            value("duration", _F.text),
            value("regular_hours_only", _F.flag),
            value("what_to_show", _F.text),
            value("date_format", _F.integer),
            spanning(read_short_legs),
            value("keep_up_to_date", _F.flag),
            value("options", _F.text),
        ),
    ),
    25: ServedRequest(rq.CancelHistoricalData, _ONLY_ID),
    49: ServedRequest(rq.RequestCurrentTime, (_OLD_VERSION,)),
    58: ServedRequest(rq.RequestGlobalCancel, (_OLD_VERSION,)),
    59: ServedRequest(rq.RequestMarketDataType, (_OLD_VERSION, value("data_type", _F.integer))),
    61: ServedRequest(rq.RequestPositions, (_OLD_VERSION,)),
    62: ServedRequest(
        rq.RequestAccountSummary,
        (*_ONLY_ID, value("group", _F.text), value("tags", _F.text)),
    ),
    63: ServedRequest(rq.CancelAccountSummary, _ONLY_ID),
    64: ServedRequest(rq.CancelPositions, (_OLD_VERSION,)),
    71: ServedRequest(
        rq.StartApi,
        (
            _OLD_VERSION,
            value("client_id", _F.integer),
            value("optional_capabilities", _F.text),
        ),
    ),
    74: ServedRequest(
        rq.RequestPositionsMulti,
        (*_ONLY_ID, value("account", _F.text), value("model_code", _F.text)),
    ),
    75: ServedRequest(rq.CancelPositionsMulti, _ONLY_ID),
    76: ServedRequest(
        rq.RequestAccountUpdatesMulti,
        (
            *_ONLY_ID,
            value("account", _F.text),
            value("model_code", _F.text),
            value("ledger_and_nlv", _F.flag),
        ),
    ),
    77: ServedRequest(rq.CancelAccountUpdatesMulti, _ONLY_ID),
    78: ServedRequest(
        rq.RequestOptionParameters,
        (
            _REQUEST_ID,
            value("symbol", _F.text),
            value("future_option_exchange", _F.text),
            value("sec_type", _F.text),
            value("con_id", _F.integer_or_zero),
        ),
    ),
    81: ServedRequest(rq.RequestMatchingSymbols, (_REQUEST_ID, value("pattern", _F.text))),
    87: ServedRequest(
        rq.RequestHeadTimestamp,
        (
            _REQUEST_ID,
            *contract_fields(),
            of_contract("include_expired", _F.flag),
            value("regular_hours_only", _F.flag),
            value("what_to_show", _F.text),
            value("date_format", _F.integer),
        ),
    ),
    90: ServedRequest(rq.CancelHeadTimestamp, (_REQUEST_ID,)),
    91: ServedRequest(rq.RequestMarketRule, (value("rule_id", _F.integer),)),
    92: ServedRequest(
        rq.RequestPnL,
        (_REQUEST_ID, value("account", _F.text), value("model_code", _F.text)),
    ),
    93: ServedRequest(rq.CancelPnL, (_REQUEST_ID,)),
    94: ServedRequest(
        rq.RequestPnLSingle,
        (
            _REQUEST_ID,
            value("account", _F.text),
            value("model_code", _F.text),
            value("con_id", _F.integer),
        ),
    ),
    95: ServedRequest(rq.CancelPnLSingle, (_REQUEST_ID,)),
    99: ServedRequest(rq.RequestCompletedOrders, (value("api_only", _F.flag),)),
}

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
