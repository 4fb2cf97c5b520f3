"""Daily bars, from the sessions' paths, of the indices and of every VX month.

A bar is made of a session up to a moment: the running session's bar ends at its own now, as the
broker sends it, and no bar holds a value from later. Options have none (domain.md section 3.2).
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from bot.domain.instruments import Future
from bot.domain.sessions import NEW_YORK
from bot.exchange.market.curve import Anchors, vix_future
from bot.exchange.market.path import STEP_SECONDS, SessionPath, session_path
from bot.exchange.market.quote import DailyBar
from bot.exchange.market.timeline import Moment, Timeline
from bot.exchange.reference.expiries import VX_LISTED_DAYS
from bot.exchange.scenarios.scenario import Scenario
from bot.pricing.arrays import FloatArray

_VX_TICK = 0.05
_SECONDS_PER_DAY = 86_400.0


class Span(NamedTuple):
    """Open, high, low and close in points."""

    open: float
    high: float
    low: float
    close: float


class Paths:
    """The paths of a scenario's sessions under one seed, made when first needed."""

    def __init__(self, scenario: Scenario, timeline: Timeline, seed: int) -> None:
        self._days = scenario.days
        self._timeline = timeline
        self._seed = seed
        self._paths: dict[int, SessionPath] = {}
        self._vix: dict[int, Span] = {}

    def path(self, day: int) -> SessionPath:
        """Return the path of the session at a place in the scenario's days."""
        if day not in self._paths:
            today, before = self._days[day], self._days[max(day - 1, 0)]
            self._paths[day] = session_path(today, before, self._timeline.steps(day), self._seed)
        return self._paths[day]

    def spx(self, moment: Moment) -> Span:
        """Return SPX from the opening to a moment; of a whole session the real values."""
        if moment.step < self._timeline.steps(moment.day):
            return _span(self.path(moment.day).spx[: moment.step + 1])
        day = self._days[moment.day]
        return Span(day.spx_open, day.spx_high, day.spx_low, day.spx_close)

    def vix(self, moment: Moment) -> Span:
        """Return VIX from the opening to a moment."""
        if moment.step < self._timeline.steps(moment.day):
            return _span(self.path(moment.day).vix[: moment.step + 1])
        if moment.day not in self._vix:
            self._vix[moment.day] = _span(self.path(moment.day).vix)
        return self._vix[moment.day]


def index_bars(
    paths: Paths, timeline: Timeline, ends: list[Moment], *, is_vix: bool
) -> list[DailyBar]:
    """Return a bar for each moment in `ends`, from its session's opening to it."""
    spans = [paths.vix(end) if is_vix else paths.spx(end) for end in ends]
    return [_bar(timeline, end, span) for end, span in zip(ends, spans, strict=True)]


def future_bars(
    paths: Paths, timeline: Timeline, ends: list[Moment], future: Future, anchors: Anchors
) -> list[DailyBar]:
    """Return the bars of a VX month for those of `ends` on which it was listed and unsettled.

    Opening and end are the curve at those times; the extremes are taken where VIX had its own,
    which is where the curve has them but for the minutes of tenor in between.
    """
    settles = future.settlement.astimezone(NEW_YORK).date()
    listed = settles - timedelta(days=VX_LISTED_DAYS)
    held = [end for end in ends if listed <= timeline.date(end) < settles]
    if not held:
        return []
    places = [end.day for end in held]
    means = Anchors(anchors.fast[places], anchors.slow[places])
    spans = np.array([paths.vix(end) for end in held])
    closing = _days_left(future, [end.at for end in held])
    opening = closing + np.array([end.step for end in held]) * STEP_SECONDS / _SECONDS_PER_DAY
    tenors = (opening, closing, closing, closing)
    levels = np.array([vix_future(spans[:, at], means, tenor) for at, tenor in enumerate(tenors)])
    prices = np.round(np.round(levels / _VX_TICK) * _VX_TICK, 2)
    return [
        _bar(timeline, end, Span(first, max(first, high), min(first, low), last))
        for end, (first, high, low, last) in zip(held, prices.T.tolist(), strict=True)
    ]


def _days_left(future: Future, times: list[datetime]) -> FloatArray:
    seconds = [(future.settlement - at).total_seconds() for at in times]
    return np.array(seconds) / _SECONDS_PER_DAY


def _span(levels: FloatArray) -> Span:
    return Span(float(levels[0]), float(levels.max()), float(levels.min()), float(levels[-1]))


def _bar(timeline: Timeline, end: Moment, span: Span) -> DailyBar:
    return DailyBar(
        date=timeline.date(end), open=span.open, high=span.high, low=span.low, close=span.close
    )
