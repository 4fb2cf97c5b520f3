"""Put-call parity of VIX options against the future (G23). Declared.

The arithmetic stands in `bot.pricing.forward`.
"""

from bot.signals.signal import Signal

PARITY_GAP = Signal(
    id="G23",
    title="Parity gap",
    outputs=("parity.gap",),
    readers=("R21",),
    source=("A0", "A1", "A2", "A3", "A4"),
)
