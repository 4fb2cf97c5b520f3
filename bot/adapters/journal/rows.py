"""Reading rows back into values, for the writer and for read-only readers alike."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

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


def read_events(
    connection: Connection,
    after: int = 0,
    kinds: Collection[str] = (),
    *,
    newest_first: bool = False,
) -> Iterator[StoredEvent]:
    """Yield the events after a sequence number, of all kinds or of the named ones."""
    query = select(schema.events).where(schema.events.c.sequence > after)
    if kinds:
        query = query.where(schema.events.c.kind.in_(sorted(kinds)))
    order = schema.events.c.sequence
    for row in connection.execute(query.order_by(order.desc() if newest_first else order)):
        yield stored_event(row)


def read_blob(connection: Connection, key: ContentHash) -> bytes | None:
    """Return a stored blob, None when there is none of that hash."""
    query = select(schema.blobs.c.data).where(schema.blobs.c.key == key)
    return connection.execute(query).scalar_one_or_none()
