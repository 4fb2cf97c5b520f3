from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.domain.calendar import Coverage, Event, EventCalendar, EventKind
from bot.domain.readings import ReadingState
from bot.domain.sessions import SessionTable
from bot.domain.state import StrategyState
from bot.signals.catalog import read_signals
from bot.signals.events import event_distances
from bot.signals.line import Line
from tests.support.signal_inputs import SESSIONS, Scene, session_table

OK, STALE, MISSING = ReadingState.OK, ReadingState.STALE, ReadingState.MISSING
MONDAY = date(2018, 2, 5)
ALL_YEAR = ((date(2018, 1, 1), date(2018, 12, 31)),)


def calendar(
    *days: date, known: tuple[tuple[date, date], ...] = ALL_YEAR, kind: EventKind = EventKind.FOMC
) -> EventCalendar:
    return EventCalendar(
        events=tuple(Event(kind=kind, date=day, source="test") for day in days),
        coverage=tuple(Coverage(kind=kind, first=first, last=last) for first, last in known),
    )


def fomc(events: EventCalendar, day: date = MONDAY, sessions: SessionTable = SESSIONS) -> Line:
    return event_distances(events, sessions, day)[0]


@pytest.mark.parametrize(
    ("event", "sessions"),
    [
        (date(2018, 2, 5), 0),
        (date(2018, 2, 6), 1),
        (date(2018, 2, 9), 4),
        (date(2018, 2, 12), 5),
        (date(2018, 2, 4), 0),
        (date(2018, 2, 10), 5),
    ],
    ids=["today", "tomorrow", "friday", "over a weekend", "on last sunday", "on next saturday"],
)
def test_distance_counts_sessions_and_an_event_between_two_acts_on_the_later(
    event: date, sessions: int
) -> None:
    assert fomc(calendar(event)) == Line(sessions, OK)


def test_the_next_event_is_the_nearest_ahead() -> None:
    days = (date(2018, 3, 21), date(2018, 2, 2), date(2018, 2, 7), date(2018, 1, 31))
    assert fomc(calendar(*days)).value == 2


def test_each_kind_is_told_under_its_own_name() -> None:
    parts = [calendar(MONDAY + timedelta(days=n), kind=kind) for n, kind in enumerate(EventKind)]
    both = EventCalendar(
        events=sum((p.events for p in parts), ()), coverage=sum((p.coverage for p in parts), ())
    )
    readings = read_signals(replace(Scene(), calendar=both).inputs(), StrategyState())
    names = ("fomc", "fomc_minutes", "cpi", "ppi")
    assert [readings.number(f"event.{name}_sessions") for name in names] == [0, 1, 2, 3]
    assert readings.get("event.cpi_sessions").as_of == SESSIONS.shift(MONDAY, 0).open_at


def test_a_calendar_without_dates_of_a_kind_is_missing() -> None:
    lines = event_distances(calendar(date(2018, 2, 7)), SESSIONS, MONDAY)
    assert [line.state for line in lines] == [OK, MISSING, MISSING, MISSING]
    assert lines[2].note == "the calendar has no dates of cpi"


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (((date(2018, 2, 1), date(2018, 2, 6)), (date(2018, 2, 7), date(2018, 2, 9))), OK),
        (((date(2018, 2, 7), date(2018, 2, 9)), (date(2018, 2, 1), date(2018, 2, 6))), OK),
        (((date(2018, 2, 1), date(2018, 2, 28)), (date(2018, 2, 5), date(2018, 2, 6))), OK),
        (((date(2018, 2, 1), date(2018, 2, 5)), (date(2018, 2, 7), date(2018, 2, 9))), STALE),
        (((date(2018, 2, 6), date(2018, 2, 9)),), STALE),
        (((date(2018, 2, 1), date(2018, 2, 8)),), STALE),
        ((), STALE),
    ],
    ids=["joined", "any order", "nested", "a hole", "not today", "not to the event", "none"],
)
def test_a_gap_before_the_next_known_event_makes_it_unsure(
    known: tuple[tuple[date, date], ...], state: ReadingState
) -> None:
    line = fomc(calendar(date(2018, 2, 9), known=known))
    assert (line.value, line.state) == (4, state)
    assert ("known to" in line.note) is (state is STALE)


def test_an_event_on_a_saturday_needs_no_knowledge_beyond_it() -> None:
    known = ((date(2018, 2, 1), date(2018, 2, 10)),)
    assert fomc(calendar(date(2018, 2, 10), known=known)).state is OK


def test_a_calendar_that_has_run_out_is_unsure_and_names_no_distance() -> None:
    line = fomc(calendar(date(2018, 1, 31), known=((date(2018, 1, 1), date(2018, 2, 20)),)))
    assert (line.value, line.state) == (None, STALE)
    assert "known to 2018-02-20" in line.note


def test_an_event_beyond_the_session_table_is_unsure() -> None:
    short = session_table([s.date for s in SESSIONS.sessions if s.date <= date(2018, 2, 9)])
    line = fomc(calendar(date(2018, 2, 14)), sessions=short)
    assert (line.value, line.state) == (None, STALE)
    assert "sessions are known" in line.note


def test_a_distance_holds_from_the_opening_to_the_close_evaluation() -> None:
    events = calendar(date(2018, 2, 7))
    clocks = (time(9, 0), time(12, 0), time(16, 20))
    scenes = [replace(Scene(), calendar=events, clock=clock) for clock in clocks]
    read = [read_signals(s.inputs(), StrategyState()).get("event.fomc_sessions") for s in scenes]
    assert {r.usable for r in read} == {2}
