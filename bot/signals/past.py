"""The completed closes an evaluation may look back on.

Causal by construction: whatever a history holds, only rows before the running session are seen.
A close that is not known stays unknown (nan); nothing is carried forward.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.domain.history import WINDOW, FutureCloses, History
from bot.domain.readings import ReadingState
from bot.domain.sessions import NEW_YORK, SessionTable, UnknownSessionError
from bot.signals.line import Line, doubted
from bot.signals.memo import remembered

FloatArray = NDArray[np.float64]


class Past(NamedTuple):
    """The last completed closes in points, oldest first, at most 512; nan where unknown.

    `settlements` are the last closes of the VX futures by settlement date, `indices` the closes of
    what the broker has beside VIX and SPX, by symbol. `state` tells whether
    the last row is the session before the running one; `as_of` is that session's close.
    """

    vix: FloatArray
    spx: FloatArray
    front: FloatArray
    settlements: dict[date, float | None]
    indices: dict[str, FloatArray]
    state: ReadingState
    as_of: datetime | None
    note: str

    def close_before(self, sessions: int) -> float | None:
        """Return the VIX close `sessions` sessions before the running one, None if unknown."""
        if self.state is not ReadingState.OK or len(self.vix) < sessions:
            return None
        close = float(self.vix[-sessions])
        return None if np.isnan(close) else close

    def under(self, line: Line) -> Line:
        """Return the state of a number that needs both `line` and the days before it."""
        return doubted(line, self.state, self.note)


@remembered
def past_closes(history: History, sessions: SessionTable, day: date) -> Past:
    """Return the closes completed before the session of `day`."""
    count = bisect_left(history.dates, day)
    state, as_of, note = _judge(history.dates[:count], sessions, day)
    return Past(
        vix=_array(history.vix[:count]),
        spx=_array(history.spx[:count]),
        front=_array(history.vix_front[:count]),
        settlements={settlement_date(f): _last(f.closes[:count]) for f in history.futures},
        indices={index.symbol: _array(index.closes[:count]) for index in history.indices},
        state=state,
        as_of=as_of,
        note=note,
    )


def settlement_date(future: FutureCloses) -> date:
    """Return the New York date on which a future settles."""
    return future.settlement.astimezone(NEW_YORK).date()


def _array(closes: Sequence[float | None]) -> FloatArray:
    array = np.array(closes[-WINDOW:], dtype=np.float64)
    array.flags.writeable = False
    return array


def _last(closes: Sequence[float | None]) -> float | None:
    return closes[-1] if closes else None


def _judge(
    dates: Sequence[date], sessions: SessionTable, day: date
) -> tuple[ReadingState, datetime | None, str]:
    if not dates:
        return ReadingState.MISSING, None, "no completed close is known"
    try:
        previous = sessions.shift(day, -1)
    except UnknownSessionError:
        return ReadingState.STALE, None, f"the session before {day} is not in the table"
    if dates[-1] != previous.date:
        note = f"the history ends on {dates[-1]}, not on {previous.date}"
        return ReadingState.STALE, None, note
    return ReadingState.OK, previous.close_at, ""
