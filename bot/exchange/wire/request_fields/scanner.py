"""Fields of the requests about market scans."""

from bot.exchange.wire import requests as rq
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.request_fields.form import OLD_VERSION, ONLY_ID, REQUEST_ID, ServedRequest
from bot.exchange.wire.request_plan import value

_F = FieldReader
_BOUND_COUNT = 17


def _bounds(reader: FieldReader) -> tuple[str, ...]:
    return tuple(reader.text() for _ in range(_BOUND_COUNT))


TABLE: dict[int, ServedRequest] = {
    22: ServedRequest(
        rq.RequestScanner,
        (
            REQUEST_ID,
            value("row_count", _F.optional_integer),
            value("instrument", _F.text),
            value("location", _F.text),
            value("scan_code", _F.text),
            value("bounds", _bounds),
            value("filters", _F.text),
            value("options", _F.text),
        ),
    ),
    23: ServedRequest(rq.CancelScanner, ONLY_ID),
    24: ServedRequest(rq.RequestScannerParameters, (OLD_VERSION,)),
}
