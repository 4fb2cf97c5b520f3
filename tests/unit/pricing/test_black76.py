"""Black-76 against QuantLib, finite differences, hand-worked values and its defined edges."""

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest
import QuantLib as ql  # noqa: N813 - the library's own customary name

from bot.pricing import black76

FORWARD = 20.0
GRID = np.array(
    list(
        itertools.product(
            (4.0, 10.0, 18.0, 20.0, 20.5, 35.0, 90.0),
            (1 / 365, 30 / 365, 0.5, 2.0),
            (0.05, 0.6, 1.0, 3.0),
            (0.0, -0.01, 0.06),
            (1.0, 0.0),
        )
    )
)
STRIKES, YEARS, VOLATILITIES, RATES, CALLS = GRID.T
ARGUMENTS = (FORWARD, STRIKES, YEARS, VOLATILITIES, RATES, CALLS > 0.5)


def quantlib_rows() -> Iterator[tuple[float, ...]]:
    for strike, years, volatility, rate, call in GRID:
        kind = ql.Option.Call if call > 0.5 else ql.Option.Put
        payoff = ql.PlainVanillaPayoff(kind, strike)
        deviation = volatility * math.sqrt(years)
        oracle = ql.BlackCalculator(payoff, FORWARD, deviation, math.exp(-rate * years))
        yield (
            oracle.value(),
            oracle.deltaForward(),
            oracle.gammaForward(),
            oracle.vega(years),
            # With the forward as its spot, the oracle's theta holds the forward still.
            oracle.theta(FORWARD, years) / 365.0,
        )


QUANTLIB = np.array(list(quantlib_rows())).T


def test_prices_agree_with_quantlib_on_the_whole_grid() -> None:
    np.testing.assert_allclose(black76.price(*ARGUMENTS), QUANTLIB[0], rtol=0, atol=1e-9)


@pytest.mark.parametrize(("name", "row"), [("delta", 1), ("gamma", 2), ("vega", 3), ("theta", 4)])
def test_greeks_agree_with_quantlib_on_the_whole_grid(name: str, row: int) -> None:
    ours = getattr(black76.greeks(*ARGUMENTS), name)
    np.testing.assert_allclose(ours, QUANTLIB[row], rtol=1e-9, atol=1e-9)


def test_greeks_are_the_slopes_of_the_price() -> None:
    """Central differences know nothing of the closed forms or of their units."""
    strike, years, rate = 24.0, 60 / 365, 0.0375
    step, day = 1e-4, 1 / 365

    def at(forward: float = 18.0, volatility: float = 1.0, later: float = 0.0) -> float:

        return float(black76.price(forward, strike, years - later, volatility, rate, is_call=True))

    greeks = black76.greeks(18.0, strike, years, 1.0, rate, is_call=True)
    up, down = at(forward=18.0 + step), at(forward=18.0 - step)
    assert greeks.delta == pytest.approx((up - down) / (2 * step), abs=1e-7)
    assert greeks.gamma == pytest.approx((up - 2 * at() + down) / step**2, abs=1e-5)
    vega = (at(volatility=1.0 + step) - at(volatility=1.0 - step)) / (2 * step)
    assert greeks.vega == pytest.approx(vega, abs=1e-6)
    tiny = 1e-3
    theta = (at(later=tiny * day) - at(later=-tiny * day)) / (2 * tiny)
    assert greeks.theta == pytest.approx(theta, abs=1e-7)


@pytest.mark.parametrize(
    ("days", "volatility", "strike_ratio", "premium_percent"),
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
def test_thirty_delta_calls_have_the_published_magnitudes(
    days: int, volatility: float, strike_ratio: float, premium_percent: float
) -> None:
    """The printed strikes are rounded to a hundredth, so each is 30 delta within that rounding."""
    years = days / 365
    edges = np.array([strike_ratio - 0.005, strike_ratio + 0.005])
    low, high = black76.greeks(1.0, edges, years, volatility, 0.0375, is_call=True).delta
    assert low > 0.30 > high
    dear, cheap = 100 * black76.price(1.0, edges, years, volatility, 0.0375, is_call=True)
    assert dear > premium_percent - 0.05
    assert cheap < premium_percent + 0.05


def test_a_sixty_day_call_gains_two_and_a_half_dollars_per_volatility_point() -> None:
    greeks = black76.greeks(18.0, 24.0, 60 / 365, 1.0, 0.0375, is_call=True)
    usd_per_point = 100 * float(greeks.vega) / 100
    assert usd_per_point == pytest.approx(2.5, abs=0.1)


def test_put_call_parity_holds_for_value_and_delta() -> None:
    calls = (FORWARD, STRIKES, YEARS, VOLATILITIES, RATES)
    discount = np.exp(-RATES * YEARS)
    gap = black76.price(*calls, is_call=True) - black76.price(*calls, is_call=False)
    np.testing.assert_allclose(gap, discount * (FORWARD - STRIKES), atol=1e-12)
    call, put = black76.greeks(*calls, is_call=True), black76.greeks(*calls, is_call=False)
    np.testing.assert_allclose(call.delta - put.delta, discount, atol=1e-14)


class TestEdges:
    def test_an_expired_option_is_worth_its_undiscounted_intrinsic_value(self) -> None:
        values = black76.price(20.0, [15.0, 20.0, 25.0], [0.0, -0.1, -0.1], 1.0, 0.05, is_call=True)
        np.testing.assert_array_equal(values, [5.0, 0.0, 0.0])
        values = black76.price(20.0, [15.0, 20.0, 25.0], -0.1, 1.0, 0.05, is_call=False)
        np.testing.assert_array_equal(values, [0.0, 0.0, 5.0])

    def test_a_still_forward_gives_the_discounted_intrinsic_value(self) -> None:
        values = black76.price(20.0, [15.0, 25.0], 2.0, 0.0, 0.05, is_call=[True, False])
        np.testing.assert_allclose(values, [5.0 * math.exp(-0.1)] * 2, rtol=1e-15)

    @pytest.mark.parametrize(("years", "volatility"), [(0.0, 1.0), (-1.0, 1.0)])
    def test_the_greeks_of_an_expired_option_are_a_step(
        self, years: float, volatility: float
    ) -> None:
        strikes = [15.0, 20.0, 25.0]
        call = black76.greeks(20.0, strikes, years, volatility, 0.05, is_call=True)
        put = black76.greeks(20.0, strikes, years, volatility, 0.05, is_call=False)
        np.testing.assert_array_equal(call.delta, [1.0, 0.5, 0.0])
        np.testing.assert_array_equal(put.delta, [0.0, -0.5, -1.0])
        for still in (call.gamma, call.vega, call.theta, put.gamma, put.vega, put.theta):
            np.testing.assert_array_equal(still, np.zeros(3))

    def test_the_greeks_of_a_still_forward_are_a_discounted_step_that_earns_interest(self) -> None:
        greeks = black76.greeks(20.0, [15.0, 25.0], 2.0, 0.0, 0.05, is_call=True)
        np.testing.assert_allclose(greeks.delta, [math.exp(-0.1), 0.0], rtol=1e-15)
        np.testing.assert_array_equal(greeks.gamma, [0.0, 0.0])
        np.testing.assert_array_equal(greeks.vega, [0.0, 0.0])
        expected = 0.05 * 5.0 * math.exp(-0.1) / 365
        np.testing.assert_allclose(greeks.theta, [expected, 0.0], rtol=1e-12)

    @pytest.mark.parametrize("place", range(5))
    @pytest.mark.parametrize("bad", [math.nan, math.inf])
    def test_an_unknown_number_is_never_priced(self, place: int, bad: float) -> None:
        arguments = [20.0, 22.0, 0.25, 0.9, 0.03]
        arguments[place] = bad
        forward, strike, years, volatility, rate = arguments
        case = (forward, strike, years, volatility, rate)
        assert math.isnan(black76.price(*case, is_call=True))
        assert np.isnan(black76.greeks(*case, is_call=False)).all()

    @pytest.mark.parametrize(
        "arguments",
        [(0.0, 22.0, 0.25, 0.9), (20.0, -1.0, 0.25, 0.9), (20.0, 22.0, 0.25, -0.9)],
        ids=["forward", "strike", "volatility"],
    )
    def test_impossible_numbers_are_never_priced(
        self, arguments: tuple[float, float, float, float]
    ) -> None:
        assert math.isnan(black76.price(*arguments, 0.03, is_call=False))
        assert np.isnan(black76.greeks(*arguments, 0.03, is_call=True)).all()

    def test_far_out_of_the_money_no_price_is_negative(self) -> None:
        prices = black76.price(20.0, np.linspace(21.0, 60.0, 400), 0.01, 0.3, 0.03, is_call=True)
        assert (prices >= 0.0).all()


def test_all_arguments_broadcast_and_scalars_give_a_scalar_shape() -> None:
    strikes, years = np.array([18.0, 20.0, 25.0]), np.array([[0.1], [0.5]])
    table = black76.price(20.0, strikes, years, 0.9, 0.03, is_call=True)
    assert table.shape == (2, 3)
    assert table[1, 2] == black76.price(20.0, 25.0, 0.5, 0.9, 0.03, is_call=True)
    for greek in black76.greeks(20.0, strikes, years, 0.9, 0.03, is_call=True):
        assert greek.shape == (2, 3)
    assert black76.price(20.0, 25.0, 0.5, 0.9, 0.03, is_call=True).shape == ()
    assert black76.implied_volatility(table, 20.0, strikes, years, 0.03, is_call=True).shape == (
        2,
        3,
    )


class TestImpliedVolatility:
    def test_quantlib_prices_give_their_volatility_back(self) -> None:
        """The last digits of an in-the-money price are rounding, which vega translates."""
        forward, strikes, years, _, rates, calls = ARGUMENTS
        value, _, _, vega, _ = QUANTLIB
        intrinsic = np.maximum(np.where(calls, forward - strikes, strikes - forward), 0.0)
        told = value * np.exp(rates * years) - intrinsic > 1e-8
        solved = black76.implied_volatility(value, forward, strikes, years, rates, calls)
        room = 1e-9 + 1e-13 / vega[told]
        assert (np.abs(solved - VOLATILITIES)[told] < room).all()
        assert told.sum() > 400

    def test_out_of_the_money_it_is_exact_down_to_the_smallest_prices(self) -> None:
        volatilities = np.geomspace(0.05, 3.0, 40)
        prices = black76.price(20.0, 30.0, 0.1, volatilities, 0.04, is_call=True)
        solved = black76.implied_volatility(prices, 20.0, 30.0, 0.1, 0.04, is_call=True)
        assert prices[0] < 1e-100
        np.testing.assert_allclose(solved, volatilities, rtol=1e-11)

    @pytest.mark.parametrize("days", [1, 30, 730])
    def test_close_to_the_money_short_and_long_it_is_exact(self, days: int) -> None:
        strikes = 20.0 * np.exp(np.array([-1e-2, -1e-3, -1e-6, 0.0, 1e-6, 1e-3, 1e-2]))
        for volatility in (0.05, 0.3, 1.0, 3.0):
            case = (20.0, strikes, days / 365)
            prices = black76.price(*case, volatility, 0.03, is_call=False)
            solved = black76.implied_volatility(prices, *case, 0.03, is_call=False)
            np.testing.assert_allclose(solved, volatility, rtol=1e-9)

    @pytest.mark.parametrize(
        ("price", "forward", "strike", "years"),
        [
            (4.9, 20.0, 15.0, 0.5),
            (5.0, 20.0, 15.0, 0.5),
            (5.0 + 1e-15, 20.0, 15.0, 0.5),
            (20.0, 20.0, 15.0, 0.5),
            (0.0, 20.0, 25.0, 0.5),
            (-1.0, 20.0, 25.0, 0.5),
            (1.0, 0.0, 25.0, 0.5),
            (1.0, -20.0, -25.0, 0.5),
            (1.0, 20.0, 0.0, 0.5),
            (1.0, 20.0, 25.0, 0.0),
            (1.0, 20.0, 25.0, -0.5),
            (math.nan, 20.0, 25.0, 0.5),
            (math.inf, 20.0, 25.0, 0.5),
            (1.0, math.nan, 25.0, 0.5),
            (1.0, math.inf, 25.0, 0.5),
            (1.0, 20.0, math.inf, 0.5),
            (1.0, 20.0, 25.0, math.inf),
            (1.0, 20.0, 25.0, math.nan),
            (1e-12, 20.0, 20.0 * (1 + 1e-10), 0.5),
        ],
    )
    def test_where_none_can_be_told_it_is_nan(
        self, price: float, forward: float, strike: float, years: float
    ) -> None:
        solved = black76.implied_volatility(price, forward, strike, years, 0.0, is_call=True)
        assert math.isnan(solved)

    def test_a_hopeless_quote_does_not_touch_its_neighbours(self) -> None:
        prices = [1.0, 1e-12, math.nan, 0.5]
        strikes = [22.0, 20.0 * (1 + 1e-10), 25.0, 26.0]
        solved = black76.implied_volatility(prices, 20.0, strikes, 0.25, 0.0, is_call=True)
        np.testing.assert_array_equal(np.isnan(solved), [False, True, True, False])
        back = black76.price(20.0, strikes, 0.25, solved, 0.0, is_call=True)
        np.testing.assert_allclose(back[[0, 3]], [1.0, 0.5], rtol=1e-12)

    def test_no_quotes_give_no_volatilities(self) -> None:
        assert black76.implied_volatility([], 20.0, [], 0.25, 0.0, is_call=True).shape == (0,)
