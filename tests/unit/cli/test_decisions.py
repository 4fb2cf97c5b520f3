"""`alvh decisions` over a journal written here: what people and programs get, and exit codes."""

import json
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.adapters.journal.store import Journal
from bot.cli.decisions import app
from bot.domain.decision import DecisionId
from bot.domain.value import replace
from tests.support import story

STRESS = "20180205-0100-stress"
EVENTS = 23
TAIL = """
import signal
from bot.cli.decisions import app

signal.signal(signal.SIGINT, signal.default_int_handler)  # even where a shell had it ignored
app()
"""


def run(journal: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--journal", str(journal)])


def parsed(journal: Path, *arguments: str) -> Any:
    result = run(journal, *arguments, "--json")
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout)


@pytest.fixture
def damaged(told: Path, tmp_path: Path) -> Path:
    """Return a copy in which event 10, the stressful decision, was changed."""
    path = Path(shutil.copy(told, tmp_path / "journal.sqlite"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("DROP TRIGGER events_update")
        other.execute("UPDATE events SET body = substr(body, 1, 90) WHERE sequence = 10")
    return path


class TestList:
    def test_it_shows_the_newest_last_and_folds_quiet_cycles(self, told: Path) -> None:
        lines = run(told, "list").stdout.splitlines()
        assert len(lines) == 3
        assert lines[0].startswith("2018-02-05 10:15:00  stage 0    × 3 quiet")  # noqa: RUF001
        assert "stage 0→3  stages 1, 2 and 3 entered" in lines[1]
        assert lines[2].startswith("2018-02-05 15:40:00  stage 3    × 1 quiet")  # noqa: RUF001

    def test_all_folds_nothing(self, told: Path) -> None:
        found = parsed(told, "list", "--all")
        assert [one["quiet"] for one in found] == [0] * 5
        assert found[3]["decision_id"] == STRESS

    def test_the_limit_keeps_the_newest(self, told: Path) -> None:
        found = parsed(told, "list", "--limit", "2")
        assert [one["decision_id"] for one in found] == [STRESS, "20180205-0101-quiet"]

    def test_an_empty_journal_says_so(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        Journal.open(path).close()
        assert "no decision yet" in run(path, "list").stdout
        assert parsed(path, "list") == []


class TestShow:
    @pytest.mark.parametrize("name", [[STRESS], ["20180205-0100"], ["--stage", "3"]])
    def test_a_decision_is_found_by_id_beginning_or_stage(
        self, told: Path, name: list[str]
    ) -> None:
        found = parsed(told, "show", *name)
        assert found["event"]["event"]["decision"]["decision_id"] == STRESS
        assert found["inputs"]["decision_id"] == STRESS
        assert [one.get("refused_by", "") for one in found["orders"]] == ["", "", "contracts"]

    def test_the_last_one_has_a_name(self, told: Path) -> None:
        found = parsed(told, "show", "last")
        assert found["event"]["sequence"] == EVENTS

    def test_the_tables_hold_everything_and_nothing_is_cut(self, told: Path) -> None:
        text = run(told, "show", STRESS).stdout
        for words in (
            "2018-02-05 15:35:00 New York (intraday)",
            "32.50",
            "whether the z-score of MOVE was at or above 2.5 is not known (it has no source)",
            "buy 2 VIX 20 Jun 2018 35 call for D1 at 1.10 or better (R8)",
            "refused by contracts: 900 contracts pass the limit of 50",
            "declared",
            "the spread of S2's strike is 31% of its mid",
            story.stress_decision().digest(),
        ):
            assert words in text
        assert "…" not in text

    def test_a_whole_id_wins_over_longer_ones(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        decision = story.quiet_decision(story.MORNING, 1)
        longer = replace(decision, decision_id=DecisionId(f"{decision.decision_id}-2"))
        with Journal.open(path) as journal:
            first = story.decision_made(longer)
            journal.append([first, story.decision_made(decision, first.link)], story.MORNING)
        found = parsed(path, "show", decision.decision_id)
        assert found["event"]["sequence"] == 2
        assert found["inputs"] is None


class TestExplain:
    def test_the_first_stage_three_is_told_with_values_thresholds_and_orders(
        self, told: Path
    ) -> None:
        text = run(told, "explain", "--stage", "3").stdout
        for words in (
            "Monday 5 February 2018 at 15:35:00 New York the bot entered stages 1, 2 and 3",
            "VIX stood at 32.50",
            "VIX RSI was 83.4, at or above 80",
            "its 5-day change was +18.96 points, above 8",
            "21 Mar 2018 20 call for S1 at 2.35 or better (R5): sent as order 11; filled at 2.30",
            "1 of 2 filled at 1.10; the rest was still working at 1.10",
            "risk refused (contracts): 900 contracts pass the limit of 50",
            "R12 (Leaving) did not fire: VIX was 32.50, not below 16",
        ):
            assert words in text
        assert text.rstrip().splitlines()[-1].startswith("Only declared, not in force: R6")

    def test_json_is_the_same_passages(self, told: Path) -> None:
        found = parsed(told, "explain", STRESS)
        assert found["decision_id"] == STRESS
        headings = [one["heading"] for one in found["passages"]]
        assert headings[1:5] == [
            "What it saw",
            "Which rules fired",
            "What followed",
            "What did not follow, and why",
        ]

    def test_orders_of_the_cycles_after_an_entry_are_told_too(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        later = replace(
            story.quiet_decision(story.STRESS, 7), stage_before=3, stage=3, intents=(story.BUY_S,)
        )
        first = replace(story.stress_decision(), intents=())
        made = story.decision_made(first)
        with Journal.open(path) as journal:
            journal.append([made, story.decision_made(later, made.link)], story.STRESS)
        text = run(path, "explain", "--stage", "1").stdout
        assert "Later that session, at 15:35:00, it wanted to buy 1 contract 300001" in text

    def test_a_decision_whose_blobs_do_not_read_is_still_told(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        decision = story.stress_decision()
        with Journal.open(path) as journal:
            named = story.blobs(journal.put_blob(b"{}"), journal.put_blob(b"[]"))
            made = story.decision_made(decision)
            journal.append([story.inputs_taken(decision, named, 1), made], story.STRESS)
        result = run(path, "explain", "last")
        assert result.exit_code == 0
        assert "universe" in result.stderr
        assert "its 5-day change was +18.96 points)" in result.stdout


class TestDiff:
    QUIET = "20180205-0003-quiet"

    def test_what_tipped_it_comes_first(self, told: Path) -> None:
        lines = run(told, "diff", self.QUIET, STRESS).stdout.splitlines()
        assert "stage 0→3" in lines[1]
        assert lines[3] == "What tipped it"
        assert lines[4].startswith("R5 (Stage 1) turned from false to true: VIX was 17.31, not")
        assert "New order: buy 2 D1 @ 1.10 (R8)." in lines

    def test_json_is_the_difference(self, told: Path) -> None:
        found = parsed(told, "diff", self.QUIET, STRESS)
        assert found["acts"] is True
        assert [one["rule"] for one in found["tipped"]] == ["R5", "R7", "R8"]
        assert parsed(told, "diff", STRESS, STRESS)["acts"] is False

    def test_an_unknown_decision_ends_with_two(self, told: Path) -> None:
        result = run(told, "diff", STRESS, "nonsense")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "no decision's id begins with 'nonsense'" in result.stderr


class TestTail:
    def test_once_prints_the_last_events_and_stops(self, told: Path) -> None:
        lines = run(told, "tail", "--once", "-n", "3").stdout.splitlines()
        assert lines[0].endswith("commission 0.65 USD  [0001.01.01]")
        assert lines[1].endswith("bought 1 at 1.10  [20180205-0100-stress-2]")
        assert "nothing to do" in lines[2]

    def test_json_is_one_event_a_line(self, told: Path) -> None:
        result = run(told, "tail", "--once", "-n", "2", "--json")
        events = [json.loads(line) for line in result.stdout.splitlines()]
        assert [one["sequence"] for one in events] == [21, EVENTS]

    @pytest.mark.parametrize(("number", "before"), [("2", 2), ("0", 0)])
    def test_it_follows_what_is_written_until_interrupted(
        self, told: Path, tmp_path: Path, number: str, before: int
    ) -> None:
        path = Path(shutil.copy(told, tmp_path / "journal.sqlite"))
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", TAIL, "tail", "-n", number, "--journal", str(path)],
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        try:
            for _ in range(before):
                process.stdout.readline()
            with Journal.open(path) as journal:
                while not select.select([process.stdout], [], [], 0.2)[0]:
                    journal.append([story.order_events()[0]], story.STRESS)
                line = process.stdout.readline()
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 0
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
        assert b"refused by contracts" in line


class TestVerify:
    def test_an_untouched_journal_holds_with_its_counts_and_ends(self, told: Path) -> None:
        result = run(told, "verify")
        found = parsed(told, "verify")
        assert result.exit_code == 0
        assert "23 events, 5 decisions, 3 blobs" in result.stdout
        assert found["head"] in result.stdout
        assert found["decision_hash"] in result.stdout
        assert found["holds"] is True

    def test_a_changed_event_ends_with_five_and_its_place(self, damaged: Path) -> None:
        result = run(damaged, "verify")
        assert result.exit_code == 5
        assert "first broken place: event 10" in result.stderr

    def test_json_names_the_place_too(self, damaged: Path) -> None:
        result = run(damaged, "verify", "--json")
        found = json.loads(result.stdout)
        assert (result.exit_code, found["holds"]) == (5, False)
        assert found["findings"][0]["place"] == "event 10"

    def test_a_file_that_is_no_database_ends_with_five(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        path.write_bytes(b"not a database at all, but long enough to be read as one" * 20)
        assert run(path, "verify").exit_code == 5

    def test_many_findings_are_counted_not_listed(self, told: Path, tmp_path: Path) -> None:
        path = Path(shutil.copy(told, tmp_path / "journal.sqlite"))
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("DROP TRIGGER events_update")
            other.execute("UPDATE events SET at = 'x'")
        assert "and 4 more" in run(path, "verify").stderr


class TestWrongUse:
    @pytest.mark.parametrize("command", ["list", "tail", "verify", "show", "explain"])
    def test_a_missing_journal_ends_with_two_and_makes_nothing(
        self, tmp_path: Path, command: str
    ) -> None:
        arguments = ["last"] if command in {"show", "explain"} else []
        result = run(tmp_path / "none.sqlite", command, *arguments)
        assert result.exit_code == 2
        assert "there is no journal at" in result.stderr
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["show", "nonsense"], "no decision's id begins with 'nonsense'"),
            (["show", "20180205"], "5 decisions begin with '20180205'"),
            (["explain"], "name one decision"),
            (["explain", "last", "--stage", "3"], "name one decision"),
            (["explain", "--stage", "9"], "equal to 3"),
            (["nonsense"], "nonsense"),
        ],
    )
    def test_a_wrong_request_ends_with_two_and_says_why(
        self, told: Path, arguments: list[str], message: str
    ) -> None:
        result = run(told, *arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert message in result.stderr

    @pytest.mark.parametrize("name", [["last"], ["--stage", "2"]])
    def test_asking_an_empty_journal_ends_with_two(self, tmp_path: Path, name: list[str]) -> None:
        path = tmp_path / "journal.sqlite"
        Journal.open(path).close()
        assert run(path, "show", *name).exit_code == 2

    @pytest.mark.parametrize("arguments", [["list"], ["show", "last"], ["tail", "--once"]])
    def test_a_broken_record_ends_with_five_and_points_to_verify(
        self, damaged: Path, arguments: list[str]
    ) -> None:
        if arguments == ["show", "last"]:
            arguments = ["show", STRESS]
        result = run(damaged, *arguments, *(["-n", "99"] if "tail" in arguments else []))
        assert result.exit_code == 5
        assert "event 10" in result.stderr
        assert "decisions verify" in result.stderr
