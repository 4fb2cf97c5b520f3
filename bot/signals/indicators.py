"""RSI and MACD, the only place that speaks to TA-Lib (G2, G3, G4).

A fixed window with TA-Lib's seeds: a live evaluation, a back-test and a replay look at the same
513 bars and so agree to the last digit (methodology.md section 2).
"""

from typing import NamedTuple

import numpy as np
import talib

from bot.domain.history import WINDOW
from bot.domain.policy import SignalsPolicy
from bot.signals.past import FloatArray


class Rsi(NamedTuple):
    """Wilder's relative strength, 0 to 100, at the last bar and at the one before."""

    value: float
    previous: float


class Macd(NamedTuple):
    """The MACD histogram at the last bar, and what its sign has done.

    `age` counts bars since the sign changed, 0 at the bar of the change; where it never changed in
    the window, bars since the first one. `slope` is the histogram's change since the bar before,
    0 where there is none; `inflection`: it changed its sign at the last bar.
    """

    histogram: float
    bullish: bool
    age: int
    inflection: bool
    slope: float = 0.0


def bars(completed: FloatArray, last: float | None, count: int = WINDOW) -> FloatArray | str:
    """Return the last `count` completed closes with the session's own bar, or why there are none.

    What looks back on fewer bars than the window is not made unknown by a gap before them.
    """
    if len(completed) < count:
        return f"only {len(completed)} of {count} completed closes"
    if last is None:
        return "no bar of this session"
    window = np.append(completed[-count:], last)
    gaps = int(np.count_nonzero(~np.isfinite(window)))
    return f"{gaps} of {count} completed closes unknown" if gaps else window


def rsi(window: FloatArray, period: int) -> Rsi | None:
    """Return the RSI of closes, oldest first; None where they never moved (G2).

    Plain means seed the averages, then the newest of `period` weighs 1/period (domain.md section
    6). Without any move there is neither strength nor weakness to compare.
    """
    values = rsi_series(window, period)
    return None if values is None else Rsi(float(values[-1]), float(values[-2]))


def rsi_series(window: FloatArray, period: int) -> FloatArray | None:
    """Return the RSI at each bar, nan at the first `period`; None where the closes never moved."""
    if np.ptp(window) == 0.0:
        return None
    return np.asarray(talib.RSI(window, timeperiod=period), dtype=np.float64)


def macd(window: FloatArray, policy: SignalsPolicy) -> Macd | None:
    """Return the MACD state of closes, oldest first; None where it has none (G3)."""
    *_, histogram = talib.MACD(
        window,
        fastperiod=policy.macd_fast,
        slowperiod=policy.macd_slow,
        signalperiod=policy.macd_signal,
    )
    return macd_state(histogram)


def macd_state(histogram: FloatArray) -> Macd | None:
    """Return what the sign of a histogram says, None where it is zero throughout.

    A histogram or slope of exactly zero has no side: the last side holds on. Bars before the first
    value are nan.
    """
    sides = np.flatnonzero(np.nan_to_num(histogram))
    if sides.size == 0:
        return None
    bullish = histogram[sides] > 0.0
    turns = np.flatnonzero(bullish[1:] != bullish[:-1])
    since = sides[turns[-1] + 1] if turns.size else sides[0]
    slopes = np.nan_to_num(np.diff(histogram))
    return Macd(
        histogram=float(histogram[-1]),
        bullish=bool(bullish[-1]),
        age=len(histogram) - 1 - int(since),
        inflection=_turned(slopes),
        slope=float(slopes[-1]) if slopes.size else 0.0,
    )


def _turned(slopes: FloatArray) -> bool:
    """Tell whether the last slope has another sign than the last one that had a sign."""
    moved = np.flatnonzero(slopes)
    if moved.size < 2 or moved[-1] != slopes.size - 1:  # noqa: PLR2004 - a turn needs two slopes
        return False
    return bool((slopes[moved[-1]] > 0.0) != (slopes[moved[-2]] > 0.0))
