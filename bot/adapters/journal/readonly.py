"""Reading a journal beside the bot that writes it, without leaving a trace.

Each reading opens the file anew, read-only, and lets go of it: a lasting connection would keep the
writer from folding its log into the file when it closes.
"""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, NullPool, create_engine, event, func, select

from bot.adapters.journal import schema
from bot.adapters.journal.errors import journal_errors
from bot.adapters.journal.rows import (
    BATCH,
    Span,
    batched,
    count_events,
    read_blob,
    read_events,
)
from bot.app.ports import JournalError
from bot.domain.canonical import ContentHash
from bot.domain.events import StoredEvent


@contextmanager
def reading(path: Path) -> Iterator[Connection]:
    """Connect to the file at `path` for reading, and only that.

    Raises:
        JournalError: there is no such file, or it cannot be read; also from within the block.
    """
    if not path.is_file():
        raise JournalError(f"there is no journal at {path}")
    address = f"file:{quote(str(path.resolve()))}?mode=ro"
    engine = create_engine(
        "sqlite://",
        poolclass=NullPool,
        creator=lambda: sqlite3.connect(address, uri=True, isolation_level=None),
    )
    # one snapshot for all that is read in the block
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    with journal_errors(f"cannot read {path}"), engine.connect() as connection:
        yield connection


class ReadOnlyJournal:
    """The journal at `path`, for commands and pages; it holds nothing open."""

    def __init__(self, path: Path) -> None:
        """Check that there is a journal this program knows; raises `JournalError`."""
        self._path = path
        with reading(path) as connection:
            schema.require_known(connection)

    def events(
        self, after: int = 0, kinds: Collection[str] = (), *, newest_first: bool = False
    ) -> Iterator[StoredEvent]:
        """Yield the events after a sequence number, of all kinds or of the named ones."""
        return self.select(Span(after=after, kinds=kinds), newest_first=newest_first)

    def select(self, span: Span, *, newest_first: bool = False) -> Iterator[StoredEvent]:
        """Yield the events of a span, in order or newest first.

        What is stored while they are read does not join them. They come in batches, so that no more
        is held than one of those, and the file is let go of however slowly they are taken.
        """
        last = self.length()
        span = span._replace(up_to=last if span.up_to is None else min(span.up_to, last))

        def read(span: Span) -> list[StoredEvent]:
            with reading(self._path) as connection:
                found = read_events(connection, span, newest_first=newest_first, limit=BATCH)
                return list(found)

        return batched(read, span, newest_first=newest_first)

    def count(self, span: Span) -> int:
        """Return how many events a span holds at this moment."""
        with reading(self._path) as connection:
            return count_events(connection, span)

    def length(self) -> int:
        """Return the number of the last event, 0 without one."""
        with reading(self._path) as connection:
            query = select(func.coalesce(func.max(schema.events.c.sequence), 0))
            return int(connection.execute(query).scalar_one())

    def blob(self, key: ContentHash) -> bytes:
        """Return a blob by its hash; raises `KeyError`."""
        with reading(self._path) as connection:
            data = read_blob(connection, key)
        if data is None:
            raise KeyError(key)
        return data
