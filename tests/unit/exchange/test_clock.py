"""The exchange's clock: by day alone (design.md section 3), or through nights and weekends."""

from datetime import date, timedelta

import pytest

from bot.exchange.clock import ClockError, RunningClock, Timetable, parse_day, parse_instant
from tests.support.venue_rig import at, rig_sessions

TIMETABLE = Timetable(rig_sessions(), date(2018, 1, 15), date(2018, 1, 19))


def test_it_starts_on_the_first_session_and_ends_on_the_last() -> None:
    assert at("2018-01-16T09:34") == TIMETABLE.start
    assert at("2018-01-19T16:30") == TIMETABLE.end


@pytest.mark.parametrize(
    ("start", "minutes", "then"),
    [
        ("2018-01-16T09:34", 0, "2018-01-16T09:34"),
        ("2018-01-16T09:34", 60, "2018-01-16T10:34"),
        ("2018-01-16T16:29", 1, "2018-01-17T07:55"),
        ("2018-01-16T16:29", 6, "2018-01-17T08:00"),
        ("2018-01-16T07:55", 2 * 515 + 5, "2018-01-18T08:00"),
        ("2018-01-19T16:29", 1, "2018-01-19T16:30"),
        ("2018-01-19T16:29", 5000, "2018-01-19T16:30"),
        ("2018-01-16T20:00", 5, "2018-01-17T08:00"),
    ],
)
def test_it_leaps_over_nights_and_stands_at_the_end(start: str, minutes: int, then: str) -> None:
    assert TIMETABLE.after(at(start), timedelta(minutes=minutes)) == at(then)


def test_speed_counts_wall_seconds_many_times() -> None:
    clock = RunningClock(timetable=TIMETABLE, start=at("2018-01-16T10:00"), speed=60)
    assert clock.now(0.0) == at("2018-01-16T10:00")
    assert clock.now(1.5) == at("2018-01-16T10:01:30")


def test_only_times_it_lives_through_are_accepted() -> None:
    assert TIMETABLE.check(at("2018-01-17T07:55")) == at("2018-01-17T07:55")
    for text in ("2018-01-17T07:54", "2018-01-17T16:31", "2018-01-15T10:00", "2018-01-22T10:00"):
        with pytest.raises(ClockError, match="07:55 to 16:30"):
            TIMETABLE.check(at(text))


def test_a_scenario_without_sessions_has_no_clock() -> None:
    with pytest.raises(ClockError, match="no session"):
        Timetable(rig_sessions(), date(2018, 1, 20), date(2018, 1, 21))


def test_a_time_is_new_yorks_unless_it_says_otherwise() -> None:
    assert parse_instant("2018-02-05T09:34") == at("2018-02-05T09:34")
    assert parse_instant("2018-02-05T14:34+00:00") == at("2018-02-05T09:34")
    assert parse_instant("2018-02-05") == at("2018-02-05T09:34")
    assert parse_instant("") is None
    with pytest.raises(ClockError, match="2018-02-05T09:34"):
        parse_instant("monday")


@pytest.mark.parametrize(
    ("text", "day"),
    [("", None), ("today", date(2026, 11, 25)), ("2018-02-05", date(2018, 2, 5))],
)
def test_a_day_is_named_or_today(text: str, day: date | None) -> None:
    assert parse_day(text, date(2026, 11, 25)) == day


def test_a_day_of_another_form_is_refused() -> None:
    with pytest.raises(ClockError, match="expected a date such as 2026-11-25, or today"):
        parse_day("tomorrow", date(2026, 11, 25))


NIGHTS = Timetable(rig_sessions(), date(2018, 1, 12), date(2018, 1, 19), nights=True)


@pytest.mark.parametrize(
    ("start", "hours", "then"),
    [
        ("2018-01-12T16:29", 1, "2018-01-12T17:29"),
        ("2018-01-12T16:29", 24, "2018-01-13T16:29"),
        ("2018-01-14T17:00", 2, "2018-01-14T19:00"),
        ("2018-01-15T12:00", 22, "2018-01-16T10:00"),
        ("2018-01-19T19:00", 2, "2018-01-19T20:00"),
    ],
)
def test_with_nights_it_leaps_over_nothing(start: str, hours: int, then: str) -> None:
    """Curb, night, weekend and the holiday of the 15th pass as they do on the wall."""
    assert NIGHTS.after(at(start), timedelta(hours=hours)) == at(then)


def test_with_nights_any_hour_is_accepted() -> None:
    """From 18:00 on the eve of the first session to 20:00 of the last."""
    for text in ("2018-01-11T18:00", "2018-01-12T03:00", "2018-01-14T12:00", "2018-01-19T20:00"):
        assert NIGHTS.check(at(text)) == at(text)
    for text in ("2018-01-11T17:59", "2018-01-19T20:01"):
        with pytest.raises(ClockError, match="2018-01-11T18:00 to 2018-01-19T20:00"):
            NIGHTS.check(at(text))
    assert at("2018-01-12T09:34") == NIGHTS.start
    assert at("2018-01-19T20:00") == NIGHTS.end
