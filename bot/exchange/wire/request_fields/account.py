"""Fields of the requests about positions, values, profit and loss."""

from bot.exchange.wire import requests as rq
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.request_fields.form import (
    OLD_VERSION,
    ONLY_ID,
    REQUEST_ID,
    ServedRequest,
)
from bot.exchange.wire.request_plan import value

_F = FieldReader

TABLE: dict[int, ServedRequest] = {
    6: ServedRequest(
        rq.RequestAccountUpdates,
        (OLD_VERSION, value("subscribe", _F.flag), value("account", _F.text)),
    ),
    61: ServedRequest(rq.RequestPositions, (OLD_VERSION,)),
    62: ServedRequest(
        rq.RequestAccountSummary,
        (*ONLY_ID, value("group", _F.text), value("tags", _F.text)),
    ),
    63: ServedRequest(rq.CancelAccountSummary, ONLY_ID),
    64: ServedRequest(rq.CancelPositions, (OLD_VERSION,)),
    74: ServedRequest(
        rq.RequestPositionsMulti,
        (*ONLY_ID, value("account", _F.text), value("model_code", _F.text)),
    ),
    75: ServedRequest(rq.CancelPositionsMulti, ONLY_ID),
    76: ServedRequest(
        rq.RequestAccountUpdatesMulti,
        (
            *ONLY_ID,
            value("account", _F.text),
            value("model_code", _F.text),
            value("ledger_and_nlv", _F.flag),
        ),
    ),
    77: ServedRequest(rq.CancelAccountUpdatesMulti, ONLY_ID),
    92: ServedRequest(
        rq.RequestPnL,
        (REQUEST_ID, value("account", _F.text), value("model_code", _F.text)),
    ),
    93: ServedRequest(rq.CancelPnL, (REQUEST_ID,)),
    94: ServedRequest(
        rq.RequestPnLSingle,
        (
            REQUEST_ID,
            value("account", _F.text),
            value("model_code", _F.text),
            value("con_id", _F.integer),
        ),
    ),
    95: ServedRequest(rq.CancelPnLSingle, (REQUEST_ID,)),
    18: ServedRequest(
        rq.RequestAdvisorConfiguration, (OLD_VERSION, value("data_type", _F.integer))
    ),
    19: ServedRequest(
        rq.ReplaceAdvisorConfiguration,
        (OLD_VERSION, value("data_type", _F.integer), value("xml", _F.text), REQUEST_ID),
    ),
    79: ServedRequest(rq.RequestSoftDollarTiers, (REQUEST_ID,)),
    80: ServedRequest(rq.RequestFamilyCodes, ()),
}
