"""Advancing and declining issues of the New York Stock Exchange.

The log odds of an issue's rising are 0.040 + 0.970 z with z the day's return of SPX so far, in
standard deviations of a day at the VIX before, plus a draw of the day of deviation 0.336: fitted to
the 972 sessions from 2012 to November 2015, where z explains 0.83 of the variance. 3,176 issues
traded a day, 101 of them unchanged at the close; in the morning more have not moved yet.
"""

from typing import NamedTuple

import numpy as np

from bot.exchange.market.world import World
from bot.pricing.arrays import FloatArray

_ODDS = (0.0402, 0.9697)
_DAY_DEVIATION = 0.336
_ISSUES, _UNCHANGED, _UNMOVED_AT_FIRST, _MORNING = 3176.0, 101.0, 900.0, 0.05
_SESSIONS_PER_YEAR = 252.0
_SALT = 5


class Breadth(NamedTuple):
    """Whole numbers of issues."""

    advancing: FloatArray
    declining: FloatArray


def breadth(world: World, seed: int) -> Breadth:
    """Return the issues above and below their close before."""
    deviation = world.facts.vix_before / 100.0 / np.sqrt(_SESSIONS_PER_YEAR)
    z = np.log(world.spx / world.facts.spx_before) / deviation
    odds = _ODDS[0] + _ODDS[1] * z + _DAY_DEVIATION * _draw(world, seed) + world.shift("ODDS")
    unmoved = _UNCHANGED + _UNMOVED_AT_FIRST * np.exp(-np.asarray(world.share) / _MORNING)
    moved = _ISSUES - np.round(unmoved) + np.round(world.shift("ISSUES"))
    advancing = np.round(moved / (1.0 + np.exp(-odds)))
    return Breadth(advancing, moved - advancing)


def odds_of(advancing: float, declining: float) -> float:
    """Return the log odds that two counts stand for; a count of nought counts as one."""
    return float(np.log(max(advancing, 1.0) / max(declining, 1.0)))


def _draw(world: World, seed: int) -> float:
    key = [seed, world.facts.date.toordinal(), _SALT]
    return float(np.random.Generator(np.random.PCG64(key)).standard_normal())
