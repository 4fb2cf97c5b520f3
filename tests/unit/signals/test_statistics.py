"""z-score and slope by hand, and against other people's sums."""

import statistics

import numpy as np
import pytest

from bot.signals.statistics import slope, z_score

RESTLESS = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0])


def test_z_score_by_hand() -> None:
    """Mean 3, squares 4 + 0 + 4 over two: a deviation of 2; 8 lies 2.5 of them above."""
    assert z_score(8.0, np.array([1.0, 3.0, 5.0])) == pytest.approx(2.5)


def test_z_score_is_that_of_a_sample() -> None:
    values = RESTLESS.tolist()
    expected = (7.5 - statistics.fmean(values)) / statistics.stdev(values)
    assert z_score(7.5, RESTLESS) == pytest.approx(expected, rel=1e-12)


def test_a_sample_that_does_not_vary_is_no_yardstick() -> None:
    assert z_score(8.0, np.full(5, 3.0)) is None


def test_slope_by_hand() -> None:
    """0, 2, 1: about the middle bar (-1)(0 - 1) + 0 + (1)(1 - 1) is 1, over 2."""
    assert slope(np.array([0.0, 2.0, 1.0])) == pytest.approx(0.5)


def test_slope_is_that_of_the_line_numpy_fits() -> None:
    fitted, _ = np.polyfit(np.arange(8.0), RESTLESS, 1)
    assert slope(RESTLESS) == pytest.approx(float(fitted), rel=1e-9)
