"""Fields of the requests about prices as they come."""

from bot.exchange.wire import requests as rq
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.order_fields import (
    contract_fields,
    read_delta_neutral_contract,
    read_short_legs,
)
from bot.exchange.wire.request_fields.form import (
    OLD_VERSION,
    ONLY_ID,
    REQUEST_ID,
    ServedRequest,
)
from bot.exchange.wire.request_plan import skipped, spanning, value

_F = FieldReader

TABLE: dict[int, ServedRequest] = {
    1: ServedRequest(
        rq.RequestMarketData,
        (
            OLD_VERSION,
            REQUEST_ID,
            *contract_fields(),
            spanning(read_short_legs),
            spanning(read_delta_neutral_contract),
            value("generic_ticks", _F.text),
            value("snapshot", _F.flag),
            value("regulatory_snapshot", _F.flag),
            value("options", _F.text),
        ),
    ),
    2: ServedRequest(rq.CancelMarketData, ONLY_ID),
    59: ServedRequest(rq.RequestMarketDataType, (OLD_VERSION, value("data_type", _F.integer))),
    54: ServedRequest(
        rq.CalculateImpliedVolatility,
        (
            *ONLY_ID,
            *contract_fields(),
            value("option_price", _F.number_or_zero),
            value("under_price", _F.number_or_zero),
            skipped(_F.integer_or_zero),
            value("options", _F.text),
        ),
    ),
    55: ServedRequest(
        rq.CalculateOptionPrice,
        (
            *ONLY_ID,
            *contract_fields(),
            value("volatility", _F.number_or_zero),
            value("under_price", _F.number_or_zero),
            skipped(_F.integer_or_zero),
            value("options", _F.text),
        ),
    ),
    56: ServedRequest(rq.CancelCalculateImpliedVolatility, ONLY_ID),
    57: ServedRequest(rq.CancelCalculateOptionPrice, ONLY_ID),
}
