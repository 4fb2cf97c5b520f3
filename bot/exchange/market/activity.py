"""How much is traded and held: volumes and open interest, drawn by contract, day and seed.

A session's volume flows evenly from the opening to the end of regular hours; the curb adds a
twenty-fifth of it, the night before has a twelfth, which is counted by itself until the opening.
Back months of S&P futures trade a fiftieth of the front one.

Open interest belongs to a contract and drifts by a few per cent from day to day.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.exchange.market.arrays import IntArray
from bot.exchange.market.columns import Contracts, Formula
from bot.exchange.market.timeline import TICKS_PER_STEP
from bot.exchange.reference.phases import Phase

_Words: TypeAlias = NDArray[np.uint64]
Sizes: TypeAlias = tuple[int | IntArray, int | IntArray]

DAY_VOLUME = (0, 5_000)
_NIGHT_PART, _CURB_PART, _BACK_MONTH_PART = 12, 25, 50
_BACK_MONTH_DAYS = 98.0
_OPEN_INTEREST, _DRIFT_PERCENT = 20_000, 5
_MASK = 0xFFFFFFFFFFFFFFFF


class Draw(NamedTuple):
    """What chance and volume depend on: seed, and the place of a moment, or of many, in its day.

    `done` ticks of the `total` of the running stretch of `phase` have passed.
    """

    seed: int
    day: int
    tick: int | IntArray
    phase: Phase
    done: int | IntArray
    total: int


def day_volumes(
    con_ids: IntArray,
    seed: int,
    day: int,
    sizes: Sizes = DAY_VOLUME,
) -> IntArray:
    """Return what each contract trades in the regular hours of a session.

    `sizes` is the least volume and how much more it can be.
    """
    least, more = sizes
    words = scramble(con_ids, seed, -day)
    return np.asarray(least + (words >> np.uint64(40)).astype(np.int64) % more, dtype=np.int64)


def whole_volumes(contracts: Contracts, days_left: NDArray[np.float64], draw: Draw) -> IntArray:
    """Return what each contract trades in the regular hours of the day of `draw`."""
    sizes = contracts.least_volume, contracts.more_volume
    whole = day_volumes(contracts.con_id, draw.seed, draw.day, sizes)
    is_back = contracts.is_of(Formula.SPX_FUTURE) & (days_left > _BACK_MONTH_DAYS)
    return np.where(is_back, whole // _BACK_MONTH_PART, whole)


def traded(whole: IntArray, draw: Draw, ticks_ago: int = 0) -> IntArray:
    """Return the volume of the running session so far, or as it was some ticks ago."""
    done = np.maximum(np.asarray(draw.done) - ticks_ago, 0)
    match draw.phase:
        case Phase.NIGHT:
            volume = whole // _NIGHT_PART * done // draw.total
        case Phase.CURB:
            volume = whole + whole // _CURB_PART * done // draw.total
        case _:
            volume = whole * done // draw.total
    return np.asarray(volume, dtype=np.int64)


def last_sizes(whole: IntArray, draw: Draw) -> IntArray:
    """Return what the last trade moved: the volume of half a minute, at least one contract."""
    moved = traded(whole, draw) - traded(whole, draw, TICKS_PER_STEP)
    return np.asarray(np.maximum(moved, 1), dtype=np.int64)


def open_interests(con_ids: IntArray, seed: int, day: int) -> IntArray:
    """Return the open interest of each contract when the day began."""
    base = (scramble(con_ids, seed, 0) >> np.uint64(20)).astype(np.int64) % _OPEN_INTEREST
    drift = (scramble(con_ids, seed, -day) >> np.uint64(20)).astype(np.int64)
    percent = 100 + drift % (2 * _DRIFT_PERCENT + 1) - _DRIFT_PERCENT
    return np.asarray(base * percent // 100, dtype=np.int64)


def scramble(con_ids: IntArray, seed: int, salt: int | IntArray) -> _Words:
    """Hash each contract number with seed and salt (the finaliser of splitmix64)."""
    salts = np.atleast_1d(np.asarray(salt, dtype=np.int64)).astype(np.uint64)
    start = np.uint64(seed * 0x9E3779B97F4A7C15 & _MASK) + salts * np.uint64(0xD1B54A32D192ED03)
    words = con_ids.astype(np.uint64) * np.uint64(0xBF58476D1CE4E5B9) + start
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        words = (words ^ (words >> np.uint64(shift))) * np.uint64(factor)
    return words
