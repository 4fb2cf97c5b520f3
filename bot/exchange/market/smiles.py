"""Implied volatilities of VIX and SPX options: level, term structure and smile.

Both smiles are surfaces of the SSVI family (Gatheral and Jacquier 2014): with k = ln(K/F) and
t = (at-the-money volatility)^2 T, total variance is

    t / 2 (1 + r f k + sqrt((f k + r)^2 + 1 - r^2)),   f = h / sqrt(t).

There is no butterfly arbitrage while t f (1 + |r|) < 4 and t f^2 (1 + |r|) <= 4, that is
h^2 (1 + |r|) <= 4 and h sqrt(t) (1 + |r|) < 4: 0.57 and 1.05 sqrt(t) for VIX, 0.79 and 1.2 sqrt(t)
for SPX, so calls fall and are convex in the strike at any level of volatility that can occur.

VIX (domain.md sections 1.6, 5.1, 5.3): r = 0.9 makes volatility rise with the strike. h and the
term structure stand between the chains of 2013-06-25 (57 days: 0.85 at the money, 1.18 times it at
k = 0.3, 0.78 at k = -0.29) and 2024-06-03 (16, 79, 135 days: 0.69, 0.67, 0.53 at the money, 1.3 to
1.6 times that at k = 0.3). The level follows VVIX, which a regression of its log on the log of VIX
and its 200-session mean explains to 12 % (2012-2022: 3.77, 0.44, -0.16); the slopes are a little
steeper here, so that 5 February 2018 gives 150 (157 printed) and calm days 85.

SPX: at-the-money volatility at 30 days is 0.82 of VIX (SPY, 2012-2022: mean 0.83, deviation 0.06).
Other tenors move by (30/days)^0.4 of a log move of VIX (VIX3M 0.70 in levels and 0.59 in changes,
VIX6M 0.49 and 0.40, VIX9D 1.28 and 1.52; here 0.64, 0.49 and 1.5), the rest leans on the slow mean.
r and h give a 25-delta skew of a third of the volatility (mean 0.34).
"""

import numpy as np

from bot.exchange.market.curve import Anchors
from bot.pricing.arrays import FloatArray

_VIX_CORRELATION, _VIX_CURVE = 0.9, 0.55
_SPX_CORRELATION, _SPX_CURVE = -0.75, 0.67

_VVIX_LEVEL, _VVIX_SPOT, _VVIX_SLOW = 3.769, 0.47, -0.19
_VIX_ATM_SHARE, _VIX_TENOR_POWER = 0.99, 0.18

_SPX_ATM_SHARE = 0.82
_SPX_TENOR_POWER, _SPX_SHORT_LIMIT = 0.4, 1.5
_SPX_MEAN = (0.70, 0.90)

_REFERENCE_DAYS = 30.0
_SHORTEST_DAYS = 1.0
_DAYS_PER_YEAR = 365.0


def vvix(vix: FloatArray, anchors: Anchors) -> FloatArray:
    """Return the volatility of volatility the market quotes, in points like VVIX."""
    log_level = _VVIX_LEVEL + _VVIX_SPOT * np.log(vix) + _VVIX_SLOW * anchors.slow
    return np.asarray(np.exp(log_level), dtype=np.float64)


def vix_option_volatility(
    vix: FloatArray, anchors: Anchors, days: FloatArray, log_moneyness: FloatArray
) -> FloatArray:
    """Return the implied volatility of VIX options on their future, as a yearly fraction.

    Args:
        vix: Spot VIX, in points.
        anchors: The means the session started with.
        days: Days to settlement; under a day counts as one.
        log_moneyness: ln(K/F) with F the future of the same settlement.
    """
    tenor = np.maximum(days, _SHORTEST_DAYS)
    fall = (_REFERENCE_DAYS / tenor) ** _VIX_TENOR_POWER
    at_the_money = _VIX_ATM_SHARE * vvix(vix, anchors) / 100.0 * fall
    return _smile(at_the_money, tenor, log_moneyness, (_VIX_CORRELATION, _VIX_CURVE))


def spx_option_volatility(
    vix: FloatArray, anchors: Anchors, days: FloatArray, log_moneyness: FloatArray
) -> FloatArray:
    """Return the implied volatility of SPX options, as a yearly fraction; see above for units."""
    tenor = np.maximum(days, _SHORTEST_DAYS)
    reach = np.minimum((_REFERENCE_DAYS / tenor) ** _SPX_TENOR_POWER, _SPX_SHORT_LIMIT)
    mean = _SPX_MEAN[0] + _SPX_MEAN[1] * anchors.slow
    level = np.exp(reach * np.log(vix) + (1.0 - reach) * mean)
    at_the_money = _SPX_ATM_SHARE * level / 100.0
    return _smile(at_the_money, tenor, log_moneyness, (_SPX_CORRELATION, _SPX_CURVE))


def _smile(
    at_the_money: FloatArray, days: FloatArray, k: FloatArray, shape: tuple[float, float]
) -> FloatArray:
    correlation, curve = shape
    scaled = curve * k / (at_the_money * np.sqrt(days / _DAYS_PER_YEAR))
    root = np.sqrt((scaled + correlation) ** 2 + 1.0 - correlation**2)
    ratio = 0.5 * (1.0 + correlation * scaled + root)
    return np.asarray(at_the_money * np.sqrt(ratio), dtype=np.float64)
