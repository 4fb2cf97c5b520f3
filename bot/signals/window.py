"""The bars of a daily indicator: completed closes and the session's own, provisional until its end.

An indicator is as good as the present level, and as the completed closes behind it.
"""

from bot.domain.history import WINDOW
from bot.domain.readings import ReadingState
from bot.signals.context import SignalContext
from bot.signals.indicators import bars
from bot.signals.line import Line, doubted
from bot.signals.past import FloatArray

FLAT = "the closes did not move"


def daily_window(
    context: SignalContext, closes: FloatArray, now: Line, count: int = WINDOW
) -> tuple[FloatArray | None, Line]:
    """Return the bars of an indicator, None where it cannot be computed, and their state."""
    basis = context.past.under(now)
    window = bars(closes, now.value, count)
    if isinstance(window, str):
        return None, doubted(basis, ReadingState.STALE, window)
    return window, basis


def index_window(context: SignalContext, symbol: str, count: int) -> tuple[FloatArray | None, Line]:
    """Return the bars of an index that not every broker has: missing without a line or a past."""
    now = context.index(symbol)
    closes = context.past.indices.get(symbol)
    if closes is not None:
        return daily_window(context, closes, now, count)
    if now.state is ReadingState.MISSING:
        return None, now
    return None, doubted(now, ReadingState.MISSING, f"no past of {symbol} is known")
