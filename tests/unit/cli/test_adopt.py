"""`alvh adopt` on a journal of which no bot runs: the choices, and each way to get it wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import command_line
from tests.support.strategy_world import call_id

MARCH, JUNE = call_id("mar", 30), call_id("jun", 30)


def run(journal: Path, *arguments: object) -> Result:
    words = ["adopt", *map(str, arguments), "--journal", str(journal)]
    return CliRunner().invoke(command_line(["adopt"]), words)


def answer(journal: Path, *arguments: object) -> Any:
    result = run(journal, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_calls_are_listed_with_what_could_take_them(strange: Path) -> None:
    result = run(strange)
    assert result.exit_code == 0
    assert "no bot answers" in result.stderr
    assert f"{MARCH}" in result.stdout
    assert "VIX 21 Mar 2018 30 call" in result.stdout
    assert "3 to " in result.stdout
    assert "short: ignore or close it" in result.stdout


def test_a_call_is_given_ignored_and_looked_at_again(strange: Path) -> None:
    given = answer(strange, MARCH, "--rung", "M2", "--quantity", 2, "--price", "1.35")
    assert given["done"] == [
        f"2 of VIX mar C30 ({MARCH}) belong to M2 as R7, at 1.35 by the user's word"
    ]
    assert answer(strange, JUNE, "--ignore")["ignored"][0]["quantity"] == -1
    assert "Ignored VIX calls" in run(strange).stdout
    assert len(answer(strange, JUNE, "--unignore")["nobodys"]) == 2
    assert answer(strange, "--all", "--label", "R9")["nobodys"][0]["con_id"] == JUNE


def test_sentences_come_before_what_is_left(strange: Path) -> None:
    result = run(strange, MARCH, "--rung", "S1")
    assert result.stdout.startswith("3 of VIX mar C30")


def test_when_nothing_is_nobodys_that_is_said(lived: Path) -> None:
    assert "Every VIX call the account holds belongs to a rung." in run(lived).stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((MARCH,), "expected --rung, --ignore or --unignore with a contract"),
        ((MARCH, "--all"), "expected --rung, --ignore or --unignore with a contract"),
        (("--rung", "S2"), "expected a contract with --rung"),
        (("--ignore",), "expected a contract with --ignore"),
        ((MARCH, "--rung", "S2", "--ignore"), "got --rung and --ignore"),
        ((MARCH, "--ignore", "--quantity", 2), "--quantity and --price go with --rung alone"),
        (("--all", "--price", "1.00"), "--quantity and --price go with --rung alone"),
        ((MARCH, "--ignore", "--label", "R5"), "--label goes with --rung or --all"),
        ((MARCH, "--rung", "S2", "--price", "dear"), "expected points as 1.35, got 'dear'"),
        ((MARCH, "--rung", "S2", "--price", "nan"), "expected points as 1.35, got 'nan'"),
        ((MARCH, "--rung", "S2", "--price", "0"), "a price above zero is expected"),
        ((MARCH, "--rung", "T1"), "expected a rung of S1"),
        ((MARCH, "--rung", "S2", "--label", "R19"), "label: expected a rule that buys"),
        ((MARCH, "--rung", "S2", "--quantity", 4), "3 of it can be adopted, not 4"),
        ((JUNE, "--rung", "D1"), "the position is short 1"),
        ((7, "--rung", "D1"), "contract 7: the account holds no such contract"),
    ],
)
def test_wrong_use_is_one_line_and_changes_nothing(
    strange: Path, arguments: tuple[object, ...], complaint: str
) -> None:
    result = run(strange, *arguments)
    assert result.exit_code == 2
    assert complaint in result.stderr
    assert result.stderr.count("\n") == 1
    assert [row["quantity"] for row in answer(strange)["nobodys"]] == [3, -1]


def test_without_a_journal_it_is_wrong_use(tmp_path: Path) -> None:
    result = run(tmp_path / "none.sqlite", "--all")
    assert (result.exit_code, "there is no journal" in result.stderr) == (2, True)
