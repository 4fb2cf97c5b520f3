"""The session table and the event files."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.adapters.calendar import (
    EventFileError,
    derive_minutes,
    event_calendar,
    parse_events,
    session_table,
)
from bot.domain.calendar import Coverage, EventKind
from bot.domain.sessions import NEW_YORK, SessionTable, vix_settlement_date

FIRST, LAST = date(2012, 10, 1), date(2027, 12, 31)

EARLY_CLOSES = """
    2012-11-23 2012-12-24 2013-07-03 2013-11-29 2013-12-24 2014-07-03 2014-11-28 2014-12-24
    2015-11-27 2015-12-24 2016-11-25 2017-07-03 2017-11-24 2018-07-03 2018-11-23 2018-12-24
    2019-07-03 2019-11-29 2019-12-24 2020-11-27 2020-12-24 2021-11-26 2022-11-25 2023-07-03
    2023-11-24 2024-07-03 2024-11-29 2024-12-24 2025-07-03 2025-11-28 2025-12-24 2026-11-27
    2026-12-24 2027-11-26
"""
"""The exchanges' published early closes: before Independence Day, after Thanksgiving, Christmas
Eve, each only where it is a weekday that is not itself a holiday."""


@pytest.fixture(scope="module")
def table() -> SessionTable:
    return session_table(FIRST, LAST)


def weekdays(first: date, last: date) -> Iterable[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return (day for day in days if day.weekday() < 5)


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())


def good_friday(year: int) -> date:
    """Two days before Easter by the anonymous Gregorian algorithm."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1) - timedelta(days=2)


def observed(day: date) -> date:
    """A holiday on Saturday is kept on Friday, one on Sunday on Monday."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def holidays_by_rule(year: int) -> set[date]:
    """The exchange's yearly holidays, worked out by hand from its rules."""
    new_year = date(year, 1, 1)
    kept = {
        nth_weekday(year, 1, 0, 3),
        nth_weekday(year, 2, 0, 3),
        good_friday(year),
        last_monday_of_may(year),
        observed(date(year, 7, 4)),
        nth_weekday(year, 9, 0, 1),
        nth_weekday(year, 11, 3, 4),
        observed(date(year, 12, 25)),
    }
    if new_year.weekday() != 5:  # a New Year on Saturday is not kept at all
        kept.add(observed(new_year))
    if year >= 2022:
        kept.add(observed(date(year, 6, 19)))
    return kept


UNSCHEDULED = {date(2012, 10, 29), date(2012, 10, 30), date(2018, 12, 5), date(2025, 1, 9)}
"""Hurricane Sandy and two national days of mourning."""


def test_it_has_every_weekday_but_the_holidays(table: SessionTable) -> None:
    closed = UNSCHEDULED.union(*(holidays_by_rule(year) for year in range(2012, 2028)))
    expected = [day for day in weekdays(FIRST, LAST) if day not in closed]
    assert [session.date for session in table.sessions] == expected


def test_it_closes_early_on_the_published_days_and_on_no_other(table: SessionTable) -> None:
    early = [s.date for s in table.sessions if local(s.close_at) == time(13, 15)]
    assert early == [date.fromisoformat(text) for text in EARLY_CLOSES.split()]
    assert {local(s.close_at) for s in table.sessions} == {time(13, 15), time(16, 15)}


def test_every_session_opens_at_half_past_nine(table: SessionTable) -> None:
    assert {local(s.open_at) for s in table.sessions} == {time(9, 30)}


def local(at: datetime) -> time:
    return at.astimezone(NEW_YORK).time()


def test_its_instants_are_utc_in_winter_and_in_summer(table: SessionTable) -> None:
    winter, summer = table.get(date(2018, 2, 5)), table.get(date(2018, 7, 5))
    assert winter is not None
    assert summer is not None
    assert winter.open_at == datetime(2018, 2, 5, 14, 30, tzinfo=UTC)
    assert summer.close_at == datetime(2018, 7, 5, 20, 15, tzinfo=UTC)
    assert winter.open_at.tzinfo is UTC
    assert summer.close_at.tzinfo is UTC


def test_vix_settlements_come_out_as_the_exchange_published_them(table: SessionTable) -> None:
    # 2019-03-20 follows Good Friday 2019-04-19, the third Friday: moved to Tuesday
    assert vix_settlement_date(2018, 2, table) == date(2018, 2, 14)
    assert vix_settlement_date(2019, 3, table) == date(2019, 3, 19)
    assert vix_settlement_date(2018, 6, table) == date(2018, 6, 20)


def test_a_span_without_a_session_is_refused() -> None:
    with pytest.raises(ValueError, match="no session lies between 2018-02-03 and 2018-02-04"):
        session_table(date(2018, 2, 3), date(2018, 2, 4))


def test_the_minutes_are_derived_three_weeks_after_the_decision() -> None:
    # the minutes of the meeting of 2018-01-31 were published on 2018-02-21
    calendar = event_calendar([("fomc", date(2018, 1, 31), "the Fed")])
    minutes = calendar.of_kind(EventKind.FOMC_MINUTES)
    assert [(event.date, event.derived) for event in minutes] == [(date(2018, 2, 21), True)]
    assert not calendar.of_kind(EventKind.FOMC)[0].derived


def test_the_minutes_are_known_as_far_as_the_decisions_are() -> None:
    rows = [("fomc", date(2018, 1, 31), "the Fed")]
    calendar = event_calendar(rows, {"fomc": (date(2018, 1, 1), date(2018, 2, 28))})
    assert not calendar.covers(EventKind.FOMC_MINUTES, date(2018, 1, 21))
    assert calendar.covers(EventKind.FOMC_MINUTES, date(2018, 1, 22))
    assert calendar.covers(EventKind.FOMC_MINUTES, date(2018, 3, 21))
    assert not calendar.covers(EventKind.FOMC_MINUTES, date(2018, 3, 22))


def test_published_minutes_are_not_derived_again() -> None:
    rows = [
        ("fomc", date(2018, 1, 31), "the Fed"),
        ("fomc_minutes", date(2018, 2, 22), "the Fed"),
    ]
    calendar = event_calendar(rows)
    assert [e.date for e in calendar.of_kind(EventKind.FOMC_MINUTES)] == [date(2018, 2, 22)]


def test_minutes_known_to_be_none_are_not_derived_either() -> None:
    rows = [("fomc", date(2018, 1, 31), "the Fed")]
    calendar = event_calendar(rows, {"fomc_minutes": (date(2018, 2, 1), date(2018, 2, 28))})
    assert calendar.of_kind(EventKind.FOMC_MINUTES) == ()


def test_deriving_the_minutes_twice_is_deriving_them_once() -> None:
    once = event_calendar([("fomc", date(2018, 1, 31), "the Fed")])
    assert derive_minutes(once) == once


def test_a_kind_is_covered_from_its_first_to_its_last_event() -> None:
    rows = [("cpi", date(2018, 3, 13), "BLS"), ("cpi", date(2018, 1, 12), "BLS")]
    assert event_calendar(rows).coverage == (
        Coverage(kind=EventKind.CPI, first=date(2018, 1, 12), last=date(2018, 3, 13)),
    )


def test_a_span_of_its_own_goes_before_the_events() -> None:
    span = (date(2017, 11, 1), date(2018, 8, 31))
    calendar = event_calendar([("cpi", date(2018, 1, 12), "BLS")], {"cpi": span})
    assert calendar.covers(EventKind.CPI, date(2018, 8, 31))
    assert not calendar.covers(EventKind.CPI, date(2018, 9, 1))


def test_a_kind_without_events_may_be_known_to_have_none() -> None:
    calendar = event_calendar([], {"ppi": (date(2018, 1, 1), date(2018, 1, 5))})
    assert calendar.covers(EventKind.PPI, date(2018, 1, 3))
    assert not calendar.covers(EventKind.CPI, date(2018, 1, 3))


def test_nothing_known_is_an_empty_calendar() -> None:
    calendar = event_calendar([])
    assert (calendar.events, calendar.coverage) == ((), ())


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it begins"):
        event_calendar([], {"cpi": (date(2018, 2, 1), date(2018, 1, 1))})


FILE = """\
# Published dates.
# coverage: cpi 2018-01-01 2018-02-28
kind,date,source

fomc,2018-01-31,federalreserve.gov
 cpi , 2018-01-12 , bls.gov
"""


def test_the_shipped_dates_are_read_and_say_how_far_they_go() -> None:
    path = Path(__file__).parents[3] / "config" / "events.csv"
    calendar = parse_events(path.read_text(encoding="utf-8"), path.name)
    counts = {kind: len(calendar.of_kind(kind)) for kind in EventKind}
    assert counts == {
        EventKind.FOMC: 16, EventKind.FOMC_MINUTES: 16, EventKind.CPI: 12, EventKind.PPI: 13,
    }  # fmt: skip
    assert {event.date.weekday() for event in calendar.of_kind(EventKind.FOMC)} == {2}
    assert calendar.covers(EventKind.FOMC, date(2027, 12, 31))
    assert calendar.covers(EventKind.CPI, date(2026, 12, 31))
    assert not calendar.covers(EventKind.CPI, date(2027, 1, 1))


def test_a_file_is_read_with_its_coverage_remarks() -> None:
    calendar = parse_events(FILE, "events.csv")
    assert [(e.kind, e.date, e.source) for e in calendar.events if not e.derived] == [
        (EventKind.CPI, date(2018, 1, 12), "bls.gov"),
        (EventKind.FOMC, date(2018, 1, 31), "federalreserve.gov"),
    ]
    assert calendar.covers(EventKind.CPI, date(2018, 2, 28))
    assert not calendar.covers(EventKind.FOMC, date(2018, 2, 1))


HEADED = "kind,date,source\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "events.csv, line 1: expected the header kind,date,source"),
        ("# only\n# remarks", "events.csv, line 2: expected the header kind,date,source"),
        ("cpi,2018-01-12,bls", "events.csv, line 1: expected the header kind,date,source"),
        (HEADED + "cpi,2018-01-12", "events.csv, line 2: expected 3 fields, got 2"),
        (
            HEADED + "nfp,2018-01-12,bls",
            "events.csv, line 2: expected a kind of fomc, fomc_minutes, cpi, ppi, got 'nfp'",
        ),
        (
            HEADED + "cpi,12.01.2018,bls",
            "events.csv, line 2: expected a date like 2018-02-05, got '12.01.2018'",
        ),
        (HEADED + "cpi,2018-01-12, ", "events.csv, line 2: expected a source"),
        (
            HEADED + "cpi,2018-01-12,bls\n#\ncpi,2018-01-12,bls",
            "events.csv, line 4: expected each event once, cpi 2018-01-12 stands here again",
        ),
        (HEADED + "# coverage: cpi 2018", "events.csv, line 2: expected '# coverage: KIND FIRST"),
        (HEADED + "# coverage: nfp 2018-01-01 2018-01-02", "line 2: expected a kind of"),
        (HEADED + "# coverage: cpi 2018-01-01 then", "line 2: expected a date like"),
        (HEADED + "#coverage: cpi 2018-01-02 2018-01-01", "line 2: expected a span that ends"),
    ],
)
def test_a_malformed_line_is_named_with_what_was_expected(text: str, complaint: str) -> None:
    with pytest.raises(EventFileError) as caught:
        parse_events(text, "events.csv")
    assert str(caught.value).startswith(complaint) or complaint in str(caught.value)
