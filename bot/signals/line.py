"""What a quoted line says now, and whether it may be believed.

Index and future lines are judged by age, data type and farm (design.md section 6). Cash indices
speak only in regular hours; futures trade nearly around the clock. At the evaluation after the
official close the last word before the close is the close, so age is counted up to there.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from bot.domain.inputs import EvaluationKind, Farm, Inputs, Snapshot
from bot.domain.instruments import BREADTH, Future
from bot.domain.quotes import DataType, Quote
from bot.domain.readings import Reading, ReadingState, Scalar

EDGE = timedelta(minutes=5)
"""Index levels count from so long after the opening to so long before the close: 09:35-16:10."""

INDEX_QUIET = {symbol: timedelta(minutes=15) for symbol in ("SPX", BREADTH)}
"""How long before the session's close an index becomes final: shares close at 16:00 New York."""

_RANK = {ReadingState.OK: 0, ReadingState.STALE: 1, ReadingState.MISSING: 2}


class Line(NamedTuple):
    """A number in points with its time and state; only an `OK` one may be compared."""

    value: float | None
    state: ReadingState
    as_of: datetime | None = None
    note: str = ""


def missing(note: str) -> Line:
    """Return a line that has no source at all."""
    return Line(None, ReadingState.MISSING, None, note)


def doubted(line: Line, state: ReadingState, note: str) -> Line:
    """Return `line` in the worse of both states, with the reason added."""
    worse = max(line.state, state, key=_RANK.__getitem__)
    return line._replace(state=worse, note="; ".join(filter(None, (line.note, note))))


def joined(first: Line, second: Line) -> Line:
    """Return the state, older time and notes of two lines that one number needs; no value."""
    times = [line.as_of for line in (first, second) if line.as_of is not None]
    both = Line(None, first.state, min(times, default=None), first.note)
    return doubted(both, second.state, second.note)


def reading(signal: str, name: str, value: Scalar | None, basis: Line) -> Reading:
    """Return the reading of `value` in the state of what it was computed from.

    A source that is there but does not suffice for a value is `STALE`, not `MISSING`: a part of an
    exit without any source drops out (R12), one that fell silent must not.
    """
    state = basis.state
    if value is None and state is ReadingState.OK:
        state = ReadingState.STALE
    return Reading(
        signal=signal, name=name, state=state, value=value, as_of=basis.as_of, note=basis.note
    )


def index_line(symbol: str, quote: Quote | None, inputs: Inputs) -> Line:
    """Return the last value of a cash index, in points."""
    if quote is None or quote.last is None:
        return missing(f"no quote of {symbol}")
    return _index(symbol, float(quote.last), quote, inputs)


def breadth_line(quote: Quote | None, inputs: Inputs) -> Line:
    """Return the issues advancing less those declining, of the session so far.

    The broker sends the advances as bid and the declines as ask (domain.md section 2), so that what
    would be a crossed quote elsewhere is a day on which more rose than fell.
    """
    if quote is None:
        return missing(f"no quote of {BREADTH}")
    if quote.bid is None or quote.ask is None:
        return Line(None, ReadingState.STALE, quote.as_of, f"{BREADTH} shows no counts")
    return _index(BREADTH, float(quote.bid - quote.ask), quote, inputs)


def _index(symbol: str, value: float, quote: Quote, inputs: Inputs) -> Line:
    snapshot = inputs.snapshot
    final_at = snapshot.session.close_at - INDEX_QUIET.get(symbol, timedelta())
    doubt = _hours_doubt(snapshot) or _quote_doubt(
        quote, snapshot, final_at, inputs.policy.trust.index_max_age_seconds
    )
    return _line(value, quote, f"{symbol} {doubt}" if doubt else "")


def future_line(future: Future, quote: Quote | None, inputs: Inputs) -> Line:
    """Return the mid of a two-sided future, else its last trade, in points."""
    level = None if quote is None else (quote.mid or quote.last)
    if quote is None or level is None:
        return missing(f"no quote of {future.local_symbol}")
    snapshot = inputs.snapshot
    final_at = snapshot.session.close_at if _is_close(snapshot) else snapshot.now
    max_age = inputs.policy.trust.future_max_age_seconds
    doubt = "is crossed" if quote.is_crossed else ""
    doubt = doubt or _quote_doubt(quote, snapshot, final_at, max_age)
    return _line(float(level), quote, f"{future.local_symbol} {doubt}" if doubt else "")


def _line(value: float, quote: Quote, note: str) -> Line:
    state = ReadingState.STALE if note else ReadingState.OK
    return Line(value, state, quote.as_of, note)


def _is_close(snapshot: Snapshot) -> bool:
    return snapshot.kind is EvaluationKind.CLOSE


def _hours_doubt(snapshot: Snapshot) -> str:
    session, now = snapshot.session, snapshot.now
    if _is_close(snapshot) and now >= session.close_at:
        return ""
    within = session.open_at + EDGE <= now <= session.close_at - EDGE
    return "" if within else "is outside its hours"


def _quote_doubt(
    quote: Quote, snapshot: Snapshot, final_at: datetime, max_age_seconds: float
) -> str:
    """Return why the line may not be believed, empty when it may."""
    if snapshot.farm is not Farm.OK:
        return f"comes from a farm that is {snapshot.farm}"
    if quote.data_type is not DataType.LIVE:
        return "is not live data"
    if quote.as_of > snapshot.now:
        return "is dated after now"
    age = quote.age_seconds(min(snapshot.now, final_at))
    return f"is {age:.0f} s old" if age > max_age_seconds else ""
