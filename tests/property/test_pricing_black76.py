"""What must hold for any option on a forward."""

import math

from hypothesis import given
from hypothesis import strategies as st

from bot.pricing import black76

forwards = st.floats(5.0, 100.0)
moneyness = st.floats(-1.5, 1.5)
years = st.floats(1 / 365, 2.0)
volatilities = st.floats(0.05, 3.0)
rates = st.floats(-0.02, 0.08)


@given(
    forward=forwards,
    distance=moneyness,
    term=years,
    volatility=volatilities,
    rate=rates,
    is_call=st.booleans(),
)
def test_a_price_gives_its_volatility_back(
    forward: float, distance: float, term: float, volatility: float, rate: float, *, is_call: bool
) -> None:
    """Where the rounding of the price moves volatility by less than a billionth."""
    strike = forward * math.exp(distance)
    case = (forward, strike, term)
    price = float(black76.price(*case, volatility, rate, is_call))
    vega = float(black76.greeks(*case, volatility, rate, is_call).vega)
    solved = float(black76.implied_volatility(price, *case, rate, is_call))
    if vega > 1e-4 * forward:
        assert math.isclose(solved, volatility, abs_tol=1e-9)
    elif not math.isnan(solved):
        back = float(black76.price(*case, solved, rate, is_call))
        assert math.isclose(back, price, abs_tol=1e-13 * (forward + strike))


@given(forwards, moneyness, years, volatilities, rates)
def test_values_stay_inside_their_bounds(
    forward: float, distance: float, term: float, volatility: float, rate: float
) -> None:
    strike, discount = forward * math.exp(distance), math.exp(-rate * term)
    call = float(black76.price(forward, strike, term, volatility, rate, is_call=True))
    put = float(black76.price(forward, strike, term, volatility, rate, is_call=False))
    room = 1e-13 * (forward + strike)
    assert discount * max(forward - strike, 0.0) - room <= call <= discount * forward + room
    assert discount * max(strike - forward, 0.0) - room <= put <= discount * strike + room
    assert math.isclose(call - put, discount * (forward - strike), abs_tol=room)


@given(forwards, moneyness, years, volatilities, st.floats(1.001, 2.0))
def test_more_volatility_is_never_cheaper(
    forward: float, distance: float, term: float, volatility: float, factor: float
) -> None:
    case = (forward, forward * math.exp(distance), term)
    calm = black76.price(*case, volatility, 0.0, is_call=True)
    wild = black76.price(*case, volatility * factor, 0.0, is_call=True)
    assert wild >= calm - 1e-13 * forward
