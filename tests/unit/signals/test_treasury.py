"""G6: MOVE against its last 252 closes."""

import statistics
from dataclasses import replace

import pytest

from bot.domain.history import History, IndexCloses
from bot.domain.instruments import BREADTH, MOVE
from bot.domain.readings import Readings, ReadingState
from bot.domain.state import StrategyState
from bot.domain.value import replace as changed
from bot.signals.catalog import read_signals
from tests.support.signal_inputs import HISTORY, Scene

OK, STALE, MISSING = ReadingState.OK, ReadingState.STALE, ReadingState.MISSING
NAMES = ("move.level", "move.z", "move.spike")


def read(history: History = HISTORY, **scene: object) -> Readings:
    made = replace(Scene(history=history), **scene)  # type: ignore[arg-type]
    return read_signals(made.inputs(), StrategyState())


def history_of(closes: list[float]) -> History:
    before = HISTORY.indices[1].closes
    known = (*before[: len(before) - len(closes)], *closes)
    return changed(HISTORY, indices=(IndexCloses(symbol=MOVE, closes=known),))


CLOSES = [55.0 + (n * 37 % 11) for n in range(252)]


@pytest.mark.parametrize("level", [40.0, 60.0, 66.0, 90.0])
def test_z_is_the_distance_from_a_years_closes_without_todays(level: float) -> None:
    expected = (level - statistics.fmean(CLOSES)) / statistics.stdev(CLOSES)
    readings = read(history_of(CLOSES), move=level)
    assert readings.number("move.level") == level
    assert readings.number("move.z") == pytest.approx(expected, rel=1e-9)
    assert readings.flag("move.spike") is (expected >= 2.0)


def test_a_spike_begins_at_two() -> None:
    """59 and 61 in turn: a mean of 60 and a deviation of sqrt(252 / 251)."""
    closes = [59.0, 61.0] * 126
    deviation = (252 / 251) ** 0.5
    assert read(history_of(closes), move=60.0 + 2.01 * deviation).flag("move.spike") is True
    assert read(history_of(closes), move=60.0 + 1.99 * deviation).flag("move.spike") is False


def test_where_nobody_offers_it_all_of_it_is_missing_and_named() -> None:
    readings = read(changed(HISTORY, indices=()), offered=(BREADTH,))
    assert {readings.get(name).state for name in NAMES} == {MISSING}
    assert all("the broker offers no MOVE" in readings.get(name).note for name in NAMES)


def test_without_its_past_the_level_is_known_and_its_z_is_not() -> None:
    readings = read(changed(HISTORY, indices=()), move=60.0)
    assert [readings.get(name).state for name in NAMES] == [OK, MISSING, MISSING]


def test_a_past_that_does_not_move_is_no_yardstick() -> None:
    readings = read(history_of([60.0] * 252), move=70.0)
    assert [readings.get(name).state for name in NAMES] == [OK, STALE, STALE]


def test_a_silent_line_is_stale() -> None:
    readings = read(age_seconds=61.0)
    assert {readings.get(name).state for name in NAMES} == {STALE}
