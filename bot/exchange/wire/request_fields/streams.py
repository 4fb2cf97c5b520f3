"""Fields of the requests about ticks, five-second bars and the order book."""

from bot.exchange.wire import requests as rq
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.order_fields import contract_fields
from bot.exchange.wire.request_fields.form import (
    OLD_VERSION,
    ONLY_ID,
    REQUEST_ID,
    ServedRequest,
)
from bot.exchange.wire.request_plan import value

_F = FieldReader

TABLE: dict[int, ServedRequest] = {
    10: ServedRequest(
        rq.RequestMarketDepth,
        (
            OLD_VERSION,
            REQUEST_ID,
            *contract_fields(),
            value("rows", _F.integer),
            value("is_smart_depth", _F.flag),
            value("options", _F.text),
        ),
    ),
    11: ServedRequest(rq.CancelMarketDepth, (*ONLY_ID, value("is_smart_depth", _F.flag))),
    50: ServedRequest(
        rq.RequestRealTimeBars,
        (
            OLD_VERSION,
            REQUEST_ID,
            *contract_fields(),
            value("bar_size", _F.integer_or_zero),
            value("what_to_show", _F.text),
            value("regular_hours_only", _F.flag),
            value("options", _F.text),
        ),
    ),
    51: ServedRequest(rq.CancelRealTimeBars, ONLY_ID),
    97: ServedRequest(
        rq.RequestTickByTick,
        (
            REQUEST_ID,
            *contract_fields(),
            value("tick_type", _F.text),
            value("number_of_ticks", _F.integer_or_zero),
            value("ignore_size", _F.flag),
        ),
    ),
    98: ServedRequest(rq.CancelTickByTick, (REQUEST_ID,)),
}
