"""From model values to what a trader is shown: legal prices, spreads, sizes, volume.

Prices are counted in cents here; every grid of the exchange has whole cents. Half-spreads grow with
the price, with tenor and with stress (domain.md section 5.3: a few cents at liquid strikes, 0.05 to
0.20 in back months and in the money, more in stress), and are several times that at night. Bid and
ask are rounded outward, so they never cross and the model value always lies between them.

Sizes leave a different remainder modulo two primes at every step: within 77 steps no line stands
still, which is how live data look. At night and in the curb fewer contracts stand at a price.
"""

from typing import NamedTuple

import numpy as np

from bot.exchange.market.activity import Draw, last_sizes, scramble, traded, whole_volumes
from bot.exchange.market.arrays import IntArray
from bot.exchange.market.columns import Contracts, Formula
from bot.exchange.market.timeline import TICKS_PER_STEP
from bot.exchange.market.valuation import Values
from bot.exchange.reference.phases import Phase
from bot.pricing.arrays import FloatArray

_CENTS = 100.0
_GRID_EDGE_CENTS = 300

# Half-spreads in cents: at no price, per cent of price, at most.
_VIX_HALF = (1.2, 0.006, 20.0)
_SPX_HALF = (3.0, 0.012, 150.0)
# Cheap VIX options are quoted as finely as their grid lets them be.
_CHEAP_HALF = (0.2, 0.05)
_PLAIN_HALF = {Formula.VIX_FUTURE: 1.0, Formula.SPX_FUTURE: 5.0, Formula.SHARE: 0.4}
_HALF_YEAR_DAYS = 182.5
_CALM_VIX, _STRESS_VIX_POINTS, _STRESS_LIMIT = 20.0, 40.0, 1.5
_WIDER = {Phase.NIGHT: 3.0, Phase.CURB: 1.75}
_THINNER = {Phase.NIGHT: 8, Phase.CURB: 3}

_BID_PRIME, _ASK_PRIME = 7, 11
_LARGEST_SIZES = 40
_ROUND_LOT = 100
_DAY_SALT, _PART_SALT = 100_003, 1_000_000_007


class Book(NamedTuple):
    """Top of book as columns: prices in cents (0 = no bid), sizes and volume in contracts.

    Of breadth, the advances stand as bid and the declines as ask, in hundredths and in whole
    numbers as sizes (domain.md section 2).
    """

    bid: IntArray
    ask: IntArray
    bid_size: IntArray
    ask_size: IntArray
    volume: IntArray
    last_size: IntArray


def make_book(contracts: Contracts, values: Values, vix: FloatArray | float, draw: Draw) -> Book:
    """Return bids, asks, sizes and volume; of no use for an index other than breadth."""
    fair = values.value * _CENTS
    half = _half_spread(contracts, fair, values.days, vix) * _WIDER.get(draw.phase, 1.0)
    bid = _down(np.maximum(fair - half, 0.0), contracts)
    ask = _up(fair + half, contracts)
    bid_size, ask_size = _sizes(contracts, draw)
    whole = whole_volumes(contracts, values.days, draw)
    book = Book(
        bid=bid,
        ask=ask,
        bid_size=np.where(bid > 0, bid_size, 0),
        ask_size=ask_size,
        volume=traded(whole, draw),
        last_size=last_sizes(whole, draw),
    )
    return _with_breadth(book, contracts, values)


def last_cents(contracts: Contracts, values: Values, book: Book) -> list[int]:
    """Return the prices last dealt at, the level of an index, and -1 for breadth, which has none.

    A trade at the bid, or at the ask where nobody bids, is a price that could be dealt.
    """
    dealt = np.where(book.bid > 0, book.bid, book.ask)
    levels = np.round(values.value * _CENTS)
    dealt = np.where(contracts.is_of(Formula.INDEX), levels, dealt)
    found: list[int] = np.where(contracts.is_of(Formula.BREADTH), -1, dealt).astype(int).tolist()
    return found


def _with_breadth(book: Book, contracts: Contracts, values: Values) -> Book:
    is_breadth = contracts.is_of(Formula.BREADTH)
    if not is_breadth.any():
        return book
    counts = [np.where(is_breadth, column, 0.0).astype(np.int64) for column in values[0:3:2]]
    return book._replace(
        bid=np.where(is_breadth, counts[0] * int(_CENTS), book.bid),
        ask=np.where(is_breadth, counts[1] * int(_CENTS), book.ask),
        bid_size=np.where(is_breadth, counts[0], book.bid_size),
        ask_size=np.where(is_breadth, counts[1], book.ask_size),
    )


def _half_spread(
    contracts: Contracts, fair: FloatArray, days: FloatArray, vix: FloatArray | float
) -> FloatArray:
    vix_floor, vix_share, vix_most = _VIX_HALF
    spx_floor, spx_share, spx_most = _SPX_HALF
    on_vix = np.minimum(vix_floor + vix_share * fair, vix_most)
    on_vix = np.minimum(on_vix, _CHEAP_HALF[0] + _CHEAP_HALF[1] * fair)
    on_spx = np.minimum(spx_floor + spx_share * fair, spx_most)
    plain = np.where(contracts.is_of(Formula.VIX_OPTION), on_vix, on_spx)
    for formula, half in _PLAIN_HALF.items():
        plain = np.where(contracts.is_of(formula), half, plain)
    tenor = 1.0 + np.where(np.isinf(days), 0.0, np.maximum(days, 0.0)) / _HALF_YEAR_DAYS
    strain = np.maximum(np.asarray(vix) - _CALM_VIX, 0.0) / _STRESS_VIX_POINTS
    return np.asarray(plain * tenor * (1.0 + np.minimum(strain, _STRESS_LIMIT)), dtype=np.float64)


def _tick(cents: FloatArray, contracts: Contracts) -> IntArray:
    return np.where(cents >= _GRID_EDGE_CENTS, contracts.high_tick, contracts.low_tick)


def _down(cents: FloatArray, contracts: Contracts) -> IntArray:
    tick = _tick(cents, contracts)
    return np.asarray(np.floor(cents / tick) * tick, dtype=np.int64)


def _up(cents: FloatArray, contracts: Contracts) -> IntArray:
    tick = _tick(cents, contracts)
    return np.asarray(np.maximum(np.ceil(cents / tick), 1.0) * tick, dtype=np.int64)


def _sizes(contracts: Contracts, draw: Draw) -> tuple[IntArray, IntArray]:
    step, part = np.divmod(draw.tick, TICKS_PER_STEP)
    salt = draw.day * _DAY_SALT + step + part * _PART_SALT
    words = scramble(contracts.con_id, draw.seed, salt)
    thinner = _THINNER.get(draw.phase, 1)
    bid_part = (words & np.uint64(0xFFFF)).astype(np.int64) % _LARGEST_SIZES // thinner
    ask_part = (words >> np.uint64(32) & np.uint64(0xFFFF)).astype(np.int64) % _LARGEST_SIZES
    beat = step + part
    lot = np.where(contracts.is_of(Formula.SHARE), _ROUND_LOT, 1)
    bid_size = 1 + _BID_PRIME * bid_part + beat % _BID_PRIME
    return bid_size * lot, (1 + _ASK_PRIME * (ask_part // thinner) + beat % _ASK_PRIME) * lot
