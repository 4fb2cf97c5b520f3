"""Proof that nothing stored was changed, and the place where something was.

Everything is recomputed from the bytes in the file: the chain over the rows, the blobs' hashes, the
decisions' digests and links, the head, the definitions of the tables and triggers, and SQLite's own
integrity. A file too damaged to read is a finding, not a crash.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, text

from bot.adapters.journal import schema
from bot.adapters.journal.chain import decision_digest, event_hash
from bot.adapters.journal.codec import event_of, kind_of
from bot.adapters.journal.errors import DATABASE_ERRORS, cause_of
from bot.adapters.journal.readonly import reading
from bot.app.ports import JournalError
from bot.domain.canonical import ContentHash, content_hash
from bot.domain.decision import GENESIS, next_link
from bot.domain.value import Value


class Finding(Value):
    """Something that is not as it was stored: where, and what is wrong there."""

    place: str
    problem: str


class VerifyReport(Value):
    """What was counted and found; `head` and `decision_hash` are the ends of the two chains."""

    events: int
    decisions: int
    blobs: int
    head: ContentHash
    decision_hash: ContentHash
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether everything is as it was stored."""
        return not self.findings


def verify(path: Path) -> VerifyReport:
    """Check the whole journal at `path` as it stands at this moment.

    Raises:
        JournalError: there is no file at `path`, or it may not be opened.
    """
    audit = _Audit()
    with reading(path) as connection:
        audit.run(connection)
    return audit.report()


class _Audit:
    """One walk through the file; `_place` follows it, for an error that comes out of SQLite."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._place = "database file"
        self._events = self._last = self._decisions = self._blobs = 0
        self._head: str = GENESIS
        self._link: str = GENESIS
        self._named: dict[str, int] = {}

    def find(self, place: str, problem: str) -> None:
        self._findings.append(Finding(place=place, problem=problem))

    def report(self) -> VerifyReport:
        return VerifyReport(
            events=self._events,
            decisions=self._decisions,
            blobs=self._blobs,
            head=ContentHash(self._head),
            decision_hash=ContentHash(self._link),
            findings=tuple(self._findings),
        )

    def run(self, connection: Connection) -> None:
        for place, check in self._checks():
            self._place = place
            try:
                check(connection)
            except DATABASE_ERRORS as error:
                self.find(self._place, f"cannot be read: {cause_of(error)}")

    def _checks(self) -> Iterator[tuple[str, Callable[[Connection], None]]]:
        yield "meta", self._check_meta
        yield "event 1", self._check_events
        yield "blobs", self._check_blobs
        yield "head", self._check_head
        yield "schema", self._check_schema
        yield "database file", self._check_integrity

    def _check_meta(self, connection: Connection) -> None:
        found = {row.key: row.value for row in connection.execute(select(schema.meta))}
        for key in sorted(found.keys() | schema.META_ROWS.keys(), key=str):
            if found.get(key) != schema.META_ROWS.get(key):
                self.find(
                    f"meta {key}", f"is {found.get(key)!r}, not {schema.META_ROWS.get(key)!r}"
                )

    def _check_events(self, connection: Connection) -> None:
        query = select(schema.events).order_by(schema.events.c.sequence)
        for row in connection.execute(query):
            expected = self._last + 1
            problem = _row_problem(row, expected, self._head) or self._content_problem(row)
            if problem:
                self.find(f"event {min(expected, row.sequence)}", problem)
            self._events += 1
            self._last, self._head = row.sequence, str(row.hash)
            self._place = f"event {row.sequence + 1}"

    def _content_problem(self, row: Row[Any]) -> str | None:
        try:
            kind = kind_of(event_of(row.body))
        except JournalError as error:
            return str(error)
        if kind != row.kind:
            return f"its kind is {row.kind}, its body's {kind}"
        if kind == "inputs_taken":
            for blob in msgspec.json.decode(row.body)["blobs"].values():
                self._named.setdefault(blob, row.sequence)
        return self._link_problem(row) if kind == "decision_made" else None

    def _link_problem(self, row: Row[Any]) -> str | None:
        expected = next_link(ContentHash(self._link), decision_digest(row.body))
        self._link = str(msgspec.json.decode(row.body)["link"])
        self._decisions += 1
        if self._link == expected:
            return None
        return f"its decision links as {self._link}, recomputed {expected}"

    def _check_blobs(self, connection: Connection) -> None:
        stored = set()
        for key, data in connection.execute(select(schema.blobs).order_by(schema.blobs.c.key)):
            self._blobs += 1
            stored.add(key)
            if content_hash(data) != key:
                self.find(f"blob {key}", f"its content has the hash {content_hash(data)}")
        for key, sequence in self._named.items():
            if key not in stored:
                self.find(f"blob {key}", f"is named by event {sequence} but not stored")

    def _check_head(self, connection: Connection) -> None:
        found = [tuple(row) for row in connection.execute(select(schema.head))]
        expected = (1, self._last, self._head, self._blobs)
        if found != [expected]:
            self.find("head", f"says {found}, the record itself {expected}")

    def _check_schema(self, connection: Connection) -> None:
        found, expected = schema.objects(connection), schema.expected_objects()
        for key in sorted(found.keys() | expected.keys()):
            if found.get(key) != expected.get(key):
                self.find(f"schema: {' '.join(key)}", "is not as this program defines it")

    def _check_integrity(self, connection: Connection) -> None:
        for (line,) in connection.execute(text("PRAGMA integrity_check")):
            if line != "ok":
                self.find("database file", line)


def _row_problem(row: Row[Any], expected: int, previous: str) -> str | None:
    if row.sequence != expected:
        return f"is missing: event {row.sequence} stands in its place"
    if row.previous != previous:
        return "its previous hash is not the hash of the event before it"
    try:
        recomputed = event_hash(row.previous, row.sequence, row.at, row.kind, row.body)
    except TypeError:
        return "one of its values has another type than was stored"
    if recomputed != row.hash:
        return f"its hash is {row.hash}, recomputed {recomputed}"
    return None
