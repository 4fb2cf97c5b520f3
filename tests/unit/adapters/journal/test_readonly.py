"""Reading beside a writer, and without leaving a trace."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.adapters.journal.readonly import ReadOnlyJournal, reading
from bot.adapters.journal.rows import BATCH, Span
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


class TestSpans:
    """Events are chosen by number, kind, time and decision; every given part must allow them."""

    STRESS = "20180205-0100-stress"

    def found(self, path: Path, span: Span) -> list[int]:
        journal = ReadOnlyJournal(path)
        numbers = [one.sequence for one in journal.select(span)]
        newest = [one.sequence for one in journal.select(span, newest_first=True)]
        assert newest == numbers[::-1]
        assert journal.count(span) == len(numbers)
        return numbers

    @pytest.mark.parametrize(
        ("span", "numbers"),
        [
            (Span(), list(range(1, 24))),
            (Span(after=3, up_to=6), [4, 5, 6]),
            (Span(up_to=99, kinds=["decision_made"]), [4, 6, 8, 10, 23]),
            (Span(since=story.STRESS, kinds=["decision_made"]), [10, 23]),
            (Span(until=story.STRESS, kinds=["decision_made"]), [4, 6, 8, 10]),
            (Span(since=story.STRESS, until=story.STRESS), [9, 10, 11]),
            (Span(since=story.STRESS + timedelta(days=1)), []),
            (Span(decision=STRESS), [9, 10, 12, 13]),
            (Span(decision="20180205-000", kinds=["inputs_taken"]), [3, 5, 7]),
            (Span(decision="0100-stress"), []),
            (Span(decision='20180205"'), []),
        ],
    )
    def test_only_what_every_part_allows_is_yielded(
        self, finished: Path, span: Span, numbers: list[int]
    ) -> None:
        assert self.found(finished, span) == numbers

    def test_an_instant_is_the_same_in_every_zone(self, finished: Path) -> None:
        local = story.STRESS.astimezone(ZoneInfo("America/New_York"))
        assert self.found(finished, Span(since=local, until=local)) == [9, 10, 11]

    def test_no_more_than_a_batch_is_read_ahead(self, tmp_path: Path) -> None:
        """What cannot be read comes up only when its batch is reached."""
        path = tmp_path / "journal.sqlite"
        with Journal.open(path) as journal:
            journal.append([NOTE] * 2 * BATCH, story.MORNING)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("DROP TRIGGER events_update")
            other.execute("UPDATE events SET body = x'78' WHERE sequence = ?", [BATCH + 1])
        events = ReadOnlyJournal(path).select(Span())
        assert [next(events).sequence for _ in range(BATCH)] == list(range(1, BATCH + 1))
        with pytest.raises(JournalError, match=f"event {BATCH + 1}"):
            next(events)
