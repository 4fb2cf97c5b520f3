"""Reading rows back into values, for the writer and for read-only readers alike."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from bot.adapters.journal import schema
from bot.adapters.journal.codec import event_of
from bot.app.ports import JournalError
from bot.domain.canonical import ContentHash
from bot.domain.events import StoredEvent


def stored_event(row: Row[Any]) -> StoredEvent:
    """Return a row of `events` as a value; raises `JournalError` when it cannot be read."""
    try:
        return StoredEvent(
            sequence=row.sequence,
            at=datetime.fromisoformat(row.at),
            kind=row.kind,
            event=event_of(row.body),
            previous=ContentHash(row.previous),
            hash=ContentHash(row.hash),
        )
    except (JournalError, ValueError, TypeError) as error:
        raise JournalError(f"event {row.sequence}: {error}") from error


class Span(NamedTuple):
    """Which events: after one number, up to another, of the named kinds or of all."""

    after: int = 0
    up_to: int | None = None
    kinds: Collection[str] = ()


def read_events(
    connection: Connection, span: Span, *, newest_first: bool = False, limit: int | None = None
) -> Iterator[StoredEvent]:
    """Yield the events of a span in order, or newest first; at most `limit` of them."""
    number = schema.events.c.sequence
    query = select(schema.events).where(number > span.after)
    if span.up_to is not None:
        query = query.where(number <= span.up_to)
    if span.kinds:
        query = query.where(schema.events.c.kind.in_(sorted(span.kinds)))
    order = number.desc() if newest_first else number
    for row in connection.execute(query.order_by(order).limit(limit)):
        yield stored_event(row)


def read_blob(connection: Connection, key: ContentHash) -> bytes | None:
    """Return a stored blob, None when there is none of that hash."""
    query = select(schema.blobs.c.data).where(schema.blobs.c.key == key)
    return connection.execute(query).scalar_one_or_none()
