"""The writer: durable, in order, alone, and either all of an append or nothing of it."""

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.journal import rows
from bot.adapters.journal.lock import _is_current
from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.rows import BATCH
from bot.adapters.journal.store import Journal
from bot.adapters.journal.verify import verify
from bot.app.memory import recall
from bot.app.ports import JournalError, JournalPort
from bot.domain.canonical import ContentHash
from bot.domain.decision import GENESIS
from bot.domain.events import CycleMissed, StoredEvent
from bot.domain.value import replace
from tests.support import story

NOTE = CycleMissed(due_at=story.MORNING, reason="the link was down")


def files(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir())


class TestAppend:
    def test_events_read_back_as_they_were_written(self, journal: Journal) -> None:
        decision = story.stress_decision()
        named = story.blobs(journal.put_blob(b"u"), journal.put_blob(b"o"))
        events = [
            story.run_started(),
            story.inputs_taken(decision, named),
            story.decision_made(decision),
            *story.order_events(),
        ]
        stored = journal.append(events, story.STRESS)
        assert [one.event for one in stored] == events
        assert tuple(journal.events()) == stored

    def test_each_event_names_the_hash_of_the_one_before(self, journal: Journal) -> None:
        first, second = journal.append([NOTE, NOTE], story.MORNING)
        (third,) = journal.append([NOTE], story.MORNING)
        assert first.previous == GENESIS
        assert (second.previous, third.previous) == (first.hash, second.hash)
        assert [one.sequence for one in (first, second, third)] == [1, 2, 3]
        assert len({one.hash for one in (first, second, third)}) == 3

    def test_only_events_after_a_number_are_returned(self, journal: Journal) -> None:
        journal.append([NOTE, NOTE, NOTE], story.MORNING)
        assert [one.sequence for one in journal.events(2)] == [3]

    def test_nothing_appended_stores_nothing(self, journal: Journal) -> None:
        assert journal.append([], story.MORNING) == ()
        assert list(journal.events()) == []

    def test_the_same_instant_of_another_zone_has_the_same_hash(self, tmp_path: Path) -> None:
        tokyo = story.MORNING.astimezone(timezone(timedelta(hours=9)))
        hashes = []
        for name, at in (("a", story.MORNING), ("b", tokyo)):
            with Journal.open(tmp_path / name) as journal:
                hashes.append(journal.append([NOTE], at)[0].hash)
        assert hashes[0] == hashes[1]

    def test_a_naive_time_is_refused(self, journal: Journal) -> None:
        with pytest.raises(ValueError, match="aware"):
            journal.append([NOTE], datetime(2018, 2, 5))  # noqa: DTZ001 - the point
        assert list(journal.events()) == []

    def test_a_number_that_is_not_finite_is_refused(self, journal: Journal) -> None:
        decision = story.stress_decision()
        ladder = decision.ladder
        assert ladder is not None
        made = story.decision_made(decision)
        broken = replace(decision, ladder=replace(ladder, u=float("nan")))
        with pytest.raises(JournalError, match="would not read back"):
            journal.append([NOTE, replace(made, decision=broken)], story.STRESS)
        assert list(journal.events()) == []

    def test_a_value_no_json_can_hold_is_refused(self, journal: Journal) -> None:
        odd = replace(NOTE, reason="\ud800")
        with pytest.raises(JournalError, match="cycle_missed event cannot be stored"):
            journal.append([odd], story.MORNING)

    def test_only_events_of_the_named_kinds_are_returned(self, journal: Journal) -> None:
        journal.append([story.run_started(), NOTE, *story.order_events()], story.MORNING)
        kinds = [one.kind for one in journal.events(kinds=["cycle_missed", "order_sent"])]
        assert kinds == ["cycle_missed", "order_sent", "order_sent"]
        assert [one.sequence for one in journal.events(2, kinds=["cycle_missed"])] == []

    def test_the_newest_of_a_kind_and_their_number(self, journal: Journal) -> None:
        other = replace(NOTE, reason="it came late")
        journal.append([NOTE], story.MORNING)
        journal.append([other], story.MORNING)
        journal.append([story.run_started()], story.MORNING)
        last = journal.last("cycle_missed")
        assert last is not None
        assert (last.event, last.sequence) == (other, 2)
        assert journal.last("order_sent") is None
        assert (journal.count("cycle_missed"), journal.count("order_sent")) == (2, 0)

    def test_it_satisfies_the_port(self, journal: Journal) -> None:
        port: JournalPort = journal
        assert list(port.events()) == []


class TestStream:
    """A journal of a year is taken a few events at a time."""

    @pytest.fixture
    def decoded(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """The numbers of the rows that were made into events so far."""
        numbers: list[int] = []
        read = rows.stored_event

        def counting(row: Any) -> StoredEvent:
            numbers.append(row.sequence)
            return read(row)

        monkeypatch.setattr(rows, "stored_event", counting)
        return numbers

    def test_no_more_than_a_batch_is_read_ahead(self, journal: Journal, decoded: list[int]) -> None:
        journal.append([NOTE] * (2 * BATCH + 1), story.MORNING)
        events = journal.events()
        assert decoded == []
        next(events)
        assert len(decoded) == BATCH
        assert [one.sequence for one in events] == list(range(2, 2 * BATCH + 2))
        assert decoded == list(range(1, 2 * BATCH + 2))

    def test_what_is_stored_meanwhile_does_not_join(self, journal: Journal) -> None:
        """The stream holds no transaction open: a command may be stored between two events."""
        journal.append([NOTE] * (BATCH + 1), story.MORNING)
        taken = []
        for one in journal.events():
            taken.append(one.sequence)
            journal.append([NOTE], story.MORNING)
        assert taken == list(range(1, BATCH + 2))

    def test_a_new_process_reads_no_inputs_and_one_decision(
        self, journal: Journal, decoded: list[int]
    ) -> None:
        named = story.blobs(journal.put_blob(b"u"), journal.put_blob(b"o"))
        decision = story.stress_decision()
        inputs, made = story.inputs_taken(decision, named), story.decision_made(decision)
        journal.append([story.run_started()], story.STRESS)
        for _ in range(3):
            journal.append([inputs, made], story.STRESS)
        recalled = recall(journal)
        assert (recalled.decisions, recalled.link) == (3, made.link)
        assert sorted(decoded) == [1, 7]


class TestReaders:
    def test_they_are_told_after_the_event_can_be_read(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        seen: list[tuple[StoredEvent, int]] = []

        def reader(one: StoredEvent) -> None:
            seen.append((one, len(list(ReadOnlyJournal(path).events()))))

        with Journal.open(path) as journal:
            journal.add_reader(reader)
            stored = journal.append([NOTE, NOTE], story.MORNING)
        assert seen == [(stored[0], 2), (stored[1], 2)]

    def test_one_that_raises_does_not_unstore(self, tmp_path: Path) -> None:
        def broken(_: StoredEvent) -> None:
            raise RuntimeError("a bug in a reader")

        with Journal.open(tmp_path / "journal.sqlite", [broken]) as journal:
            with pytest.raises(RuntimeError):
                journal.append([NOTE], story.MORNING)
            assert len(list(journal.events())) == 1


class TestBlobs:
    def test_a_blob_is_known_by_its_hash_at_once_and_durable_with_an_append(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "journal.sqlite"
        with Journal.open(path) as journal:
            key = journal.put_blob(b"abc")
            assert key == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            assert journal.put_blob(b"abc") == key
            assert journal.blob(key) == b"abc"
            journal.append([NOTE], story.MORNING)
            assert journal.blob(key) == b"abc"
        with Journal.open(path) as journal:
            assert journal.put_blob(b"abc") == key
            journal.append([NOTE], story.MORNING)
            assert journal.blob(key) == b"abc"
        assert verify(path).blobs == 1

    def test_an_unknown_one_is_a_key_error(self, journal: Journal) -> None:
        with pytest.raises(KeyError):
            journal.blob(ContentHash("0" * 64))


class TestDisk:
    def test_a_full_disk_stores_nothing_and_a_later_append_goes_on(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        with Journal.open(path) as journal:
            journal.append([NOTE], story.MORNING)
            key = journal.put_blob(b"x" * 200_000)
            limit = journal._connection.exec_driver_sql
            pages = limit("PRAGMA page_count").scalar_one()
            limit(f"PRAGMA max_page_count={pages + 2}")
            journal._connection.rollback()
            with pytest.raises(JournalError, match="full"):
                journal.append([NOTE, NOTE], story.MORNING)
            assert len(list(journal.events())) == 1
            limit("PRAGMA max_page_count=1000000")
            journal._connection.rollback()
            journal.append([NOTE], story.MORNING)
            assert journal.blob(key) == b"x" * 200_000
        assert verify(path).holds
        assert [one.sequence for one in ReadOnlyJournal(path).events()] == [1, 2]

    def test_a_killed_writer_loses_nothing_it_returned_from(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        program = (
            "import os, sys\n"
            "from datetime import UTC, datetime\n"
            "from pathlib import Path\n"
            "from bot.adapters.journal.store import Journal\n"
            "from bot.domain.events import CycleMissed\n"
            "at = datetime(2018, 2, 5, tzinfo=UTC)\n"
            "journal = Journal.open(Path(sys.argv[1]))\n"
            "for n in range(20):\n"
            "    journal.append([CycleMissed(due_at=at, reason=str(n))], at)\n"
            "os._exit(9)\n"
        )
        run = subprocess.run([sys.executable, "-c", program, str(path)], check=False, timeout=60)
        assert run.returncode == 9
        assert verify(path).events == 20
        with Journal.open(path) as journal:
            assert journal.append([NOTE], story.MORNING)[0].sequence == 21
        assert files(path) == ["journal.sqlite"]

    def test_after_closing_there_is_one_file_that_reads_without_a_trace(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "journal.sqlite"
        with Journal.open(path) as journal:
            story.tell(journal)
            assert len(files(path)) > 1
        assert files(path) == ["journal.sqlite"]
        assert verify(path).holds
        assert len(list(ReadOnlyJournal(path).events())) == 23
        assert files(path) == ["journal.sqlite"]

    def test_the_log_is_kept_in_full_sync(self, journal: Journal) -> None:
        run = journal._connection.exec_driver_sql
        assert run("PRAGMA synchronous").scalar_one() == 2
        assert run("PRAGMA journal_mode").scalar_one() == "wal"
        journal._connection.rollback()


class TestOneWriter:
    def test_a_second_one_is_refused_and_harms_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        with Journal.open(path) as journal:
            with pytest.raises(JournalError, match="another process is writing"):
                Journal.open(path)
            journal.append([NOTE], story.MORNING)
        assert verify(path).events == 1

    def test_the_next_one_may_write_after_it_closed(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        for expected in (1, 2):
            with Journal.open(path) as journal:
                assert journal.append([NOTE], story.MORNING)[0].sequence == expected

    def test_many_that_start_at_once_leave_one(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        opened: list[Journal] = []
        barrier = threading.Barrier(6)

        def start() -> None:
            barrier.wait()
            try:
                opened.append(Journal.open(path))
            except JournalError:
                return

        threads = [threading.Thread(target=start) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(opened) == 1
        opened[0].close()

    def test_a_lock_file_left_by_a_crash_is_no_hindrance(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        path.with_name("journal.sqlite.lock").touch()
        Journal.open(path).close()
        assert files(path) == ["journal.sqlite"]


class TestLockFile:
    """A lock that stands on a removed or replaced file would let two writers in."""

    def test_a_removed_file_is_not_the_lock(self, tmp_path: Path) -> None:
        path = tmp_path / "lock"
        with path.open("w") as one:
            assert _is_current(one.fileno(), path)
            path.unlink()
            assert not _is_current(one.fileno(), path)

    def test_a_replaced_file_is_not_the_lock(self, tmp_path: Path) -> None:
        path = tmp_path / "lock"
        with path.open("w") as one:
            path.unlink()
            path.touch()
            assert not _is_current(one.fileno(), path)


class TestOpening:
    def test_a_file_that_is_no_database_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        path.write_bytes(b"not a database at all, but long enough to be read as one" * 20)
        with pytest.raises(JournalError, match="not a database"):
            Journal.open(path)
        assert files(path) == ["journal.sqlite"]

    def test_another_programs_database_is_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE something (x)")
        with pytest.raises(JournalError, match="not a journal"):
            Journal.open(path)

    @pytest.mark.parametrize(
        ("key", "value", "message"),
        [("schema", "2", "has schema 2; this program knows 1"), ("format", "x", "format")],
    )
    def test_an_unknown_schema_or_format_is_refused(
        self, copied: Path, key: str, value: str, message: str
    ) -> None:
        with closing(sqlite3.connect(copied, isolation_level=None)) as other:
            other.execute("DROP TRIGGER meta_update")
            other.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))
        with pytest.raises(JournalError, match=message):
            Journal.open(copied)
        with pytest.raises(JournalError, match=message):
            ReadOnlyJournal(copied)

    def test_a_missing_folder_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(JournalError, match="cannot write beside"):
            Journal.open(tmp_path / "nowhere" / "journal.sqlite")

    def test_a_cut_tail_is_refused(self, copied: Path) -> None:
        with closing(sqlite3.connect(copied, isolation_level=None)) as other:
            other.execute("DROP TRIGGER events_delete")
            other.execute("DELETE FROM events WHERE sequence = 23")
        with pytest.raises(JournalError, match="the end of the journal is damaged"):
            Journal.open(copied)


class TestTriggers:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE events SET kind = 'x' WHERE sequence = 1",
            "DELETE FROM events WHERE sequence = 23",
            "INSERT OR REPLACE INTO events VALUES (1, 'a', 'b', 'c', 'd', x'00')",
            "INSERT INTO events VALUES (25, 'a', 'b', 'c', 'd', x'00')",
            "UPDATE blobs SET data = x'00'",
            "DELETE FROM blobs",
            "INSERT OR REPLACE INTO blobs SELECT key, x'00' FROM blobs",
            "UPDATE meta SET value = '2'",
            "DELETE FROM meta",
            "INSERT OR REPLACE INTO meta VALUES ('schema', '2')",
            "UPDATE head SET sequence = sequence - 1",
            "UPDATE head SET hash = 'x'",
            "DELETE FROM head",
            "INSERT INTO head VALUES (2, 0, '', 0)",
            "INSERT OR REPLACE INTO head VALUES (1, 0, '', 0)",
        ],
    )
    def test_what_is_written_can_be_neither_changed_nor_deleted(
        self, copied: Path, statement: str
    ) -> None:
        with closing(sqlite3.connect(copied)) as other, pytest.raises(sqlite3.IntegrityError):
            other.execute(statement)
        assert verify(copied).holds
