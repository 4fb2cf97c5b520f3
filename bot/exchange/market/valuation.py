"""Model values of many contracts at one moment, vectorised.

The futures curve and the smiles give each contract one value; what a trader is shown of it (grid,
spread, size) is made in `bot.exchange.market.quoting`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, assert_never

import numpy as np

from bot.domain.instruments import Future, Index, Option, Right
from bot.exchange.market.curve import Anchors, vix_future
from bot.exchange.market.smiles import spx_option_volatility, vix_option_volatility
from bot.exchange.reference.products import Product, Stock
from bot.exchange.reference.underlyings import VIX_ID
from bot.pricing import black76, black_scholes
from bot.pricing.arrays import BoolArray, FloatArray

_SECONDS_PER_DAY = 86_400.0
_DAYS_PER_YEAR = 365.0


class World(NamedTuple):
    """What all values depend on at one moment; levels in points, rates per year."""

    at: datetime
    vix: float
    spx: float
    anchors: Anchors
    rate: float
    dividend_yield: float


class Contracts(NamedTuple):
    """Contracts as columns; times in seconds since 1970, strikes in points."""

    settlement: FloatArray
    strike: FloatArray
    is_call: BoolArray
    on_vix: BoolArray
    is_index: BoolArray
    is_option: BoolArray


class Values(NamedTuple):
    """Model values as columns, nan where a column has no meaning for a contract.

    `value` and `underlying` are in points. Greeks are per point of the underlying (of the VIX
    future for VIX options), per volatility point, per calendar day. `days` is the time to
    settlement; a contract with none left is worth what it settles at.
    """

    value: FloatArray
    days: FloatArray
    underlying: FloatArray
    volatility: FloatArray
    delta: FloatArray
    gamma: FloatArray
    vega: FloatArray
    theta: FloatArray


def as_columns(instruments: Iterable[Product]) -> Contracts:
    """Return instruments as columns."""
    rows = [_row(instrument) for instrument in instruments]
    columns = np.array(rows, dtype=np.float64).reshape(-1, 6).T
    settlement, strike, *flags = columns
    return Contracts(settlement, strike, *(flag > 0.0 for flag in flags))


def value_all(contracts: Contracts, world: World) -> Values:
    """Return the model values of contracts in a world."""
    days = (contracts.settlement - world.at.timestamp()) / _SECONDS_PER_DAY
    shape = days.shape
    futures = vix_future(np.asarray(world.vix), world.anchors, days)
    index = np.where(contracts.on_vix, world.vix, world.spx)
    base = np.where(contracts.is_index, index, futures)
    columns = [base, *(np.full(shape, np.nan) for _ in range(6))]
    for picked, priced in (
        (contracts.is_option & contracts.on_vix, _vix_options),
        (contracts.is_option & ~contracts.on_vix, _spx_options),
    ):
        if picked.any():
            part = _pick(contracts, picked)
            for column, found in zip(columns, priced(part, days[picked], world), strict=True):
                column[picked] = found
    return Values(columns[0], days, *columns[1:])


def _pick(contracts: Contracts, picked: BoolArray) -> Contracts:
    return Contracts(
        settlement=contracts.settlement[picked],
        strike=contracts.strike[picked],
        is_call=contracts.is_call[picked],
        on_vix=contracts.on_vix[picked],
        is_index=contracts.is_index[picked],
        is_option=contracts.is_option[picked],
    )


def _row(instrument: Product) -> tuple[float, ...]:
    """Give settlement, strike and the flags call, on VIX, index, option."""
    match instrument:
        case Index():
            return (0.0, 0.0, 0.0, float(instrument.con_id == VIX_ID), 1.0, 0.0)
        case Stock():
            return (0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
        case Future():
            return (instrument.settlement.timestamp(), 0.0, 0.0, 1.0, 0.0, 0.0)
        case Option():
            return (
                instrument.settlement.timestamp(),
                float(instrument.strike),
                float(instrument.right is Right.CALL),
                float(instrument.symbol == "VIX"),
                0.0,
                1.0,
            )
        case _:
            assert_never(instrument)


def _vix_options(part: Contracts, days: FloatArray, world: World) -> tuple[FloatArray, ...]:
    """Price on the future of the same settlement (domain.md section 1.6), so parity holds there."""
    forward = vix_future(np.asarray(world.vix), world.anchors, days)
    k = np.log(part.strike / forward)
    volatility = vix_option_volatility(np.asarray(world.vix), world.anchors, days, k)
    terms = (forward, part.strike, days / _DAYS_PER_YEAR, volatility, world.rate, part.is_call)
    greeks = black76.greeks(*terms)
    return (black76.price(*terms), forward, volatility, *_per_point(greeks))


def _spx_options(part: Contracts, days: FloatArray, world: World) -> tuple[FloatArray, ...]:
    index = black_scholes.Index(world.spx, world.rate, world.dividend_yield)
    years = days / _DAYS_PER_YEAR
    k = np.log(part.strike / index.forward(years))
    volatility = spx_option_volatility(np.asarray(world.vix), world.anchors, days, k)
    terms = (index, part.strike, years, volatility, part.is_call)
    greeks = black_scholes.greeks(*terms)
    spot = np.full(days.shape, world.spx)
    return (black_scholes.price(*terms), spot, volatility, *_per_point(greeks))


def _per_point(greeks: black76.Greeks) -> tuple[FloatArray, ...]:
    return (greeks.delta, greeks.gamma, greeks.vega / 100.0, greeks.theta)
