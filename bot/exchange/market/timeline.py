"""From any instant to the moment of the market that holds then.

A trading day is named by its session and owns the night before it: it begins at 18:00 on the
evening before the session, when futures open, and ends where the next one begins, at the latest
when the last share is traded in the evening after it. In between, over weekends and holidays, the
last moment stands. Moments lie five seconds apart. What the market answers is a function of its
moment alone, so nothing can be known before its time.
"""

from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np

from bot.domain.sessions import SessionTable, at_new_york
from bot.exchange.market.arrays import IntArray
from bot.exchange.market.path import STEP_SECONDS
from bot.exchange.scenarios.scenario import Scenario

TICK_SECONDS = 5
TICKS_PER_STEP = STEP_SECONDS // TICK_SECONDS
NIGHT_BEGINS = time(18)
EVENING = timedelta(hours=3, minutes=45)
"""From the close of options to that of shares: 16:15 to 20:00."""

_TICK = timedelta(seconds=TICK_SECONDS)


class BeforeHistoryError(LookupError):
    """The scenario's history begins after the instant asked for."""


class Moment(NamedTuple):
    """One grid time of one trading day of the scenario."""

    day: int
    """Place of the session in the scenario's days."""
    tick: int
    """Five-second ticks since the opening, below zero in the night before."""
    at: datetime
    """The grid time, in UTC."""

    @property
    def step(self) -> int:
        """The 30-second step it lies in."""
        return self.tick // TICKS_PER_STEP


class Timeline:
    """The trading days of a scenario as a grid of moments."""

    def __init__(self, scenario: Scenario, sessions: SessionTable) -> None:
        first, last = scenario.days[0].date, scenario.days[-1].date
        self.sessions = [each for each in sessions.sessions if first <= each.date <= last]
        if [each.date for each in self.sessions] != [day.date for day in scenario.days]:
            raise ValueError(f"the session table and {scenario.name} differ in their sessions")
        nights = [at_new_york(s.date - timedelta(days=1), NIGHT_BEGINS) for s in self.sessions[1:]]
        self._starts = [self.sessions[0].open_at, *nights]
        self._start_seconds = np.array([each.timestamp() for each in self._starts])

    def ticks(self, day: int) -> int:
        """Return the number of ticks from the opening of a session to its close."""
        session = self.sessions[day]
        return (session.close_at - session.open_at) // _TICK

    def steps(self, day: int) -> int:
        """Return the number of 30-second steps in a session."""
        return self.ticks(day) // TICKS_PER_STEP

    def first_tick(self, day: int) -> int:
        """Return the tick a trading day begins with; the first one has no night."""
        return (self._starts[day] - self.sessions[day].open_at) // _TICK

    def last_tick(self, day: int) -> int:
        """Return the last tick of a trading day's evening."""
        session = self.sessions[day]
        end = session.close_at + EVENING
        if day + 1 < len(self._starts):
            end = min(end, self._starts[day + 1])
        return (end - session.open_at) // _TICK

    def moment(self, now: datetime) -> Moment:
        """Return the moment that holds at `now`.

        Raises:
            BeforeHistoryError: No session of the scenario has opened by then.
        """
        day = bisect_right(self._starts, now) - 1
        if day < 0:
            raise BeforeHistoryError(f"the market's history begins on {self._starts[0]}, not {now}")
        tick = (now - self.sessions[day].open_at) // _TICK
        return self.at(day, min(tick, self.last_tick(day)))

    def days_of(self, seconds: IntArray) -> IntArray:
        """Return the trading days of times in seconds since 1970, none before the history."""
        return np.asarray(np.searchsorted(self._start_seconds, seconds, side="right") - 1)

    def at(self, day: int, tick: int) -> Moment:
        """Return the moment of a trading day at a tick."""
        return Moment(day, tick, self.sessions[day].open_at + tick * _TICK)

    def begun(self, moment: Moment) -> Moment:
        """Return a moment of a session: a night counts as the close before, an evening as its own.

        What is told of whole sessions, such as a daily bar, knows no other times.
        """
        if moment.tick < 0:
            return self.close(moment.day - 1)
        return self.at(moment.day, min(moment.tick, self.ticks(moment.day)))

    def close(self, day: int) -> Moment:
        """Return the close of the session at a place in the scenario's days."""
        return self.at(day, self.ticks(day))

    def date(self, moment: Moment) -> date:
        """Return the session date of a moment."""
        return self.sessions[moment.day].date
