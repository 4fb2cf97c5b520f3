"""Turns one frame of a server back into a reply struct, by the same tables that write it.

Not for serving: with it a trace, ours or one of the broker's own software, is held against the
tables (`bot.exchange.wire.replay`).
"""

from functools import cache
from typing import cast

import msgspec

from bot.exchange.wire.errors import ProtocolError
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.replies import Reply
from bot.exchange.wire.reply_fields import REPLIES, kind_of
from bot.exchange.wire.reply_plan import ReplyField, Values, nest
from bot.exchange.wire.ticks import TICK_TABLES


class UnknownReplyError(ProtocolError):
    """The message is none of those the exchange can send, or one that has no way back."""


def decode_reply(fields: tuple[str, ...], version: int) -> Reply:
    """Return the reply that `fields` say, the message id first.

    Raises:
        UnknownReplyError: There is no way back for such a message.
        ProtocolError: The fields are not those of the message in that version.
    """
    number = FieldReader(fields).integer()
    kind = kind_of(number, fields)
    plan = None if kind is None else _plan(kind, version)
    if kind is None or plan is None:
        raise UnknownReplyError(f"no way back from message {number}")
    reader = FieldReader(fields)
    values: Values = {}
    for field in plan:
        assert field.take is not None
        try:
            field.take(reader, values)
        except ProtocolError as error:
            place = len(fields) - reader.remaining
            raise ProtocolError(f"{kind.__name__}, field {place}: {error}") from error
    reader.finish()
    return cast("Reply", msgspec.convert(nest(values), kind))


@cache
def _plan(kind: type[msgspec.Struct], version: int) -> tuple[ReplyField, ...] | None:
    table = (REPLIES | TICK_TABLES)[kind]
    plan = tuple(field for field in table if field.span.covers(version))
    return None if any(field.take is None for field in plan) else plan
