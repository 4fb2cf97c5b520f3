"""Index options against QuantLib, finite differences and the model on the forward."""

import itertools
import math

import numpy as np
import pytest
import QuantLib as ql  # noqa: N813 - the library's own customary name

from bot.pricing import black76, black_scholes
from bot.pricing.black_scholes import Index

SPOT = 5000.0
GRID = np.array(
    list(
        itertools.product(
            (3000.0, 4800.0, 5000.0, 5010.0, 7500.0),
            (1 / 365, 45 / 365, 2.0),
            (0.05, 0.2, 3.0),
            (0.0, -0.01, 0.06),
            (0.0, 0.013),
            (1.0, 0.0),
        )
    )
)
STRIKES, YEARS, VOLATILITIES, RATES, YIELDS, CALLS = GRID.T
INDEX = Index(SPOT, RATES, YIELDS)


def quantlib_row(row: tuple[float, ...]) -> tuple[float, ...]:
    strike, years, volatility, rate, dividend_yield, call = row
    payoff = ql.PlainVanillaPayoff(ql.Option.Call if call > 0.5 else ql.Option.Put, strike)
    forward = SPOT * math.exp((rate - dividend_yield) * years)
    deviation, discount = volatility * math.sqrt(years), math.exp(-rate * years)
    oracle = ql.BlackCalculator(payoff, forward, deviation, discount)
    theta = oracle.theta(SPOT, years) / 365.0
    return oracle.value(), oracle.delta(SPOT), oracle.gamma(SPOT), oracle.vega(years), theta


QUANTLIB = np.array([quantlib_row(tuple(row)) for row in GRID]).T


def test_prices_agree_with_quantlib_on_the_whole_grid() -> None:
    ours = black_scholes.price(INDEX, STRIKES, YEARS, VOLATILITIES, CALLS > 0.5)
    np.testing.assert_allclose(ours, QUANTLIB[0], rtol=0, atol=1e-9)


@pytest.mark.parametrize(("name", "row"), [("delta", 1), ("gamma", 2), ("vega", 3), ("theta", 4)])
def test_greeks_agree_with_quantlib_on_the_whole_grid(name: str, row: int) -> None:
    ours = black_scholes.greeks(INDEX, STRIKES, YEARS, VOLATILITIES, CALLS > 0.5)
    np.testing.assert_allclose(getattr(ours, name), QUANTLIB[row], rtol=1e-9, atol=1e-9)


def test_delta_and_theta_are_slopes_with_spot_held() -> None:
    def at(spot: float = SPOT, later: float = 0.0) -> float:
        index = Index(spot, 0.05, 0.013)
        return float(black_scholes.price(index, 5100.0, 0.25 - later, 0.2, is_call=False))

    greeks = black_scholes.greeks(Index(SPOT, 0.05, 0.013), 5100.0, 0.25, 0.2, is_call=False)
    assert greeks.delta == pytest.approx((at(SPOT + 0.1) - at(SPOT - 0.1)) / 0.2, abs=1e-7)
    hour = 1 / (24 * 365)
    assert greeks.theta == pytest.approx((at(later=hour) - at(later=-hour)) * 12, abs=1e-6)


def test_put_call_parity_holds_on_spot_less_dividends() -> None:
    call = black_scholes.price(INDEX, STRIKES, YEARS, VOLATILITIES, is_call=True)
    put = black_scholes.price(INDEX, STRIKES, YEARS, VOLATILITIES, is_call=False)
    held = SPOT * np.exp(-YIELDS * YEARS) - STRIKES * np.exp(-RATES * YEARS)
    np.testing.assert_allclose(call - put, held, atol=1e-9)


def test_quantlib_prices_give_their_volatility_back() -> None:
    value, vega = QUANTLIB[0], QUANTLIB[3]
    solved = black_scholes.implied_volatility(value, INDEX, STRIKES, YEARS, CALLS > 0.5)
    told = vega > 1e-3
    room = 1e-10 + 1e-11 / vega[told]
    assert (np.abs(solved - VOLATILITIES)[told] < room).all()
    assert told.sum() > 300


def test_without_carry_it_is_the_model_on_the_forward() -> None:
    ours = black_scholes.greeks(Index(20.0, 0.03, 0.03), 24.0, 0.2, 0.9, is_call=True)
    on_forward = black76.greeks(20.0, 24.0, 0.2, 0.9, 0.03, is_call=True)
    np.testing.assert_array_equal(ours, on_forward)


@pytest.mark.parametrize("years", [0.0, -0.5])
def test_an_expired_option_is_valued_at_spot(years: float) -> None:
    index = Index(SPOT, 0.05, 0.013)
    assert index.forward(years) == SPOT
    assert black_scholes.price(index, 4900.0, years, 0.2, is_call=True) == 100.0
    greeks = black_scholes.greeks(index, 4900.0, years, 0.2, is_call=True)
    assert [float(greek) for greek in greeks] == [1.0, 0.0, 0.0, 0.0]
    assert math.isnan(black_scholes.implied_volatility(150.0, index, 4900.0, years, is_call=True))


def test_an_unknown_number_is_never_priced() -> None:
    index = Index(SPOT, 0.05, math.nan)
    assert math.isnan(black_scholes.price(index, 4900.0, 0.1, 0.2, is_call=True))
    assert np.isnan(black_scholes.greeks(index, 4900.0, 0.1, 0.2, is_call=True)).all()
