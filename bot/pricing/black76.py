"""European options on a forward: value, greeks and implied volatility (Black-76).

A VIX option is priced on the VIX future that settles with it, never on spot VIX (domain.md
section 1.6), so this model is the one the bot decides with. Options on an index with a dividend
yield reduce to it in `bot.pricing.black_scholes`; where the forward comes from is the job of
`bot.pricing.forward`.

Every argument may be a scalar or an array and all broadcast against each other; the answer has
the common shape. Units: forward, strike and price in index points, year fraction ACT/365,
volatility and rate as continuous yearly fractions (1.00 = 100 %).

Edges, the same in all functions:

* A year fraction of zero or less is an expired option: its value is the intrinsic value, not
  discounted.
* A volatility of zero gives the discounted intrinsic value.
* In both cases delta is a step: 0 out of the money, the (discounted) sign in the money, half of it
  exactly at the strike; gamma and vega are zero, theta is only the interest on the value.
* A forward or strike that is not positive, a negative volatility, a nan or an infinity gives nan.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from bot.pricing.arrays import BoolArray, FloatArray, as_bools, as_floats
from bot.pricing.inversion import total_deviation

DAYS_PER_YEAR = 365.0

_INVERSE_ROOT_TWO_PI = 1.0 / np.sqrt(2.0 * np.pi)
_EPSILON = float(np.finfo(np.float64).eps)
_TINY = float(np.finfo(np.float64).tiny)
# An in-the-money price carries rounding of this many epsilons of forward plus strike.
_NOISE_EPSILONS = 4.0


class Greeks(NamedTuple):
    """Sensitivities of one option on one unit of the underlying, as arrays of a common shape."""

    delta: FloatArray
    """Change of the price per point of the forward (of spot in `black_scholes`)."""
    gamma: FloatArray
    """Change of delta per point of the forward (of spot in `black_scholes`)."""
    vega: FloatArray
    """Change of the price per 1.00 of volatility; a hundredth of it per volatility point."""
    theta: FloatArray
    """Change of the price per calendar day that passes, forward (or spot) and volatility held."""


class _Terms(NamedTuple):
    """The parts that value and greeks share, already broadcast where it matters."""

    forward: FloatArray
    strike: FloatArray
    years: FloatArray
    volatility: FloatArray
    rate: FloatArray
    sign: FloatArray
    discount: FloatArray
    d1: FloatArray
    d2: FloatArray
    alive: BoolArray

    @property
    def value(self) -> FloatArray:
        """The price; at zero deviation the normal terms are the step of the intrinsic value."""
        call_put = self.sign
        held = self.forward * ndtr(call_put * self.d1) - self.strike * ndtr(call_put * self.d2)
        # Far out of the money the difference of the terms can round to just below zero.
        return np.asarray(self.discount * np.maximum(call_put * held, 0.0), dtype=np.float64)


@np.errstate(all="ignore")
def price(
    forward: ArrayLike,
    strike: ArrayLike,
    year_fraction: ArrayLike,
    volatility: ArrayLike,
    rate: ArrayLike,
    is_call: ArrayLike,
) -> FloatArray:
    """Value options on a forward (domain.md section 1.6).

    Args:
        forward: Forward for the settlement of the option, in points.
        strike: Strike, in points.
        year_fraction: Years to settlement, ACT/365.
        volatility: Yearly volatility of the forward as a fraction.
        rate: Continuous yearly interest rate as a fraction; may be negative.
        is_call: True for a call, false for a put.

    Returns:
        The present value in points, of the common shape of the arguments.
    """
    return _terms(forward, strike, year_fraction, volatility, rate, is_call).value


@np.errstate(all="ignore")
def greeks(
    forward: ArrayLike,
    strike: ArrayLike,
    year_fraction: ArrayLike,
    volatility: ArrayLike,
    rate: ArrayLike,
    is_call: ArrayLike,
) -> Greeks:
    """Give delta, gamma, vega and theta with respect to the forward.

    The arguments are those of `price`; units stand in `Greeks`. Delta of a call is
    e^(-rT) N(d1), so that call delta minus put delta is the discount factor, not one.
    """
    t = _terms(forward, strike, year_fraction, volatility, rate, is_call)
    root_years = np.sqrt(np.maximum(t.years, 0.0))
    delta = t.discount * t.sign * ndtr(t.sign * t.d1)
    density = np.where(t.alive, _INVERSE_ROOT_TWO_PI * np.exp(-0.5 * t.d1 * t.d1), 0.0)
    density = np.where(np.isnan(delta), np.nan, density)
    weight = t.discount * density
    deviation = np.where(t.alive, t.volatility * root_years, 1.0)
    vega = weight * t.forward * root_years
    decay = 0.5 * weight * t.forward * t.volatility / np.where(t.alive, root_years, 1.0)
    interest = np.where(t.years > 0.0, t.rate, 0.0) * t.value
    return Greeks(
        delta=np.asarray(delta, dtype=np.float64),
        gamma=np.asarray(weight / (t.forward * deviation), dtype=np.float64),
        vega=np.asarray(vega, dtype=np.float64),
        theta=np.asarray((interest - decay) / DAYS_PER_YEAR, dtype=np.float64),
    )


@np.errstate(all="ignore")
def implied_volatility(
    price: ArrayLike,
    forward: ArrayLike,
    strike: ArrayLike,
    year_fraction: ArrayLike,
    rate: ArrayLike,
    is_call: ArrayLike,
) -> FloatArray:
    """Find the volatility at which `price` gives the price.

    The answer is nan where no volatility can be told: an input is nan or infinite, price, forward,
    strike or year fraction is not positive, the price is below intrinsic value or not below
    its upper bound (the discounted forward for a call, strike for a put), or the time value
    drowns in the rounding of the price.

    The solver is exact to about 1e-14; what remains is the rounding of an in-the-money price, which
    enters divided by vega: about 1e-8 where the time value of a VIX option exceeds 1e-8 points.
    """
    quoted, forwards, strikes, years, rates, calls = np.broadcast_arrays(
        as_floats(price),
        as_floats(forward),
        as_floats(strike),
        as_floats(year_fraction),
        as_floats(rate),
        as_bools(is_call),
    )
    time_value = _time_value(quoted * np.exp(rates * years), forwards, strikes, calls)
    log_moneyness = -np.abs(np.log(forwards / strikes))
    target = time_value / np.sqrt(forwards * strikes)
    solvable = (years > 0.0) & (quoted > 0.0) & (forwards > 0.0) & (strikes > 0.0)
    solvable &= np.isfinite(target) & (target > _TINY) & (target < np.exp(0.5 * log_moneyness))
    solved = np.full(solvable.shape, np.nan)
    deviation = total_deviation(log_moneyness[solvable], target[solvable])
    solved[solvable] = deviation / np.sqrt(years[solvable])
    return solved


def _terms(
    forward: ArrayLike,
    strike: ArrayLike,
    year_fraction: ArrayLike,
    volatility: ArrayLike,
    rate: ArrayLike,
    is_call: ArrayLike,
) -> _Terms:
    """Compute discount, d1 and d2, with the step as limit where nothing can move any more."""
    forwards, strikes, years = as_floats(forward), as_floats(strike), as_floats(year_fraction)
    volatilities, rates = as_floats(volatility), as_floats(rate)
    left = np.maximum(years, 0.0)
    deviation = volatilities * np.sqrt(left)
    alive = deviation > 0.0
    usable = (forwards > 0.0) & (strikes > 0.0) & (volatilities >= 0.0)
    usable = usable & np.isfinite(forwards + strikes + years + volatilities + rates)
    distance = np.where(usable, np.log(forwards / strikes), np.nan)
    # ln(F/K) / 0 is the infinite step except at the strike, where its limit is 0.
    ratio = np.where((distance == 0.0) & (deviation == 0.0), 0.0, distance / deviation)
    return _Terms(
        forward=forwards,
        strike=strikes,
        years=years,
        volatility=volatilities,
        rate=rates,
        sign=np.where(as_bools(is_call), 1.0, -1.0),
        discount=np.exp(-rates * left),
        d1=ratio + 0.5 * deviation,
        d2=ratio - 0.5 * deviation,
        alive=alive,
    )


def _time_value(
    undiscounted: FloatArray, forward: FloatArray, strike: FloatArray, is_call: BoolArray
) -> FloatArray:
    """Give the undiscounted time value, nan where it is lost in the rounding of the price.

    By parity it is the price of the out-of-the-money option of the same strike, which is what the
    solver works on, for calls and puts alike.
    """
    intrinsic = np.maximum(np.where(is_call, forward - strike, strike - forward), 0.0)
    noise = np.where(intrinsic > 0.0, _NOISE_EPSILONS * _EPSILON * (forward + strike), 0.0)
    time_value = undiscounted - intrinsic
    return np.where(time_value > noise, time_value, np.nan)
