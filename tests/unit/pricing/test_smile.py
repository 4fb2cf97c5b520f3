"""Volatility between quotes, and the strike of a delta under a smile."""

import math

import numpy as np
import pytest

from bot.pricing import black76
from bot.pricing.smile import (
    Smile,
    smile_from_quotes,
    usual_vix_smile,
    usual_vix_volatility,
)

NAN = math.nan


def call_delta(smile: Smile, strike: float, years: float, rate: float) -> float:
    volatility = smile.volatility(strike)
    return float(black76.greeks(smile.forward, strike, years, volatility, rate, is_call=True).delta)


class TestVolatility:
    def test_quotes_give_themselves_back_in_any_order(self) -> None:
        smile = smile_from_quotes([25.0, 15.0, 20.0], [1.2, 0.7, 0.9], 20.0)
        np.testing.assert_allclose(smile.volatility([15.0, 20.0, 25.0]), [0.7, 0.9, 1.2])

    def test_halfway_in_log_moneyness_is_halfway_in_volatility(self) -> None:
        smile = smile_from_quotes([16.0, 25.0], [0.8, 1.0], 20.0)
        assert smile.volatility(20.0) == pytest.approx(0.9)

    def test_beyond_the_quotes_it_stays_at_the_outermost(self) -> None:
        smile = smile_from_quotes([16.0, 25.0], [0.8, 1.0], 20.0)
        np.testing.assert_array_equal(smile.volatility([1.0, 200.0]), [0.8, 1.0])

    def test_unsound_points_are_left_out(self) -> None:
        strikes = [16.0, 18.0, 19.0, 0.0, -2.0, NAN, 20.5, math.inf, 25.0]
        volatilities = [0.8, NAN, 0.0, 3.0, 3.0, 3.0, -1.0, 3.0, 1.0]
        smile = smile_from_quotes(strikes, volatilities, 20.0)
        assert smile.volatilities.tolist() == [0.8, 1.0]
        np.testing.assert_allclose(smile.log_moneyness, np.log([0.8, 1.25]))

    def test_a_strike_quoted_twice_counts_with_its_mean(self) -> None:
        smile = smile_from_quotes([20.0, 25.0, 20.0], [0.8, 1.0, 0.9], 20.0)
        assert smile.volatilities == pytest.approx([0.85, 1.0])

    def test_one_point_is_a_flat_smile(self) -> None:
        assert smile_from_quotes([20.0], [0.9], 20.0).volatility(35.0) == 0.9

    def test_at_an_impossible_strike_it_is_unknown(self) -> None:
        smile = smile_from_quotes([20.0], [0.9], 20.0)
        assert np.isnan(smile.volatility([0.0, -5.0, NAN])).all()

    @pytest.mark.parametrize(
        ("volatility", "forward"), [(NAN, 20.0), (0.9, 0.0), (0.9, NAN), (0.9, math.inf)]
    )
    def test_without_points_or_forward_it_knows_nothing(
        self, volatility: float, forward: float
    ) -> None:
        smile = smile_from_quotes([20.0], [volatility], forward)
        assert np.isnan(smile.volatility([15.0, 20.0])).all()
        assert math.isnan(smile.strike_for_delta(0.3, 20.0, 0.2, 0.0))

    @pytest.mark.parametrize(
        ("strikes", "volatilities"), [([20.0, 25.0], [0.9]), ([[20.0]], [[0.9]])]
    )
    def test_strikes_and_volatilities_must_belong_together(
        self, strikes: list[float], volatilities: list[float]
    ) -> None:
        with pytest.raises(ValueError, match="one equal length"):
            smile_from_quotes(strikes, volatilities, 20.0)

    def test_its_arrays_cannot_be_changed(self) -> None:
        smile = smile_from_quotes([20.0], [0.9], 20.0)
        for points in (smile.volatilities, smile.log_moneyness):
            with pytest.raises(ValueError, match="read-only"):
                points[0] = 1.0


class TestStrikeForDelta:
    @pytest.mark.parametrize(
        ("days", "volatility", "ratio", "premium_percent"),
        [
            (30, 0.85, 1.17, 4.1),
            (30, 1.00, 1.21, 4.7),
            (30, 1.30, 1.30, 5.9),
            (60, 0.85, 1.27, 5.5),
            (60, 1.00, 1.34, 6.3),
            (60, 1.30, 1.51, 7.8),
            (90, 0.85, 1.36, 6.6),
            (90, 1.00, 1.46, 7.5),
            (90, 1.30, 1.72, 9.1),
        ],
    )
    def test_thirty_delta_strikes_and_premiums_are_the_published_ones(
        self, days: int, volatility: float, ratio: float, premium_percent: float
    ) -> None:
        years = days / 365
        strike = smile_from_quotes([1.0], [volatility], 1.0).strike_for_delta(
            0.30, 1.0, years, 0.0375
        )
        assert strike == pytest.approx(ratio, abs=0.00501)
        premium = black76.price(1.0, strike, years, volatility, 0.0375, is_call=True)
        assert 100 * premium == pytest.approx(premium_percent, abs=0.0501)

    def test_the_worked_example_costs_114_dollars(self) -> None:
        smile = smile_from_quotes([18.0], [1.0], 18.0)
        strike = smile.strike_for_delta(0.30, 18.0, 60 / 365, 0.0375)
        assert round(strike) == 24
        premium = black76.price(18.0, strike, 60 / 365, 1.0, 0.0375, is_call=True)
        assert 100 * premium == pytest.approx(114, abs=1)

    @pytest.mark.parametrize("delta", [0.01, 0.10, 0.30, 0.50, 0.70, 0.95])
    def test_under_a_skew_the_delta_at_the_strikes_own_volatility_is_met(
        self, delta: float
    ) -> None:
        smile = smile_from_quotes([14.0, 18.0, 24.0, 40.0], [0.6, 0.8, 1.1, 1.4], 18.0)
        strike = smile.strike_for_delta(delta, 18.0, 60 / 365, 0.04)
        assert call_delta(smile, strike, 60 / 365, 0.04) == pytest.approx(delta, abs=1e-9)

    def test_the_upward_skew_moves_the_strike_out(self) -> None:
        skewed = smile_from_quotes([18.0, 30.0], [0.8, 1.3], 18.0)
        flat = smile_from_quotes([18.0], [0.8], 18.0)
        case = (0.30, 18.0, 60 / 365, 0.04)
        assert skewed.strike_for_delta(*case) > flat.strike_for_delta(*case)

    def test_a_moved_forward_carries_the_smile_along(self) -> None:
        smile = smile_from_quotes([14.0, 18.0, 30.0], [0.6, 0.8, 1.3], 18.0)
        here = smile.strike_for_delta(0.30, 18.0, 0.2, 0.04)
        assert smile.strike_for_delta(0.30, 36.0, 0.2, 0.04) == pytest.approx(2 * here)

    @pytest.mark.parametrize(
        ("delta", "forward", "years", "rate"),
        [
            (0.0, 18.0, 0.2, 0.04),
            (-0.3, 18.0, 0.2, 0.04),
            (0.999, 18.0, 0.2, 0.04),
            (1.0, 18.0, 0.2, 0.0),
            (NAN, 18.0, 0.2, 0.04),
            (0.3, 18.0, 0.0, 0.04),
            (0.3, 18.0, -0.1, 0.04),
            (0.3, 0.0, 0.2, 0.04),
            (0.3, NAN, 0.2, 0.04),
            (0.3, 18.0, NAN, 0.04),
        ],
    )
    def test_an_unreachable_delta_has_no_strike(
        self, delta: float, forward: float, years: float, rate: float
    ) -> None:
        smile = smile_from_quotes([18.0, 30.0], [0.8, 1.3], 18.0)
        assert math.isnan(smile.strike_for_delta(delta, forward, years, rate))


@pytest.mark.parametrize(
    ("strike", "days", "expected"),
    [
        (20.0, 30.0, 0.85),
        (20.0, 0.0, 0.85 * 30.0**0.3),
        (20.0 * np.e, 30.0, 1.35),
        (1.0, 30.0, 0.30),
        (20.0, 120.0, 0.85 * 0.25**0.3),
    ],
)
def test_an_ordinary_vix_smile_rises_with_the_strike_and_falls_with_the_tenor(
    strike: float, days: float, expected: float
) -> None:
    assert usual_vix_volatility(strike, 20.0, days) == pytest.approx(expected)
    assert usual_vix_smile([strike], 20.0, days).volatility(strike) == pytest.approx(expected)
