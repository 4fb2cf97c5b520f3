"""Where publishing begins, by the mark beside the journal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.store import Journal
from bot.adapters.mqtt.bookmark import Bookmark, BookmarkError, Mark
from bot.domain.canonical import ContentHash
from tests.support import story


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "j.sqlite"
    with Journal.open(path) as journal:
        story.tell(journal)
        yield path


@pytest.fixture
def past(journal: Path) -> ReadOnlyJournal:
    return ReadOnlyJournal(journal)


def test_without_a_mark_it_begins_here_and_now(journal: Path, past: ReadOnlyJournal) -> None:
    start = Bookmark.beside(journal).start(past)
    assert (start.mark.sequence, start.repeat_until, start.remark) == (past.length(), 0, "")
    assert start.mark.topics == {}
    again = Bookmark.beside(journal).start(past)
    assert again.mark == start.mark


def test_an_empty_journal_begins_at_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    with Journal.open(path):
        assert Bookmark.beside(path).start(ReadOnlyJournal(path)).mark == Mark()


def test_it_goes_on_behind_the_mark(journal: Path, past: ReadOnlyJournal) -> None:
    fourth = next(past.events(after=3))
    mark = Mark(sequence=4, hash=fourth.hash, topics={"decisions": 4})
    Bookmark.beside(journal).write(mark)
    start = Bookmark.beside(journal).start(past)
    assert (start.mark, start.repeat_until, start.remark) == (mark, past.length(), "")


@pytest.mark.parametrize(
    ("content", "remark"),
    [
        (b"", "cannot be read"),
        (b'{"sequence":', "cannot be read"),
        (b'{"sequence":1,"hash":7}', "cannot be read"),
        (b'{"sequence":3,"hash":"' + b"f" * 64 + b'"}', "belongs to another journal"),
        (b'{"sequence":300000,"hash":"' + b"f" * 64 + b'"}', "belongs to another journal"),
    ],
)
def test_a_mark_that_says_nothing_has_all_published_as_repeated(
    journal: Path, past: ReadOnlyJournal, content: bytes, remark: str
) -> None:
    path = journal.with_name("j.sqlite.mqtt")
    path.write_bytes(content)
    start = Bookmark.beside(journal).start(past)
    assert (start.mark, start.repeat_until) == (Mark(), past.length())
    assert str(path) in start.remark
    assert remark in start.remark


def test_a_disk_that_refuses_is_told_and_stops_nothing(
    journal: Path, past: ReadOnlyJournal
) -> None:
    (journal.parent / "j.sqlite.mqtt.new").mkdir()
    start = Bookmark.beside(journal).start(past)
    assert start.mark.sequence == past.length()
    assert "cannot write" in start.remark
    with pytest.raises(BookmarkError, match="Is a directory"):
        Bookmark.beside(journal).write(Mark())


def test_a_mark_is_replaced_whole(journal: Path, past: ReadOnlyJournal) -> None:
    bookmark = Bookmark.beside(journal)
    bookmark.write(Mark())
    bookmark.write(Mark(sequence=300000, hash=ContentHash("f" * 64)))
    assert {path.name for path in journal.parent.glob("*.mqtt*")} == {"j.sqlite.mqtt"}
