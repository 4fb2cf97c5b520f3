"""Market breadth: the advance-decline line (G5). Declared: its source is not connected."""

from bot.signals.signal import TRUTH, Signal

ADVANCE_DECLINE = Signal(
    id="G5",
    title="Advance-decline line",
    outputs=("breadth.z", "breadth.divergence"),
    answers={"breadth.divergence": TRUTH},
    readers=("R6", "R14", "R22", "R32"),
    source=("A0", "A1", "A2", "A3", "A4"),
)
