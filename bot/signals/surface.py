"""The SPX option surface and realised volatility: skew, percentile, cone (G9, G10). Declared."""

from bot.signals.signal import Signal

SKEW = Signal(
    id="G9",
    title="SPX skew, IV percentile",
    outputs=("iv.skew", "iv.percentile"),
    readers=("R22", "G22"),
    source=("A2",),
)

CONE = Signal(
    id="G10",
    title="Volatility cone",
    outputs=("cone.percentile", "cone.event_points"),
    readers=("R9",),
    source=("A3",),
)
