"""Daily bars, from the sessions' paths, of everything but options.

A bar is made of a session up to a moment: the running session's bar ends at its own now, as the
broker sends it, and no bar holds a value from later. A night or an evening has no bar of its own:
bars are of regular hours. Options have none (domain.md section 3.2). The bar of breadth is of the
advances less the declines.
"""

from bisect import bisect_left
from datetime import datetime, timedelta
from operator import attrgetter

import msgspec
import numpy as np

from bot.domain.instruments import ConId, Future, Index, Option
from bot.domain.sessions import NEW_YORK
from bot.exchange.market.activity import Draw, traded, whole_volumes
from bot.exchange.market.columns import Contracts, Formula, as_columns, formula_of
from bot.exchange.market.curve import Anchors, vix_future
from bot.exchange.market.levels import Span
from bot.exchange.market.quote import DailyBar
from bot.exchange.market.timeline import TICK_SECONDS, TICKS_PER_STEP, Moment
from bot.exchange.market.valuation import value_all
from bot.exchange.market.worlds import Worlds
from bot.exchange.reference.expiries import VX_LISTED_DAYS
from bot.exchange.reference.phases import Phase
from bot.exchange.reference.products import Product
from bot.exchange.reference.underlyings import SPX_ID, VIX_ID
from bot.pricing.arrays import FloatArray

_SECONDS_PER_DAY = 86_400.0
_LISTED = {
    Formula.VIX_FUTURE: timedelta(days=VX_LISTED_DAYS),
    Formula.SPX_FUTURE: timedelta(days=460),
}
"""How long before its settlement a future has bars: eight months, and five quarters."""


class Bars:
    """The daily bars of a scenario; those of completed sessions are made once."""

    def __init__(self, worlds: Worlds, seed: int) -> None:
        self._worlds = worlds
        self._timeline = worlds.timeline
        self._seed = seed
        self._kept: dict[ConId, list[DailyBar]] = {}
        self._next_day: dict[ConId, int] = {}

    def of(self, product: Product, until: datetime, count: int) -> list[DailyBar]:
        """Return up to `count` bars of sessions begun by `until`, oldest first."""
        if isinstance(product, Option) or count <= 0:
            return []
        now = self._timeline.begun(self._timeline.moment(until))
        return [*self._completed(product, now), *self._at(product, [now])][-count:]

    def _completed(self, product: Product, now: Moment) -> list[DailyBar]:
        kept = self._kept.setdefault(product.con_id, [])
        first = self._next_day.get(product.con_id, 0)
        if first < now.day:
            kept += self._at(product, [self._timeline.close(day) for day in range(first, now.day)])
            self._next_day[product.con_id] = now.day
        return kept[: bisect_left(kept, self._timeline.date(now), key=attrgetter("date"))]

    def _at(self, product: Product, ends: list[Moment]) -> list[DailyBar]:
        """Return a bar for each moment in `ends`, from its session's opening to it."""
        bars = self._spans(product, ends)
        if isinstance(product, Index):
            return bars
        volumes = {self._timeline.date(end): self._volume(product, end) for end in ends}
        return [msgspec.structs.replace(bar, volume=volumes[bar.date]) for bar in bars]

    def _volume(self, product: Product, end: Moment) -> int:
        contract, total = as_columns([product]), self._timeline.close(end.day).tick
        draw = Draw(self._seed, end.day, end.tick, Phase.REGULAR, end.tick, total)
        days_left = (contract.settlement - end.at.timestamp()) / _SECONDS_PER_DAY
        return int(traded(whole_volumes(contract, days_left, draw), draw)[0])

    def _spans(self, product: Product, ends: list[Moment]) -> list[DailyBar]:
        levels = self._worlds.levels
        if product.con_id in {SPX_ID, VIX_ID}:
            spans = [(levels.vix if product.con_id == VIX_ID else levels.spx)(end) for end in ends]
            return [self._bar(end, span) for end, span in zip(ends, spans, strict=True)]
        if isinstance(product, Future):
            ends = self._listed(product, ends)
            if formula_of(product) is Formula.VIX_FUTURE:
                return self._vix_futures(product, ends)
        contract = as_columns([product])
        return [self._bar(end, self._valued(product, contract, end)) for end in ends]

    def _listed(self, future: Future, ends: list[Moment]) -> list[Moment]:
        settles = future.settlement.astimezone(NEW_YORK).date()
        listed = settles - _LISTED[formula_of(future)]
        return [end for end in ends if listed <= self._timeline.date(end) < settles]

    def _vix_futures(self, future: Future, ends: list[Moment]) -> list[DailyBar]:
        """Return the bars of a VIX future.

        Opening and end are the curve at those times; the extremes are taken where VIX had its own,
        which is where the curve has them but for the minutes of tenor in between.
        """
        if not ends:
            return []
        places = [end.day for end in ends]
        anchors = self._worlds.anchors
        means = Anchors(anchors.fast[places], anchors.slow[places])
        spans = np.array([self._worlds.levels.vix(end) for end in ends])
        closing = _days_left(future, [end.at for end in ends])
        opening = closing + np.array([end.tick for end in ends]) * TICK_SECONDS / _SECONDS_PER_DAY
        tenors = (opening, closing, closing, closing)
        shifts = np.array([self._worlds.curve_shifts(end, future.settlement) for end in ends]).T
        levels = [
            vix_future(spans[:, at], means, tenor) * np.exp(shifts[min(at, 1)])
            for at, tenor in enumerate(tenors)
        ]
        prices = _on_grid(np.array(levels), future)
        return [
            self._bar(end, Span(first, max(first, high), min(first, low), last))
            for end, (first, high, low, last) in zip(ends, prices.T.tolist(), strict=True)
        ]

    def _valued(self, product: Product, contract: Contracts, end: Moment) -> Span:
        """Return the span of model values at every step from the opening to a moment."""
        ticks = np.append(np.arange(0, end.tick, TICKS_PER_STEP), end.tick)
        opened = int(self._timeline.sessions[end.day].open_at.timestamp())
        world = self._worlds.over(opened + TICK_SECONDS * ticks)
        contracts = contract.repeat(len(ticks))
        values = value_all(contracts, world, self._seed)
        levels = values.value
        if formula_of(product) is Formula.BREADTH:
            levels = levels - values.underlying
        elif not isinstance(product, Index):
            levels = _on_grid(levels, product)
        levels = np.round(levels, 2)
        return Span(float(levels[0]), float(levels.max()), float(levels.min()), float(levels[-1]))

    def _bar(self, end: Moment, span: Span) -> DailyBar:
        return DailyBar(
            date=self._timeline.date(end),
            open=span.open,
            high=span.high,
            low=span.low,
            close=span.close,
        )


def _on_grid(levels: FloatArray, product: Product) -> FloatArray:
    assert not isinstance(product, Index)
    tick = float(product.grid.steps[0].increment)
    return np.round(np.round(levels / tick) * tick, 2)


def _days_left(future: Future, times: list[datetime]) -> FloatArray:
    seconds = [(future.settlement - at).total_seconds() for at in times]
    return np.array(seconds) / _SECONDS_PER_DAY
