"""The VIX level and its changes (G1)."""

from bot.signals.signal import Signal

VIX_LEVEL = Signal(
    id="G1",
    title="VIX level, changes",
    outputs=("vix.level", "vix.change_1d", "vix.change_5d", "vix.spike", "vix.new_high"),
    readers=("R5", "R7", "R8", "R12", "R19", "R24", "R32"),
    source=("A0",),
)
