"""Sessions to the next scheduled event (G11).

A calendar knows some spans of time: within them it names every event, beyond them an event may be
nearer than the next one it happens to name.
"""

from datetime import date, timedelta

from bot.domain.calendar import EventCalendar, EventKind
from bot.domain.readings import Reading, ReadingState
from bot.domain.sessions import SessionTable, UnknownSessionError
from bot.signals.context import SignalContext
from bot.signals.line import Line, missing, reading
from bot.signals.memo import remembered
from bot.signals.signal import Signal

KINDS = tuple(EventKind)
LOOK_BACK = timedelta(days=7)
"""An event on a day without a session moves prices in the next one."""


def _read(context: SignalContext) -> tuple[Reading, ...]:
    inputs = context.inputs
    distances = event_distances(inputs.calendar, inputs.sessions, context.day)
    opened = inputs.snapshot.session.open_at
    return tuple(
        reading("G11", name, None if line.value is None else int(line.value), line)
        for name, line in zip(
            EVENT_DISTANCE.outputs, (d._replace(as_of=opened) for d in distances), strict=True
        )
    )


@remembered
def event_distances(calendar: EventCalendar, sessions: SessionTable, day: date) -> tuple[Line, ...]:
    """Return for each kind the sessions from the session of `day` to its next event, 0 = today.

    Without any date of a kind it is `MISSING`; where not all dates up to the next known one are
    known, `STALE`: then a nearer event may exist.
    """
    return tuple(_distance(calendar, sessions, day, kind) for kind in KINDS)


def _distance(calendar: EventCalendar, sessions: SessionTable, day: date, kind: EventKind) -> Line:
    events = calendar.of_kind(kind)
    if not events:
        return missing(f"the calendar has no dates of {kind}")
    recent = (event.date for event in events if event.date >= day - LOOK_BACK)
    known_to = _known_through(calendar, kind, day)
    try:
        distances = ((e, sessions.count_between(day, sessions.on_or_after(e).date)) for e in recent)
        coming, distance = next(((e, n) for e, n in distances if n >= 0), (None, None))
    except UnknownSessionError as error:
        return _unsure(None, str(error))
    if coming is None:
        return _unsure(None, f"no {kind} is known from {day} on; dates are known to {known_to}")
    if coming > known_to:
        return _unsure(distance, f"dates of {kind} are known to {known_to} only")
    return Line(distance, ReadingState.OK)


def _unsure(distance: int | None, note: str) -> Line:
    return Line(distance, ReadingState.STALE, None, note)


def _known_through(calendar: EventCalendar, kind: EventKind, day: date) -> date:
    """Return the last day up to which, from `day` on, all events are known."""
    known = day - timedelta(days=1)
    for span in sorted((c.first, c.last) for c in calendar.coverage if c.kind is kind):
        first, last = span
        if first <= known + timedelta(days=1):
            known = max(known, last)
    return known


EVENT_DISTANCE = Signal(
    id="G11",
    title="Event distance",
    outputs=tuple(f"event.{kind}_sessions" for kind in KINDS),
    readers=("R1", "R11"),
    source=("A0", "A1", "A2", "A3", "A4"),
    compute=_read,
)
