"""Fields of the requests about display groups."""

from bot.exchange.wire import requests as rq
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.request_fields.form import ONLY_ID, ServedRequest
from bot.exchange.wire.request_plan import value

_F = FieldReader

TABLE: dict[int, ServedRequest] = {
    67: ServedRequest(rq.QueryDisplayGroups, ONLY_ID),
    68: ServedRequest(rq.SubscribeToDisplayGroup, (*ONLY_ID, value("group_id", _F.integer))),
    69: ServedRequest(rq.UpdateDisplayGroup, (*ONLY_ID, value("contract_info", _F.text))),
    70: ServedRequest(rq.UnsubscribeFromDisplayGroup, ONLY_ID),
}
