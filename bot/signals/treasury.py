"""Treasury volatility: the MOVE index (G6). Declared: its source is not connected."""

from bot.signals.signal import TRUTH, Signal

MOVE = Signal(
    id="G6",
    title="MOVE",
    outputs=("move.level", "move.z", "move.spike"),
    answers={"move.spike": TRUTH},
    readers=("R6", "R8", "R12"),
    source=("A0",),
)
