"""`alvh decisions` over a journal written here: what people and programs get, and exit codes."""

import json
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.store import Journal
from bot.cli.decisions import app
from bot.domain.decision import DecisionId
from bot.domain.events import DecisionMade, InputsTaken
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


class TestChosen:
    """`list` with filters: of one order, or one deed, all that is named must hold."""

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            (["--action", "bought"], [STRESS]),
            (
                ["--action", "BOUGHT", "--rule", "r8", "--tier", "d", "--outcome", "partly"],
                [STRESS],
            ),
            (["--action", "bought", "--rule", "R8", "--layer", "S"], []),
            (["--outcome", "in-doubt"], []),
            (["--rung", "S1", "--outcome", "filled"], [STRESS]),
            (["--action", "nothing", "--stage", "3"], ["20180205-0101-quiet"]),
            (["--rule", "R5", "--stage", "3"], [STRESS]),
            (["--from", "2018-02-05T15:35"], [STRESS, "20180205-0101-quiet"]),
            (["--from", "2018-02-05", "--until", "2018-02-05 10:10"], ["20180205-0002-quiet"]),
            (["--until", "2018-02-05T15:10+00:00"], ["20180205-0002-quiet"]),
            (["--until", "2018-02-04"], []),
        ],
    )
    def test_only_the_wanted_are_listed(
        self, told: Path, options: list[str], expected: list[str]
    ) -> None:
        assert [one["decision_id"] for one in parsed(told, "list", *options)] == expected

    def test_what_is_left_out_parts_the_quiet_ones(self, told: Path) -> None:
        found = parsed(told, "list", "--action", "nothing")
        assert [(one["quiet"], one["stage"]) for one in found] == [(3, 0), (1, 3)]

    def test_all_and_last_go_together(self, told: Path) -> None:
        found = parsed(told, "list", "--all", "--last", "2")
        assert [one["decision_id"] for one in found] == [STRESS, "20180205-0101-quiet"]

    def test_a_cut_list_says_so(self, told: Path) -> None:
        result = run(told, "list", "--last", "1")
        assert "older ones are left out" in result.stderr
        assert "older ones" not in run(told, "list", "--last", "3").stderr

    def test_a_settings_file_names_the_journal_unless_one_is_named(
        self, told: Path, tmp_path: Path
    ) -> None:
        config = tmp_path / "bot.toml"
        config.write_text(f'journal = "{told}"\n', encoding="utf-8")
        by_config = CliRunner().invoke(app, ["list", "--config", str(config), "--json"])
        assert json.loads(by_config.stdout) == parsed(told, "list")
        both = ["list", "--config", str(config), "--journal", str(tmp_path / "none.sqlite")]
        named = CliRunner().invoke(app, both)
        assert named.exit_code == 2
        assert "none.sqlite" in named.stderr

    def test_settings_that_are_wrong_end_with_two(self, tmp_path: Path) -> None:
        result = CliRunner().invoke(app, ["list", "--config", str(tmp_path / "none.toml")])
        assert result.exit_code == 2
        assert "none.toml" in result.stderr

    def test_no_match_is_no_error(self, told: Path) -> None:
        result = run(told, "list", "--action", "rolled")
        assert (result.exit_code, result.stdout) == (0, "No decision is like that.\n")

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (
                ["--action", "bougt"],
                "'bougt' is not known, did you mean 'bought'?; it may be bought",
            ),
            (["--outcome", "moon"], "'moon' is not known; it may be filled, partly, working"),
            (["--rung", "S5"], "'S5' is not known, did you mean 'S"),
            (["--rule", "R77"], "'R77' is not known, did you mean 'R7'?; it may be R5, R6, R7, R8"),
            (["--from", "monday"], "--from 'monday': expected a New York date or time"),
            (["--until", "2018-02-30"], "--until '2018-02-30': expected a New York date or time"),
            (["--from", "2018-02-06", "--until", "2018-02-05"], "is later than"),
        ],
    )
    def test_a_word_nobody_knows_ends_with_two_and_what_may_be_meant(
        self, told: Path, options: list[str], message: str
    ) -> None:
        result = run(told, "list", *options)
        assert (result.exit_code, result.stdout) == (2, "")
        assert message in result.stderr

    def test_an_empty_journal_knows_no_rule(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        Journal.open(path).close()
        assert run(path, "list", "--rule", "R7").exit_code == 2


class TestShow:
    @pytest.mark.parametrize("name", [[STRESS], ["20180205-0100"], ["--stage", "3"]])
    def test_a_decision_is_found_by_id_beginning_or_stage(
        self, told: Path, name: list[str]
    ) -> None:
        found = parsed(told, "show", *name)
        assert found["event"]["event"]["decision"]["decision_id"] == STRESS
        assert found["inputs"]["decision_id"] == STRESS
        assert [one.get("refused_by", "") for one in found["orders"]] == ["", "", "contracts"]

    def test_an_id_that_begins_with_its_minute_is_found_there(self, lived: Path) -> None:
        for one in parsed(lived, "list", "--all"):
            found = parsed(lived, "show", one["decision_id"])
            assert found["event"]["event"]["decision"]["decision_id"] == one["decision_id"]
            assert found["inputs"]["decision_id"] == one["decision_id"]

    @pytest.mark.parametrize("name", ["20180205T1510-zzz", "20189905T1510-0", "20180205T1600-"])
    def test_a_minute_without_such_a_decision_ends_with_two(self, lived: Path, name: str) -> None:
        assert run(lived, "show", name).exit_code == 2

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


class TestWhy:
    def test_it_says_what_the_rule_lacks_and_since_when(self, told: Path) -> None:
        lines = run(told, "why", "r5", "--last", "2").stdout.splitlines()
        assert lines[0].startswith("At 2018-02-05 15:40:00 New York R5 (Stage 1) does not fire")
        assert lines[1].startswith("It last fired at 2018-02-05 15:35:00: stage 1 was entered.")
        assert "VIX was 17.31, not above 18." in lines
        assert lines[-2].startswith("2018-02-05 15:40:00  false    VIX 17.31: no")
        assert lines[-1].startswith("2018-02-05 15:35:00  true     VIX 32.50: yes")

    def test_json_is_a_list_of_the_parts_of_a_number(self, lived: Path) -> None:
        found = parsed(lived, "why", "R14")
        assert {"R14", "R14.roll"} <= {one["rule"] for one in found}
        (one,) = parsed(lived, "why", "R7", "--last", "1")
        assert (one["rule"], one["now"]["truth"], len(one["recent"])) == ("R7", "true", 1)
        assert one["lacks"] == []

    def test_each_part_of_a_number_is_told(self, lived: Path) -> None:
        text = run(lived, "why", "R14").stdout
        assert "R14 (" in text
        assert "R14.roll (" in text

    def test_an_unknown_rule_ends_with_two(self, told: Path) -> None:
        result = run(told, "why", "R88")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "RULE 'R88' is not known, did you mean 'R8'?" in result.stderr


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
                    sent, refused = story.order_events()[3], story.order_events()[0]
                    journal.append([sent, refused], story.STRESS)
                line = process.stdout.readline()
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 0
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
        assert b"refused by contracts" in line


class TestExport:
    def lines(self, path: Path) -> list[dict[str, Any]]:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def test_decisions_have_their_readings_as_columns(self, told: Path, tmp_path: Path) -> None:
        out = tmp_path / "decisions.jsonl"
        result = run(told, "export", "--out", str(out))
        assert (result.exit_code, result.stdout) == (0, f"5 decisions written to {out}\n")
        rows = self.lines(out)
        assert [row["vix.level"] for row in rows] == [17.31, 17.31, 17.31, 32.5, 17.31]
        assert rows[3]["decision_id"] == STRESS

    @pytest.mark.parametrize(
        ("what", "count"), [("decisions", 2), ("orders", 3), ("fills", 2), ("events", 15)]
    )
    def test_each_table_of_a_span(self, told: Path, tmp_path: Path, what: str, count: int) -> None:
        out = tmp_path / "table.csv"
        span = ("--from", "2018-02-05T15:35", "--until", "2018-02-05T15:40")
        found = parsed(told, "export", "--out", str(out), "--what", what, *span)
        assert found == {"what": what, "format": "csv", "out": str(out), "rows": count}
        assert len(out.read_text(encoding="utf-8").splitlines()) == count + 1
        before = ("--until", "2018-02-05T09:00")
        assert parsed(told, "export", "--out", str(out), "--what", what, *before)["rows"] == 0

    def test_orders_name_their_contracts(self, told: Path, tmp_path: Path) -> None:
        out = tmp_path / "table"
        run(told, "export", "--out", str(out), "--what", "orders", "--format", "jsonl")
        contracts = [row["contract"] for row in self.lines(out)]
        assert contracts == ["VIX 21 Mar 2018 20 call"] + ["VIX 20 Jun 2018 35 call"] * 2

    def test_parquet_is_the_same_table(self, lived: Path, tmp_path: Path) -> None:
        for name in ("one.parquet", "two.parquet", "lines.jsonl"):
            assert run(lived, "export", "--out", str(tmp_path / name)).exit_code == 0
        assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
        table = pq.read_table(tmp_path / "one.parquet").to_pylist()
        for row, line in zip(table, self.lines(tmp_path / "lines.jsonl"), strict=True):
            assert set(row) == set(line)
            assert row["vix.level"] == line["vix.level"]
            assert row["at"].isoformat() == line["at"].replace("Z", "+00:00")

    def test_without_the_library_one_line_names_the_extra(
        self, told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        monkeypatch.delitem(sys.modules, "bot.adapters.tables.parquet", raising=False)
        result = run(told, "export", "--out", str(tmp_path / "table.parquet"))
        assert (result.exit_code, result.stdout) == (2, "")
        assert "needs the extra `analysis` (pyarrow is not installed)" in result.stderr
        assert list(tmp_path.iterdir()) == []

    def test_a_journal_that_cannot_be_read_through_leaves_no_file(
        self, damaged: Path, tmp_path: Path
    ) -> None:
        result = run(damaged, "export", "--out", str(tmp_path / "table.csv"), "--what", "events")
        assert result.exit_code == 5
        assert [one.name for one in tmp_path.iterdir()] == [damaged.name]

    def test_missing_names_end_with_five(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.sqlite"
        decision = story.stress_decision()
        with Journal.open(path) as journal:
            named = story.blobs(journal.put_blob(b"{}"), journal.put_blob(b"[]"))
            journal.append(
                [story.inputs_taken(decision, named, 1), story.decision_made(decision)],
                story.STRESS,
            )
        result = run(path, "export", "--out", str(tmp_path / "o.csv"), "--what", "orders")
        assert result.exit_code == 5
        assert "the stored Universe" in result.stderr
        assert not (tmp_path / "o.csv").exists()

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("table.xlsx", "end its name with one of .jsonl, .csv, .parquet"),
            ("none/table.csv", "No such file or directory"),
            ("journal.sqlite", "is the journal itself"),
        ],
    )
    def test_a_place_that_will_not_do_ends_with_two(
        self, told: Path, tmp_path: Path, name: str, message: str
    ) -> None:
        path = Path(shutil.copy(told, tmp_path / "journal.sqlite"))
        before = path.read_bytes()
        form = ["--format", "csv"] if name == path.name else []
        result = run(path, "export", "--out", str(tmp_path / name), *form)
        assert (result.exit_code, result.stdout) == (2, "")
        assert message in result.stderr
        assert path.read_bytes() == before


class TestReplay:
    @pytest.fixture
    def entering_at(self, tmp_path: Path) -> Callable[[str], str]:
        """Return a policy file whose stage 1 is entered above another level of VIX."""

        def written(level: str) -> str:
            path = tmp_path / "policy.toml"
            enter = f'enter = {{ all = ["vix.level > {level}", "vix.macd is bullish"] }}'
            initial = "[initial]\nshare_min = 0.0\nshare_max = 0.0"
            path.write_text(f'name = "late"\n{initial}\n[stages.one]\n{enter}\n', encoding="utf-8")
            return str(path)

        return written

    def test_a_journal_of_this_program_comes_out_as_stored(self, lived: Path) -> None:
        result = run(lived, "replay")
        assert result.exit_code == 0
        assert result.stdout.startswith("All 6 decisions come out as they are stored.")
        found = parsed(lived, "replay")
        assert (found["decisions"], found["equal"], found["first"]) == (6, True, None)
        assert found["decision_hash"] == parsed(lived, "verify")["decision_hash"]
        assert found["decision_hash"] in result.stdout

    def test_another_threshold_lists_what_it_changes_and_why(
        self, lived: Path, entering_at: Callable[[str], str]
    ) -> None:
        """VIX was 19.1 when stage 1 was entered at 10:10, and 18.4 before."""
        lines = run(lived, "replay", "--policy", entering_at("19.5")).stdout.splitlines()
        assert lines[0].startswith("2018-02-05 10:10:00  stage 0→1  Stage 1 entered")
        assert lines[1].startswith("    instead  stage 0  Nothing to do: vix.level 19.10 is not")
        assert lines[2].startswith(
            "    tipped by R5 (Stage 1) turned from true to false: VIX was 19.10, above 18, but "
            "not above 19.5."
        )
        assert "Under policy 'late', 1 of 6 decisions would act otherwise; 1 more" in lines[-2]
        assert "its own stored inputs and memory" in lines[-1]

    def test_all_lists_what_is_only_remembered_or_judged_otherwise(
        self, lived: Path, entering_at: Callable[[str], str]
    ) -> None:
        text = run(lived, "replay", "--policy", entering_at("22"), "--all").stdout
        assert "2018-02-05 10:05:00" in text
        assert "    would do the same and remember otherwise\n" in text
        assert "    would do the same\n" in text
        assert "--all" not in text

    def test_json_counts_and_lists_them_all(
        self, lived: Path, entering_at: Callable[[str], str]
    ) -> None:
        found = parsed(lived, "replay", "--policy", entering_at("22"))
        assert (found["decisions"], found["acts"]) == (6, 1)
        assert (found["remembers"], found["judges"]) == (1, 1)
        assert [turn["difference"]["before"]["at"][11:16] for turn in found["turns"]] == [
            "15:05",
            "15:10",
            "15:15",
        ]

    @pytest.fixture
    def altered(self, lived: Path, tmp_path: Path) -> Path:
        """What was lived, except that the first decision says that it was taken in stage 2."""
        source, path = ReadOnlyJournal(lived), tmp_path / "journal.sqlite"
        with Journal.open(path) as journal:
            for number, stored in enumerate(source.events(kinds=["inputs_taken", "decision_made"])):
                event = stored.event
                if isinstance(event, InputsTaken):
                    for key in msgspec.to_builtins(event.blobs).values():
                        journal.put_blob(source.blob(key))
                if isinstance(event, DecisionMade) and number == 1:
                    event = replace(event, decision=replace(event.decision, stage=2))
                journal.append([event], stored.at)
        return path

    def test_the_first_that_does_not_come_out_is_told_and_ends_with_five(
        self, altered: Path
    ) -> None:
        result = run(altered, "replay")
        assert result.exit_code == 5
        assert "before  2018-02-05 10:00:00  stage 0→2  Nothing to do" in result.stdout
        assert "Stages: stage 2 → stage 0." in result.stdout
        assert (
            "1 of 6 decisions come out otherwise than they are stored; the first is 20180205T"
            in (result.stderr)
        )
        assert "first at stage: stored 2, now 0" in result.stderr

    def test_json_tells_the_first_too(self, altered: Path) -> None:
        result = run(altered, "replay", "--json")
        found = json.loads(result.stdout)
        assert (result.exit_code, found["equal"], found["otherwise"]) == (5, False, 1)
        assert found["first"]["departure"] == {"place": "stage", "before": "2", "after": "0"}

    def test_under_another_policy_what_departs_by_itself_is_marked(
        self, altered: Path, entering_at: Callable[[str], str]
    ) -> None:
        lines = run(altered, "replay", "--policy", entering_at("18")).stdout.splitlines()
        assert lines[0].startswith("2018-02-05 10:00:00  stage 0→2")
        assert lines[2] == "    under its own policy it does not come out as stored either"

    def test_missing_inputs_end_with_five(self, told: Path) -> None:
        result = run(told, "replay")
        assert result.exit_code == 5
        assert "cannot be read by this version" in result.stderr

    def test_a_wrong_policy_ends_with_two(self, lived: Path, tmp_path: Path) -> None:
        path = tmp_path / "policy.toml"
        path.write_text("[stages]\nfour = 4\n", encoding="utf-8")
        result = run(lived, "replay", "--policy", str(path))
        assert result.exit_code == 2
        assert "stages.four" in result.stderr


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

    @pytest.mark.parametrize(
        "arguments",
        [
            ["list"],
            ["show", "last"],
            ["tail", "--once"],
            ["replay"],
            ["why", "R5"],
            ["diff", "20180205-0001", "last"],
            ["list", "--outcome", "filled"],
        ],
    )
    def test_a_broken_record_ends_with_five_and_points_to_verify(
        self, damaged: Path, arguments: list[str]
    ) -> None:
        if arguments == ["show", "last"]:
            arguments = ["show", STRESS]
        result = run(damaged, *arguments, *(["-n", "99"] if "tail" in arguments else []))
        assert result.exit_code == 5
        assert "event 10" in result.stderr
        assert "decisions verify" in result.stderr
