"""The solver behind implied volatility: from a normalised price to the total deviation.

Divided by sqrt(F K) and the discount factor, the out-of-the-money call and put of one distance
|ln(F/K)| have the same price, a function of that distance and of the total deviation
s = volatility * sqrt(T) alone. `bot.pricing.black76` brings quotes into this form and decides which
of them can be solved at all; this module only solves.
"""

import numpy as np
from scipy.special import erfcx, ndtr, ndtri

from bot.pricing.arrays import FloatArray

_INVERSE_ROOT_TWO_PI = 1.0 / np.sqrt(2.0 * np.pi)
_ROOT_HALF = np.sqrt(0.5)
_ROOT_TWO_OVER_PI = np.sqrt(2.0 / np.pi)
# Total deviations beyond this above the inflection point leave no trace in a double.
_WIDEST_DEVIATION = 40.0
# From this share of the price in the inflection point the tangent there is the better first guess.
_TANGENT_SHARE = 0.02
_SOLVER_STEPS = 32
# A step cubes the error, so one this small (relative to the deviation) is the last.
_SOLVER_TOLERANCE = 1e-8


@np.errstate(all="ignore")
def total_deviation(log_moneyness: FloatArray, target: FloatArray) -> FloatArray:
    """Solve the normalised out-of-the-money price for the total deviation.

    Halley's iteration on the logarithm of the price, which is concave in the deviation, kept in a
    bracket that every evaluation narrows; a step that leaves it is replaced by its middle. Where
    the rounding of the price itself is larger than a settled step, the answer is nan.

    Args:
        log_moneyness: -|ln(F/K)|, not above zero.
        target: Undiscounted out-of-the-money price over sqrt(F K), between zero and
            e^(log_moneyness / 2), both excluded; of the same shape.

    Returns:
        Volatility times the root of the year fraction, of the same shape.
    """
    bent = np.sqrt(-2.0 * log_moneyness)
    low, high = np.zeros_like(target), bent + _WIDEST_DEVIATION
    deviation = _first_guess(log_moneyness, target, bent)
    goal = np.log(target)
    settled = np.zeros(target.shape, dtype=np.bool_)
    for _ in range(_SOLVER_STEPS):
        gap, step = _halley(log_moneyness, deviation, goal)
        # A settled point is not bracketed: rounding gives its gap either sign.
        settled = np.abs(step) <= _SOLVER_TOLERANCE * deviation
        low = np.where(gap < 0.0, deviation, low)
        high = np.where(gap > 0.0, deviation, high)
        proposed = deviation - step
        kept = settled | ((proposed > low) & (proposed < high))
        deviation = np.where(kept, proposed, 0.5 * (low + high))
        if settled.all():
            break
    return np.where(settled, deviation, np.nan)


def _first_guess(log_moneyness: FloatArray, target: FloatArray, bent: FloatArray) -> FloatArray:
    """Start on the right branch of the price curve, which is convex below `bent`, concave above.

    Far below, the logarithm of the price falls like -x^2 / (2 s^2); just below, the tangent in the
    inflection point is close; above, the distance to the upper bound falls like a normal tail,
    which is exact at the money.
    """
    ceiling = np.exp(0.5 * log_moneyness)
    at_bend = 0.5 * ceiling - ndtr(-bent) / ceiling
    fall = -log_moneyness - 4.0 * np.log(target / at_bend)
    far_below = bent * np.sqrt(-log_moneyness / fall)
    just_below = bent - (at_bend - target) / (_INVERSE_ROOT_TWO_PI * ceiling)
    share = (ceiling - target) / (ceiling - at_bend)
    above = -2.0 * ndtri(share * ndtr(-0.5 * bent))
    below = np.where(target > _TANGENT_SHARE * at_bend, just_below, far_below)
    return np.asarray(np.where(target < at_bend, below, above), dtype=np.float64)


def _halley(
    log_moneyness: FloatArray, deviation: FloatArray, goal: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Give the gap of the logarithmic price to the goal and the step that would close it.

    Both normal terms of the price share a density; with it taken out, the scaled complementary
    error function keeps the digits far out of the money, where the terms themselves underflow.
    """
    ratio, half = log_moneyness / deviation, 0.5 * deviation
    scaled = erfcx(-_ROOT_HALF * (ratio + half)) - erfcx(-_ROOT_HALF * (ratio - half))
    slope = _ROOT_TWO_OVER_PI / scaled
    gap = np.log(0.5 * scaled) - 0.5 * (ratio * ratio + half * half) - goal
    newton = gap / slope
    bend = (ratio * ratio - half * half) / deviation - slope
    # Far on the left the correction would turn the step round; twice Newton's is its limit.
    return gap, newton / np.maximum(1.0 - 0.5 * newton * bend, 0.5)
