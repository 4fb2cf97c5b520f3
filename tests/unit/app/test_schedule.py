"""What is due when."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from bot.app.schedule import Slot, Task, due, next_slot, slots_of
from bot.domain.sessions import NEW_YORK, Session, SessionTable, UnknownSessionError, at_new_york

MONDAY, TUESDAY, FRIDAY = date(2018, 2, 5), date(2018, 2, 6), date(2018, 2, 9)
THANKSGIVING_FRIDAY = date(2018, 11, 23)


def session_of(day: date, close: time = time(16, 15)) -> Session:
    return Session(
        date=day, open_at=at_new_york(day, time(9, 30)), close_at=at_new_york(day, close)
    )


WEEK = SessionTable(
    sessions=tuple(
        session_of(day)
        for day in (MONDAY + timedelta(days=n) for n in range(14))
        if day.weekday() < 5
    )
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def shown(slots: tuple[Slot, ...] | list[Slot]) -> list[tuple[str, str]]:
    return [(s.task.value, f"{s.due_at.astimezone(NEW_YORK):%d %H:%M}") for s in slots]


def test_a_full_session_has_housekeeping_eighty_evaluations_and_the_close() -> None:
    slots = list(slots_of(session_of(MONDAY)))
    evaluations = [s for s in slots if s.task is Task.EVALUATION]
    assert len(evaluations) == 80
    assert shown([slots[0], evaluations[0], evaluations[-1], slots[-1]]) == [
        ("housekeeping", "05 08:00"),
        ("evaluation", "05 09:35"),
        ("evaluation", "05 16:10"),
        ("close", "05 16:20"),
    ]


def test_evaluations_stand_five_minutes_apart() -> None:
    times = [s.due_at for s in slots_of(session_of(MONDAY)) if s.task is Task.EVALUATION]
    gaps = {later - earlier for earlier, later in pairwise(times)}
    assert gaps == {timedelta(minutes=5)}


def test_an_early_close_ends_the_evaluations_three_hours_earlier() -> None:
    slots = list(slots_of(session_of(THANKSGIVING_FRIDAY, time(13, 15))))
    assert len([s for s in slots if s.task is Task.EVALUATION]) == 44
    assert shown(slots[-2:]) == [("evaluation", "23 13:10"), ("close", "23 13:20")]


def test_nothing_is_due_between_two_slots() -> None:
    found = due(WEEK, at("2018-02-05 10:04:59"), at("2018-02-05 10:00"))
    assert (found.slot, found.missed) == (None, ())
    assert found.done_until == at("2018-02-05 10:04:59")


def test_a_slot_is_due_at_its_very_instant() -> None:
    found = due(WEEK, at("2018-02-05 10:05"), at("2018-02-05 10:00"))
    assert found.slot is not None
    assert shown([found.slot]) == [("evaluation", "05 10:05")]
    assert found.done_until == at("2018-02-05 10:05")


def test_a_slot_done_is_not_due_again() -> None:
    assert due(WEEK, at("2018-02-05 10:05:30"), at("2018-02-05 10:05")).slot is None


def test_a_late_slot_is_done_within_four_minutes_and_missed_after() -> None:
    in_time = due(WEEK, at("2018-02-05 10:09:00"), at("2018-02-05 10:00"))
    assert in_time.slot is not None
    assert in_time.missed == ()
    too_late = due(WEEK, at("2018-02-05 10:09:01"), at("2018-02-05 10:00"))
    assert too_late.slot is None
    assert shown(too_late.missed) == [("evaluation", "05 10:05")]
    assert too_late.done_until == at("2018-02-05 10:09:01")


def test_of_several_waiting_slots_the_latest_is_done_and_the_others_are_missed() -> None:
    found = due(WEEK, at("2018-02-05 10:16"), at("2018-02-05 10:00"))
    assert found.slot is not None
    assert shown([found.slot]) == [("evaluation", "05 10:15")]
    assert shown(found.missed) == [("evaluation", "05 10:05"), ("evaluation", "05 10:10")]


def test_late_housekeeping_comes_first_and_swallows_no_evaluation() -> None:
    found = due(WEEK, at("2018-02-05 09:46"), at("2018-02-05 07:00"))
    assert found.slot is not None
    assert shown([found.slot]) == [("housekeeping", "05 08:00")]
    assert found.missed == ()
    then = due(WEEK, at("2018-02-05 09:46"), found.done_until)
    assert then.slot is not None
    assert shown([*then.missed, then.slot]) == [
        ("evaluation", "05 09:35"),
        ("evaluation", "05 09:40"),
        ("evaluation", "05 09:45"),
    ]


def test_yesterdays_housekeeping_is_missed_not_done() -> None:
    found = due(WEEK, at("2018-02-06 07:00"), at("2018-02-05 07:00"))
    assert found.slot is None
    assert [s.task for s in found.missed].count(Task.HOUSEKEEPING) == 1
    assert len(found.missed) == 82


def test_what_was_slept_through_overnight_is_missed_before_todays_housekeeping() -> None:
    found = due(WEEK, at("2018-02-06 08:01"), at("2018-02-05 16:05"))
    assert found.slot is not None
    assert shown([*found.missed, found.slot]) == [
        ("evaluation", "05 16:10"),
        ("close", "05 16:20"),
        ("housekeeping", "06 08:00"),
    ]


def test_nothing_is_due_over_night_and_over_the_weekend() -> None:
    assert due(WEEK, at("2018-02-06 03:00"), at("2018-02-05 16:20")).slot is None
    found = due(WEEK, at("2018-02-11 12:00"), at("2018-02-09 16:20"))
    assert (found.slot, found.missed) == (None, ())


def test_a_clock_that_leaps_over_the_night_misses_nothing() -> None:
    found = due(WEEK, at("2018-02-06 07:55"), at("2018-02-05 16:30"))
    assert (found.slot, found.missed) == (None, ())


def test_a_day_without_a_session_has_no_slots() -> None:
    holiday = SessionTable(sessions=(session_of(MONDAY), session_of(FRIDAY)))
    found = due(holiday, at("2018-02-06 12:00"), at("2018-02-05 16:20"))
    assert (found.slot, found.missed) == (None, ())


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2018-02-05 07:59", ("housekeeping", "05 08:00")),
        ("2018-02-05 08:00", ("evaluation", "05 09:35")),
        ("2018-02-05 16:10", ("close", "05 16:20")),
        ("2018-02-05 16:20", ("housekeeping", "06 08:00")),
        ("2018-02-09 20:00", ("housekeeping", "12 08:00")),
        ("2018-02-10 12:00", ("housekeeping", "12 08:00")),
    ],
)
def test_the_next_slot_lies_after_now_also_beyond_a_weekend(
    now: str, expected: tuple[str, str]
) -> None:
    assert shown([next_slot(WEEK, at(now))]) == [expected]


def test_beyond_the_table_no_slot_is_known() -> None:
    with pytest.raises(UnknownSessionError):
        next_slot(WEEK, at("2018-02-16 17:00"))


def test_slots_keep_new_york_time_when_the_clocks_change() -> None:
    before, after = session_of(date(2018, 3, 9)), session_of(date(2018, 3, 12))
    first, second = (next(iter(slots_of(s))).due_at for s in (before, after))
    assert second - first == timedelta(days=3, hours=-1)
