"""Reading beside a writer, and without leaving a trace."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.journal.readonly import BATCH, ReadOnlyJournal, reading
from bot.adapters.journal.store import Journal
from bot.app.ports import JournalError
from bot.domain.canonical import ContentHash
from bot.domain.events import CycleMissed
from tests.support import story

NOTE = CycleMissed(due_at=story.MORNING, reason="the link was down")


def test_it_sees_what_a_running_writer_stored_and_goes_on_seeing(tmp_path: Path) -> None:
    path = tmp_path / "journal #1?.sqlite"
    with Journal.open(path) as journal:
        journal.append([NOTE], story.MORNING)
        other = ReadOnlyJournal(path)
        assert [one.sequence for one in other.events()] == [1]
        journal.append([NOTE], story.MORNING)
        assert [one.sequence for one in other.events(after=1)] == [2]
    assert [one.sequence for one in other.events()] == [1, 2]
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_one_reading_sees_one_moment(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal.open(path) as journal:
        journal.append([NOTE, NOTE], story.MORNING)
        events = ReadOnlyJournal(path).events()
        next(events)
        journal.append([NOTE], story.MORNING)
        assert [one.sequence for one in events] == [2]


def test_a_reader_that_stops_half_way_holds_nothing_open(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal.open(path) as journal:
        journal.append([NOTE, NOTE], story.MORNING)
    events = ReadOnlyJournal(path).events()
    next(events)
    with Journal.open(path) as journal:
        journal.append([NOTE], story.MORNING)
    assert [one.sequence for one in events] == [2]
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("count", [BATCH - 1, BATCH, BATCH + 1, 2 * BATCH])
def test_batches_leave_nothing_out_either_way(tmp_path: Path, count: int) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal.open(path) as journal:
        journal.append([NOTE] * count, story.MORNING)
    other = ReadOnlyJournal(path)
    assert [one.sequence for one in other.events()] == list(range(1, count + 1))
    newest = [one.sequence for one in other.events(newest_first=True)]
    assert newest == list(range(count, 0, -1))


def test_kinds_and_order_can_be_chosen(finished: Path) -> None:
    journal = ReadOnlyJournal(finished)
    kinds = [one.kind for one in journal.events(kinds=["order_sent", "run_started"])]
    assert kinds == ["run_started", "order_sent", "order_sent"]
    newest = [one.sequence for one in journal.events(newest_first=True)]
    assert newest == list(range(23, 0, -1))


def test_blobs_are_returned_by_their_hash(finished: Path) -> None:
    journal = ReadOnlyJournal(finished)
    key = ContentHash("f6cb1b1ea9a58bb1b9a2c3e3e06f8b3b0a7d3ad97b3e4f9b1d7d3b9e6f0c1a2d")
    with pytest.raises(KeyError):
        journal.blob(key)
    taken = next(journal.events(kinds=["inputs_taken"])).event
    assert journal.blob(taken.blobs.history) == b"an older closing"  # type: ignore[union-attr]


def test_a_missing_file_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="there is no journal at"):
        ReadOnlyJournal(tmp_path / "none.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_nothing_can_be_written_through_it(finished: Path) -> None:
    with pytest.raises(JournalError, match="readonly"), reading(finished) as connection:
        connection.exec_driver_sql("INSERT INTO meta VALUES ('x', 'y')")


def test_a_row_that_cannot_be_read_is_named(copied: Path) -> None:
    with closing(sqlite3.connect(copied, isolation_level=None)) as other:
        other.execute("DROP TRIGGER events_update")
        other.execute("UPDATE events SET body = x'7b' WHERE sequence = 4")
    with pytest.raises(JournalError, match="event 4: a stored event cannot be read"):
        list(ReadOnlyJournal(copied).events())
