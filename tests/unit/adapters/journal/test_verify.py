"""Whatever byte of the record is changed, verification finds it and names the place."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.store import Journal
from bot.adapters.journal.verify import verify
from bot.app.ports import JournalError
from bot.domain.canonical import ContentHash, content_hash, encode
from bot.domain.decision import GENESIS, next_link
from bot.domain.events import DecisionMade
from bot.domain.value import replace
from tests.support import story

EVENTS = 23


def damage(path: Path, statement: str, *values: object) -> None:
    """Change the file as someone would who first removes the triggers."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        kept = other.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = list(kept)
        for name, _ in triggers:
            other.execute(f"DROP TRIGGER {name}")
        assert other.execute(statement, values).rowcount == 1
        for _, sql in triggers:
            other.execute(sql)


def flipped(value: str | bytes | int, at: int) -> str | bytes | int:
    """Return `value` with one bit of the byte at `at` (counted round) changed."""
    if isinstance(value, int):
        return value ^ (1 << (at % 8 + 5))
    data = bytearray(value.encode() if isinstance(value, str) else value)
    data[at % len(data)] ^= 1
    return data.decode() if isinstance(value, str) else bytes(data)


def stored(path: Path, query: str) -> str | bytes | int:
    with closing(sqlite3.connect(path)) as other:
        value: str | bytes | int = other.execute(query).fetchone()[0]
        return value


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as other:
        return list(other.iterdump())


class TestUntouched:
    def test_the_chains_hold_and_are_counted(self, finished: Path) -> None:
        report = verify(finished)
        assert report.findings == ()
        assert report.holds
        assert (report.events, report.decisions, report.blobs) == (EVENTS, 5, 3)

    def test_the_ends_are_those_of_the_last_event_and_decision(self, finished: Path) -> None:
        events = list(ReadOnlyJournal(finished).events())
        link = GENESIS
        for one in events:
            if isinstance(one.event, DecisionMade):
                link = next_link(link, one.event.decision.digest())
        report = verify(finished)
        assert (report.head, report.decision_hash) == (events[-1].hash, link)

    def test_an_empty_journal_holds(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        Journal.open(path).close()
        report = verify(path)
        assert (report.holds, report.events, report.head) == (True, 0, GENESIS)

    def test_a_journal_that_is_being_written_holds(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        with Journal.open(path) as journal:
            story.tell(journal)
            assert verify(path).holds

    def test_a_missing_file_is_an_error_not_a_finding(self, tmp_path: Path) -> None:
        with pytest.raises(JournalError, match="there is no journal"):
            verify(tmp_path / "none.sqlite")


class TestEvents:
    @pytest.mark.parametrize("at", [0, 63, 1700])
    @pytest.mark.parametrize("number", [1, 10, EVENTS])
    @pytest.mark.parametrize("column", ["body", "at", "kind", "previous", "hash"])
    def test_a_changed_byte_is_found_at_its_event(
        self, copied: Path, column: str, number: int, at: int
    ) -> None:
        value = stored(copied, f"SELECT {column} FROM events WHERE sequence = {number}")
        damage(
            copied,
            f"UPDATE events SET {column} = ? WHERE sequence = {number}",
            flipped(value, at),
        )
        report = verify(copied)
        assert report.findings[0].place == f"event {number}"

    @pytest.mark.parametrize("number", [1, 5, EVENTS])
    def test_a_changed_number_is_found_where_it_is_missing(self, copied: Path, number: int) -> None:
        damage(copied, f"UPDATE events SET sequence = 99 WHERE sequence = {number}")
        finding = verify(copied).findings[0]
        assert finding.place == f"event {number}"
        assert "is missing" in finding.problem

    @pytest.mark.parametrize("number", [1, 5, EVENTS - 1])
    def test_a_removed_event_is_missed(self, copied: Path, number: int) -> None:
        damage(copied, f"DELETE FROM events WHERE sequence = {number}")
        assert verify(copied).findings[0].place == f"event {number}"

    def test_a_cut_tail_is_seen_by_the_head(self, copied: Path) -> None:
        damage(copied, f"DELETE FROM events WHERE sequence = {EVENTS}")
        assert [one.place for one in verify(copied).findings] == ["head"]

    def test_text_that_is_no_text_is_found_at_its_event(self, copied: Path) -> None:
        damage(copied, "UPDATE events SET kind = CAST(x'ff80' AS TEXT) WHERE sequence = 4")
        assert verify(copied).findings[0].place == "event 4"

    def test_a_value_of_another_type_is_found_at_its_event(self, copied: Path) -> None:
        with closing(sqlite3.connect(copied, isolation_level=None)) as other:
            other.execute("PRAGMA writable_schema = ON")
            other.execute("UPDATE sqlite_master SET sql = replace(sql, 'STRICT', '')")
        damage(copied, "UPDATE events SET body = CAST(body AS TEXT) WHERE sequence = 6")
        finding = verify(copied).findings[0]
        assert (finding.place, "another type" in finding.problem) == ("event 6", True)

    def test_a_well_chained_event_of_an_unknown_kind_is_found(self, tmp_path: Path) -> None:
        found = forge(tmp_path / "journal.sqlite", "later_event", b'{"type":"later_event"}')
        assert "cannot be read" in found

    def test_a_well_chained_event_under_another_kind_is_found(self, tmp_path: Path) -> None:
        body = b'{"reason":"x","run_id":"r","type":"run_ended"}'
        assert "its body's run_ended" in forge(tmp_path / "journal.sqlite", "run_started", body)


def forge(path: Path, kind: str, body: bytes) -> str:
    """Write one row with a right hash and head; return what is found at event 1."""
    from bot.adapters.journal.chain import event_hash  # noqa: PLC0415 - only here

    Journal.open(path).close()
    digest = event_hash(GENESIS, 1, "2018", kind, body)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        row = (1, "2018", kind, GENESIS, digest, body)
        other.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", row)
        other.execute("UPDATE head SET sequence = 1, hash = ?", (digest,))
    (finding,) = verify(path).findings
    assert finding.place == "event 1"
    return finding.problem


class TestDecisions:
    def test_a_wrong_link_in_a_right_chain_is_found(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        made = story.decision_made(story.stress_decision())
        wrong = replace(made, link=ContentHash("f" * 64))
        with Journal.open(path) as journal:
            journal.append([wrong], story.STRESS)
        (finding,) = verify(path).findings
        assert finding.place == "event 1"
        assert f"recomputed {made.link}" in finding.problem

    def test_the_second_link_needs_the_first(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        made = story.decision_made(story.stress_decision())
        with Journal.open(path) as journal:
            journal.append([made, made], story.STRESS)
        assert [one.place for one in verify(path).findings] == ["event 2"]


class TestBlobs:
    @pytest.mark.parametrize("at", [0, 3, 77, 500, 901])
    def test_a_changed_byte_is_found_at_its_blob(self, copied: Path, at: int) -> None:
        key = content_hash(encode(story.UNIVERSE))
        data = stored(copied, f"SELECT data FROM blobs WHERE key = '{key}'")
        damage(copied, f"UPDATE blobs SET data = ? WHERE key = '{key}'", flipped(data, at))
        assert verify(copied).findings[0].place == f"blob {key}"

    @pytest.mark.parametrize("at", [0, 31, 63])
    def test_a_changed_key_is_found(self, copied: Path, at: int) -> None:
        key = content_hash(b"an older closing")
        other = str(flipped(str(key), at))
        damage(copied, f"UPDATE blobs SET key = '{other}' WHERE key = '{key}'")
        assert {one.place for one in verify(copied).findings} == {f"blob {key}", f"blob {other}"}

    def test_a_blob_that_an_event_names_must_be_stored(self, copied: Path) -> None:
        key = content_hash(b"an older closing")
        damage(copied, f"DELETE FROM blobs WHERE key = '{key}'")
        found = verify(copied).findings
        assert [one.place for one in found] == [f"blob {key}", "head"]
        assert "named by event 3" in found[0].problem

    def test_an_added_blob_is_seen_by_the_head(self, copied: Path) -> None:
        damage(copied, "INSERT INTO blobs VALUES (?, ?)", content_hash(b"new"), b"new")
        assert [one.place for one in verify(copied).findings] == ["head"]


class TestRest:
    @pytest.mark.parametrize("at", [0, 1, 5])
    @pytest.mark.parametrize("column", ["key", "value"])
    @pytest.mark.parametrize("key", ["format", "schema"])
    def test_a_changed_meta_row_is_found(
        self, copied: Path, key: str, column: str, at: int
    ) -> None:
        value = stored(copied, f"SELECT {column} FROM meta WHERE key = '{key}'")
        damage(copied, f"UPDATE meta SET {column} = ? WHERE key = '{key}'", flipped(value, at))
        assert verify(copied).findings[0].place.startswith("meta")

    @pytest.mark.parametrize("at", [0, 1, 40])
    @pytest.mark.parametrize("column", ["id", "sequence", "hash", "blobs"])
    def test_a_changed_head_is_found(self, copied: Path, column: str, at: int) -> None:
        value = stored(copied, f"SELECT {column} FROM head")
        damage(copied, f"UPDATE head SET {column} = ?", flipped(value, at))
        assert [one.place for one in verify(copied).findings] == ["head"]

    def test_a_missing_trigger_or_table_is_found(self, copied: Path) -> None:
        with closing(sqlite3.connect(copied, isolation_level=None)) as other:
            other.execute("DROP TRIGGER events_update")
            other.execute("CREATE TABLE extra (x)")
        places = [one.place for one in verify(copied).findings]
        assert places == ["schema: table extra", "schema: trigger events_update"]

    def test_a_dropped_table_does_not_end_the_walk(self, copied: Path) -> None:
        with closing(sqlite3.connect(copied, isolation_level=None)) as other:
            other.execute("DROP TABLE blobs")
        assert "schema: table blobs" in [one.place for one in verify(copied).findings]


class TestRawFile:
    """Bytes changed in the file itself, past SQLite."""

    @pytest.mark.parametrize(
        ("content", "place"),
        [
            (b'"scenario":"volmageddon-2018"', "event 1"),
            (b'"20180205-0002-quiet","snapshot"', "event 5"),
            (b'"20180205-0100-stress","snapshot"', "event 9"),
            (b"900 contracts pass the limit", "event 11"),
            (b"2018-02-05T20:35:03.000000+00:00", "event 14"),
            (b"an older closing", "blob"),
            (b"alvh-journal", "meta format"),
        ],
    )
    @pytest.mark.parametrize("offset", [0, 7])
    def test_a_changed_byte_of_content_is_found_where_it_stands(
        self, copied: Path, content: bytes, place: str, offset: int
    ) -> None:
        data = bytearray(copied.read_bytes())
        assert data.count(content) == 1
        data[data.index(content) + offset] ^= 0x02
        copied.write_bytes(data)
        report = verify(copied)
        assert report.findings[0].place.startswith(place)

    @pytest.mark.parametrize("page", range(1, 12))
    def test_the_first_bytes_of_any_page_matter(self, copied: Path, page: int) -> None:
        data = bytearray(copied.read_bytes())
        assert len(data) > (page + 1) * 4096
        for byte in range(8):
            data[page * 4096 + byte] ^= 0xFF
        copied.write_bytes(data)
        assert not verify(copied).holds

    @pytest.mark.parametrize("seed", range(5))
    def test_a_changed_bit_is_found_or_changed_nothing_that_was_stored(
        self, finished: Path, copied: Path, seed: int
    ) -> None:
        """What verification lets pass is free space: every row still reads the same."""
        chance = random.Random(seed)
        for _ in range(12):
            data = bytearray(finished.read_bytes())
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            copied.write_bytes(data)
            if verify(copied).holds:
                assert dump(copied) == dump(finished)

    def test_damaged_definitions_of_tables_are_findings(self, finished: Path, copied: Path) -> None:
        content = finished.read_bytes()
        for at in range(content.index(b"CREATE TABLE") - 20, 4096, 97):
            data = bytearray(content)
            data[at] ^= 0x80
            copied.write_bytes(data)
            assert not verify(copied).holds

    def test_a_file_that_is_no_database_is_a_finding(self, copied: Path) -> None:
        data = bytearray(copied.read_bytes())
        data[0] ^= 0xFF
        copied.write_bytes(data)
        report = verify(copied)
        assert not report.holds
        assert "not a database" in report.findings[0].problem

    @pytest.mark.parametrize("kept", [0, 100, 4096, 20_000])
    def test_a_cut_file_is_a_finding(self, copied: Path, kept: int) -> None:
        copied.write_bytes(copied.read_bytes()[:kept])
        assert not verify(copied).holds
