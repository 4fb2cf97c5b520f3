"""The stored decisions of a demo: decided again, turned by a threshold, read and exported.

What is expected is read from the journal by SQL, in another way than the program reads it.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest

from tests.support.processes import Demo, Ended, run

VIX = """
SELECT json_extract(body, '$.decision.decision_id'), reading.value ->> 'value'
FROM (SELECT sequence, CAST(body AS TEXT) AS body FROM events WHERE kind = 'decision_made') AS made,
     json_each(made.body, '$.decision.readings') AS reading
WHERE reading.value ->> 'name' = 'vix.level' AND reading.value ->> 'state' = 'ok'
ORDER BY made.sequence
"""


def decisions(journal: Path, *arguments: object) -> Ended:
    return run(
        "decisions", *arguments, "--journal", journal,
        folder=journal.parent, measured=False, seconds=240,
    )  # fmt: skip


def answer(journal: Path, *arguments: object) -> Any:
    ended = decisions(journal, *arguments, "--json")
    assert ended.code == 0, ended.err
    return orjson.loads(ended.out)


@pytest.fixture
def levels(stress_journal: Path) -> dict[str, float]:
    """VIX by decision, in order, where it could be used."""
    with closing(sqlite3.connect(f"file:{stress_journal}?mode=ro", uri=True)) as db:
        return dict(db.execute(VIX).fetchall())


@pytest.fixture
def entry(stress_journal: Path) -> str:
    """The decision that entered stage 1."""
    (found,) = answer(stress_journal, "list", "--action", "entered", "--rule", "R5")
    return str(found["decision_id"])


class TestReplay:
    def test_every_decision_of_the_day_comes_out_as_stored(
        self, stress_journal: Path, stress_day: Demo
    ) -> None:
        found = answer(stress_journal, "replay")
        assert found["equal"] is True
        assert found["decisions"] == stress_day.report["decisions"] == 81
        assert found["decision_hash"] == stress_day.report["decision_hash"]

    def test_so_does_every_decision_of_the_whole_demo(self, whole_demo: Demo) -> None:
        journal = Path(str(whole_demo.report["journal"]))
        found = answer(journal, "replay")
        assert (found["equal"], found["otherwise"]) == (True, 0)
        assert found["decisions"] == whole_demo.report["decisions"]
        assert found["decision_hash"] == whole_demo.report["decision_hash"]

    def test_a_threshold_changes_the_decisions_between_it_and_the_old_one(
        self, stress_journal: Path, tmp_path: Path, levels: dict[str, float], entry: str
    ) -> None:
        """Stage 1 is entered above 18. Asked for a level just above VIX at its entry, the entry is
        gone, and wherever VIX stood between the two its condition is judged otherwise."""
        above = sorted(level for level in levels.values() if level > levels[entry])
        threshold = round((levels[entry] + above[0]) / 2, 3)
        policy = tmp_path / "later.toml"
        enter = f'{{ all = ["vix.level > {threshold}", "vix.macd is bullish"] }}'
        policy.write_text(f"[stages.one]\nenter = {enter}\n", encoding="utf-8")
        found = answer(stress_journal, "replay", "--policy", policy)
        turns = {turn["difference"]["before"]["decision_id"]: turn for turn in found["turns"]}
        between = {key for key, level in levels.items() if 18 < level <= threshold}
        assert set(turns) == between
        assert entry in between
        turned = turns[entry]["difference"]
        assert (turned["before"]["entered"], turned["after"]["entered"]) == ([1], [])
        (first, *_) = turned["tipped"]
        assert (first["rule"], [one["what"] for one in first["checks"]]) == ("R5", ["vix.level"])
        (check,) = first["checks"]
        assert (check["before"]["threshold"], check["after"]["threshold"]) == (18.0, threshold)
        others = [key for key in between if turns[key]["remembers"] and key < entry]
        assert others, "the evaluation before the entry began the streak"

    def test_a_threshold_that_no_level_lies_below_changes_nothing(
        self, stress_journal: Path, tmp_path: Path, levels: dict[str, float]
    ) -> None:
        lowest = min(level for level in levels.values() if level > 18)
        highest = max((level for level in levels.values() if level <= 18), default=18.0)
        policy = tmp_path / "same.toml"
        enter = f'{{ all = ["vix.level > {(lowest + highest) / 2}", "vix.macd is bullish"] }}'
        policy.write_text(f"[stages.one]\nenter = {enter}\n", encoding="utf-8")
        ended = decisions(stress_journal, "replay", "--policy", policy)
        assert ended.code == 0, ended.err
        assert "0 of 81 decisions would act otherwise; 0 more" in ended.out


class TestReading:
    def test_why_stage_two_fired_first_and_what_tipped_it(
        self, stress_journal: Path, levels: dict[str, float]
    ) -> None:
        (entered,) = answer(stress_journal, "list", "--action", "entered", "--rule", "R7")
        names = list(levels)
        before = names[names.index(entered["decision_id"]) - 1]
        found = answer(stress_journal, "diff", before, entered["decision_id"])
        rules = [one["rule"] for one in found["tipped"]]
        assert "R7" in rules
        assert rules.index("R7") < rules.index("R27")
        (why,) = answer(stress_journal, "why", "R7")
        assert why["now"]["truth"] == "true"
        assert why["since"]["at"] <= entered["at"] or why["last_ordered"] is not None

    def test_exports_hold_every_decision_and_the_level_it_read(
        self, stress_journal: Path, tmp_path: Path, levels: dict[str, float]
    ) -> None:
        for name in ("all.parquet", "all.jsonl"):
            assert answer(stress_journal, "export", "--out", tmp_path / name)["rows"] == 81
        rows = pq.read_table(tmp_path / "all.parquet").to_pylist()
        read = {row["decision_id"]: row["vix.level"] for row in rows if row["vix.level"]}
        assert read == levels
        lines = (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["decision_id"] for line in lines] == [
            row["decision_id"] for row in rows
        ]
