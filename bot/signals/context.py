"""What every signal of one evaluation looks at, read once.

The lines that several signals share, spot VIX, SPX and the VX futures, are judged here, so that a
doubt about one of them reaches everything that is computed from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.inputs import Inputs
from bot.domain.instruments import BREADTH, ConId, Future, Universe
from bot.domain.policy import TrustPolicy
from bot.domain.quotes import Quote
from bot.domain.readings import ReadingState
from bot.domain.sessions import NEW_YORK
from bot.domain.state import StrategyState
from bot.signals.front import front_line
from bot.signals.line import (
    Line,
    breadth_line,
    doubted,
    future_line,
    index_line,
    missing,
)
from bot.signals.memo import remembered
from bot.signals.past import Past, past_closes


@dataclass(frozen=True, kw_only=True, slots=True)
class SignalContext:
    """One evaluation: its inputs, what the strategy remembers, and the shared lines.

    `vx` are the monthly VX futures not yet settled, VX1 first; `front` is the thirty-day future.
    """

    inputs: Inputs
    state: StrategyState
    quotes: Mapping[ConId, Quote]
    past: Past
    vix: Line
    spx: Line
    vx: tuple[Line, ...]
    front: Line

    def index(self, symbol: str) -> Line:
        """Return what the line of an index says; missing where the broker offers none."""
        return _index_line(symbol, self.quotes, self.inputs)

    @property
    def now(self) -> datetime:
        """The instant of the evaluation."""
        return self.inputs.snapshot.now

    @property
    def day(self) -> date:
        """The date of the running session."""
        return self.inputs.snapshot.session.date


def look(inputs: Inputs, state: StrategyState) -> SignalContext:
    """Read the lines that the signals share."""
    quotes = {quote.con_id: quote for quote in inputs.snapshot.quotes}
    day = inputs.snapshot.session.date
    past = past_closes(inputs.history, inputs.sessions, day)
    futures = [f for f in monthly_futures(inputs.universe) if f.settlement > inputs.snapshot.now]
    vx = tuple(future_line(f, quotes.get(f.con_id), inputs) for f in futures)
    settlements = [f.settlement.astimezone(NEW_YORK).date() for f in futures]
    risen = _rise(vx[0], past.settlements.get(settlements[0])) if vx else None
    vix = _index_line("VIX", quotes, inputs)
    return SignalContext(
        inputs=inputs,
        state=state,
        quotes=quotes,
        past=past,
        vix=confirm_rise(vix, _rise(vix, past.close_before(1)), risen, inputs.policy.trust),
        spx=_index_line("SPX", quotes, inputs),
        vx=vx,
        front=front_line([(settles - day).days for settles in settlements], vx),
    )


@remembered
def monthly_futures(universe: Universe) -> tuple[Future, ...]:
    """Return the monthly VX futures in order of settlement; weeklies have another class."""
    return tuple(universe.futures("VIX", "VX"))


def confirm_rise(
    spot: Line, spot_rise: float | None, future_rise: float | None, trust: TrustPolicy
) -> Line:
    """Return spot VIX, doubted when the nearest future does not confirm its rise (G1).

    Spot is made of mid quotes of SPX options and jumps with their width (domain.md section 5.1);
    the future is traded. Rises are since the last close, in points, None where unknown. What cannot
    be confirmed is as doubtful as what is not.
    """
    if spot.state is not ReadingState.OK:
        return spot
    if spot_rise is None:
        return doubted(spot, ReadingState.STALE, "VIX rise unknown: no last close")
    if spot_rise <= trust.artefact_points:
        return spot
    if future_rise is None:
        return doubted(spot, ReadingState.STALE, f"VIX rise of {spot_rise:.2f} lacks VX1's word")
    if future_rise >= trust.artefact_future_share * spot_rise:
        return spot
    note = f"VIX rose {spot_rise:.2f} but VX1 only {future_rise:.2f}"
    return doubted(spot, ReadingState.STALE, note)


def _index_line(symbol: str, quotes: Mapping[ConId, Quote], inputs: Inputs) -> Line:
    index = inputs.universe.index(symbol)
    if index is None:
        return missing(f"the broker offers no {symbol}")
    quote = quotes.get(index.con_id)
    return breadth_line(quote, inputs) if symbol == BREADTH else index_line(symbol, quote, inputs)


def _rise(line: Line, close: float | None) -> float | None:
    """Return the points a believed line stands above a close, None if either is unknown."""
    if line.state is not ReadingState.OK or line.value is None or close is None:
        return None
    return line.value - close
