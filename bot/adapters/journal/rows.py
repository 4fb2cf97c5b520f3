"""Reading rows back into values, for the writer and for read-only readers alike."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import json
from sqlalchemy import ColumnElement, Connection, Row, func, select

from bot.adapters.journal import schema
from bot.adapters.journal.codec import event_of, text_of
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


BATCH = 100
"""Events read at once."""


class Span(NamedTuple):
    """Which events: all that every given part allows.

    Those with a number above `after` and not above `up_to`, an instant from `since` to `until`, and
    one of `kinds`, where those are given. `decision` is the beginning of a decision's id: only
    events that name such a decision as theirs. SQLite picks them by what stands before the body in
    a row; bodies are read of wanted events only, and looked into only for a decision.
    """

    after: int = 0
    up_to: int | None = None
    kinds: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    decision: str = ""


def read_events(
    connection: Connection, span: Span, *, newest_first: bool = False, limit: int | None = None
) -> Iterator[StoredEvent]:
    """Yield the events of a span in order, or newest first; at most `limit` of them."""
    number = schema.events.c.sequence
    order = number.desc() if newest_first else number
    query = select(schema.events).where(*_allowed(span)).order_by(order).limit(limit)
    for row in connection.execute(query):
        yield stored_event(row)


def batched(
    read: Callable[[Span], list[StoredEvent]], span: Span, *, newest_first: bool = False
) -> Iterator[StoredEvent]:
    """Yield the events of a span as `read` gets them, at most `BATCH` at a time.

    No more than one batch is held, and between two of them nothing: whoever takes the events may
    take his time, and write meanwhile.
    """
    while True:
        batch = read(span)
        yield from batch
        if len(batch) < BATCH:
            return
        edge = batch[-1].sequence
        span = span._replace(up_to=edge - 1) if newest_first else span._replace(after=edge)


def count_events(connection: Connection, span: Span) -> int:
    """Return how many events a span holds."""
    query = select(func.count()).select_from(schema.events).where(*_allowed(span))
    return int(connection.execute(query).scalar_one())


def _allowed(span: Span) -> list[ColumnElement[bool]]:
    column = schema.events.c
    wanted = [column.sequence > span.after]
    if span.up_to is not None:
        wanted.append(column.sequence <= span.up_to)
    if span.kinds:
        wanted.append(column.kind.in_(sorted(span.kinds)))
    if span.since is not None:
        wanted.append(column.at >= text_of(span.since))
    if span.until is not None:
        wanted.append(column.at <= text_of(span.until))
    if span.decision:
        wanted.append(func.instr(column.body, _named(span.decision)) > 0)
    return wanted


def _named(decision: str) -> bytes:
    """Return how a body begins to name a decision: JSON of deterministic bytes."""
    return b'"decision_id":' + json.encode(decision).removesuffix(b'"')


def read_blob(connection: Connection, key: ContentHash) -> bytes | None:
    """Return a stored blob, None when there is none of that hash."""
    query = select(schema.blobs.c.data).where(schema.blobs.c.key == key)
    return connection.execute(query).scalar_one_or_none()
