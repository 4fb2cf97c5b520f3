"""The writer: what `append` returned from is on the disk.

One connection, one writer. Each `append` is one transaction of waiting blobs, events and the new
head, committed with a full sync before it returns; then the readers are told. After `close` the
journal is a single file in rollback mode, which may be copied, moved and read without traces.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from sqlalchemy import URL, Connection, NullPool, create_engine, event, insert, select, update

from bot.adapters.journal import schema
from bot.adapters.journal.chain import event_hash
from bot.adapters.journal.codec import body_of, kind_of, text_of
from bot.adapters.journal.errors import journal_errors
from bot.adapters.journal.lock import WriterLock
from bot.adapters.journal.rows import (
    BATCH,
    Span,
    batched,
    count_events,
    read_blob,
    read_events,
)
from bot.app.ports import JournalError, Reader
from bot.domain.canonical import ContentHash, content_hash
from bot.domain.decision import GENESIS
from bot.domain.events import JournalEvent, StoredEvent

BUSY_SECONDS = 5.0
"""How long to wait for a reader that is in the way of a change of mode."""

_INSERT_EVENTS = insert(schema.events)
_INSERT_BLOBS = insert(schema.blobs)


class Head(NamedTuple):
    """How far the record reaches."""

    sequence: int
    hash: ContentHash
    blobs: int


class Journal:
    """The `JournalPort` on one SQLite file; use `Journal.open` and close it."""

    def __init__(
        self, connection: Connection, lock: WriterLock, head: Head, readers: Sequence[Reader]
    ) -> None:
        self._connection = connection
        self._lock = lock
        self._head: Head | None = head
        self._readers = list(readers)
        self._waiting: dict[ContentHash, bytes] = {}
        self._known: set[ContentHash] = set()

    @classmethod
    def open(cls, path: Path, readers: Sequence[Reader] = ()) -> Self:
        """Open the journal at `path` for writing, creating it when there is none.

        Raises:
            JournalError: another process writes to it, it is not a journal, its schema is not
                known, its end is damaged, or the disk refuses.
        """
        lock = WriterLock.take(path)
        try:
            with journal_errors(f"cannot open {path}"):
                connection = _connect(path)
                head = _prepare(connection)
        except JournalError:
            lock.release()
            raise
        return cls(connection, lock, head, readers)

    def add_reader(self, reader: Reader) -> None:
        """Tell `reader` of each event stored from now on."""
        self._readers.append(reader)

    def append(self, events: Sequence[JournalEvent], at: datetime) -> tuple[StoredEvent, ...]:
        """Store `events` in order as one durable transaction, then tell the readers.

        A reader that raises is a bug; it comes out of here after the events were stored.

        Raises:
            JournalError: nothing of it was stored.
        """
        head = self._current_head()
        stored, rows = _chained(head, events, at)
        if not stored:
            return ()
        last = Head(stored[-1].sequence, stored[-1].hash, head.blobs + len(self._waiting))
        self._commit(rows, last)
        for one in stored:
            for reader in self._readers:
                reader(one)
        return stored

    def put_blob(self, data: bytes) -> ContentHash:
        """Keep a blob for the next append, with which it is stored; return its hash."""
        key = content_hash(data)
        if key not in self._known:
            if self._stored_blob(key) is None:
                self._waiting[key] = data
            self._known.add(key)
        return key

    def blob(self, key: ContentHash) -> bytes:
        """Return a blob by its hash; raises `KeyError`."""
        data = self._waiting.get(key)
        found = self._stored_blob(key) if data is None else data
        if found is None:
            raise KeyError(key)
        return found

    def events(self, after: int = 0, kinds: Collection[str] = ()) -> Iterator[StoredEvent]:
        """See `JournalPort.events`."""
        last = self._current_head().sequence
        return batched(self._read, Span(after=after, up_to=last, kinds=kinds))

    def last(self, kind: str) -> StoredEvent | None:
        """See `JournalPort.last`."""
        with journal_errors("cannot read the journal"), self._connection.begin():
            span = Span(kinds=(kind,))
            return next(read_events(self._connection, span, newest_first=True, limit=1), None)

    def count(self, kind: str) -> int:
        """See `JournalPort.count`."""
        with journal_errors("cannot read the journal"), self._connection.begin():
            return count_events(self._connection, Span(kinds=(kind,)))

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it."""
        try:
            with journal_errors("cannot close the journal"):
                _pragma(self._connection, "wal_checkpoint(TRUNCATE)")
                _pragma(self._connection, "journal_mode=DELETE")
        finally:
            self._connection.close()
            self._connection.engine.dispose()
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def _current_head(self) -> Head:
        if self._head is None:  # after a failed write only the file knows
            with journal_errors("cannot read the journal"), self._connection.begin():
                self._head = _read_head(self._connection)
        return self._head

    def _read(self, span: Span) -> list[StoredEvent]:
        with journal_errors("cannot read the journal"), self._connection.begin():
            return list(read_events(self._connection, span, limit=BATCH))

    def _stored_blob(self, key: ContentHash) -> bytes | None:
        with journal_errors("cannot read the journal"), self._connection.begin():
            return read_blob(self._connection, key)

    def _commit(self, rows: list[dict[str, object]], last: Head) -> None:
        self._head = None
        with journal_errors("the journal could not be written"), self._connection.begin():
            if self._waiting:
                waiting = [{"key": key, "data": data} for key, data in self._waiting.items()]
                self._connection.execute(_INSERT_BLOBS, waiting)
            self._connection.execute(_INSERT_EVENTS, rows)
            self._connection.execute(update(schema.head), last._asdict())
        self._head = last
        self._waiting.clear()


def _connect(path: Path) -> Connection:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS},
    )
    event.listen(engine, "begin", _begin)
    return engine.connect()


def _begin(connection: Connection) -> None:
    # SQLite's driver would begin by itself, late and without the write lock
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _pragma(connection: Connection, pragma: str) -> None:
    # past SQLAlchemy, which would begin a transaction: SQLite changes its mode only outside one
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(f"PRAGMA {pragma}")


def _prepare(connection: Connection) -> Head:
    try:
        _pragma(connection, "journal_mode=WAL")
        _pragma(connection, "synchronous=FULL")
        with connection.begin():
            if schema.is_empty(connection):
                schema.create(connection)
            schema.require_known(connection)
            return _read_head(connection)
    except BaseException:
        connection.close()
        raise


def _read_head(connection: Connection) -> Head:
    columns = (schema.head.c.sequence, schema.head.c.hash, schema.head.c.blobs)
    head = Head(*connection.execute(select(*columns)).one())
    last = select(schema.events.c.sequence, schema.events.c.hash)
    row = connection.execute(last.order_by(schema.events.c.sequence.desc()).limit(1)).one_or_none()
    if (head.sequence, head.hash) != (tuple(row) if row else (0, GENESIS)):
        raise JournalError("the end of the journal is damaged: its head names another event")
    return head


def _chained(
    head: Head, events: Sequence[JournalEvent], at: datetime
) -> tuple[tuple[StoredEvent, ...], list[dict[str, object]]]:
    stored: list[StoredEvent] = []
    rows: list[dict[str, object]] = []
    time, previous = text_of(at), head.hash
    for sequence, one in enumerate(events, start=head.sequence + 1):
        kind, body = kind_of(one), body_of(one)
        digest = event_hash(previous, sequence, time, kind, body)
        place = {"sequence": sequence, "kind": kind, "previous": previous, "hash": digest}
        rows.append(place | {"at": time, "body": body})
        stored.append(
            StoredEvent(
                sequence=sequence, at=at, kind=kind, event=one, previous=previous, hash=digest
            )
        )
        previous = digest
    return tuple(stored), rows
