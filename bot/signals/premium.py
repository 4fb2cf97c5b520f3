"""Implied against realised variance: the equity-premium divergence (G14). Declared."""

from bot.signals.signal import Signal

PREMIUM_DIVERGENCE = Signal(
    id="G14",
    title="Equity-premium divergence",
    outputs=("premium.z",),
    readers=("R6",),
    source=("A0", "A4"),
)
