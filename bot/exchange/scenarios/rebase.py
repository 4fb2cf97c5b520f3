"""Plays a scenario on another calendar: the same prices, session by session, around another date.

Programs that count days to an expiry from the computer's own date can then trade a market of the
past as if it happened now. The k-th session before or after the first keeps its prices; what has a
date of its own (events, coverage) keeps its distance in days; a condor settles on the expiry of its
class that is nearest to that distance. Nothing else changes.
"""

from datetime import date, timedelta

import msgspec

from bot.domain.sessions import FRIDAY, SessionTable, third_friday
from bot.exchange.scenarios.scenario import Condor, Coverage, Day, Event, Scenario

HISTORY_DAYS_PER_SESSION = 1.6
"""Calendar days that hold a session, and some to spare: about 252 of 365 are sessions."""

_AM_CLASS = "SPX"
_MONTHS = 12


class RebaseError(ValueError):
    """The scenario cannot be played on that date; the message says why."""


def span_of(scenario: Scenario, first: date) -> tuple[date, date]:
    """Return the dates that a session table must hold to play `scenario` from `first` on."""
    before = sum(day.date < scenario.first_session for day in scenario.days)
    after = scenario.sessions_until - scenario.first_session
    reach = timedelta(days=round(before * HISTORY_DAYS_PER_SESSION))
    return first - reach, first + after + timedelta(days=_MONTHS)


def rebase(scenario: Scenario, sessions: SessionTable, first: date) -> Scenario:
    """Return `scenario` with its first session on the first one at or after `first`.

    `sessions` must hold `span_of(scenario, first)`.

    Raises:
        RebaseError: The table holds too few sessions before or after that date.
    """
    begins = sessions.on_or_after(first).date
    days = _moved_days(scenario, sessions, begins)
    shift = begins - scenario.first_session
    last = days[-1].date
    return msgspec.structs.replace(
        scenario,
        description=f"{scenario.description} Played as if it began on {begins}.",
        first_session=begins,
        last_session=last,
        days=days,
        condors=tuple(_moved_condor(each, sessions, shift, last) for each in scenario.condors),
        events=tuple(_moved_event(each, shift) for each in scenario.events),
        coverage={
            kind: Coverage(first=span.first + shift, last=span.last + shift)
            for kind, span in scenario.coverage.items()
        },
    )


def _moved_days(scenario: Scenario, sessions: SessionTable, begins: date) -> tuple[Day, ...]:
    before = sum(day.date < scenario.first_session for day in scenario.days)
    dates = [session.date for session in sessions.sessions]
    start = dates.index(begins) - before
    held = dates[max(start, 0) : start + len(scenario.days)]
    if start < 0 or len(held) < len(scenario.days):
        raise RebaseError(
            f"{scenario.name} has {before} sessions before its first and "
            f"{len(scenario.days) - before} from it on; the calendar from {dates[0]} to "
            f"{dates[-1]} does not hold them around {begins}"
        )
    return tuple(
        msgspec.structs.replace(day, date=moved)
        for day, moved in zip(scenario.days, held, strict=True)
    )


def _moved_event(event: Event, shift: timedelta) -> Event:
    return msgspec.structs.replace(
        event, date=event.date + shift, source=f"{event.source}; moved from {event.date}"
    )


def _moved_condor(condor: Condor, sessions: SessionTable, shift: timedelta, last: date) -> Condor:
    """Return a condor that settles on a listed day after `last`, nearest to its moved one."""
    wanted = condor.settlement + shift
    fridays = _third_fridays(wanted) if condor.trading_class == _AM_CLASS else _fridays(wanted)
    listed = [sessions.on_or_before(friday).date for friday in fridays]
    settlement = min((day for day in listed if day > last), key=lambda day: abs(day - wanted))
    return msgspec.structs.replace(
        condor, settlement=settlement, opened=sessions.on_or_before(condor.opened + shift).date
    )


def _third_fridays(around: date) -> list[date]:
    """Return the third Fridays of the months before, of and after a day."""
    months = [around.year * _MONTHS + around.month - 1 + step for step in (-1, 0, 1)]
    return [third_friday(month // _MONTHS, month % _MONTHS + 1) for month in months]


def _fridays(around: date) -> list[date]:
    friday = around + timedelta(days=(FRIDAY - around.weekday()) % 7)
    return [friday + timedelta(days=7 * step) for step in (-1, 0, 1)]
