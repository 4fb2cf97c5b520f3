"""Sessions and settlement dates, held against published calendars."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.sessions import (
    Session,
    SessionTable,
    UnknownSessionError,
    at_new_york,
    settlement_instant,
    third_friday,
    vix_settlement_date,
)

# Cboe full holidays touching the settlements below (domain.md section 1.4).
HOLIDAYS = {
    date(2026, 1, 1),
    date(2026, 1, 19),
    date(2026, 2, 16),
    date(2026, 4, 3),
    date(2026, 5, 25),
    date(2026, 6, 19),
    date(2026, 7, 3),
    date(2026, 9, 7),
    date(2026, 11, 26),
    date(2026, 12, 25),
    date(2027, 1, 1),
    date(2027, 1, 18),
    date(2027, 2, 15),
    date(2027, 3, 26),
    date(2027, 5, 31),
    date(2027, 6, 18),
    date(2027, 7, 5),
    date(2027, 9, 6),
    date(2027, 11, 25),
    date(2027, 12, 24),
}


def session(day: date) -> Session:
    return Session(
        date=day, open_at=at_new_york(day, time(9, 30)), close_at=at_new_york(day, time(16, 15))
    )


def table(first: date, last: date, holidays: set[date] = HOLIDAYS) -> SessionTable:
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    days = [d for d in span if d.weekday() < 5 and d not in holidays]
    return SessionTable(sessions=tuple(session(d) for d in days))


YEARS = table(date(2026, 1, 2), date(2028, 2, 1))
WEEK = table(date(2026, 2, 12), date(2026, 2, 19))  # Thu Fri | holiday Tue Wed Thu

SETTLEMENTS = {
    2026: "01-21 02-18 03-18 04-15 05-19 06-17 07-22 08-19 09-16 10-21 11-18 12-16",
    2027: "01-20 02-17 03-17 04-21 05-18 06-16 07-21 08-18 09-15 10-20 11-17 12-22",
}


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (year, month, date.fromisoformat(f"{year}-{text}"))
        for year, row in SETTLEMENTS.items()
        for month, text in enumerate(row.split(), start=1)
    ],
)
def test_monthly_settlements_of_two_years(year: int, month: int, day: date) -> None:
    """The table of domain.md section 1.2, Juneteenth's Tuesdays in May included."""
    assert vix_settlement_date(year, month, YEARS) == day


def test_a_settlement_on_a_holiday_moves_to_the_day_before() -> None:
    """Juneteenth 2024 fell on the Wednesday: settlement was Tuesday 18 June 2024."""
    june = table(date(2024, 6, 3), date(2024, 7, 31), {date(2024, 6, 19), date(2024, 7, 4)})
    assert vix_settlement_date(2024, 6, june) == date(2024, 6, 18)


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2018, 2, 16), (2018, 6, 15), (2024, 3, 15), (2026, 5, 15)]
)
def test_third_fridays(year: int, month: int, day: int) -> None:
    assert third_friday(year, month) == date(year, month, day)


def test_settlement_is_at_half_past_nine_in_winter_and_summer() -> None:
    assert settlement_instant(date(2018, 2, 14)) == datetime(2018, 2, 14, 14, 30, tzinfo=UTC)
    assert settlement_instant(date(2018, 7, 18)) == datetime(2018, 7, 18, 13, 30, tzinfo=UTC)


def test_a_session_opens_before_it_closes() -> None:
    at = at_new_york(date(2026, 2, 12), time(9, 30))
    with pytest.raises(ValueError, match="open before"):
        Session(date=date(2026, 2, 12), open_at=at, close_at=at)


@pytest.mark.parametrize("days", [[], [13, 12], [12, 12]])
def test_a_table_ascends_and_is_not_empty(days: list[int]) -> None:
    with pytest.raises(ValueError, match="ascending"):
        SessionTable(sessions=tuple(session(date(2026, 2, d)) for d in days))


def test_looking_sessions_up() -> None:
    assert WEEK.is_session(date(2026, 2, 13))
    assert not WEEK.is_session(date(2026, 2, 16))
    assert WEEK.get(date(2026, 2, 16)) is None
    assert WEEK.get(date(2026, 2, 17)) == session(date(2026, 2, 17))
    assert WEEK.on_or_after(date(2026, 2, 14)).date == date(2026, 2, 17)
    assert WEEK.on_or_before(date(2026, 2, 16)).date == date(2026, 2, 13)


def test_shifting_and_counting_skip_days_without_session() -> None:
    friday, monday, tuesday = date(2026, 2, 13), date(2026, 2, 16), date(2026, 2, 17)
    assert WEEK.shift(friday, 1).date == tuesday
    assert WEEK.shift(monday, 0).date == tuesday
    assert WEEK.shift(tuesday, -2).date == date(2026, 2, 12)
    assert WEEK.count_between(friday, tuesday) == 1
    assert WEEK.count_between(tuesday, friday) == -1
    assert WEEK.count_between(friday, monday) == 0


def test_beyond_the_table_nothing_is_known() -> None:
    outside = date(2026, 2, 20)
    assert WEEK.covers(date(2026, 2, 19))
    assert not WEEK.covers(outside)
    for ask in (WEEK.is_session, WEEK.get, WEEK.on_or_after, WEEK.on_or_before):
        with pytest.raises(UnknownSessionError, match="2026-02-20"):
            ask(outside)
    with pytest.raises(UnknownSessionError):
        WEEK.count_between(date(2026, 2, 19), outside)
    for steps in (4, -2):
        with pytest.raises(UnknownSessionError):
            WEEK.shift(date(2026, 2, 13), steps)


def test_open_from_the_opening_to_before_the_close() -> None:
    day = session(date(2026, 2, 13))
    assert WEEK.is_open(day.open_at)
    assert not WEEK.is_open(day.open_at - timedelta(seconds=1))
    assert not WEEK.is_open(day.close_at)
    assert not WEEK.is_open(at_new_york(date(2026, 2, 16), time(12)))
