"""From model values to what a trader is shown: legal prices, spreads, sizes, volume.

Prices are counted in cents here; every grid of the exchange has whole cents. Half-spreads grow with
the price, with tenor and with stress (domain.md section 5.3: a few cents at liquid strikes, 0.05 to
0.20 in back months and in the money, more in stress). Bid and ask are rounded outward, so they
never cross and the model value always lies between them.

Sizes leave a different remainder modulo two primes at every step: within 77 steps no line stands
still, which is how live data look.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.exchange.market.valuation import Contracts, Values
from bot.pricing.arrays import FloatArray

IntArray: TypeAlias = NDArray[np.int64]
_Words: TypeAlias = NDArray[np.uint64]

_CENTS = 100.0
_GRID_EDGE_CENTS = 300
_VX_TICK, _VIX_TICKS, _SPX_TICKS = 5, (1, 5), (5, 10)

# Half-spreads in cents: at no price, per cent of price, at most.
_VIX_HALF = (1.2, 0.006, 20.0)
_SPX_HALF = (3.0, 0.012, 150.0)
# Cheap VIX options are quoted as finely as their grid lets them be.
_CHEAP_HALF = (0.2, 0.05)
_VX_HALF = 1.0
_HALF_YEAR_DAYS = 182.5
_CALM_VIX, _STRESS_VIX_POINTS, _STRESS_LIMIT = 20.0, 40.0, 1.5

_BID_PRIME, _ASK_PRIME = 7, 11
_LARGEST_SIZES = 40
_DAY_VOLUME = 5_000
_OPEN_INTEREST = 20_000


class Book(NamedTuple):
    """Top of book as columns: prices in cents (0 = no bid), sizes and volume in contracts."""

    bid: IntArray
    ask: IntArray
    bid_size: IntArray
    ask_size: IntArray
    volume: IntArray
    last_size: IntArray


class Draw(NamedTuple):
    """What chance depends on: seed, the moment's place in time, and its share of the session."""

    seed: int
    day: int
    step: int
    steps: int


def make_book(
    con_ids: IntArray, contracts: Contracts, values: Values, vix: float, draw: Draw
) -> Book:
    """Return bids, asks, sizes and volume of futures and options; of no use for an index."""
    fair = values.value * _CENTS
    half = _half_spread(contracts, fair, values.days, vix)
    bid = _down(np.maximum(fair - half, 0.0), contracts)
    ask = _up(fair + half, contracts)
    bid_size, ask_size = _sizes(con_ids, draw)
    volume, last_size = _volumes(con_ids, draw)
    return Book(
        bid=bid,
        ask=ask,
        bid_size=np.where(bid > 0, bid_size, 0),
        ask_size=ask_size,
        volume=volume,
        last_size=last_size,
    )


def _half_spread(
    contracts: Contracts, fair: FloatArray, days: FloatArray, vix: float
) -> FloatArray:
    vix_floor, vix_share, vix_most = _VIX_HALF
    spx_floor, spx_share, spx_most = _SPX_HALF
    on_vix = np.minimum(vix_floor + vix_share * fair, vix_most)
    on_vix = np.minimum(on_vix, _CHEAP_HALF[0] + _CHEAP_HALF[1] * fair)
    on_spx = np.minimum(spx_floor + spx_share * fair, spx_most)
    plain = np.where(contracts.on_vix, on_vix, on_spx)
    plain = np.where(contracts.is_option, plain, _VX_HALF)
    tenor = 1.0 + np.maximum(days, 0.0) / _HALF_YEAR_DAYS
    stress = 1.0 + min(max(vix - _CALM_VIX, 0.0) / _STRESS_VIX_POINTS, _STRESS_LIMIT)
    return np.asarray(plain * tenor * stress, dtype=np.float64)


def _tick(cents: FloatArray, contracts: Contracts) -> FloatArray:
    high = cents >= _GRID_EDGE_CENTS
    on_vix = np.where(high, _VIX_TICKS[1], _VIX_TICKS[0])
    on_spx = np.where(high, _SPX_TICKS[1], _SPX_TICKS[0])
    option = np.where(contracts.on_vix, on_vix, on_spx)
    return np.where(contracts.is_option, option, float(_VX_TICK))


def _down(cents: FloatArray, contracts: Contracts) -> IntArray:
    tick = _tick(cents, contracts)
    return np.asarray(np.floor(cents / tick) * tick, dtype=np.int64)


def _up(cents: FloatArray, contracts: Contracts) -> IntArray:
    tick = _tick(cents, contracts)
    return np.asarray(np.maximum(np.ceil(cents / tick), 1.0) * tick, dtype=np.int64)


def _sizes(con_ids: IntArray, draw: Draw) -> tuple[IntArray, IntArray]:
    words = _scramble(con_ids, draw.seed, draw.day * 100_003 + draw.step)
    bid_part = (words & np.uint64(0xFFFF)).astype(np.int64) % _LARGEST_SIZES
    ask_part = (words >> np.uint64(32) & np.uint64(0xFFFF)).astype(np.int64) % _LARGEST_SIZES
    bid_size = 1 + _BID_PRIME * bid_part + draw.step % _BID_PRIME
    return bid_size, 1 + _ASK_PRIME * ask_part + draw.step % _ASK_PRIME


def day_volumes(con_ids: IntArray, seed: int, day: int) -> IntArray:
    """Return what each contract trades in the whole of a session."""
    words = _scramble(con_ids, seed, -day)
    return np.asarray((words >> np.uint64(40)).astype(np.int64) % _DAY_VOLUME, dtype=np.int64)


def open_interests(con_ids: IntArray, draw: Draw) -> IntArray:
    """Return the open interest of each contract, as of the close before."""
    words = _scramble(con_ids, draw.seed, -draw.day)
    whole = (words >> np.uint64(20) & np.uint64(0xFFFFF)).astype(np.int64) % _OPEN_INTEREST
    return np.asarray(whole, dtype=np.int64)


def _volumes(con_ids: IntArray, draw: Draw) -> tuple[IntArray, IntArray]:
    """Return the volume so far, and what the last trade moved of it: at least one contract."""
    whole = day_volumes(con_ids, draw.seed, draw.day)
    now, before = (whole * step // draw.steps for step in (draw.step, max(draw.step - 1, 0)))
    return now, np.maximum(now - before, 1)


def _scramble(con_ids: IntArray, seed: int, salt: int) -> _Words:
    """Hash each contract number with seed and salt (the finaliser of splitmix64)."""
    start = (seed * 0x9E3779B97F4A7C15 + salt * 0xD1B54A32D192ED03) & 0xFFFFFFFFFFFFFFFF
    words = con_ids.astype(np.uint64) * np.uint64(0xBF58476D1CE4E5B9) + np.uint64(start)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        words = (words ^ (words >> np.uint64(shift))) * np.uint64(factor)
    return words
