from dataclasses import replace
from datetime import date

import pytest

from bot.domain.readings import Readings, ReadingState
from bot.domain.state import StrategyState
from bot.signals.catalog import read_signals
from bot.signals.curve import SLOPE_OUTPUTS
from tests.support.signal_inputs import VX1, VX2, VX3, Scene

OK, STALE, MISSING = ReadingState.OK, ReadingState.STALE, ReadingState.MISSING


def read(vx: dict[date, float], **changes: object) -> Readings:
    scene = replace(Scene(vx=vx), **changes)  # type: ignore[arg-type]
    return read_signals(scene.inputs(), StrategyState())


def test_a_rising_curve_is_in_contango() -> None:
    readings = read({VX1: 12.5, VX2: 13.5, VX3: 99.0})
    assert readings.number("curve.slope") == 1.0
    assert readings.number("curve.slope_pct") == 8.0
    assert readings.flag("curve.inverted") is False
    assert readings.number("curve.front_premium") == -1.0


def test_a_falling_curve_is_inverted_and_pays_a_front_premium() -> None:
    readings = read({VX1: 32.0, VX2: 28.0})
    assert readings.number("curve.slope") == -4.0
    assert readings.number("curve.slope_pct") == -12.5
    assert readings.flag("curve.inverted") is True
    assert readings.number("curve.front_premium") == 4.0


def test_a_level_curve_is_not_inverted() -> None:
    assert read({VX1: 15.0, VX2: 15.0}).flag("curve.inverted") is False


def test_the_order_of_listing_does_not_matter() -> None:
    assert read({VX2: 28.0, VX1: 32.0}).number("curve.slope") == -4.0


@pytest.mark.parametrize(
    ("vx", "changes", "state"),
    [
        ({VX1: 15.0, VX2: 16.0}, {}, OK),
        ({VX1: 15.0, VX2: 16.0}, {"age_seconds": 121.0}, STALE),
        ({VX1: 15.0}, {}, MISSING),
        ({}, {}, MISSING),
    ],
)
def test_the_slope_is_as_good_as_both_futures(
    vx: dict[date, float], changes: dict[str, object], state: ReadingState
) -> None:
    readings = read(vx, **changes)
    assert {readings.get(name).state for name in SLOPE_OUTPUTS} == {state}
