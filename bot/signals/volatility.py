"""The VIX level, its changes, its spike and its highs (G1).

Whether the level may be believed at all is judged in `bot.signals.context`.
"""

import numpy as np

from bot.domain.readings import Reading, ReadingState, Scalar
from bot.signals.context import SignalContext
from bot.signals.line import Line, doubted, reading
from bot.signals.past import Past
from bot.signals.signal import TRUTH, Signal

SPIKE_SESSIONS = 5


def _read(context: SignalContext) -> tuple[Reading, ...]:
    spot, past, policy = context.vix, context.past, context.inputs.policy
    one = _change(spot, past, 1)
    five = _change(spot, past, SPIKE_SESSIONS)
    spike = None if five is None else five > policy.signals.spike_points
    high = _highest(past, policy.stages.reentry_high_sessions)
    new_high = None if high is None or spot.value is None else spot.value > high
    basis = past.under(spot)
    return (
        reading("G1", "vix.level", spot.value, spot),
        _looking_back("vix.change_1d", one, basis),
        _looking_back("vix.change_5d", five, basis),
        _looking_back("vix.spike", spike, basis),
        _looking_back("vix.new_high", new_high, basis),
    )


def _looking_back(name: str, value: Scalar | None, basis: Line) -> Reading:
    if value is None and basis.state is ReadingState.OK:
        basis = doubted(basis, ReadingState.STALE, "a close it needs is unknown")
    return reading("G1", name, value, basis)


def _change(spot: Line, past: Past, sessions: int) -> float | None:
    close = past.close_before(sessions)
    return None if spot.value is None or close is None else spot.value - close


def _highest(past: Past, sessions: int) -> float | None:
    """Return the highest of the last closes, None unless all of them are known."""
    closes = past.vix[-sessions:]
    if len(closes) < sessions or not np.isfinite(closes).all():
        return None
    return float(closes.max())


VIX_LEVEL = Signal(
    id="G1",
    title="VIX level, changes",
    outputs=("vix.level", "vix.change_1d", "vix.change_5d", "vix.spike", "vix.new_high"),
    readers=("R5", "R7", "R8", "R12", "R19", "R24", "R32"),
    source=("A0",),
    answers={"vix.spike": TRUTH, "vix.new_high": TRUTH},
    compute=_read,
)
