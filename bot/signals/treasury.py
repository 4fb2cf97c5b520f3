"""Treasury volatility: the MOVE index (G6).

Its level means little from one decade to the next, so today's is measured against the completed
closes of a year: mean and deviation are theirs alone, lest a spike be part of its own yardstick.
"""

from bot.domain.instruments import MOVE as MOVE_INDEX
from bot.domain.readings import Reading, ReadingState
from bot.signals.context import SignalContext
from bot.signals.line import doubted, reading
from bot.signals.signal import TRUTH, Signal
from bot.signals.statistics import z_score
from bot.signals.window import FLAT, index_window


def _read(context: SignalContext) -> tuple[Reading, ...]:
    policy = context.inputs.policy.signals
    now = context.index(MOVE_INDEX)
    window, basis = index_window(context, MOVE_INDEX, policy.move_sessions)
    z = None if window is None else z_score(float(window[-1]), window[:-1])
    if window is not None and z is None:
        basis = doubted(basis, ReadingState.STALE, FLAT)
    return (
        reading("G6", "move.level", now.value, now),
        reading("G6", "move.z", z, basis),
        reading("G6", "move.spike", None if z is None else z >= policy.move_spike, basis),
    )


MOVE = Signal(
    id="G6",
    title="MOVE",
    outputs=("move.level", "move.z", "move.spike"),
    readers=("R6", "R8", "R12"),
    source=("A0",),
    answers={"move.spike": TRUTH},
    compute=_read,
)
