"""Fields of the requests about prices of the past."""

from bot.exchange.wire import requests as rq
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.order_fields import contract_fields, read_short_legs
from bot.exchange.wire.request_fields.form import (
    ONLY_ID,
    REQUEST_ID,
    ServedRequest,
)
from bot.exchange.wire.request_plan import of_contract, spanning, value

_F = FieldReader

TABLE: dict[int, ServedRequest] = {
    20: ServedRequest(
        rq.RequestHistoricalData,
        (
            REQUEST_ID,
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
    25: ServedRequest(rq.CancelHistoricalData, ONLY_ID),
    87: ServedRequest(
        rq.RequestHeadTimestamp,
        (
            REQUEST_ID,
            *contract_fields(),
            of_contract("include_expired", _F.flag),
            value("regular_hours_only", _F.flag),
            value("what_to_show", _F.text),
            value("date_format", _F.integer),
        ),
    ),
    90: ServedRequest(rq.CancelHeadTimestamp, (REQUEST_ID,)),
    88: ServedRequest(
        rq.RequestHistogramData,
        (
            REQUEST_ID,
            *contract_fields(),
            of_contract("include_expired", _F.flag),
            value("regular_hours_only", _F.flag),
            value("period", _F.text),
        ),
    ),
    89: ServedRequest(rq.CancelHistogramData, (REQUEST_ID,)),
    96: ServedRequest(
        rq.RequestHistoricalTicks,
        (
            REQUEST_ID,
            *contract_fields(),
            of_contract("include_expired", _F.flag),
            value("start", _F.text),
            value("end", _F.text),
            value("number_of_ticks", _F.integer_or_zero),
            value("what_to_show", _F.text),
            value("regular_hours_only", _F.flag),
            value("ignore_size", _F.flag),
            value("options", _F.text),
        ),
    ),
}
