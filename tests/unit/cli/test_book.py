"""`alvh book` from a journal, for people and for programs."""

import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from bot.bootstrap.stored_book import stored_book
from bot.cli.book_tables import print_book
from bot.cli.main import command_line
from bot.domain.book import Book, Break
from bot.domain.rungs import Rung
from bot.domain.state import StrategyState
from bot.domain.value import replace
from bot.review.holding_rows import BookView
from bot.review.holdings import book_view
from tests.support.strategy_days import lot
from tests.support.strategy_world import call_id, inputs, spx_id


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command_line(["book"]), ["book", *map(str, arguments)])


def printed(view: BookView) -> str:
    console = Console(width=250, record=True, highlight=False)
    with console.capture() as told:
        print_book(console, view)
    return told.get()


def test_a_program_gets_the_whole_book(strange: Path) -> None:
    result = run("--journal", strange, "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    view = stored_book(strange)
    assert told.keys() == set(BookView.__struct_fields__)
    assert told["condors"][0]["name"] == view.condors[0].name
    assert [row["quantity"] for row in told["nobodys"]] == [3, -1]


def test_people_get_tables(strange: Path) -> None:
    result = run("--journal", strange)
    assert result.exit_code == 0
    for words in ("cover ratio", "SPXW 2018-03-02", "VIX calls that are nobody's", "Ladder"):
        assert words in result.stdout


def test_a_full_book_shows_every_table() -> None:
    """Rungs with labels and adopted parts, legs in no condor, breaks; what is unknown says so."""
    call = call_id("mar", 16)
    adopted = replace(lot(Rung.S1), intent_id="adopted/1/1", rule="R3")
    book = Book(lots=(lot(Rung.S1, 2), adopted), breaks=(Break(con_id=call, ours=3, brokers=2),))
    given = inputs("2018-02-05 10:00", book=book, condors=1, without=(spx_id("P", 2550),))
    loose = given.snapshot.positions[0]
    extra = replace(loose, con_id=spx_id("P", 2450), quantity=-3)
    snapshot = replace(given.snapshot, positions=(*given.snapshot.positions, extra))
    told = printed(book_view(replace(given, snapshot=snapshot), None, StrategyState()))
    for words in (
        "R5 2, R3 1 (1 adopted)",
        "VIX 21 Mar 2018 16 call LOCKED",
        "2018-03-12",
        "SPX legs in no condor",
        "Breaks: locked",
        "unknown",
    ):
        assert words in told


def test_confirmations_are_told_where_there_are_any() -> None:
    """What is counted, and what waits for its turn, in the words of the last decision (R6)."""
    view = book_view(inputs("2018-02-05 10:00"), None, StrategyState())
    assert "confirmations" not in printed(view)
    counted = replace(view, confirmations=("vix_rsi",), queue="move must wait")
    assert "vix_rsi counted; move must wait" in printed(counted)
    assert "none counted; move must wait" in printed(replace(counted, confirmations=()))


def test_an_empty_book_says_so() -> None:
    told = printed(book_view(inputs("2018-02-05 10:00", positions=()), None, StrategyState()))
    assert told.count("none") == 2


def test_without_a_bot_it_points_to_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALVH_JOURNAL", str(tmp_path / "j.sqlite"))
    result = run()
    assert result.exit_code == 4
    assert f"alvh book --journal {tmp_path / 'j.sqlite'}" in result.stderr
