"""One changed byte anywhere in a demo's journal is found, and named."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.processes import run

Row = tuple[int | str, bytes]
Pick = Callable[[sqlite3.Connection], Row]


def event_column(column: str, number: str) -> Pick:
    def pick(db: sqlite3.Connection) -> Row:
        query = f"SELECT sequence, {column} FROM events WHERE sequence = {number}"
        sequence, value = db.execute(query).fetchone()
        return f"event {sequence}", value if isinstance(value, bytes) else value.encode()

    return pick


def blob_named(part: str) -> Pick:
    def pick(db: sqlite3.Connection) -> Row:
        (body,) = db.execute("SELECT body FROM events WHERE kind = 'inputs_taken'").fetchone()
        key = db.execute("SELECT json_extract(?, ?)", (body, f"$.blobs.{part}")).fetchone()[0]
        (data,) = db.execute("SELECT data FROM blobs WHERE key = ?", (key,)).fetchone()
        return f"blob {key}", data

    return pick


def head(db: sqlite3.Connection) -> Row:
    """The hash of the last event stands in the head too, on a page before it."""
    (value,) = db.execute("SELECT hash FROM head").fetchone()
    return "head", value.encode()


@pytest.mark.parametrize(
    "pick",
    [
        pytest.param(event_column("body", "1"), id="first event"),
        pytest.param(event_column("body", "(SELECT max(sequence) / 2 FROM events)"), id="middle"),
        pytest.param(head, id="head"),
        pytest.param(blob_named("history"), id="history"),
        pytest.param(blob_named("policy"), id="policy"),
        pytest.param(blob_named("universe"), id="universe"),
    ],
)
def test_one_changed_byte_is_named(tmp_path: Path, stress_journal: Path, pick: Pick) -> None:
    copy = tmp_path / "journal.sqlite"
    shutil.copy(stress_journal, copy)
    db = sqlite3.connect(copy)
    place, value = pick(db)
    db.close()
    change_a_byte(copy, value)
    ended = run("decisions", "verify", "--journal", copy, folder=tmp_path, measured=False)
    assert ended.code == 5
    assert "first broken place: " in ended.err
    assert str(place) in ended.err


def change_a_byte(file: Path, value: bytes) -> None:
    """Change a byte of a stored value where it lies in the file, past SQLite."""
    content = bytearray(file.read_bytes())
    # long values are broken over pages: their beginning is enough to find them
    place = content.find(value[:200]) + min(len(value), 200) // 2
    assert place >= 100
    content[place] ^= 0x01
    file.write_bytes(content)


def test_an_untouched_journal_holds(stress_journal: Path, tmp_path: Path) -> None:
    ended = run("decisions", "verify", "--journal", stress_journal, folder=tmp_path)
    assert ended.code == 0, ended.err
    assert "The chain holds" in ended.out
