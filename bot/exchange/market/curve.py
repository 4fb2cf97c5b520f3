"""The VIX futures curve as a function of spot VIX, its history and the time to settlement.

In logarithms, with T in days, v the log of spot, e and s the exponential means of the log closes
over 10 and 200 sessions up to the day before:

    ln F(T) = (D + (B - D) w) (v - e) + B e + (1 - B) (0.8447 + 0.7938 s)
    B(T) = 0.1776 exp(-T/13.9) + 0.8224 exp(-T/134.6)     how far a lasting level reaches out
    D(T) = 0.6216 exp(-T/16.3) + 0.3784 exp(-T/257.6)     how far one day's move reaches out
    w = (v - e)^2 / ((v - e)^2 + 0.5^2)                   a huge move counts as a lasting one

The constants minimise the sum of squared errors (damped beyond 5 %) of log level and of its daily
change over the first eight monthly settlements of every session from November 2012 to 2022. Error:
5.1 % root mean square, 2.5 % mean absolute in the first month, 3.6 % in the second; the first two
are inverted on the same days in 94.6 % of sessions. The time constant of G26 measured on the model
is 68 to 76 days for 2016 to 2018 (49 to 76 on the real settlements). 5 February 2018: 32.2 and 25.2
against settlements of 33.2 and 28.0; 12 January 2018: 10.5 and 11.6 against 10.6 and 11.7.

At settlement the future is spot: F(0) = VIX. F rises with spot at every tenor.
"""

from typing import NamedTuple

import numpy as np

from bot.exchange.scenarios.scenario import Day
from bot.pricing.arrays import FloatArray

FAST_SESSIONS = 10
SLOW_SESSIONS = 200

_LASTING = (0.1776, 13.87, 134.57)
_PASSING = (0.6216, 16.31, 257.59)
_MEAN = (0.8447, 0.7938)
_HUGE_MOVE = 0.5


class Anchors(NamedTuple):
    """The exponential means of log VIX closes a session starts with (numbers or arrays)."""

    fast: FloatArray
    slow: FloatArray


def anchors_by_day(days: tuple[Day, ...]) -> Anchors:
    """Return for each session the means up to the close before it (the first: its own close)."""
    logs = [float(np.log(day.vix_close)) for day in days]
    return Anchors(mean_before(logs, FAST_SESSIONS), mean_before(logs, SLOW_SESSIONS))


def vix_future(vix: FloatArray, anchors: Anchors, days_to_settlement: FloatArray) -> FloatArray:
    """Return the level of the VIX future in points; all arguments broadcast.

    Args:
        vix: Spot VIX, in points.
        anchors: The means the session started with.
        days_to_settlement: Days to 09:30 of the settlement day; below zero counts as zero.
    """
    tenor = np.maximum(days_to_settlement, 0.0)
    lasting, passing = _reach(_LASTING, tenor), _reach(_PASSING, tenor)
    move = np.log(vix) - anchors.fast
    belief = move * move / (move * move + _HUGE_MOVE**2)
    reach = passing + (lasting - passing) * belief
    mean = _MEAN[0] + _MEAN[1] * anchors.slow
    level = reach * move + lasting * anchors.fast + (1.0 - lasting) * mean
    return np.asarray(np.exp(level), dtype=np.float64)


def _reach(shape: tuple[float, float, float], tenor: FloatArray) -> FloatArray:
    share, short_days, long_days = shape
    decay = share * np.exp(-tenor / short_days) + (1.0 - share) * np.exp(-tenor / long_days)
    return np.asarray(decay, dtype=np.float64)


def mean_before(logs: list[float], sessions: int) -> FloatArray:
    """Return for each session the exponential mean of logs up to the one before it."""
    weight = 2.0 / (sessions + 1.0)
    means, mean = [], logs[0]
    for value in logs:
        means.append(mean)
        mean += weight * (value - mean)
    return np.array(means)
