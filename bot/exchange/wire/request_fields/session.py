"""Fields of the requests about opening, naming and small talk of a connection."""

from bot.exchange.wire import requests as rq
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.request_fields.form import (
    OLD_VERSION,
    REQUEST_ID,
    ServedRequest,
)
from bot.exchange.wire.request_plan import value

_F = FieldReader

TABLE: dict[int, ServedRequest] = {
    8: ServedRequest(rq.RequestIds, (OLD_VERSION, value("count", _F.integer_or_zero))),
    14: ServedRequest(rq.SetServerLogLevel, (OLD_VERSION, value("level", _F.integer))),
    17: ServedRequest(rq.RequestManagedAccounts, (OLD_VERSION,)),
    49: ServedRequest(rq.RequestCurrentTime, (OLD_VERSION,)),
    71: ServedRequest(
        rq.StartApi,
        (
            OLD_VERSION,
            value("client_id", _F.integer),
            value("optional_capabilities", _F.text),
        ),
    ),
    65: ServedRequest(
        rq.VerifyRequest,
        (OLD_VERSION, value("api_name", _F.text), value("api_version", _F.text)),
    ),
    66: ServedRequest(rq.VerifyMessage, (OLD_VERSION, value("data", _F.text))),
    72: ServedRequest(
        rq.VerifyAndAuthRequest,
        (
            OLD_VERSION,
            value("api_name", _F.text),
            value("api_version", _F.text),
            value("opaque_key", _F.text),
        ),
    ),
    73: ServedRequest(
        rq.VerifyAndAuthMessage,
        (OLD_VERSION, value("data", _F.text), value("response", _F.text)),
    ),
    104: ServedRequest(rq.RequestUserInfo, (REQUEST_ID,)),
}
