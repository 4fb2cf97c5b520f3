"""Keeps what happened to the account in one file, so that it outlives the process.

An SQLite file: one row per record in order, and the clock in a row of its own, since it changes
with every step. A batch of records is one durable transaction, finished before the replies it
caused leave the process; a transaction that a crash interrupts never happened. The file belongs to
one process at a time, one scenario, one seed and one account: another combination is refused, since
its positions would be priced by another market.
"""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import msgspec

from bot.exchange.venue.records import ClockNoted, Record

FORMAT = 4
_SCHEMA = """
CREATE TABLE IF NOT EXISTS identity (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS record (number INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS clock (only INTEGER PRIMARY KEY CHECK (only = 1), at TEXT NOT NULL)
STRICT;
"""


class StoreError(Exception):
    """The state file cannot be used; the message says why."""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What a state file belongs to; `begins` is the date a moved scenario begins on, or empty."""

    scenario: str
    seed: int
    account: str
    begins: str = ""


class Store(Protocol):
    """Where records go before anybody hears of what they caused."""

    def append(self, records: Iterable[Record]) -> None:
        """Keep `records`; when this returns they survive a crash."""
        ...

    def replay(self) -> list[Record]:
        """Return what was kept, in order."""
        ...


class MemoryStore:
    """Keeps nothing beyond the process: a demo starts anew each time."""

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Have nothing to close."""

    def append(self, records: Iterable[Record]) -> None:
        """Forget `records`."""

    def replay(self) -> list[Record]:
        """Return nothing."""
        return []


class FileStore:
    """A state file, open until `close`."""

    def __init__(self, path: Path, identity: Identity) -> None:
        """Open or create the file.

        Raises:
            StoreError: It is in use, not a state file, or belongs to something else.
        """
        self._path = path
        self._encoder = msgspec.json.Encoder()
        self._decoder = msgspec.json.Decoder(Record)
        with _translated(path):
            self._db = sqlite3.connect(path, isolation_level=None, timeout=0.2)
            try:
                self._prepare(identity)
            except BaseException:
                self._db.close()
                raise

    def __enter__(self) -> Self:
        """Return the open store."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the file; nothing is pending, since each append is durable at once."""
        self._db.close()

    def append(self, records: Iterable[Record]) -> None:
        """Keep `records` in one durable transaction.

        Raises:
            StoreError: The file cannot be written.
        """
        with _translated(self._path), self._transaction():
            for record in records:
                self._append_one(record)

    def replay(self) -> list[Record]:
        """Return all records in order, the clock's last position at the end.

        Raises:
            StoreError: A record cannot be read.
        """
        with _translated(self._path):
            bodies = self._db.execute("SELECT body FROM record ORDER BY number").fetchall()
            clock = self._db.execute("SELECT at FROM clock").fetchone()
        try:
            records = [self._decoder.decode(body) for (body,) in bodies]
        except msgspec.MsgspecError as error:
            raise StoreError(f"{self._path}: a record cannot be read: {error}") from error
        if clock is not None:
            records.append(ClockNoted(at=datetime.fromisoformat(clock[0])))
        return records

    def _append_one(self, record: Record) -> None:
        if isinstance(record, ClockNoted):
            self._db.execute(
                "INSERT INTO clock VALUES (1, ?) ON CONFLICT DO UPDATE SET at = excluded.at",
                (record.at.isoformat(),),
            )
        else:
            body = self._encoder.encode(record)
            self._db.execute("INSERT INTO record (body) VALUES (?)", (body,))

    def _prepare(self, identity: Identity) -> None:
        # exclusive first: a second process must fail here, before it has read anything
        self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        with self._transaction():
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)
            self._claim(identity)

    def _claim(self, identity: Identity) -> None:
        mine = {"format": str(FORMAT)} | {
            name: str(value) for name, value in msgspec.structs.asdict(identity).items()
        }
        there = dict(self._db.execute("SELECT name, value FROM identity").fetchall())
        if not there:
            self._db.executemany("INSERT INTO identity VALUES (?, ?)", mine.items())
        elif there != mine:
            raise StoreError(f"{self._path} belongs to {there}, not to {mine}")

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"the state file {path} cannot be used: {error}") from error
