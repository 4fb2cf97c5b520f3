"""Puts the world together that values depend on: levels, history up to the day before, rates."""

from datetime import date, datetime, timedelta

import numpy as np

from bot.domain.sessions import SessionTable, settlement_instant, third_friday
from bot.exchange.market.arrays import IntArray
from bot.exchange.market.curve import Anchors, anchors_by_day, mean_before
from bot.exchange.market.levels import Levels
from bot.exchange.market.shifts import ShiftTable
from bot.exchange.market.timeline import TICK_SECONDS, Moment, Timeline
from bot.exchange.market.world import Facts, World
from bot.exchange.scenarios.scenario import Scenario
from bot.pricing.arrays import FloatArray

_MEAN_SESSIONS = 60
_DIVIDEND_MONTHS = frozenset({3, 6, 9, 12})
_MONTHS, _DAYS_PER_YEAR = 12, 365.0
_NEAREST_MONTHLY = timedelta(days=7)
_TERM_PREMIUM = 0.0125
"""What ten-year notes yield more than bills, where a scenario does not say."""


class Worlds:
    """The worlds of a scenario's moments over one seed's levels."""

    def __init__(
        self,
        scenario: Scenario,
        sessions: SessionTable,
        timeline: Timeline,
        levels: Levels,
        seed: int,
    ) -> None:
        self._scenario = scenario
        self._sessions = sessions
        self.timeline = timeline
        self.levels = levels
        self.anchors = anchors_by_day(scenario.days)
        logs = [float(np.log(day.spx_close)) for day in scenario.days]
        self._spx_means = mean_before(logs, _MEAN_SESSIONS)
        self._facts: dict[int, Facts] = {}
        dates = [day.date for day in scenario.days]
        self._shifts = ShiftTable(scenario.observed, dates, self._closing, seed)

    def at(self, moment: Moment) -> World:
        """Return the world at one moment."""
        day = moment.day
        level = self.levels.at(moment)
        return World(
            seconds=moment.at.timestamp(),
            vix=level.vix,
            spx=level.spx,
            anchors=self._anchors_at(day, moment.tick),
            rate=self.rate(day),
            dividend_yield=self._scenario.dividend_yield,
            share=self._share(moment),
            facts=self.facts(day),
            shifts=self._shifts.of(day),
        )

    def over(self, seconds: IntArray) -> World:
        """Return the world at many times of one trading day, in seconds since 1970."""
        day = int(self.timeline.days_of(seconds[:1])[0])
        ticks = (seconds - int(self.timeline.sessions[day].open_at.timestamp())) // TICK_SECONDS
        path = self.levels.over(day, ticks)
        return World(
            seconds=seconds.astype(np.float64),
            vix=path.vix,
            spx=path.spx,
            anchors=self._anchors_at(day, ticks),
            rate=self.rate(day),
            dividend_yield=self._scenario.dividend_yield,
            share=np.clip(ticks / self.timeline.ticks(day), 0.0, 1.0),
            facts=self.facts(day),
            shifts=self._shifts.of(day),
        )

    def rate(self, day: int) -> float:
        """Return the interest rate of a trading day: the last one known before it."""
        observed = self._scenario.observed
        known = {} if observed is None else observed.rates
        before = self._scenario.days[max(day - 1, 0)].date
        return known.get(before, self._scenario.rate)

    def settled_vix(self, on: date, at: datetime) -> float:
        """Return what VIX settled at: the real auction's value if known, else the opening."""
        observed = self._scenario.observed
        known = {} if observed is None else observed.final_settlements
        opening = self.levels.at(self.timeline.moment(at)).vix
        return known.get(on, opening)

    def _closing(self, day: int) -> World:
        """Return the model's own world at a close, which needs no path."""
        told, close = self._scenario.days[day], self.timeline.close(day)
        return World(
            seconds=close.at.timestamp(),
            vix=told.vix_close,
            spx=told.spx_close,
            anchors=self._anchors_at(day, close.tick),
            rate=self.rate(day),
            dividend_yield=self._scenario.dividend_yield,
            share=1.0,
            facts=self.facts(day),
        )

    def curve_shifts(self, moment: Moment, settlement: datetime) -> tuple[float, float]:
        """Return by how much the log of a VIX future is off at a session's opening and a moment."""
        curve = self._shifts.of(moment.day).curve
        if curve is None:
            return 0.0, 0.0
        at = np.array([settlement.timestamp()])
        before, after = (float(each.at(at)[0]) for each in curve)
        return before, before + (after - before) * self._share(moment)

    def _share(self, moment: Moment) -> float:
        return min(max(moment.tick / self.timeline.ticks(moment.day), 0.0), 1.0)

    def facts(self, day: int) -> Facts:
        """Return what is known of a trading day before it begins."""
        if day not in self._facts:
            before = self._scenario.days[max(day - 1, 0)]
            on = self._scenario.days[day].date
            self._facts[day] = Facts(
                date=on,
                spx_before=before.spx_close,
                vix_before=before.vix_close,
                spx_mean=float(self._spx_means[day]),
                dividend_years=_dividend_years(on),
                ten_year_percent=self._ten_year_percent(),
                monthlies=self._monthlies(on),
            )
        return self._facts[day]

    def _ten_year_percent(self) -> float:
        known = self._scenario.ten_year
        return 100.0 * (self._scenario.rate + _TERM_PREMIUM if known is None else known)

    def _anchors_at(self, day: int, tick: int | IntArray) -> Anchors:
        """Return the means; through a night they go over from the old day's to the new day's."""
        night = self.timeline.first_tick(day)
        new = Anchors(self.anchors.fast[day], self.anchors.slow[day])
        if not night or (np.ndim(tick) == 0 and tick >= 0):
            return new
        share = 1.0 - np.maximum(-np.asarray(tick), 0) / -night
        return Anchors(
            *(_blend(each, day, share) for each in self.anchors),
        )

    def _monthlies(self, on: date) -> tuple[float, float]:
        first = on + _NEAREST_MONTHLY
        months = (
            divmod(first.year * _MONTHS + first.month - 1 + ahead, _MONTHS) for ahead in range(3)
        )
        fridays = [third_friday(year, month + 1) for year, month in months]
        settled = [self._sessions.on_or_before(each).date for each in fridays if each >= first]
        near, far = (settlement_instant(each).timestamp() for each in settled[:2])
        return near, far


def _blend(means: FloatArray, day: int, share: FloatArray) -> FloatArray:
    old, new = means[day - 1], means[day]
    return np.asarray(np.where(share >= 1.0, new, old + (new - old) * share), dtype=np.float64)


def _dividend_years(on: date) -> float:
    """Return the time since the last third Friday of a quarter's end, when SPY goes ex dividend."""
    months = (divmod(on.year * _MONTHS + on.month - 1 - back, _MONTHS) for back in range(4))
    fridays = (
        third_friday(year, month + 1) for year, month in months if month + 1 in _DIVIDEND_MONTHS
    )
    return (on - next(each for each in fridays if each <= on)).days / _DAYS_PER_YEAR
