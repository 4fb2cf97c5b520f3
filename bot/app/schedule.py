"""What is due when, on the session clock (methodology.md section 4, "Cadence").

Housekeeping at 08:00, an evaluation every five minutes from five minutes after the opening to five
minutes before the close, and one at the official close without orders, five minutes after it. The
slots are computed from each session's own hours, so that early closes need no case of their own.
The wall-clock scheduler only wakes the bot; what is due is asked here, in whatever time is played.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.sessions import NEW_YORK, Session, SessionTable, at_new_york
from bot.domain.value import Value

CADENCE = timedelta(minutes=5)
EDGE = timedelta(minutes=5)
HOUSEKEEPING = time(8, 0)
GRACE = timedelta(minutes=4)


class Task(StrEnum):
    """What a slot asks for."""

    HOUSEKEEPING = "housekeeping"
    EVALUATION = "evaluation"
    CLOSE = "close"


class Slot(Value):
    """One thing due at one instant of one session."""

    task: Task
    session: Session
    due_at: datetime


def slots_of(session: Session) -> Iterator[Slot]:
    """Yield the slots of a session in order of time."""
    opening = at_new_york(session.date, HOUSEKEEPING)
    yield Slot(task=Task.HOUSEKEEPING, session=session, due_at=opening)
    due_at = session.open_at + EDGE
    while due_at <= session.close_at - EDGE:
        yield Slot(task=Task.EVALUATION, session=session, due_at=due_at)
        due_at += CADENCE
    yield Slot(task=Task.CLOSE, session=session, due_at=session.close_at + EDGE)


class Due(Value):
    """What to do now, and which slots went by undone."""

    slot: Slot | None
    missed: tuple[Slot, ...] = ()


def due(sessions: SessionTable, now: datetime, done_until: datetime) -> Due:
    """Return the latest slot due at `now` and not done, and those it stands in for.

    `done_until` is the instant up to which everything was done or counted as missed. A slot older
    than the grace time is missed, not caught up with: its market is gone. Housekeeping is the
    exception, it is worth doing late on the same day.
    """
    day = now.astimezone(NEW_YORK).date()
    waiting = [s for s in _slots_between(sessions, day, done_until, now) if s.due_at <= now]
    if not waiting:
        return Due(slot=None)
    late = next((s for s in waiting if s.task is Task.HOUSEKEEPING), None)
    if late is not None and late.session.date == day:
        return Due(slot=late)
    latest = waiting[-1]
    if now - latest.due_at > GRACE:
        return Due(slot=None, missed=tuple(waiting))
    return Due(slot=latest, missed=tuple(waiting[:-1]))


def next_slot(sessions: SessionTable, now: datetime) -> Slot:
    """Return the first slot after `now`; raises `UnknownSessionError` beyond the table."""
    session = sessions.on_or_after(now.astimezone(NEW_YORK).date())
    while True:
        for slot in slots_of(session):
            if slot.due_at > now:
                return slot
        session = sessions.shift(session.date, 1)


def _slots_between(
    sessions: SessionTable, day: date, after: datetime, until: datetime
) -> list[Slot]:
    session = sessions.get(day)
    if session is None:
        return []
    return [slot for slot in slots_of(session) if after < slot.due_at <= until]
