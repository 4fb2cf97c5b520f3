"""The form of a table row, and the fields that most requests begin with."""

from typing import Any

import msgspec

from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.request_plan import RequestField, skipped, value


class ServedRequest(msgspec.Struct, frozen=True):
    """A request that is decoded into its own struct."""

    make: type[Any]
    table: tuple[RequestField, ...]


# Many messages keep a version of their own from before the handshake had one; it no longer changes.
OLD_VERSION = skipped(FieldReader.integer)
REQUEST_ID = value("request_id", FieldReader.integer)
ONLY_ID = (OLD_VERSION, REQUEST_ID)
