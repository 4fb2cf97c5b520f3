"""RSI divergence of SPX and VIX (G4): a high that strength does not share and fear does not forget.

Bearish: SPX makes a high of 20 bars while its RSI is below, and the RSI of VIX above, what each was
at the previous pivot high of SPX. Bullish is the mirror at lows. A pivot stands out from the three
bars before it and from three after it, without which it is not known to be one; so the newest can
be three bars old, and no bar that is still to come has a say.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from bot.domain.policy import SignalsPolicy
from bot.domain.readings import Reading, ReadingState
from bot.signals.context import SignalContext
from bot.signals.indicators import rsi_series
from bot.signals.line import doubted, joined, reading
from bot.signals.past import FloatArray
from bot.signals.signal import TRUTH, Signal
from bot.signals.window import FLAT, daily_window

OUTPUTS = ("divergence.bearish", "divergence.bullish")


def last_pivot(prices: FloatArray, bars: int) -> int | None:
    """Return the place of the newest price above the `bars` before it and the `bars` after it."""
    if len(prices) < 2 * bars + 1:
        return None
    views = sliding_window_view(prices, 2 * bars + 1)
    around = np.delete(views, bars, axis=1).max(axis=1)
    found = np.flatnonzero(views[:, bars] > around)
    return int(found[-1]) + bars if found.size else None


def diverges(
    prices: FloatArray, strength: FloatArray, fear: FloatArray, policy: SignalsPolicy
) -> bool:
    """Tell whether the last bar is a high that `strength` does not share and `fear` does.

    Each compared with itself at the previous pivot high of `prices`; without a pivot, or where an
    RSI has no value yet at it, there is nothing to diverge from. Of negated series it is the
    mirror at lows.

    Args:
        prices: Closes, oldest first; strictly above the ones before makes a high.
        strength: The RSI of `prices`, nan where it has none.
        fear: The RSI of VIX on the same bars.
        policy: How many bars a high and a pivot take.
    """
    if prices[-1] <= prices[-policy.divergence_bars : -1].max():
        return False
    pivot = last_pivot(prices, policy.pivot_bars)
    if pivot is None:
        return False
    return bool(strength[-1] < strength[pivot] and fear[-1] > fear[pivot])


def _read(context: SignalContext) -> tuple[Reading, ...]:
    policy = context.inputs.policy.signals
    spx, spx_basis = daily_window(context, context.past.spx, context.spx)
    vix, vix_basis = daily_window(context, context.past.vix, context.vix)
    basis = joined(spx_basis, vix_basis)
    if spx is None or vix is None:
        return tuple(reading("G4", name, None, basis) for name in OUTPUTS)
    strength, fear = rsi_series(spx, policy.rsi_period), rsi_series(vix, policy.rsi_period)
    if strength is None or fear is None:
        basis = doubted(basis, ReadingState.STALE, FLAT)
        return tuple(reading("G4", name, None, basis) for name in OUTPUTS)
    found = (diverges(spx, strength, fear, policy), diverges(-spx, -strength, -fear, policy))
    return tuple(
        reading("G4", name, value, basis) for name, value in zip(OUTPUTS, found, strict=True)
    )


RSI_DIVERGENCE = Signal(
    id="G4",
    title="RSI divergence SPX / VIX",
    outputs=OUTPUTS,
    readers=("R6",),
    source=("A3",),
    answers=dict.fromkeys(OUTPUTS, TRUTH),
    compute=_read,
)
