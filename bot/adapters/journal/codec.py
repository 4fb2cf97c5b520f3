"""Between a domain event and the bytes of its row.

A body is the exact, deterministic JSON of the tagged union `JournalEvent`; times are written in UTC
with microseconds, so that the same instant has one text.
"""

from datetime import UTC, datetime

import msgspec

from bot.app.ports import JournalError
from bot.domain.canonical import encode
from bot.domain.events import JournalEvent

_decoder: msgspec.json.Decoder[JournalEvent] = msgspec.json.Decoder(JournalEvent)


def kind_of(event: JournalEvent) -> str:
    """Return the event's tag, e.g. `decision_made`."""
    return str(event.__struct_config__.tag)


def body_of(event: JournalEvent) -> bytes:
    """Return the bytes to store for `event`.

    Raises:
        JournalError: the event would not read back as it is (a number that is not finite, say).
    """
    try:
        body = encode(event)
        lossless = _decoder.decode(body) == event
    except (msgspec.MsgspecError, TypeError, ValueError) as error:
        raise JournalError(f"a {kind_of(event)} event cannot be stored: {error}") from error
    if not lossless:
        raise JournalError(f"a {kind_of(event)} event would not read back as it was decided")
    return body


def event_of(body: bytes) -> JournalEvent:
    """Return the event stored as `body`.

    Raises:
        JournalError: the bytes are not an event this program knows.
    """
    try:
        return _decoder.decode(body)
    except (msgspec.MsgspecError, ValueError) as error:
        raise JournalError(f"a stored event cannot be read: {error}") from error


def text_of(at: datetime) -> str:
    """Return the one text of an instant; a naive time raises `ValueError`."""
    if at.tzinfo is None:
        raise ValueError(f"the journal wants aware times, got {at.isoformat()}")
    return at.astimezone(UTC).isoformat(timespec="microseconds")
