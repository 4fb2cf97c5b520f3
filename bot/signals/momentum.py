"""RSI and MACD of daily bars (G2, G3).

The session's own bar is the current level, provisional until the close. A daily indicator is as
good as that level, and as the window of completed closes behind it.
"""

from bot.domain.readings import Reading, ReadingState, Scalar
from bot.signals.context import SignalContext
from bot.signals.indicators import macd, rsi
from bot.signals.line import Line, doubted, reading
from bot.signals.past import FloatArray
from bot.signals.signal import TRUTH, Signal
from bot.signals.window import FLAT, daily_window

MACD_PREFIXES = ("vix", "spx", "front")
MACD_NAMES = ("macd", "macd_age", "macd_fresh", "macd_inflection", "macd_histogram", "macd_slope")


def _read_rsi(context: SignalContext) -> tuple[Reading, ...]:
    window, basis = daily_window(context, context.past.vix, context.vix)
    found = None if window is None else rsi(window, context.inputs.policy.signals.rsi_period)
    basis = basis if found or window is None else doubted(basis, ReadingState.STALE, FLAT)
    value, previous = (None, None) if found is None else found
    rising = None if found is None else found.value > found.previous
    return (
        reading("G2", "vix.rsi", value, basis),
        reading("G2", "vix.rsi_previous", previous, basis),
        reading("G2", "vix.rsi_rising", rising, basis),
    )


def _read_macd(context: SignalContext) -> tuple[Reading, ...]:
    past = context.past
    return (
        *_macd_of("vix", context, past.vix, context.vix),
        *_macd_of("spx", context, past.spx, context.spx),
        *_macd_of("front", context, past.front, context.front),
    )


def _macd_of(
    prefix: str, context: SignalContext, closes: FloatArray, now: Line
) -> tuple[Reading, ...]:
    policy = context.inputs.policy.signals
    window, basis = daily_window(context, closes, now)
    found = None if window is None else macd(window, policy)
    values: tuple[Scalar | None, ...] = (None,) * len(MACD_NAMES)
    if found is not None:
        side = "bullish" if found.bullish else "bearish"
        fresh = found.age <= policy.fresh_bars
        values = (side, found.age, fresh, found.inflection, found.histogram, found.slope)
    elif window is not None:
        basis = doubted(basis, ReadingState.STALE, FLAT)
    return tuple(
        reading("G3", f"{prefix}.{name}", value, basis)
        for name, value in zip(MACD_NAMES, values, strict=True)
    )


VIX_RSI = Signal(
    id="G2",
    title="VIX RSI",
    outputs=("vix.rsi", "vix.rsi_previous", "vix.rsi_rising"),
    readers=("R3", "R6", "R8", "R12", "R14", "R19"),
    source=("A0", "A1", "A2", "A4"),
    answers={"vix.rsi_rising": TRUTH},
    compute=_read_rsi,
)

MACD = Signal(
    id="G3",
    title="MACD of VIX, SPX and VX-front",
    outputs=tuple(f"{prefix}.{name}" for prefix in MACD_PREFIXES for name in MACD_NAMES),
    readers=("R5", "R6", "R11", "R14", "R19", "R30", "R32"),
    source=("A0", "A1", "A2", "A3", "A4"),
    answers={
        f"{prefix}.{name}": answers
        for prefix in MACD_PREFIXES
        for name, answers in (
            ("macd", ("bullish", "bearish")),
            ("macd_fresh", TRUTH),
            ("macd_inflection", TRUTH),
        )
    },
    compute=_read_macd,
)
