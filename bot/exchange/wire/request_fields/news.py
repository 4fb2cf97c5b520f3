"""Fields of the requests about news, company reports and the corporate calendar."""

from bot.exchange.wire import requests as rq
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.request_fields.form import OLD_VERSION, ONLY_ID, REQUEST_ID, ServedRequest
from bot.exchange.wire.request_plan import of_contract, skipped, value

_F = FieldReader
_WSH_FILTERS = 171
_WSH_DATES = 173

TABLE: dict[int, ServedRequest] = {
    12: ServedRequest(rq.RequestNewsBulletins, (OLD_VERSION, value("all_messages", _F.flag))),
    13: ServedRequest(rq.CancelNewsBulletins, (OLD_VERSION,)),
    52: ServedRequest(
        rq.RequestFundamentalData,
        (
            *ONLY_ID,
            of_contract("con_id", _F.integer_or_zero),
            of_contract("symbol", _F.text),
            of_contract("sec_type", _F.text),
            of_contract("exchange", _F.text),
            of_contract("primary_exchange", _F.text),
            of_contract("currency", _F.text),
            of_contract("local_symbol", _F.text),
            value("report_type", _F.text),
            skipped(_F.integer_or_zero),  # how many options, which come as one text
            value("options", _F.text),
        ),
    ),
    53: ServedRequest(rq.CancelFundamentalData, ONLY_ID),
    84: ServedRequest(
        rq.RequestNewsArticle,
        (
            REQUEST_ID,
            value("provider", _F.text),
            value("article_id", _F.text),
            value("options", _F.text),
        ),
    ),
    85: ServedRequest(rq.RequestNewsProviders, ()),
    86: ServedRequest(
        rq.RequestHistoricalNews,
        (
            REQUEST_ID,
            value("con_id", _F.integer_or_zero),
            value("providers", _F.text),
            value("start", _F.text),
            value("end", _F.text),
            value("total_results", _F.integer_or_zero),
            value("options", _F.text),
        ),
    ),
    100: ServedRequest(rq.RequestWshMetaData, (REQUEST_ID,)),
    101: ServedRequest(rq.CancelWshMetaData, (REQUEST_ID,)),
    102: ServedRequest(
        rq.RequestWshEventData,
        (
            REQUEST_ID,
            value("con_id", _F.optional_integer),
            value("filter", _F.text, since=_WSH_FILTERS),
            value("fill_watchlist", _F.flag, since=_WSH_FILTERS),
            value("fill_portfolio", _F.flag, since=_WSH_FILTERS),
            value("fill_competitors", _F.flag, since=_WSH_FILTERS),
            value("start_date", _F.text, since=_WSH_DATES),
            value("end_date", _F.text, since=_WSH_DATES),
            value("total_limit", _F.optional_integer, since=_WSH_DATES),
        ),
    ),
    103: ServedRequest(rq.CancelWshEventData, (REQUEST_ID,)),
}
