"""A date without coverage is not a date without events."""

from datetime import date

from bot.domain.calendar import Coverage, Event, EventCalendar, EventKind

CALENDAR = EventCalendar(
    events=(
        Event(kind=EventKind.CPI, date=date(2026, 3, 11), source="bls"),
        Event(kind=EventKind.FOMC, date=date(2026, 3, 18), source="fed"),
        Event(kind=EventKind.CPI, date=date(2026, 1, 13), source="bls"),
    ),
    coverage=(Coverage(kind=EventKind.CPI, first=date(2026, 1, 1), last=date(2026, 12, 31)),),
)


def test_events_of_a_kind_come_in_order() -> None:
    assert [e.date.month for e in CALENDAR.of_kind(EventKind.CPI)] == [1, 3]
    assert CALENDAR.of_kind(EventKind.PPI) == ()


def test_coverage_is_by_kind_with_both_ends() -> None:
    assert CALENDAR.covers(EventKind.CPI, date(2026, 1, 1))
    assert CALENDAR.covers(EventKind.CPI, date(2026, 12, 31))
    assert not CALENDAR.covers(EventKind.CPI, date(2027, 1, 1))
    assert not CALENDAR.covers(EventKind.FOMC, date(2026, 3, 18))
