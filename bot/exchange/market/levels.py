"""The levels of SPX and VIX over whole trading days, made when first needed.

A trading day is its night, its session and its evening on one axis of five-second ticks
(`bot.exchange.market.timeline`), each part made where its rule stands: `path`, `night`, `refine`.
"""

from typing import NamedTuple

import numpy as np

from bot.exchange.market.arrays import IntArray
from bot.exchange.market.night import evening_path, night_path
from bot.exchange.market.path import Level, SessionPath, session_path
from bot.exchange.market.refine import refine
from bot.exchange.market.timeline import TICKS_PER_STEP, Moment, Timeline
from bot.exchange.scenarios.scenario import Scenario
from bot.pricing.arrays import FloatArray

_SPX_SALT, _VIX_SALT = 3, 4
_WHOLE_DAYS_KEPT = 8
"""A whole day takes a quarter of a megabyte, and nobody looks back further than some days."""


class Span(NamedTuple):
    """Open, high, low and close in points."""

    open: float
    high: float
    low: float
    close: float


class DayLevels(NamedTuple):
    """The levels of one trading day, one per tick; `first_tick` is the first one's."""

    first_tick: int
    spx: FloatArray
    vix: FloatArray


class Levels:
    """The levels of a scenario's trading days under one seed."""

    def __init__(self, scenario: Scenario, timeline: Timeline, seed: int) -> None:
        self._days = scenario.days
        self._timeline = timeline
        self._seed = seed
        self._paths: dict[int, SessionPath] = {}
        self._fine: dict[int, DayLevels] = {}
        self._vix: dict[int, Span] = {}

    def path(self, day: int) -> SessionPath:
        """Return the path of the session at a place in the scenario's days, in 30-second steps."""
        if day not in self._paths:
            today, before = self._days[day], self._days[max(day - 1, 0)]
            self._paths[day] = session_path(today, before, self._timeline.steps(day), self._seed)
        return self._paths[day]

    def whole(self, day: int) -> DayLevels:
        """Return the levels of a whole trading day."""
        if day not in self._fine:
            if len(self._fine) >= _WHOLE_DAYS_KEPT:
                self._fine.clear()
            parts = [self._night(day), self.path(day), self._evening(day)]
            key = self._seed, self._days[day].date.toordinal()
            spx = np.concatenate([part.spx[min(at, 1) :] for at, part in enumerate(parts)])
            vix = np.concatenate([part.vix[min(at, 1) :] for at, part in enumerate(parts)])
            self._fine[day] = DayLevels(
                first_tick=self._timeline.first_tick(day),
                spx=refine(spx, TICKS_PER_STEP, (*key, _SPX_SALT)),
                vix=refine(vix, TICKS_PER_STEP, (*key, _VIX_SALT)),
            )
        return self._fine[day]

    def at(self, moment: Moment) -> Level:
        """Return SPX and VIX at a moment."""
        whole = self.whole(moment.day)
        place = moment.tick - whole.first_tick
        return Level(float(whole.spx[place]), float(whole.vix[place]))

    def over(self, day: int, ticks: IntArray) -> SessionPath:
        """Return SPX and VIX at many ticks of one trading day."""
        steps, parts = np.divmod(ticks, TICKS_PER_STEP)
        if not parts.any() and 0 <= steps[0] <= steps[-1] <= self._timeline.steps(day):
            path = self.path(day)  # the nights of a long history need not be made for its bars
            return SessionPath(path.spx[steps], path.vix[steps])
        whole = self.whole(day)
        places = ticks - whole.first_tick
        return SessionPath(whole.spx[places], whole.vix[places])

    def spx(self, moment: Moment) -> Span:
        """Return SPX from the opening to a moment; of a whole session the real values."""
        if moment.tick < self._timeline.ticks(moment.day):
            return _span(self.path(moment.day).spx[: moment.step + 1], self.at(moment).spx)
        day = self._days[moment.day]
        return Span(day.spx_open, day.spx_high, day.spx_low, day.spx_close)

    def vix(self, moment: Moment) -> Span:
        """Return VIX from the opening to a moment; of a whole session the real values if known."""
        if moment.tick < self._timeline.ticks(moment.day):
            return _span(self.path(moment.day).vix[: moment.step + 1], self.at(moment).vix)
        day = self._days[moment.day]
        if day.vix_open and day.vix_high and day.vix_low:
            return Span(day.vix_open, day.vix_high, day.vix_low, day.vix_close)
        if moment.day not in self._vix:
            path = self.path(moment.day).vix
            self._vix[moment.day] = _span(path, float(path[-1]))
        return self._vix[moment.day]

    def _night(self, day: int) -> SessionPath:
        steps = -self._timeline.first_tick(day) // TICKS_PER_STEP
        opened = self.path(day)
        opening = Level(float(opened.spx[0]), float(opened.vix[0]))
        if not steps:
            return SessionPath(opened.spx[:1], opened.vix[:1])
        evening = self._evening(day - 1)
        before = Level(float(evening.spx[-1]), float(evening.vix[-1]))
        return night_path(self._days[day], (before, opening), steps, self._seed)

    def _evening(self, day: int) -> SessionPath:
        ticks = self._timeline.last_tick(day) - self._timeline.ticks(day)
        return evening_path(self._days[day], ticks // TICKS_PER_STEP, self._seed)


def _span(levels: FloatArray, now: float) -> Span:
    high, low = max(float(levels.max()), now), min(float(levels.min()), now)
    return Span(float(levels[0]), high, low, now)
