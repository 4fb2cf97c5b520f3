"""What one line showed over time, vectorised: the ground of bars and of past ticks.

Times lie on whole multiples of the step in which the product traded (an index was published). Both
ends of regular hours are in, a curb begins after them, and a night ends before the opening. The
volume of a step adds up to that of its session; see `bot.exchange.market.activity`.
"""

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from bot.domain.instruments import Index
from bot.exchange.market.activity import Draw, traded, whole_volumes
from bot.exchange.market.arrays import IntArray
from bot.exchange.market.columns import Contracts, Formula, as_columns, formula_of
from bot.exchange.market.lines import Lines
from bot.exchange.market.quote import Samples
from bot.exchange.market.quoting import Book, make_book
from bot.exchange.market.timeline import TICK_SECONDS, Timeline
from bot.exchange.market.valuation import Values, value_all
from bot.exchange.market.worlds import Worlds
from bot.exchange.reference.phases import Phase, Stretch
from bot.exchange.reference.products import Product
from bot.pricing.arrays import FloatArray

_CENTS = 100.0


class Series:
    """The past of all lines over one scenario and seed."""

    def __init__(self, lines: Lines, worlds: Worlds, seed: int) -> None:
        self._lines = lines
        self._timeline: Timeline = worlds.timeline
        self._worlds = worlds
        self._seed = seed

    def samples(self, product: Product, start: datetime, end: datetime, step: int) -> Samples:
        """Return what a line showed at each `step` seconds in (`start`, `end`]."""
        contract = as_columns([product])
        parts = [
            self._part(product, contract, (day, stretch), seconds, step)
            for day, stretch in self._stretches(product, start, end)
            for seconds in self._split(_times(stretch, start, end, step))
        ]
        if not parts:
            return Samples(*np.empty((len(Samples._fields), 0)))
        return Samples(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def _stretches(
        self, product: Product, start: datetime, end: datetime
    ) -> Iterator[tuple[int, Stretch]]:
        opened = self._timeline.at(0, 0).at
        if end < opened:
            return
        first = self._timeline.moment(max(start, opened)).day
        for day in range(max(first - 1, 0), self._timeline.moment(end).day + 1):
            for stretch in self._lines.standings.stretches(product, day):
                yield day, stretch

    def _split(self, seconds: IntArray) -> Iterator[IntArray]:
        """Yield the times of each trading day among them: a share trades into the next one."""
        days = self._timeline.days_of(seconds)
        for day in np.unique(days):
            yield seconds[days == day]

    def _part(
        self,
        product: Product,
        contract: Contracts,
        place: tuple[int, Stretch],
        seconds: IntArray,
        step: int,
    ) -> tuple[FloatArray, ...]:
        day, stretch = place
        contracts = contract.repeat(len(seconds))
        world = self._worlds.over(seconds)
        values = value_all(contracts, world, self._seed, greeks=False)
        draw = self._draw(day, stretch, seconds)
        book = make_book(contracts, values, world.vix, draw)
        sides = _sides(product, values, book)
        if isinstance(product, Index):
            return (seconds.astype(np.float64), *sides, np.zeros(len(seconds)))
        whole = whole_volumes(contracts, values.days, draw)
        volume = traded(whole, draw) - traded(whole, draw, step // TICK_SECONDS)
        return (seconds.astype(np.float64), *sides, volume.astype(np.float64))

    def _draw(self, day: int, stretch: Stretch, seconds: IntArray) -> Draw:
        opened = int(self._timeline.sessions[day].open_at.timestamp())
        start, end = int(stretch.start.timestamp()), int(stretch.end.timestamp())
        return Draw(
            seed=self._seed,
            day=day,
            tick=(seconds - opened) // TICK_SECONDS,
            phase=stretch.phase,
            done=(seconds - start) // TICK_SECONDS,
            total=(end - start) // TICK_SECONDS,
        )


def _times(stretch: Stretch, start: datetime, end: datetime, step: int) -> IntArray:
    """Return the multiples of `step` in (`start`, `end`] and in a stretch."""
    first = int(stretch.start.timestamp()) + (stretch.phase is Phase.CURB)
    last = int(stretch.end.timestamp()) - (stretch.phase is Phase.NIGHT)
    first = max(first, int(start.timestamp() // 1) + 1)
    last = min(last, int(end.timestamp() // 1))
    return np.arange(-(-first // step) * step, last + 1, step, dtype=np.int64)


def _sides(product: Product, values: Values, book: Book) -> tuple[FloatArray, ...]:
    """Return bid, ask, sizes and last as `bot.exchange.market.quote.make_quote` tells them."""
    nothing = np.full(values.value.shape, np.nan)
    sizes = book.bid_size.astype(np.float64), book.ask_size.astype(np.float64)
    bid, ask = np.where(book.bid > 0, book.bid / _CENTS, np.nan), book.ask / _CENTS
    if formula_of(product) is Formula.BREADTH:
        return (bid, ask, *sizes, nothing)
    if isinstance(product, Index):
        level = np.round(values.value * _CENTS) / _CENTS
        none = np.zeros(values.value.shape)
        return (nothing, nothing, none, none, level)
    return (bid, ask, *sizes, np.where(book.bid > 0, bid, ask))
