"""`alvh evaluate` and `alvh schema`: a situation in a file, decided on and told."""

import json
import sys
from pathlib import Path

import pytest
from jsonschema import validate
from typer.testing import CliRunner, Result

from bot.cli.main import command_line
from tests.support.cases import STORM, storm


def alvh(*arguments: str) -> Result:
    return CliRunner().invoke(command_line(arguments[:1]), list(arguments))


@pytest.fixture
def blind(tmp_path: Path) -> str:
    """Return the shipped example without VIX."""
    path = tmp_path / "blind.json"
    path.write_text(json.dumps(storm(vix=None)))
    return str(path)


def test_a_case_is_decided_on_and_told() -> None:
    told = alvh("evaluate", str(STORM)).output
    assert "the bot entered stages 1, 2 and 3 in that order, coming from no stage" in told
    assert "It would buy" in told
    assert "R8 (Stage 3, the Second Engine) fired" in told


def test_without_vix_the_unknown_rules_are_named_and_nothing_is_opened(blind: str) -> None:
    told = alvh("evaluate", blind)
    assert told.exit_code == 0
    assert "R5 (Stage 1) is unknown for want of VIX and the VIX MACD" in told.output
    assert "R7 (Stage 2) is false all the same, unknown in part for want of VIX." in told.output
    assert "It would" not in told.output
    found = json.loads(alvh("evaluate", blind, "--json").output)
    assert found["decision"]["intents"] == []
    assert found["decision"]["stage"] == 0
    unknown = {rule["rule"] for rule in found["unknown"] if rule["truth"] == "unknown"}
    assert {"R5", "R1", "R2", "R27"} <= unknown


def test_one_case_under_two_policies_says_how_they_differ() -> None:
    told = alvh("evaluate", str(STORM), "--policy", "long-tenors").output
    assert "Under long-tenors instead of articles" in told
    assert "They were taken under different policies." in told
    assert "New order: buy" in told


def test_varied_values_show_where_the_action_turns_and_why() -> None:
    told = alvh("evaluate", str(STORM), "--vary", "vix=17:24:0.5").output
    assert "17 to 18" in told
    assert "vix 18.5: no stage; buys S, then stage 1; buys S. R5 (Stage 1) turned" in told
    assert "vix 23: stage 1; buys S, then stage 3; buys S and D." in told
    found = json.loads(alvh("evaluate", str(STORM), "--vary", "vix=17:24:1", "--json").output)
    assert [row["value"] for row in found["rows"]] == [17, 18, 19, 20, 21, 22, 23, 24]
    assert [turn["value"] for turn in found["turns"]] == [19, 23]
    assert found["turns"][0]["tipped"][0]["rule"] == "R5"


def test_two_policies_along_a_row_say_where_they_part() -> None:
    told = alvh("evaluate", str(STORM), "--vary", "vix=14:24:5", "--policy", "long-tenors").output
    assert "Where long-tenors decides otherwise than articles" in told
    assert "vix 24: articles stage 3; buys S and D; long-tenors stage 3; buys S and D." in told
    same = alvh("evaluate", str(STORM), "--vary", "vix=14:24:5", "--policy", "articles").output
    assert "decides otherwise than articles\nNowhere." in same


def test_a_path_is_walked_there_and_back() -> None:
    told = alvh("evaluate", str(STORM), "--path", "vix=17:19:1", "--back").output
    assert "vix through its sessions" in told
    assert "2018-02-07, vix 19: no stage, then stage 1" in told
    found = json.loads(
        alvh("evaluate", str(STORM), "--path", "vix=17:19:1", "--back", "--json").output
    )
    assert [row["value"] for row in found["rows"]][::2] == [17, 18, 19, 18, 17]
    assert {row["kind"] for row in found["rows"]} == {"intraday", "close"}


def test_a_drawing_is_written_where_asked(tmp_path: Path) -> None:
    path = tmp_path / "storm.html"
    told = alvh("evaluate", str(STORM), "--vary", "vix=17:24:1", "--out", str(path))
    assert f"drawn to {path}" in told.output
    assert path.stat().st_size > 100_000


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--vary", "vix=1:2"], "expected NAME=FROM:TO:STEP"),
        (["--vary", "vix=1:2:1", "--path", "vix=1:2:1"], "expected --vary or --path, got both"),
        (["--back"], "--back is the way back of --path"),
        (["--out", "x.html"], "--out draws what --vary or --path varies"),
        (["--vary", "vix=1:2:1", "--out", "x.pdf"], "expected a name that ends in .html or .png"),
        (["--vary", "vixx=1:2:1"], "vixx: unknown key, did you mean 'vix'?"),
        (["--vary", "condors.7.quantity=1:2:1"], "the case has nothing to vary called '7'"),
        (["--vary", "condors.0.days=0:2:1"], "condors[0].days: expected int >= 1"),
        (["--policy", "article"], "did you mean 'articles'?"),
        (["--vary", "vix=17:18:1", "--out", "/none/x.html"], "/none/x.html: No such file"),
    ],
)
def test_wrong_use_is_one_clear_error(arguments: list[str], expected: str) -> None:
    told = alvh("evaluate", str(STORM), *arguments)
    assert told.exit_code == 2
    assert expected in told.stderr


def test_a_case_that_does_not_hold_together_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "sunday.json"
    path.write_text(json.dumps(storm(at="2018-02-04")))
    told = alvh("evaluate", str(path))
    assert told.exit_code == 2
    assert told.stderr == (
        f"alvh: {path} cannot be used:\n  at: expected a trading day, 2018-02-04 is none\n"
    )


def test_without_the_extra_a_drawing_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    monkeypatch.delitem(sys.modules, "bot.review.drawing", raising=False)
    path = tmp_path / "x.html"
    told = alvh("evaluate", str(STORM), "--vary", "vix=17:18:1", "--out", str(path))
    assert told.exit_code == 2
    assert "--out needs the extra `analysis` (altair is not installed)" in told.stderr
    assert not path.exists()


def test_the_schema_of_a_case_accepts_the_shipped_example() -> None:
    schema = json.loads(alvh("schema", "case").output)
    validate(storm(), schema)
