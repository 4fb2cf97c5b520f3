"""`alvh demo` of short windows: seeds, the calm scenario, and no network."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.domain.events import DecisionMade
from bot.domain.rungs import RuleClass
from tests.support.processes import Demo, Ended, alvh, demo, run, running

STRESS_DAY = ("--from", "2018-02-05", "--until", "2018-02-05")
BATCHES = [range(first, first + 5) for first in (1, 6, 11, 16)]


@pytest.mark.parametrize("seeds", BATCHES, ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}")
def test_the_stages_come_in_order_whatever_the_seed(tmp_path: Path, seeds: range) -> None:
    day = "2018-02-05"
    command = [sys.executable, "-m", "tests.support.seeded_demos", tmp_path, day, day, *seeds]
    with running([str(part) for part in command], tmp_path, measured=False) as process:
        ended = process.wait(120)
    assert ended.code == 0, ended.err
    reports = [orjson.loads(line) for line in ended.out.splitlines()]
    assert [report["seed"] for report in reports] == list(seeds)
    for report in reports:
        assert report["stages_reached"] == [1, 2, 3]
        assert {name[0] for name in report["rungs_opened"]} == {"S", "M", "D"}
        assert report["decisions"] == report["cycles"] == 81
        assert report["breaks"] == 0
        assert report["books"]["equal"] is True
    assert len({report["decision_hash"] for report in reports}) == len(reports)


def test_one_seed_decides_the_same_and_another_does_not(tmp_path: Path, stress_day: Demo) -> None:
    first = stress_day.report
    again = demo(tmp_path / "again.sqlite", *STRESS_DAY).report
    other = demo(tmp_path / "other.sqlite", *STRESS_DAY, "--seed", 2).report
    assert first["decision_hash"] == again["decision_hash"]
    assert first | {"journal": ""} == again | {"journal": ""}
    assert other["decision_hash"] != first["decision_hash"]
    assert other["books"] != first["books"]


def test_the_calm_scenario_buys_the_initial_allocation_and_no_stage(tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite"
    # the VIX rose by half in these two days, more than in any others of the two months
    options = ("--scenario", "calm-2017", "--from", "2017-05-16", "--until", "2017-05-17")
    report: dict[str, Any] = demo(journal, *options).report
    assert report["stages_reached"] == []
    assert {name[0] for name in report["rungs_opened"]} == {"S"}
    stored = ReadOnlyJournal(journal).events(kinds=["decision_made"])
    decisions = [one.event.decision for one in stored if isinstance(one.event, DecisionMade)]
    assert len(decisions) == report["cycles"] == 2 * 81
    intents = [intent for decision in decisions for intent in decision.intents]
    assert {(i.rule, i.rule_class) for i in intents} == {("R3", RuleClass.INITIAL)}
    assert report["orders"] == report["fills"] == len(intents)
    assert intents[0] in decisions[0].intents
    for decision in decisions:
        assert decision.stage == 0
        (stage_one,) = (result for result in decision.rules if result.rule == "R5")
        assert not stage_one.truth.fires
        assert any(not check.truth.fires for check in stage_one.checks)
        if not decision.intents:
            assert decision.summary.startswith("Nothing to do: ")


@pytest.mark.parametrize(
    ("scenario", "first", "last", "stages"),
    [
        ("march-2020", "2020-02-24", "2020-02-25", [1, 2, 3]),
        ("grind-2022", "2022-05-05", "2022-05-06", [1, 2]),
    ],
)
def test_the_bear_markets_can_be_lived_through(
    tmp_path: Path, scenario: str, first: str, last: str, stages: list[int]
) -> None:
    """Two sessions of each: every cycle decides, and the books agree with the exchange's."""
    options = ("--scenario", scenario, "--from", first, "--until", last)
    report: dict[str, Any] = demo(tmp_path / "journal.sqlite", *options).report
    assert report["scenario"] == scenario
    assert report["decisions"] == report["cycles"] == 2 * 81
    assert report["books"]["equal"] is True
    assert report["breaks"] == 0
    assert report["stages_reached"] == stages


def without_network(command: list[str], folder: Path) -> Ended:
    """Run a command where even the loopback interface is down."""
    with running(["unshare", "--user", "--map-root-user", "--net", *command], folder) as process:
        return process.wait()


def test_without_a_socket_the_demo_ends_as_unreachable(tmp_path: Path) -> None:
    if shutil.which("unshare") is None or without_network(["true"], tmp_path).code != 0:
        assert "CI" not in os.environ, "a network of its own is not permitted here"
        pytest.skip("a network of its own is not permitted here")
    journal = tmp_path / "journal.sqlite"
    command = alvh("demo", "--json", "--journal", journal, *STRESS_DAY)
    ended = without_network(command, tmp_path)
    assert (ended.code, ended.out) == (4, ""), ended.err
    assert "127.0.0.1" in ended.err.splitlines()[-1]
    assert "Traceback" not in ended.err
    proof = run("decisions", "verify", "--journal", journal, folder=tmp_path)
    assert proof.code == 0, proof.err
