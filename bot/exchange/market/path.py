"""One session's path of SPX and VIX on a grid of 30 seconds, tied to the real day.

SPX goes from the real open to the real close inside the real high and low. So does VIX where its
day is known; else it goes from the previous close, moved a little by SPX's gap, to the real close.
Both are Brownian bridges in log
space around a drift whose timing is drawn, with opposed noise that grows with the day's range. A
path that leaves its band is folded back at the edge; VIX overshoots the day's ends by no more than
two per cent and a twentieth of the move, because a jump beyond what the day brought would invent
the very signal the scenario is about.

The path depends on seed, date and that day's values alone: days to come cannot touch it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bot.exchange.scenarios.scenario import Day
from bot.pricing.arrays import FloatArray

STEP_SECONDS = 30

_NOISE_OF_RANGE = 0.45
_VIX_NOISE = (0.02, 2.0, 0.1)
_VIX_OVERSHOOT = (0.02, 0.05)
OPPOSITION = 0.8
_GAP_REACTION, _GAP_LIMIT = -3.0, 0.10
_TIMING = (-0.3, 0.45)


class Level(NamedTuple):
    """SPX and VIX at one moment, in points."""

    spx: float
    vix: float


class SessionPath(NamedTuple):
    """Index levels in points, rounded as disseminated; one value per grid time, both ends in."""

    spx: FloatArray
    vix: FloatArray


def session_path(day: Day, previous: Day, steps: int, seed: int) -> SessionPath:
    """Return the path of `day` over `steps` intervals; `previous` is the session before."""
    draw = np.random.Generator(np.random.PCG64([seed, day.date.toordinal()]))
    share = np.linspace(0.0, 1.0, steps + 1) ** np.exp(draw.uniform(*_TIMING))
    first, second = bridge(draw, steps), bridge(draw, steps)
    opposed = np.sqrt(1.0 - OPPOSITION**2) * second - OPPOSITION * first
    return SessionPath(
        spx=_ending(_spx(day, share, first), day.spx_close),
        vix=_ending(_vix(day, previous, share, opposed), day.vix_close),
    )


def _spx(day: Day, share: FloatArray, noise: FloatArray) -> FloatArray:
    low, high = np.log(day.spx_low), np.log(day.spx_high)
    start, end = np.log(day.spx_open), np.log(day.spx_close)
    path = start + (end - start) * share + _NOISE_OF_RANGE * (high - low) * noise
    return fold(path, float(low), float(high))


def _vix(day: Day, previous: Day, share: FloatArray, noise: FloatArray) -> FloatArray:
    band = _vix_band(day, previous)
    move, spread = abs(band.end - band.start), np.log(day.spx_high / day.spx_low)
    floor, of_range, of_move = _VIX_NOISE
    straight = band.start + (band.end - band.start) * share
    path = straight + (floor + of_range * spread + of_move * move) * noise
    return fold(path, band.low, band.high)


class _Band(NamedTuple):
    """Where VIX starts and ends, and between what it stays; logs."""

    start: float
    end: float
    low: float
    high: float


def _vix_band(day: Day, previous: Day) -> _Band:
    before, end = np.log(previous.vix_close), np.log(day.vix_close)
    if day.vix_open and day.vix_low and day.vix_high:
        start, low, high = np.log([day.vix_open, day.vix_low, day.vix_high])
        return _Band(start, end, low, high)
    gap = _GAP_REACTION * np.log(day.spx_open / previous.spx_close)
    start = before + np.clip(gap, -_GAP_LIMIT, _GAP_LIMIT)
    over = _VIX_OVERSHOOT[0] + _VIX_OVERSHOOT[1] * abs(end - start)
    low, high = min(before, start, end) - over, max(before, start, end) + over
    return _Band(start, end, float(low), float(high))


def bridge(draw: np.random.Generator, steps: int) -> FloatArray:
    """Return a standard Brownian bridge over [0, 1]: zero at both ends."""
    walk = np.concatenate(([0.0], np.cumsum(draw.standard_normal(steps)))) / np.sqrt(steps)
    return np.asarray(walk - np.linspace(0.0, 1.0, steps + 1) * walk[-1], dtype=np.float64)


def fold(path: FloatArray, low: float, high: float) -> FloatArray:
    """Reflect a path at the edges of its band; a band without width holds it still."""
    width = high - low
    if width <= 0.0:
        return np.full_like(path, low)
    place = np.mod(path - low, 2.0 * width)
    return np.asarray(low + np.minimum(place, 2.0 * width - place), dtype=np.float64)


def _ending(logs: FloatArray, close: float) -> FloatArray:
    levels = np.round(np.exp(logs), 2)
    levels[-1] = close
    levels.setflags(write=False)
    return np.asarray(levels, dtype=np.float64)


def freeze(levels: ArrayLike) -> FloatArray:
    """Return levels rounded as disseminated, read-only."""
    rounded = np.asarray(np.round(np.asarray(levels, dtype=np.float64), 2), dtype=np.float64)
    rounded.setflags(write=False)
    return rounded
