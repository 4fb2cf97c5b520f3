"""`alvh policy` takes a file or a preset everywhere, and says what is wrong all at once."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import command_line
from bot.domain.canonical import content_hash, encode
from bot.domain.policy import Policy
from bot.domain.policy_keys import policy_keys
from bot.settings.policy_text import write_policy
from bot.strategy.catalog import RULES


def alvh(*arguments: str) -> Result:
    return CliRunner().invoke(command_line(["policy"]), ["policy", *arguments])


@pytest.fixture
def mine(tmp_path: Path) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "mine"\n[stages.one]\nenter = { all = ["vix.level > 20", "vix.macd is bullish"] }\n'
    )
    return str(path)


HASH = content_hash(encode(Policy()))


def test_show_prints_a_file_that_can_be_used() -> None:
    assert alvh("show").output == write_policy(Policy())
    assert 'name = "long-tenors"' in alvh("show", "long-tenors").output


def test_show_lists_every_key_as_json() -> None:
    told = json.loads(alvh("show", "articles", "--json").output)
    assert told["hash"] == HASH
    assert [key["key"] for key in told["keys"]] == [key.place for key in policy_keys(Policy())]
    assert {
        "key": "shares.step",
        "value": 0.08,
        "meaning": "share bought per evaluation in stage 2",
        "unit": "share",
        "bounds": ["> 0", "<= 1"],
        "source": "R2, R7",
    } in told["keys"]


def test_the_rules_are_shown_with_the_triggers_of_that_policy(mine: str) -> None:
    told = alvh("show", mine, "--rules").output
    assert "R5   in force  Stage 1  [A0]" in told
    assert "stages.one.enter: vix.level > 20.0 and vix.macd is bullish" in told
    assert "stages.confirm_evaluations = 2" in told
    rows = json.loads(alvh("show", mine, "--rules", "--json").output)
    assert [row["rule"] for row in rows] == [rule.id for rule in RULES]
    stage_two = next(row for row in rows if row["rule"] == "R7")
    assert stage_two["triggers"]["stages.two.enter"] == "vix.level >= 23.0"
    assert stage_two["keys"]["shares.step"] == 0.08


def test_check_names_policy_and_hash(mine: str) -> None:
    told = alvh("check", "articles").output
    assert told.startswith(f"articles: policy 'articles' is sound, hash {HASH[:12]}\n")
    assert json.loads(alvh("check", mine, "--json").output)["name"] == "mine"


def test_check_names_triggers_that_nothing_can_answer_yet(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[confirmations]\na = "vix.rsi > 60"\n'
        'b = { any = ["oracle.value > 2", "top.big is true"] }\n'
    )
    told = alvh("check", str(path))
    assert told.exit_code == 0
    assert "  confirmations.b: oracle.value and top.big are declared" in told.output
    assert json.loads(alvh("check", str(path), "--json").output)["blind"] == {
        "confirmations.b": ["oracle.value", "top.big"]
    }


def test_check_tells_all_faults_with_place_and_suggestion(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('stges = 1\n[shares]\nstep = 2.0\n[stages.two]\nenter = "vix.levle >= 23"\n')
    told = alvh("check", str(path))
    assert told.exit_code == 2
    assert told.stderr == (
        f"alvh: {path} cannot be used:\n"
        "  stges: unknown key, did you mean 'stages'?\n"
        "  shares.step: expected float <= 1.0, got 2.0\n"
        "  stages.two.enter: vix.levle: unknown signal, did you mean 'vix.level'?\n"
    )


def test_diff_says_in_words_what_changes(mine: str) -> None:
    assert alvh("diff", "articles", mine).output == (
        "name: mine instead of articles\nstage 1 is entered above 20 instead of 18  [R5]\n"
    )
    told = json.loads(alvh("diff", "articles", mine, "--json").output)
    assert told["before"] == HASH
    assert told["changes"][1] == {
        "places": ["stages.one.enter"],
        "before": "vix.level > 18.0 and vix.macd is bullish",
        "after": "vix.level > 20.0 and vix.macd is bullish",
        "words": "stage 1 is entered above 20 instead of 18",
        "source": "R5",
    }


def test_diff_of_one_policy_says_so() -> None:
    told = alvh("diff", "articles", "config/policies/articles.toml").output
    assert told == (
        f"articles and config/policies/articles.toml are the same policy, hash {HASH[:12]}\n"
    )


def test_hash_is_of_what_a_policy_says_and_not_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.toml"
    path.write_text("# nothing is changed\n")
    assert alvh("hash").output == f"{HASH}\n"
    assert json.loads(alvh("hash", str(path), "--json").output) == {
        "name": "articles",
        "hash": HASH,
    }


@pytest.mark.parametrize("command", [["show"], ["check"], ["hash"], ["diff", "articles"]])
def test_a_misspelt_preset_is_wrong_use(command: list[str]) -> None:
    told = alvh(*command, "long-tenor")
    assert told.exit_code == 2
    assert "did you mean 'long-tenors'?" in told.stderr
