"""Model values of many contracts at one moment, or of one at many, vectorised.

The futures curve and the smiles give each contract one value; what a trader is shown of it (grid,
spread, size) is made in `bot.exchange.market.quoting`. An S&P future is the forward of SPX; SPY is
a tenth of SPX, less what the fund holds back, plus the dividends gathered since it last paid: just
after paying 0.9968 of it (2012-2022: 0.9994 on average, deviation 0.0019).
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from bot.exchange.market.breadth import breadth
from bot.exchange.market.columns import Contracts, Formula
from bot.exchange.market.curve import vix_future
from bot.exchange.market.indices import index_level, model_level
from bot.exchange.market.smiles import spx_option_volatility, vix_option_volatility
from bot.exchange.market.world import World
from bot.exchange.reference.underlyings import INDICES
from bot.pricing import black76, black_scholes
from bot.pricing.arrays import FloatArray

_SECONDS_PER_DAY = 86_400.0
_DAYS_PER_YEAR = 365.0
_SPX_PER_SPY, _SPY_SHARE = 10.0, 0.9968


class Values(NamedTuple):
    """Model values as columns, nan where a column has no meaning for a contract.

    `value` and `underlying` are in points. Greeks are per point of the underlying (of the VIX
    future for VIX options), per volatility point, per calendar day. `days` is the time to
    settlement (infinite without one); a contract with none left is worth what it settles at. Of
    breadth, `value` is the advances and `underlying` the declines.
    """

    value: FloatArray
    days: FloatArray
    underlying: FloatArray
    volatility: FloatArray
    delta: FloatArray
    gamma: FloatArray
    vega: FloatArray
    theta: FloatArray


_Columns: TypeAlias = tuple[FloatArray, ...]


class _Part(NamedTuple):
    contracts: Contracts
    days: FloatArray
    world: World
    wants_greeks: bool


def value_all(contracts: Contracts, world: World, seed: int = 0, *, greeks: bool = True) -> Values:
    """Return the model values of contracts in a world.

    Args:
        contracts: What is valued; of a world of many moments, the contract of each moment.
        world: What values depend on.
        seed: Of the market; the breadth of a day is drawn with it.
        greeks: Whether volatilities and greeks are wanted too.
    """
    seconds = contracts.settlement - world.seconds
    days = np.where(np.isnan(seconds), np.inf, seconds / _SECONDS_PER_DAY)
    columns = [np.full(days.shape, np.nan) for _ in range(7)]
    for formula in np.unique(contracts.formula):
        picked = contracts.formula == formula
        part, there = contracts.pick(picked), world.pick(picked)
        if formula == Formula.BREADTH:
            found: _Columns = breadth(there, seed)
        else:
            found = _PRICERS[Formula(formula)](_Part(part, days[picked], there, greeks))
        for column, values in zip(columns, found, strict=False):
            column[picked] = values
    return Values(columns[0], days, *columns[1:])


def vix_forward(settlement: FloatArray, days: FloatArray, world: World) -> FloatArray:
    """Return the level of the VIX future of a settlement."""
    model = vix_future(np.asarray(world.vix), world.anchors, days)
    return np.asarray(model * np.exp(world.curve_shift(settlement)), dtype=np.float64)


def _indices(part: _Part) -> _Columns:
    values = np.empty(part.days.shape)
    for con_id in np.unique(part.contracts.con_id):
        at = part.contracts.con_id == con_id
        values[at] = index_level(INDICES[con_id].symbol, part.world.pick(at))
    return (values,)


def _vix_futures(part: _Part) -> _Columns:
    return (vix_forward(part.contracts.settlement, part.days, part.world),)


def _spx_futures(part: _Part) -> _Columns:
    return (_index(part.world).forward(part.days / _DAYS_PER_YEAR),)


def _shares(part: _Part) -> _Columns:
    world = part.world
    gathered = world.dividend_yield * world.facts.dividend_years
    level = np.asarray(world.spx) / _SPX_PER_SPY * (_SPY_SHARE + gathered)
    return (np.broadcast_to(level, part.days.shape),)


def _vix_options(part: _Part) -> _Columns:
    """Price on the future of the same settlement (domain.md section 1.6), so parity holds there."""
    contracts, days, world, wants_greeks = part
    forward = vix_forward(contracts.settlement, days, world)
    k = np.log(contracts.strike / forward)
    volatility = vix_option_volatility(np.asarray(world.vix), world.anchors, days, k)
    if "VVIX" in world.shifts.indices:
        volatility = volatility * index_level("VVIX", world) / model_level("VVIX", world)
    years = days / _DAYS_PER_YEAR
    terms = (forward, contracts.strike, years, volatility, world.rate, contracts.is_call)
    value = black76.price(*terms)
    if not wants_greeks:
        return (value,)
    return (value, forward, volatility, *_per_point(black76.greeks(*terms)))


def _spx_options(part: _Part) -> _Columns:
    contracts, days, world, wants_greeks = part
    index, years = _index(world), days / _DAYS_PER_YEAR
    k = np.log(contracts.strike / index.forward(years))
    volatility = spx_option_volatility(np.asarray(world.vix), world.anchors, days, k)
    terms = (index, contracts.strike, years, volatility, contracts.is_call)
    value = black_scholes.price(*terms)
    if not wants_greeks:
        return (value,)
    spot = np.broadcast_to(world.spx, days.shape)
    return (value, spot, volatility, *_per_point(black_scholes.greeks(*terms)))


def _index(world: World) -> black_scholes.Index:
    return black_scholes.Index(world.spx, world.rate, world.dividend_yield)


def _per_point(greeks: black76.Greeks) -> _Columns:
    return (greeks.delta, greeks.gamma, greeks.vega / 100.0, greeks.theta)


_PRICERS: dict[Formula, Callable[[_Part], _Columns]] = {
    Formula.INDEX: _indices,
    Formula.VIX_FUTURE: _vix_futures,
    Formula.SPX_FUTURE: _spx_futures,
    Formula.SHARE: _shares,
    Formula.VIX_OPTION: _vix_options,
    Formula.SPX_OPTION: _spx_options,
}
