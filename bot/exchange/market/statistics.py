"""The slow figures of a contract: ranges, volatilities, open interest and average volumes.

Ranges and historical volatility come from the daily bars up to now, implied volatility from VIX and
VVIX, which are just that of their underlyings; volumes and open interest from the same draws as a
line's own volume (`bot.exchange.market.activity`).
"""

from collections.abc import Sequence
from itertools import pairwise
from math import log, sqrt
from statistics import fmean

import numpy as np

from bot.exchange.market.activity import (
    DAY_VOLUME,
    Draw,
    Sizes,
    day_volumes,
    open_interests,
    traded,
)
from bot.exchange.market.arrays import IntArray
from bot.exchange.market.quote import DailyBar, Statistics

AVERAGED_SESSIONS = 63
VOLATILITY_RETURNS = 20
_SESSIONS_PER_YEAR = 252
_WEEKS = (13, 26, 52)
_SESSIONS_PER_WEEK = 5
LONGEST_RANGE_SESSIONS = max(_WEEKS) * _SESSIONS_PER_WEEK


def price_figures(bars: Sequence[DailyBar], implied_volatility: float | None) -> Statistics:
    """Return ranges and volatilities of what has daily bars, the running session's among them."""
    if not bars:
        return Statistics()
    thirteen, twenty_six, fifty_two = (_range(bars, weeks) for weeks in _WEEKS)
    return Statistics(
        historical_volatility=realised_volatility([bar.close for bar in bars[:-1]]),
        implied_volatility=implied_volatility,
        range_13_weeks=thirteen,
        range_26_weeks=twenty_six,
        range_52_weeks=fifty_two,
    )


def realised_volatility(closes: Sequence[float]) -> float | None:
    """Return the yearly deviation of the last 20 log returns.

    None where there are fewer, or where a level can be zero or less, as that of breadth.
    """
    last = closes[-VOLATILITY_RETURNS - 1 :]
    if len(last) <= VOLATILITY_RETURNS or min(last) <= 0.0:
        return None
    returns = [log(after / before) for before, after in pairwise(last)]
    mean = fmean(returns)
    squares = sum((each - mean) ** 2 for each in returns)
    return sqrt(squares / (VOLATILITY_RETURNS - 1) * _SESSIONS_PER_YEAR)


def average_volume(con_ids: IntArray, seed: int, day: int, sizes: Sizes = DAY_VOLUME) -> int:
    """Return the mean volume per session of all `con_ids` over the sessions before `day`.

    `sizes` are those of their kind (`bot.exchange.market.activity.day_volumes`).
    """
    days = range(max(day - AVERAGED_SESSIONS, 0), max(day, 1))
    return round(fmean(int(day_volumes(con_ids, seed, each, sizes).sum()) for each in days))


def interest_and_volume(con_ids: IntArray, draw: Draw) -> tuple[int, int]:
    """Return the open interest and today's volume of all `con_ids`."""
    volumes = traded(day_volumes(con_ids, draw.seed, draw.day), draw)
    return int(open_interests(con_ids, draw.seed, draw.day).sum()), int(volumes.sum())


def _range(bars: Sequence[DailyBar], weeks: int) -> tuple[float, float]:
    told = bars[-weeks * _SESSIONS_PER_WEEK :]
    low, high = min(bar.low for bar in told), max(bar.high for bar in told)
    return float(np.round(low, 2)), float(np.round(high, 2))
