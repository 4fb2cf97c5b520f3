"""The indices beside SPX and VIX, as functions of the two and of their history.

With v the log of VIX, e and s the exponential means of its closes over 10 and 200 sessions
(`bot.exchange.market.curve`), the log of an index is a + b v + c e + d s. The constants minimise
the sum of squared errors of level and of (three times) the daily change, over 2012-10 to 2022-12
(VIX6M to 2021-12). Root mean square error of the level, and share of the variance of daily log
changes explained: VIX9D 7.9 %, 0.88; VIX3M 4.3 %, 0.93; VIX6M 5.5 %, 0.86; SKEW 7.3 %, 0.01 (the
means of VIX explain a twentieth of its level and next to nothing of its days). 5 February 2018:
VIX9D 61.9, VIX3M 26.8 and VIX6M 23.4 against 59.3, 28.1 and 24.6; SKEW 121.6 against 117.3.

VVIX is what prices the VIX options here (`bot.exchange.market.smiles`: error 12 %). VIXMO is VIX by
the method before weeklies: the variance of 30 days between two monthly expiries, the nearer at
least a week away, on the term structure that VIX9D, VIX, VIX3M and VIX6M span.

TNX is ten times a ten-year yield that moves 2.04 points a unit of SPX's log return (2012-2019:
correlation 0.38, daily deviation 4.3 basis points) around the scenario's, as far as SPX stands from
its 60-session mean. IRX is the bank discount of a 91-day bill at the scenario's rate.
"""

import numpy as np

from bot.exchange.market.smiles import vvix
from bot.exchange.market.world import World
from bot.pricing.arrays import FloatArray

_TERMS = {
    "VIX9D": (-0.0256, 1.5057, -0.2822, -0.2372),
    "VIX3M": (0.1956, 0.5998, 0.1246, 0.2492),
    "VIX6M": (0.4495, 0.4071, 0.1139, 0.3894),
    "SKEW": (4.7953, -0.0377, -0.0394, 0.1015),
}
_KNOTS = (("VIX9D", 9.0), ("VIX", 30.0), ("VIX3M", 93.0), ("VIX6M", 184.0))
_MONTH_DAYS = 30.0
_SECONDS_PER_DAY = 86_400.0
_DAYS_PER_YEAR, _BILL_DAYS, _BILL_YEAR = 365.0, 91.0, 360.0
_YIELD_PER_RETURN = 2.04
_LOWEST = 0.01


def index_level(symbol: str, world: World) -> FloatArray:
    """Return the level of an index in points; TNX and IRX as they are printed."""
    if symbol == "SPX":
        return np.asarray(world.spx, dtype=np.float64)
    if symbol == "VIX":
        return np.asarray(world.vix, dtype=np.float64)
    level = _model(symbol, world) + world.shift(symbol)
    return np.asarray(np.maximum(level, _LOWEST), dtype=np.float64)


def model_level(symbol: str, world: World) -> FloatArray:
    """Return what the model alone says of an index."""
    return np.asarray(_model(symbol, world), dtype=np.float64)


def _model(symbol: str, world: World) -> FloatArray:
    match symbol:
        case "VVIX":
            return vvix(np.asarray(world.vix), world.anchors)
        case "VIXMO":
            return _monthly(world)
        case "TNX":
            stretch = np.log(world.spx) - world.facts.spx_mean
            return np.asarray(10.0 * (world.facts.ten_year_percent + _YIELD_PER_RETURN * stretch))
        case "IRX":
            return np.full(np.shape(world.vix), _discount_percent(world.rate))
        case _:
            return _regressed(symbol, world)


def _regressed(symbol: str, world: World) -> FloatArray:
    constant, spot, fast, slow = _TERMS[symbol]
    log_level = (
        constant + spot * np.log(world.vix) + fast * world.anchors.fast + slow * world.anchors.slow
    )
    return np.asarray(np.exp(log_level), dtype=np.float64)


def _monthly(world: World) -> FloatArray:
    near, far = ((at - world.seconds) / _SECONDS_PER_DAY for at in world.facts.monthlies)
    share = (far - _MONTH_DAYS) / (far - near)
    variance = share * _total_variance(near, world) + (1.0 - share) * _total_variance(far, world)
    return np.asarray(np.sqrt(variance / _MONTH_DAYS), dtype=np.float64)


def _total_variance(days: FloatArray | float, world: World) -> FloatArray:
    """Return level squared times days at a tenor, straight between the knots, flat before them."""
    at = np.asarray(days, dtype=np.float64)
    found = np.zeros(np.broadcast_shapes(at.shape, np.shape(world.vix)))
    before_days, before = 0.0, np.zeros_like(found)
    for symbol, knot in _KNOTS:
        total = index_level(symbol, world) ** 2 * knot
        slope = (total - before) / (knot - before_days)
        found += slope * np.clip(at - before_days, 0.0, knot - before_days)
        before_days, before = knot, total
    return found


def _discount_percent(rate: float) -> float:
    """Return the bank discount in per cent of a bill that yields a continuous rate."""
    price = np.exp(-rate * _BILL_DAYS / _DAYS_PER_YEAR)
    return float(100.0 * (1.0 - price) * _BILL_YEAR / _BILL_DAYS)
