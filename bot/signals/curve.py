"""The shape of the curve: its slope (G7) and VIX3M over VIX (G18); curvature (G8) is declared.

VX1 and VX2 are the two nearest monthly futures that have not settled.
"""

from bot.domain.instruments import VIX3M
from bot.domain.readings import Reading, Scalar
from bot.signals.context import SignalContext
from bot.signals.line import joined, missing, reading
from bot.signals.signal import TRUTH, Signal

SLOPE_OUTPUTS = ("curve.slope", "curve.slope_pct", "curve.inverted", "curve.front_premium")


def _read_slope(context: SignalContext) -> tuple[Reading, ...]:
    """Return the slope in points and in per cent of VX1, its inversion, and VX1 over VX2."""
    nothing = missing("no such future is listed")
    first, second = (*context.vx, nothing, nothing)[:2]
    values: tuple[Scalar | None, ...] = (None,) * len(SLOPE_OUTPUTS)
    if first.value is not None and second.value is not None:
        slope = second.value - first.value
        values = (slope, 100.0 * slope / first.value, slope < 0.0, -slope)
    basis = joined(first, second)
    return tuple(
        reading("G7", name, value, basis) for name, value in zip(SLOPE_OUTPUTS, values, strict=True)
    )


def _read_term(context: SignalContext) -> tuple[Reading, ...]:
    """Return VIX3M over VIX; below 1 the coming month is feared more than the quarter."""
    quarter, month = context.index(VIX3M), context.vix
    basis = joined(quarter, month)
    ratio = None
    if quarter.value is not None and month.value is not None:
        ratio = quarter.value / month.value
    return (reading("G18", "term.ratio", ratio, basis),)


CURVE_SLOPE = Signal(
    id="G7",
    title="Curve slope",
    outputs=SLOPE_OUTPUTS,
    answers={"curve.inverted": TRUTH},
    readers=("R6", "R15", "R23", "R24", "R30"),
    source=("A1", "A2", "A4"),
    compute=_read_slope,
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
    compute=_read_term,
)
