"""Constant-maturity levels of the futures curve, by hand."""

import math

import numpy as np
import pytest

from bot.pricing.curve import constant_maturity

NAN = math.nan


def test_between_two_futures_the_level_is_weighted_by_days() -> None:
    """Day 30 lies 20 of 28 days from the first future (17) to the second (18.4)."""
    assert constant_maturity([10, 38, 66], [17.0, 18.4, 19.0], 30) == pytest.approx(18.0)


@pytest.mark.parametrize(("target", "level"), [(10, 17.0), (38, 18.4), (66, 19.0)])
def test_on_a_settlement_it_is_that_future(target: float, level: float) -> None:
    assert constant_maturity([10, 38, 66], [17.0, 18.4, 19.0], target) == level


@pytest.mark.parametrize("target", [9.9, 66.1, NAN])
def test_outside_the_curve_it_is_unknown(target: float) -> None:
    assert math.isnan(constant_maturity([10, 38, 66], [17.0, 18.4, 19.0], target))


def test_the_order_of_the_futures_does_not_matter() -> None:
    assert constant_maturity([66, 10, 38], [19.0, 17.0, 18.4], 30) == pytest.approx(18.0)


def test_many_days_are_answered_at_once_with_gaps_bridged_or_unknown() -> None:
    days = np.array([[10, 38, 66], [9, NAN, 65], [8, 36, 64], [NAN, NAN, NAN]])
    levels = [[17.0, 18.4, 19.0], [16.0, 18.0, 19.0], [NAN, 18.0, 19.0], [17.0, 18.0, 19.0]]
    answer = constant_maturity(days, levels, 30)
    np.testing.assert_allclose(answer, [18.0, 16.0 + 3.0 * 21 / 56, NAN, NAN])


def test_each_day_may_have_its_own_target() -> None:
    answer = constant_maturity([[10, 38], [10, 38]], [[17.0, 18.4], [17.0, 18.4]], [24, 38])
    np.testing.assert_allclose(answer, [17.7, 18.4])


def test_one_curve_serves_many_targets() -> None:
    np.testing.assert_allclose(
        constant_maturity([10, 38], [17.0, 18.4], [10, 24, 50])[:2], [17, 17.7]
    )


def test_settled_futures_and_impossible_levels_are_left_out() -> None:
    answer = constant_maturity([-2, 12, 40], [50.0, math.inf, 19.0], 5)
    assert math.isnan(answer)
    assert math.isnan(constant_maturity([10, 38], [17.0, math.inf], 30))


def test_a_curve_without_futures_is_refused() -> None:
    for days, levels in ((30, 18.0), ([], [])):
        with pytest.raises(ValueError, match="at least one future"):
            constant_maturity(days, levels, 30)
