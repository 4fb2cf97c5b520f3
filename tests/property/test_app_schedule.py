"""Whenever the bot wakes, each slot is done or missed, and never both or twice."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.app.schedule import GRACE, Slot, Task, due, next_slot, slots_of
from bot.domain.sessions import NEW_YORK, Session, SessionTable, at_new_york

MONDAY = date(2018, 3, 5)
"""The clocks change in the night before the second Monday."""

EARLY = date(2018, 3, 8)


def session_of(day: date) -> Session:
    close = time(13, 15) if day == EARLY else time(16, 15)
    return Session(
        date=day, open_at=at_new_york(day, time(9, 30)), close_at=at_new_york(day, close)
    )


DAYS = [MONDAY + timedelta(days=n) for n in range(12)]
TABLE = SessionTable(sessions=tuple(session_of(day) for day in DAYS if day.weekday() < 5))
SLOTS = [slot for session in TABLE.sessions for slot in slots_of(session)]
START = at_new_york(MONDAY, time(0, 0))

naps = st.lists(
    st.one_of(
        st.integers(min_value=1, max_value=600),
        st.integers(min_value=1, max_value=4 * 3600),
        st.integers(min_value=1, max_value=3 * 86_400),
    ),
    min_size=1,
    max_size=60,
)


def wakes(seconds: list[int]) -> list[datetime]:
    last = at_new_york(DAYS[-1], time(23, 0))
    found = [START]
    for nap in seconds:
        found.append(min(found[-1] + timedelta(seconds=nap), last))
    return found[1:]


@given(naps)
def test_each_slot_up_to_the_last_wake_up_is_done_or_missed_exactly_once(
    seconds: list[int],
) -> None:
    done_until = START
    settled: list[Slot] = []
    for now in wakes(seconds):
        while True:  # as the service does: wake again at once while something waits
            what = due(TABLE, now, done_until)
            settled += [*what.missed, *([what.slot] if what.slot else [])]
            done_until = what.done_until
            if what.slot is None:
                break
    assert settled == [slot for slot in SLOTS if slot.due_at <= done_until]
    assert done_until == wakes(seconds)[-1]


@given(naps)
def test_what_is_done_is_young_or_todays_housekeeping(seconds: list[int]) -> None:
    done_until = START
    for now in wakes(seconds):
        what = due(TABLE, now, done_until)
        done_until = what.done_until
        if what.slot is None:
            continue
        assert what.slot.due_at <= now
        if what.slot.task is Task.HOUSEKEEPING:
            assert what.slot.session.date == now.astimezone(NEW_YORK).date()
        else:
            assert now - what.slot.due_at <= GRACE


@given(st.integers(min_value=0, max_value=10 * 86_400))
def test_the_next_slot_is_the_first_after_now(seconds: int) -> None:
    now = START + timedelta(seconds=seconds)
    assert next_slot(TABLE, now) == next(slot for slot in SLOTS if slot.due_at > now)
