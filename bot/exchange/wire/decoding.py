"""Turns one frame of a client into a request struct."""

from functools import cache
from typing import cast

from bot.exchange.wire.errors import ProtocolError
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.request_fields import SERVED
from bot.exchange.wire.request_plan import compile_plan, decode
from bot.exchange.wire.requests import Request

_END = "\0"


class RequestDecoder:
    """Decodes requests of one negotiated version."""

    def __init__(self, version: int) -> None:
        self._plans = {key: compile_plan(one.table, version) for key, one in SERVED.items()}

    def decode(self, payload: bytes) -> Request:
        """Return the request in `payload`, a frame without its length.

        Raises:
            ProtocolError: It is not a request of the protocol.
        """
        message_id, *fields = split_fields(payload)
        number = FieldReader([message_id]).integer()
        if number not in SERVED:
            raise ProtocolError(f"unknown message id {number}")
        try:
            made = decode(self._plans[number], SERVED[number].make, fields)
        except ProtocolError as error:
            raise ProtocolError(f"{SERVED[number].make.__name__}: {error}") from error
        return cast("Request", made)


@cache
def decoder_of(version: int) -> RequestDecoder:
    """Return the decoder of a version; it keeps no state, so all connections share it."""
    return RequestDecoder(version)


def split_fields(payload: bytes) -> list[str]:
    """Split a frame into its fields, each of which ends with a NUL.

    Raises:
        ProtocolError: The frame is not UTF-8 or does not end with a NUL.
    """
    try:
        text = payload.decode()
    except UnicodeDecodeError as error:
        raise ProtocolError("message is not UTF-8") from error
    if not text.endswith(_END):
        raise ProtocolError("message does not end with a NUL")
    return text[:-1].split(_END)
