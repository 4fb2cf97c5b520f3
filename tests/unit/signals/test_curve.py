from dataclasses import replace
from datetime import date

import pytest

from bot.domain.instruments import BREADTH
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


class TestTermRatio:
    """G18: VIX3M over VIX."""

    @pytest.mark.parametrize(
        ("quarter", "month", "ratio"), [(15.0, 12.0, 1.25), (26.8, 33.5, 0.8), (14.0, 14.0, 1.0)]
    )
    def test_is_the_quarter_over_the_month(
        self, quarter: float, month: float, ratio: float
    ) -> None:
        readings = read({VX1: month, VX2: month}, vix3m=quarter, vix=month)
        assert readings.number("term.ratio") == pytest.approx(ratio)

    def test_is_missing_and_names_what_the_broker_does_not_offer(self) -> None:
        reading = read({}, offered=(BREADTH,)).get("term.ratio")
        assert (reading.state, reading.note) == (MISSING, "the broker offers no VIX3M")

    def test_is_missing_where_its_line_says_nothing(self) -> None:
        assert read({}, vix3m=None).get("term.ratio").note == "no quote of VIX3M"

    def test_is_as_good_as_spot(self) -> None:
        """Spot above the last close by more than three points, and no future to confirm it."""
        assert read({}, vix=17.0).get("term.ratio").state is STALE
        assert read({}, vix=None).get("term.ratio").state is MISSING

    def test_is_as_old_as_the_older_line(self) -> None:
        assert read({VX1: 13.0}, age_seconds=61.0).get("term.ratio").state is STALE


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
