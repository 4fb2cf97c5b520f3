"""Fields of the requests about placing, cancelling and listing orders and fills."""

from bot.exchange.wire import requests as rq
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.order_fields import PLACE_ORDER, held_contract_fields
from bot.exchange.wire.request_fields.form import (
    OLD_VERSION,
    REQUEST_ID,
    ServedRequest,
)
from bot.exchange.wire.request_plan import value

_F = FieldReader

TABLE: dict[int, ServedRequest] = {
    3: ServedRequest(rq.PlaceOrder, PLACE_ORDER),
    4: ServedRequest(
        rq.CancelOrder,
        (
            OLD_VERSION,
            value("order_id", _F.integer),
            value("manual_time", _F.text, since=169),
        ),
    ),
    5: ServedRequest(rq.RequestOpenOrders, (OLD_VERSION,)),
    7: ServedRequest(
        rq.RequestExecutions,
        (
            OLD_VERSION,
            REQUEST_ID,
            value("client_id", _F.integer_or_zero),
            value("account", _F.text),
            value("time", _F.text),
            value("symbol", _F.text),
            value("sec_type", _F.text),
            value("exchange", _F.text),
            value("side", _F.text),
        ),
    ),
    15: ServedRequest(rq.RequestAutoOpenOrders, (OLD_VERSION, value("bind", _F.flag))),
    16: ServedRequest(rq.RequestAllOpenOrders, (OLD_VERSION,)),
    58: ServedRequest(rq.RequestGlobalCancel, (OLD_VERSION,)),
    99: ServedRequest(rq.RequestCompletedOrders, (value("api_only", _F.flag),)),
    21: ServedRequest(
        rq.ExerciseOptions,
        (
            OLD_VERSION,
            REQUEST_ID,
            *held_contract_fields(),
            value("action", _F.integer),
            value("quantity", _F.integer),
            value("account", _F.text),
            value("override", _F.integer_or_zero),
        ),
    ),
}
