"""`alvh demo` of short windows: seeds, the calm scenario, and no network."""

import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.domain.events import DecisionMade
from tests.support.processes import Ended, alvh, demo, run, running

STRESS_DAY = ("--from", "2018-02-05", "--until", "2018-02-05")
SEEDS = range(1, 21)


def reports(folder: Path, each: Sequence[tuple[object, ...]]) -> list[dict[str, Any]]:
    """Play several demos, two at a time."""

    def one(number: int) -> dict[str, Any]:
        return demo(folder / f"{number}.sqlite", *each[number]).report

    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(one, range(len(each))))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_stages_come_in_order_whatever_the_seed(tmp_path: Path, seed: int) -> None:
    report: dict[str, Any] = demo(tmp_path / "j.sqlite", *STRESS_DAY, "--seed", seed).report
    assert report["stages_reached"] == [1, 2, 3]
    assert {name[0] for name in report["rungs_opened"]} == {"S", "M", "D"}
    assert report["decisions"] == report["cycles"] == 81
    assert report["breaks"] == 0
    assert report["books"]["equal"] is True


def test_one_seed_decides_the_same_and_another_does_not(tmp_path: Path) -> None:
    options = [(*STRESS_DAY, "--seed", seed) for seed in (1, 1, 2)]
    first, again, other = reports(tmp_path, options)
    assert first["decision_hash"] == again["decision_hash"]
    assert first | {"journal": ""} == again | {"journal": ""}
    assert other["decision_hash"] != first["decision_hash"]
    assert other["books"] != first["books"]


def test_the_calm_scenario_buys_no_rung_and_says_why_each_time(tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite"
    # the window holds the calmest and the wildest day of its two months
    options = ("--scenario", "calm-2017", "--from", "2017-05-15", "--until", "2017-05-18")
    report: dict[str, Any] = demo(journal, *options).report
    assert (report["orders"], report["rungs_opened"], report["stages_reached"]) == (0, [], [])
    stored = ReadOnlyJournal(journal).events(kinds=["decision_made"])
    decisions = [one.event.decision for one in stored if isinstance(one.event, DecisionMade)]
    assert len(decisions) == report["cycles"] == 4 * 81
    for decision in decisions:
        assert decision.stage == 0
        (stage_one,) = (result for result in decision.rules if result.rule == "R5")
        assert not stage_one.truth.fires
        assert any(not check.truth.fires for check in stage_one.checks)
        assert decision.summary.startswith("Nothing to do: ")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--scenario", "tulips-1637"), "tulips-1637"),
        (("--from", "monday"), "monday"),
        (("--from", "2018-02-03"), "2018-02-03"),
        (("--until", "tuesday"), "tuesday"),
        (("--from", "2018-02-05", "--until", "2018-02-02"), "2018-02-02"),
    ],
)
def test_what_cannot_be_played_is_refused_before_anything_is_written(
    tmp_path: Path, options: tuple[str, ...], named: str
) -> None:
    journal = tmp_path / "journal.sqlite"
    ended = run("demo", "--json", "--journal", journal, *options, folder=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert named in ended.err.splitlines()[-1]
    assert "Traceback" not in ended.err
    assert not journal.exists()


def test_an_existing_journal_is_left_alone(tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite"
    journal.write_bytes(b"somebody's work")
    ended = run("demo", "--json", "--journal", journal, folder=tmp_path)
    assert ended.code == 2
    assert str(journal) in ended.err
    assert journal.read_bytes() == b"somebody's work"


def without_network(command: list[str], folder: Path) -> Ended:
    """Run a command where even the loopback interface is down."""
    with running(["unshare", "--user", "--map-root-user", "--net", *command], folder) as process:
        return process.wait()


def test_without_a_socket_the_demo_ends_as_unreachable(tmp_path: Path) -> None:
    if shutil.which("unshare") is None or without_network(["true"], tmp_path).code != 0:
        pytest.skip("a network of its own is not permitted here")
    journal = tmp_path / "journal.sqlite"
    command = alvh("demo", "--json", "--journal", journal, *STRESS_DAY)
    ended = without_network(command, tmp_path)
    assert (ended.code, ended.out) == (4, ""), ended.err
    assert "127.0.0.1" in ended.err.splitlines()[-1]
    assert "Traceback" not in ended.err
    proof = run("decisions", "verify", "--journal", journal, folder=tmp_path)
    assert proof.code == 0, proof.err
