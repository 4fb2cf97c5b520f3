"""What is due when, on the session clock (methodology.md section 4, "Cadence").

Housekeeping at 08:00, an evaluation every five minutes from five minutes after the opening to five
minutes before the close, and one at the official close without orders, five minutes after it. The
slots are computed from each session's own hours, so that early closes need no case of their own.
The wall-clock scheduler only wakes the bot; what is due is asked here, in whatever time is played.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
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
    """What to do now, which slots went by undone, and up to which instant that settles all."""

    slot: Slot | None
    missed: tuple[Slot, ...]
    done_until: datetime


def due(sessions: SessionTable, now: datetime, done_until: datetime) -> Due:
    """Return the slot to do at `now`, and those before it that were missed.

    `done_until` is the instant up to which everything was done or counted as missed. Of several
    waiting slots only the latest is done, and only within the grace time: the market of the others
    is gone. Today's housekeeping is worth doing late, and comes before what else is waiting.
    """
    day = now.astimezone(NEW_YORK).date()
    waiting = _slots_between(sessions, done_until, now)
    late = [s for s in waiting if s.task is Task.HOUSEKEEPING and s.session.date == day]
    slot = late[0] if late else waiting[-1] if waiting else None
    if slot is None or (not late and now - slot.due_at > GRACE):
        return Due(slot=None, missed=waiting, done_until=now)
    missed = tuple(s for s in waiting if s.due_at < slot.due_at)
    return Due(slot=slot, missed=missed, done_until=slot.due_at)


def next_slot(sessions: SessionTable, now: datetime) -> Slot:
    """Return the first slot after `now`; raises `UnknownSessionError` beyond the table."""
    session = sessions.on_or_after(now.astimezone(NEW_YORK).date())
    while True:
        for slot in slots_of(session):
            if slot.due_at > now:
                return slot
        session = sessions.shift(session.date, 1)


def _slots_between(sessions: SessionTable, after: datetime, until: datetime) -> tuple[Slot, ...]:
    first, last = (at.astimezone(NEW_YORK).date() for at in (after, until))
    return tuple(
        slot
        for session in sessions.sessions
        if first <= session.date <= last
        for slot in slots_of(session)
        if after < slot.due_at <= until
    )
