"""Implied volatility across the strikes of one settlement.

Calls on VIX cost more volatility the higher the strike, so a delta taken at one flat volatility
ranks strikes wrongly (domain.md section 1.6). A smile holds the volatilities that were told by
quotes and answers for the strikes between. Which listed strike is bought is the strategy's choice.

Between the points volatility is linear in log-moneyness ln(K/F): a doubtful quote then bends the
smile no further than its neighbours, and no value leaves the range of the quotes, which neither a
spline nor a fitted curve promises. Outside the points it stays at the outermost one, because a
slope taken from a wing's wide quotes is noise.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from bot.pricing.arrays import FloatArray, as_floats

_USUAL_VOLATILITY = 0.85
_USUAL_DAYS = 30.0
_USUAL_DECAY = 0.3
_USUAL_SKEW = 0.5
_LEAST_VOLATILITY = 0.3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Smile:
    """Implied volatility over log-moneyness at one settlement; made by `smile_from_quotes`."""

    forward: float
    """Forward of the settlement, in points."""
    log_moneyness: FloatArray
    """ln(K/F) of the points, strictly increasing."""
    volatilities: FloatArray
    """Yearly volatility at each point as a fraction, above zero."""

    def volatility(self, strikes: ArrayLike) -> FloatArray:
        """Give the volatility at each strike; nan at strikes not above zero or with no points."""
        levels = as_floats(strikes)
        usable = (levels > 0.0) & (self.forward > 0.0) & (self.log_moneyness.size > 0)
        ratio = np.where(usable, levels, np.nan) / self.forward
        return self._at(np.log(ratio))

    def strike_for_delta(
        self, delta: float, forward: float, year_fraction: float, rate: float
    ) -> float:
        """Give the strike at which the Black-76 call delta under the smile is the target.

        The smile moves with the forward (sticky moneyness), so that a forward that has moved since
        the smile was taken asks the same volatilities at the same ln(K/F). Delta here is
        e^(-rT) N(d1), as in `bot.pricing.black76.greeks`. Where a wing is so steep that several
        strikes share the delta, the lowest of them is given.

        Args:
            delta: Call delta to meet, as a fraction.
            forward: Forward of the settlement now, in points.
            year_fraction: Years to settlement, ACT/365.
            rate: Continuous yearly interest rate as a fraction.

        Returns:
            A continuous strike in points, not one of the listed ones; nan where delta does not lie
            strictly between 0 and the discount factor, the option is expired, the forward is not
            positive or the smile has no points.
        """
        undiscounted = delta * np.exp(rate * year_fraction)
        reachable = 0.0 < undiscounted < 1.0 and year_fraction > 0.0
        if not (reachable and forward > 0.0 and self.log_moneyness.size):
            return float("nan")
        return float(forward * np.exp(self._solve(float(ndtri(undiscounted)), year_fraction)))

    def _solve(self, d1: float, year_fraction: float) -> float:
        """Give the lowest log-moneyness at which d1 has the value.

        d1 = s/2 - x/s with s the total deviation, so the root is that of g(x) = x + d1 s - s^2/2,
        which rises from minus to plus infinity. Outside the points s stands still and g is a line;
        between two of them s is linear in x and g a parabola.
        """
        place = self.log_moneyness
        deviation = self.volatilities * np.sqrt(year_fraction)
        gap = place + d1 * deviation - 0.5 * deviation * deviation
        above = np.flatnonzero(gap >= 0.0)
        right = int(above[0]) if above.size else place.size
        if right in {0, place.size}:
            end = min(right, place.size - 1)
            return float(place[end] - gap[end])
        left = right - 1
        width, rise = place[right] - place[left], deviation[right] - deviation[left]
        # At the share t of the way g is gap + slope t - rise^2 t^2 / 2. It bends down and does not
        # end below zero, so the slope is positive and this form of the root loses no digits.
        slope = width + (d1 - deviation[left]) * rise
        root = np.sqrt(max(slope * slope + 2.0 * rise * rise * gap[left], 0.0))
        return float(place[left] - 2.0 * gap[left] / (slope + root) * width)

    def _at(self, log_moneyness: ArrayLike) -> FloatArray:
        wanted = as_floats(log_moneyness)
        if not self.log_moneyness.size:
            return np.full(wanted.shape, np.nan)
        found = np.interp(wanted, self.log_moneyness, self.volatilities)
        # With a single point the interpolation answers nan with that point.
        return np.where(np.isnan(wanted), np.nan, found)


def smile_from_quotes(strikes: ArrayLike, volatilities: ArrayLike, forward: float) -> Smile:
    """Make a smile from the implied volatilities of listed strikes of one settlement.

    Strikes may come in any order. Points with a nan, an infinity, or a strike or volatility that is
    not positive are left out; of strikes that come twice (a call and a put) the mean volatility is
    taken. With no point left, or no positive forward, the smile answers nan everywhere.

    Args:
        strikes: Strikes, in points.
        volatilities: Yearly implied volatility at each strike as a fraction.
        forward: Forward of the settlement, in points.

    Raises:
        ValueError: Strikes and volatilities do not have the same one-dimensional shape.
    """
    levels, quoted = as_floats(strikes), as_floats(volatilities)
    if levels.ndim != 1 or levels.shape != quoted.shape:
        raise ValueError("a smile needs strikes and volatilities of one equal length")
    sound = np.isfinite(levels + quoted) & (levels > 0.0) & (quoted > 0.0)
    sound &= bool(np.isfinite(forward)) and forward > 0.0
    unique, place, count = np.unique(levels[sound], return_inverse=True, return_counts=True)
    log_moneyness = np.log(unique / forward) if unique.size else unique
    merged = np.bincount(place, weights=quoted[sound], minlength=unique.size) / count
    log_moneyness.setflags(write=False)
    merged.setflags(write=False)
    return Smile(forward=forward, log_moneyness=log_moneyness, volatilities=merged)


def usual_vix_volatility(strikes: ArrayLike, forwards: ArrayLike, days: ArrayLike) -> FloatArray:
    """Give what VIX calls cost on an ordinary day, for where no quote tells anything else.

    A month out 85 % at the money; less the farther the settlement, as the future answers less; half
    a point more for each e-fold of strike over forward; never under 30 %.

    Args:
        strikes: Strikes in points, above zero.
        forwards: Forward of each strike's settlement in points, above zero.
        days: Calendar days to each settlement; less than one counts as one.
    """
    tenor = _USUAL_DAYS / np.maximum(as_floats(days), 1.0)
    level = _USUAL_VOLATILITY * tenor**_USUAL_DECAY
    slope = _USUAL_SKEW * np.log(as_floats(strikes) / as_floats(forwards))
    return np.asarray(np.maximum(level + slope, _LEAST_VOLATILITY), dtype=np.float64)


def usual_vix_smile(strikes: ArrayLike, forward: float, days: float) -> Smile:
    """Make the ordinary smile of one settlement, with points at `strikes`."""
    return smile_from_quotes(strikes, usual_vix_volatility(strikes, forward, days), forward)
