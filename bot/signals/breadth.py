"""Market breadth: the advance-decline line of the New York Stock Exchange (G5).

The line is the running sum of a day's advancing less declining issues, today's so far included.
Where it starts does not matter: it is compared with its own mean and its own slope.
"""

import numpy as np

from bot.domain.instruments import BREADTH
from bot.domain.policy import SignalsPolicy
from bot.domain.readings import Reading, ReadingState
from bot.signals.context import SignalContext
from bot.signals.line import Line, doubted, joined, reading
from bot.signals.past import FloatArray
from bot.signals.signal import TRUTH, Signal
from bot.signals.statistics import slope, z_score
from bot.signals.window import daily_window, index_window

ONE_SIGN = f"the daily figures of {BREADTH} never change sign: not advances less declines"


def _read(context: SignalContext) -> tuple[Reading, ...]:
    policy = context.inputs.policy.signals
    bars = max(policy.breadth_mean_bars, policy.breadth_slope_bars)
    nets, basis = index_window(context, BREADTH, bars - 1)
    if nets is not None and not nets.min() < 0.0 < nets.max():
        nets, basis = None, doubted(basis, ReadingState.STALE, ONE_SIGN)
    line = None if nets is None else np.cumsum(nets)
    return (_z(line, basis, policy), _divergence(context, line, basis))


def _z(line: FloatArray | None, basis: Line, policy: SignalsPolicy) -> Reading:
    """Return how far the line stands from its mean, in standard deviations over the same bars."""
    if line is None:
        return reading("G5", "breadth.z", None, basis)
    found = z_score(float(line[-1]), line[-policy.breadth_mean_bars :])
    return reading("G5", "breadth.z", found, basis)


def _divergence(context: SignalContext, line: FloatArray | None, basis: Line) -> Reading:
    """Return whether SPX is near its high while the line falls."""
    policy = context.inputs.policy.signals
    closes, spx = daily_window(context, context.past.spx, context.spx, policy.breadth_high_bars - 1)
    both = joined(basis, spx)
    if line is None or closes is None:
        return reading("G5", "breadth.divergence", None, both)
    near = closes[-1] >= (1.0 - policy.breadth_near_high) * closes.max()
    falling = slope(line[-policy.breadth_slope_bars :]) < 0.0
    return reading("G5", "breadth.divergence", bool(near and falling), both)


ADVANCE_DECLINE = Signal(
    id="G5",
    title="Advance-decline line",
    outputs=("breadth.z", "breadth.divergence"),
    readers=("R6", "R14", "R22", "R32"),
    source=("A0", "A1", "A2", "A3", "A4"),
    answers={"breadth.divergence": TRUTH},
    compute=_read,
)
