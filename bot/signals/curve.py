"""The shape of the VX curve: slope, curvature, term ratio (G7, G8, G18)."""

from bot.signals.signal import Signal

CURVE_SLOPE = Signal(
    id="G7",
    title="Curve slope",
    outputs=("curve.slope", "curve.slope_pct", "curve.inverted", "curve.front_premium"),
    readers=("R6", "R15", "R23", "R24", "R30"),
    source=("A1", "A2", "A4"),
)

CURVATURE = Signal(
    id="G8",
    title="Curvature and curve IRR",
    outputs=("curve.curvature", "curve.irr_s", "curve.irr_m", "curve.irr_d"),
    readers=("R18", "R30"),
    source=("A4",),
)

TERM_RATIO = Signal(
    id="G18",
    title="Term-structure ratio",
    outputs=("term.ratio",),
    readers=("R6",),
    source=("A2",),
)
