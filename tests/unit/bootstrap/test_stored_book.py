"""A journal of which no bot is running: its book, and choices written into it."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.store import Journal
from bot.adapters.journal.verify import verify
from bot.app.adoption import Adopt, AdoptAll, Ignore, LookAgain
from bot.app.ports import JournalError
from bot.bootstrap.stored_book import choose_in, stored_book, stored_nobodys
from bot.bootstrap.usage import UsageError
from bot.domain.account import Position
from bot.domain.events import Adopted, BreakFound
from bot.domain.instruments import ConId
from bot.domain.rungs import Rung
from bot.execution.restore import restore
from tests.support import strategy_world as world
from tests.support.app_world import AppWorld, bought, pumping, slot

MARCH, JUNE = world.call_id("mar", 30), world.call_id("jun", 30)


def stranger(con_id: ConId, quantity: int) -> Position:
    return Position(con_id=con_id, quantity=quantity, average_cost_usd=Decimal(140))


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """Return the closed journal of a bot that holds nothing, and saw three strange calls."""
    app = AppWorld(path=tmp_path / "journal.sqlite")
    app.broker.hold([stranger(MARCH, 3)])
    engine = app.engine()
    async with pumping(engine):
        await engine.open()
        await engine.run_slot(slot("2018-02-05 10:00"))
    await engine.close("done")
    app.journal.close()
    return app.path


def adoptions(path: Path) -> list[Adopted]:
    events = (stored.event for stored in ReadOnlyJournal(path).events())
    return [event for event in events if isinstance(event, Adopted)]


def test_the_book_is_what_was_known_last(path: Path) -> None:
    choose_in(path, Adopt(contract=str(MARCH), rung="D1"))
    view = stored_book(path)
    assert [(row.rung, row.quantity, row.adopted) for row in view.rungs] == [(Rung.D1, 3, 3)]
    assert view.nobodys == stored_nobodys(path).nobodys == ()
    assert view.cover_ratio is not None


def test_calls_nobody_knows_are_listed(path: Path) -> None:
    view = stored_book(path)
    assert [(row.con_id, row.quantity) for row in view.nobodys] == [(MARCH, 3)]
    assert stored_nobodys(path).nobodys == view.nobodys


def test_a_choice_is_bookkeeping_that_the_next_start_finds(path: Path) -> None:
    """Written at the journal's last moment, in its chain, and a part of the state from then on."""
    last = next(ReadOnlyJournal(path).events(newest_first=True))
    answer = choose_in(path, Adopt(contract=str(MARCH), rung="D1", quantity=2))
    assert len(answer.done) == 1
    assert [(row.con_id, row.quantity) for row in answer.nobodys] == [(MARCH, 1)]
    (adopted,) = adoptions(path)
    assert adopted.adoption.price == Decimal("1.4")
    assert adopted.adoption.adopted_at <= last.at
    assert restore(ReadOnlyJournal(path).events()).contracts(MARCH) == 2
    report = verify(path)
    assert report.findings == ()
    kinds = [stored.kind for stored in ReadOnlyJournal(path).events()]
    assert "break_found" not in kinds


async def test_what_changed_meanwhile_is_a_break_at_the_start(path: Path, tmp_path: Path) -> None:
    """The choice was made by what the journal knew; the broker says otherwise."""
    choose_in(path, Adopt(contract=str(MARCH), rung="D1"))
    app = AppWorld(path=path)
    app.broker.hold([stranger(MARCH, 1)])
    engine = app.engine()
    await engine.open()
    found = [e.broken for e in app.told() if isinstance(e, BreakFound)]
    assert (MARCH, 3, 1) in [(b.con_id, b.ours, b.brokers) for b in found]
    app.journal.close()


def test_the_rest_of_a_part_can_be_given_away_later(path: Path) -> None:
    """The snapshot is older than the first choice; the second still finds what that one left."""
    choose_in(path, Adopt(contract=str(MARCH), rung="D1", quantity=1))
    choose_in(path, Adopt(contract=str(MARCH), rung="D2", quantity=1))
    state = restore(ReadOnlyJournal(path).events())
    assert (state.contracts(MARCH), dict(state.aside)) == (2, {MARCH: 1})
    assert not state.breaks


async def test_fills_after_the_last_evaluation_count(tmp_path: Path) -> None:
    """The positions of the rungs are what fills have left, though the snapshot is older."""
    app = AppWorld(path=tmp_path / "journal.sqlite")
    app.broker.hold([stranger(MARCH, 3)])
    engine = app.engine()
    async with pumping(engine):
        await bought(app, engine)  # filled after the positions of its evaluation were read
    await engine.close("done")
    app.journal.close()
    choose_in(app.path, Ignore(contract=str(MARCH)))
    state = restore(ReadOnlyJournal(app.path).events())
    assert state.lots
    assert not state.breaks


def test_a_blob_that_is_lost_is_said(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        triggers = other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            other.execute(f"DROP TRIGGER {name}")
        other.execute("DELETE FROM blobs")
    with pytest.raises(JournalError, match="is not stored"):
        stored_book(path)


def test_ignoring_and_looking_again(path: Path) -> None:
    assert [row.con_id for row in choose_in(path, Ignore(contract=str(MARCH))).ignored] == [MARCH]
    answer = choose_in(path, LookAgain(contract=str(MARCH)))
    assert (answer.ignored, [row.con_id for row in answer.nobodys]) == ((), [MARCH])


def test_all_of_them(path: Path) -> None:
    assert choose_in(path, AdoptAll()).nobodys == ()
    assert sum(event.adoption.quantity for event in adoptions(path)) == 3


def test_a_refusal_writes_nothing(path: Path) -> None:
    before = ReadOnlyJournal(path).length()
    with pytest.raises(UsageError, match="the broker holds none of it"):
        choose_in(path, Adopt(contract=str(JUNE), rung="D1"))
    assert ReadOnlyJournal(path).length() == before


def test_a_journal_that_a_bot_writes_is_not_written_to(path: Path) -> None:
    with Journal.open(path), pytest.raises(JournalError, match="another process is writing"):
        choose_in(path, AdoptAll())


def test_without_a_journal_nothing_is_made(tmp_path: Path) -> None:
    nowhere = tmp_path / "none.sqlite"
    with pytest.raises(JournalError, match="there is no journal"):
        choose_in(nowhere, AdoptAll())
    with pytest.raises(JournalError, match="there is no journal"):
        stored_book(nowhere)
    assert not nowhere.exists()


def test_without_an_evaluation_there_is_no_book(tmp_path: Path) -> None:
    empty = tmp_path / "empty.sqlite"
    Journal.open(empty).close()
    with pytest.raises(UsageError, match="holds no evaluation yet: start the bot first"):
        stored_book(empty)
