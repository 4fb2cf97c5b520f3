"""The normalised price and its inversion, against closed forms of the standard library."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from bot.pricing.inversion import total_deviation

NORMAL = NormalDist()


def normalised_price(distance: float, deviation: float) -> float:
    d1 = distance / deviation + deviation / 2
    upper = math.exp(distance / 2) * NORMAL.cdf(d1)
    return upper - math.exp(-distance / 2) * NORMAL.cdf(d1 - deviation)


@pytest.mark.parametrize("deviation", [1e-3, 0.05, 0.5, 2.0, 6.0])
def test_at_the_money_the_price_is_an_error_function(deviation: float) -> None:
    target = np.array([math.erf(deviation / math.sqrt(8))])
    assert total_deviation(np.zeros(1), target) == pytest.approx(deviation, rel=1e-12)


@pytest.mark.parametrize("distance", [-1e-4, -0.02, -0.3, -1.0, -2.5])
def test_on_both_sides_of_the_inflection_point_the_deviation_comes_back(distance: float) -> None:
    bent = math.sqrt(-2 * distance)
    deviations = bent * np.array([0.3, 0.7, 0.999, 1.0, 1.001, 1.5, 2.5])
    targets = np.array([normalised_price(distance, deviation) for deviation in deviations])
    solved = total_deviation(np.full(7, distance), targets)
    np.testing.assert_allclose(solved, deviations, rtol=1e-9)


def test_a_price_finer_than_its_own_rounding_has_no_deviation() -> None:
    solved = total_deviation(np.array([-1e-10, -0.1]), np.array([5e-14, 0.05]))
    assert np.isnan(solved).tolist() == [True, False]
