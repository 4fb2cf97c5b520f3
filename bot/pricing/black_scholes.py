"""European options on an index that pays a continuous dividend yield: SPX.

The forward of the index turns every question into one of `bot.pricing.black76`, so this module only
carries sensitivities from the forward back to spot. Shapes, units and edges are those of
`bot.pricing.black76`; an expired option is valued at spot.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bot.pricing import black76
from bot.pricing.arrays import FloatArray, as_floats
from bot.pricing.black76 import Greeks


class Index(NamedTuple):
    """What an index option stands on; each part may be a scalar or an array."""

    spot: ArrayLike
    """Level of the index, in points."""
    rate: ArrayLike
    """Continuous yearly interest rate as a fraction."""
    dividend_yield: ArrayLike
    """Continuous yearly dividend yield as a fraction."""

    def forward(self, year_fraction: ArrayLike) -> FloatArray:
        """Give S e^((r - q) T), and spot where the year fraction is not positive."""
        return np.asarray(as_floats(self.spot) * self.growth(year_fraction), dtype=np.float64)

    def growth(self, year_fraction: ArrayLike) -> FloatArray:
        """Give forward over spot, e^((r - q) T), and 1 where the option is expired."""
        left = np.maximum(as_floats(year_fraction), 0.0)
        return np.asarray(np.exp(self.carry() * left), dtype=np.float64)

    def carry(self) -> FloatArray:
        """Give the yearly growth rate of the forward, r - q."""
        return as_floats(self.rate) - as_floats(self.dividend_yield)


def price(
    index: Index,
    strike: ArrayLike,
    year_fraction: ArrayLike,
    volatility: ArrayLike,
    is_call: ArrayLike,
) -> FloatArray:
    """Value options on an index, in points.

    Args:
        index: Spot, rate and dividend yield.
        strike: Strike, in points.
        year_fraction: Years to settlement, ACT/365.
        volatility: Yearly volatility as a fraction.
        is_call: True for a call, false for a put.

    Returns:
        The present value in points, of the common shape of the arguments.
    """
    forward = index.forward(year_fraction)
    return black76.price(forward, strike, year_fraction, volatility, index.rate, is_call)


def greeks(
    index: Index,
    strike: ArrayLike,
    year_fraction: ArrayLike,
    volatility: ArrayLike,
    is_call: ArrayLike,
) -> Greeks:
    """Give delta and gamma per point of spot, vega per 1.00 of volatility, theta per calendar day.

    The arguments are those of `price`. Theta holds spot, so that the forward slides along its
    carry while time passes: theta = theta76 - delta76 (r - q) F / 365.
    """
    years = as_floats(year_fraction)
    forward, growth = index.forward(years), index.growth(years)
    inner = black76.greeks(forward, strike, years, volatility, index.rate, is_call)
    drift = np.where(years > 0.0, index.carry(), 0.0) * forward / black76.DAYS_PER_YEAR
    return Greeks(
        delta=inner.delta * growth,
        gamma=inner.gamma * growth * growth,
        vega=inner.vega,
        theta=inner.theta - inner.delta * drift,
    )


def implied_volatility(
    price: ArrayLike,
    index: Index,
    strike: ArrayLike,
    year_fraction: ArrayLike,
    is_call: ArrayLike,
) -> FloatArray:
    """Find the volatility at which `price` gives the price, nan where none can be told.

    When it is nan and how exact it is stands in `bot.pricing.black76.implied_volatility`.
    """
    forward = index.forward(year_fraction)
    return black76.implied_volatility(price, forward, strike, year_fraction, index.rate, is_call)
