"""What the demo and the service wire alike."""

from datetime import date, timedelta
from pathlib import Path

from bot.adapters.calendar import derive_minutes, parse_events, session_table
from bot.app.market import SlowParts
from bot.domain.calendar import Coverage, Event, EventCalendar, EventKind
from bot.domain.policy import Policy
from bot.domain.sessions import SessionTable
from bot.exchange.clock import ClockError
from bot.exchange.scenarios.loader import UnknownScenarioError
from bot.exchange.scenarios.scenario import Scenario
from bot.exchange.server import PortUnavailableError
from bot.exchange.store import StoreError
from bot.settings.problems import ConfigurationError, Problem

FIRST_SESSION = date(2012, 1, 1)
"""Before every scenario and its history."""

AHEAD_DAYS = 400
"""How far beyond today the session table reaches: past the last listed settlement."""


USAGE_ERRORS = (UnknownScenarioError, ClockError, PortUnavailableError, StoreError)
"""What the exchange calls wrong use."""


def all_sessions(today: date) -> SessionTable:
    """Return the sessions of any scenario's past up to those a bot of today looks ahead to."""
    return session_table(FIRST_SESSION, today + timedelta(days=AHEAD_DAYS))


def events_of(scenario: Scenario) -> EventCalendar:
    """Return a scenario's event dates in the bot's terms, FOMC minutes derived."""
    events = [
        Event(kind=EventKind(event.kind.value), date=event.date, source=event.source)
        for event in scenario.events
    ]
    coverage = [
        Coverage(kind=EventKind(kind.value), first=span.first, last=span.last)
        for kind, span in scenario.coverage.items()
    ]
    return derive_minutes(EventCalendar(events=tuple(events), coverage=tuple(coverage)))


def events_of_file(path: Path | None) -> EventCalendar:
    """Return the event dates in a file; without one no date is known.

    Raises:
        ConfigurationError: the file cannot be read or a line is malformed.
    """
    if path is None:
        return EventCalendar()
    try:
        return parse_events(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        text = error.strerror or str(error)
        raise ConfigurationError(path, [Problem(place="events", text=text)]) from error
    except ValueError as error:
        raise ConfigurationError(path, [Problem(place="events", text=str(error))]) from error


def slow_parts(
    sessions: SessionTable, calendar: EventCalendar, policy: Policy, max_lines: int
) -> SlowParts:
    """Return the parts of an input that do not change from cycle to cycle."""
    return SlowParts(sessions=sessions, calendar=calendar, policy=policy, max_lines=max_lines)
