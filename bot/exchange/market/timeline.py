"""From any instant to the moment of the market that holds then.

Within a session that is the last grid time reached; outside sessions it is the last close. What the
market answers is a function of this moment alone, so nothing can be known before its time.
"""

from bisect import bisect_right
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.domain.sessions import SessionTable
from bot.exchange.market.path import STEP_SECONDS
from bot.exchange.scenarios.scenario import Scenario

_STEP = timedelta(seconds=STEP_SECONDS)


class BeforeHistoryError(LookupError):
    """The scenario's history begins after the instant asked for."""


class Moment(NamedTuple):
    """One grid time of one session of the scenario."""

    day: int
    """Place of the session in the scenario's days."""
    step: int
    """Grid steps since the opening."""
    at: datetime
    """The grid time, in UTC."""


class Timeline:
    """The sessions of a scenario as a grid of moments."""

    def __init__(self, scenario: Scenario, sessions: SessionTable) -> None:
        first, last = scenario.days[0].date, scenario.days[-1].date
        self._sessions = [each for each in sessions.sessions if first <= each.date <= last]
        self._opens = [each.open_at for each in self._sessions]
        if [each.date for each in self._sessions] != [day.date for day in scenario.days]:
            raise ValueError(f"the session table and {scenario.name} differ in their sessions")

    def steps(self, day: int) -> int:
        """Return the number of grid steps in a session."""
        session = self._sessions[day]
        return (session.close_at - session.open_at) // _STEP

    def moment(self, now: datetime) -> Moment:
        """Return the moment that holds at `now`.

        Raises:
            BeforeHistoryError: No session of the scenario has opened by then.
        """
        day = bisect_right(self._opens, now) - 1
        if day < 0:
            raise BeforeHistoryError(f"the market's history begins on {self._opens[0]}, not {now}")
        step = min((now - self._opens[day]) // _STEP, self.steps(day))
        return Moment(day, step, self._opens[day] + step * _STEP)

    def close_before(self, moment: Moment) -> Moment:
        """Return the close of the session before; the first session's own opening if none is."""
        if moment.day == 0:
            return Moment(0, 0, self._opens[0])
        return self.close(moment.day - 1)

    def close(self, day: int) -> Moment:
        """Return the close of the session at a place in the scenario's days."""
        return Moment(day, self.steps(day), self._sessions[day].close_at)

    def date(self, moment: Moment) -> date:
        """Return the session date of a moment."""
        return self._sessions[moment.day].date
