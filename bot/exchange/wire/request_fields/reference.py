"""Fields of the requests about what is listed and by which rules it trades."""

from bot.exchange.wire import requests as rq
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.order_fields import contract_fields
from bot.exchange.wire.request_fields.form import (
    OLD_VERSION,
    REQUEST_ID,
    ServedRequest,
)
from bot.exchange.wire.request_plan import of_contract, value

_F = FieldReader

TABLE: dict[int, ServedRequest] = {
    9: ServedRequest(
        rq.RequestContractDetails,
        (
            OLD_VERSION,
            REQUEST_ID,
            *contract_fields(),
            of_contract("include_expired", _F.flag),
            of_contract("sec_id_type", _F.text),
            of_contract("sec_id", _F.text),
            of_contract("issuer_id", _F.text, since=176),
        ),
    ),
    78: ServedRequest(
        rq.RequestOptionParameters,
        (
            REQUEST_ID,
            value("symbol", _F.text),
            value("future_option_exchange", _F.text),
            value("sec_type", _F.text),
            value("con_id", _F.integer_or_zero),
        ),
    ),
    81: ServedRequest(rq.RequestMatchingSymbols, (REQUEST_ID, value("pattern", _F.text))),
    91: ServedRequest(rq.RequestMarketRule, (value("rule_id", _F.integer),)),
    82: ServedRequest(rq.RequestMarketDepthExchanges, ()),
    83: ServedRequest(rq.RequestSmartComponents, (REQUEST_ID, value("bbo_exchange", _F.text))),
}
