"""Contracts as columns: what prices need to know of them, once per contract.

The formula says how a contract is valued (`bot.exchange.market.valuation`), the ticks on which grid
it is quoted, the volumes how much of it changes hands in a session.
"""

from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import Any, NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from bot.domain.instruments import Future, Index, Option, Right
from bot.domain.money import PriceGrid
from bot.exchange.market.arrays import IntArray
from bot.exchange.reference.conid import SPX_FUTURE_CLASSES
from bot.exchange.reference.products import Product, Stock, Tradable
from bot.exchange.reference.underlyings import AD_NYSE_ID
from bot.pricing.arrays import BoolArray, FloatArray

_CENTS = 100
_SP_FUTURES = frozenset(each.label for each in SPX_FUTURE_CLASSES)
_VOLUMES = {
    "VXM": (2_000, 20_000),
    "ES": (1_200_000, 900_000),
    "MES": (700_000, 600_000),
    "SPY": (60_000_000, 60_000_000),
}
_VOLUME = (0, 5_000)
"""Contracts or shares a session at least, and how many more at most."""


class Formula(IntEnum):
    """How a product is valued."""

    INDEX = 0
    BREADTH = 1
    VIX_FUTURE = 2
    SPX_FUTURE = 3
    SHARE = 4
    VIX_OPTION = 5
    SPX_OPTION = 6


class Contracts(NamedTuple):
    """Contracts as columns; settlement in seconds since 1970, strikes in points, ticks in cents.

    `low_tick` holds below 3.00, `high_tick` from there on. What has no settlement has nan.
    """

    con_id: IntArray
    formula: IntArray
    settlement: FloatArray
    strike: FloatArray
    is_call: BoolArray
    low_tick: IntArray
    high_tick: IntArray
    least_volume: IntArray
    more_volume: IntArray

    def pick(self, places: BoolArray) -> "Contracts":
        """Return the contracts at some places."""
        return self._each(lambda column: column[places])

    def repeat(self, times: int) -> "Contracts":
        """Return each contract so many times in a row."""
        return self._each(lambda column: np.repeat(column, times))

    def _each(self, change: Callable[[NDArray[Any]], NDArray[Any]]) -> "Contracts":
        return Contracts._make(change(column) for column in self)

    def is_of(self, *formulas: Formula) -> BoolArray:
        """Tell which contracts have one of these formulas."""
        return np.asarray(np.isin(self.formula, formulas), dtype=np.bool_)


class _Row(NamedTuple):
    con_id: int
    formula: Formula
    settlement: float
    strike: float
    is_call: bool
    low_tick: int
    high_tick: int
    least_volume: int
    more_volume: int


def as_columns(instruments: Iterable[Product]) -> Contracts:
    """Return instruments as columns."""
    rows = [_row(instrument) for instrument in instruments]
    columns = list(zip(*rows, strict=True)) or [()] * len(_Row._fields)
    kinds = (int, int, float, float, bool, int, int, int, int)
    return Contracts(*(np.array(c, dtype=kind) for c, kind in zip(columns, kinds, strict=True)))


def volume_sizes(product: Tradable) -> tuple[int, int]:
    """Return the least volume of a session and how much more it can be."""
    return _VOLUMES.get(product.trading_class, _VOLUME)


def formula_of(product: Product) -> Formula:
    """Return how a product is valued."""
    match product:
        case Index():
            return Formula.BREADTH if product.con_id == AD_NYSE_ID else Formula.INDEX
        case Stock():
            return Formula.SHARE
        case Future():
            is_sp = product.trading_class in _SP_FUTURES
            return Formula.SPX_FUTURE if is_sp else Formula.VIX_FUTURE
        case Option():
            return Formula.VIX_OPTION if product.symbol == "VIX" else Formula.SPX_OPTION
        case _:
            assert_never(product)


def _row(product: Product) -> _Row:
    settlement, strike, is_call = np.nan, 0.0, False
    if isinstance(product, Future | Option):
        settlement = product.settlement.timestamp()
    if isinstance(product, Option):
        strike, is_call = float(product.strike), product.right is Right.CALL
    ticks, volumes = ((1, 1), (0, 1)) if isinstance(product, Index) else _traded(product)
    terms = settlement, strike, is_call
    return _Row(product.con_id, formula_of(product), *terms, *ticks, *volumes)


def _traded(product: Tradable) -> tuple[tuple[int, int], tuple[int, int]]:
    return _ticks(product.grid), volume_sizes(product)


def _ticks(grid: PriceGrid) -> tuple[int, int]:
    """Return the increments in cents below and above the edge that every split grid has at 3."""
    return int(grid.steps[0].increment * _CENTS), int(grid.steps[-1].increment * _CENTS)
