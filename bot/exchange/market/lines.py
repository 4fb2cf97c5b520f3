"""The lines of many contracts at one instant: values, book, the day so far.

Contracts that stand at the same moment (`bot.exchange.market.standing`) are valued together. What
is kept between calls only saves work.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from bot.domain.instruments import ConId, Index
from bot.exchange.market.activity import Draw
from bot.exchange.market.columns import Contracts, as_columns
from bot.exchange.market.extremes import DayExtremes
from bot.exchange.market.path import SessionPath
from bot.exchange.market.quote import (
    BookRow,
    DaySoFar,
    MarketQuote,
    ModelRow,
    cents,
    make_mark,
    make_quote,
)
from bot.exchange.market.quoting import last_cents, make_book
from bot.exchange.market.standing import Standing, Standings
from bot.exchange.market.timeline import TICK_SECONDS, TICKS_PER_STEP, Timeline
from bot.exchange.market.valuation import value_all
from bot.exchange.market.worlds import Worlds
from bot.exchange.reference.phases import Phase, Stretch
from bot.exchange.reference.products import Product, Stock
from bot.exchange.reference.reference import Reference

_TICK = timedelta(seconds=TICK_SECONDS)
_COLUMNS_KEPT, _EXTREMES_KEPT, _DAYS_KEPT = 64, 16, 4


class Row(NamedTuple):
    """One contract's model and book, and where it stands."""

    product: Product
    model: ModelRow
    book: BookRow
    standing: Standing


class _Running(NamedTuple):
    """The session or night whose extremes are told: its day, and the tick its hours begin with."""

    day: int
    first_tick: int


class Lines:
    """The lines of all contracts over one scenario and seed."""

    def __init__(self, reference: Reference, worlds: Worlds, seed: int) -> None:
        self._reference = reference
        self._timeline: Timeline = worlds.timeline
        self._worlds = worlds
        self._seed = seed
        self.standings = Standings(worlds.timeline)
        self._columns: dict[tuple[ConId, ...], Contracts] = {}
        self._extremes: dict[_Running, DayExtremes] = {}
        self._closes: dict[int, dict[ConId, Decimal | None]] = {}

    def quotes(self, con_ids: Sequence[ConId], now: datetime) -> list[MarketQuote]:
        """Return the line of each contract, in the order asked."""
        settled = [c for c in con_ids if is_settled(self._reference.instrument(c), now)]
        alive = con_ids if not settled else [c for c in con_ids if c not in set(settled)]
        closes = self._closes_before(settled, self._timeline.moment(now).day)
        found = {
            c: MarketQuote(con_id=c, close=close) for c, close in zip(settled, closes, strict=True)
        }
        for standing, members in self._by_standing(alive, now):
            days = self._days_so_far(members, standing)
            rows = self._group(members, standing)
            for row, day in zip(rows, days, strict=True):
                quote = make_quote(row.product, row.model, row.book, day, is_open=standing.is_open)
                found[row.product.con_id] = quote
        return [found[con_id] for con_id in con_ids]

    def rows(self, con_ids: Sequence[ConId], now: datetime) -> list[Row]:
        """Return model and book of each contract, in the order asked."""
        found: dict[ConId, Row] = {}
        for standing, members in self._by_standing(con_ids, now):
            found.update(zip(members, self._group(members, standing), strict=True))
        return [found[con_id] for con_id in con_ids]

    def draw(self, standing: Standing) -> Draw:
        """Return what chance and volume depend on where a product stands."""
        stretch, at = standing.stretch, standing.moment.at
        return Draw(
            seed=self._seed,
            day=standing.day,
            tick=self._tick(standing),
            phase=stretch.phase,
            done=(at - stretch.start) // _TICK,
            total=(stretch.end - stretch.start) // _TICK,
        )

    def closing(self, day: int) -> Standing:
        """Return where everything stands at the close of a session (before the first: its open)."""
        session = self._timeline.sessions[max(day, 0)]
        at = self._timeline.close(day) if day >= 0 else self._timeline.at(0, 0)
        return Standing(
            at, Stretch(Phase.REGULAR, session.open_at, session.close_at), max(day, 0), is_open=True
        )

    def _by_standing(
        self, con_ids: Sequence[ConId], now: datetime
    ) -> Iterable[tuple[Standing, list[ConId]]]:
        groups: dict[Standing, list[ConId]] = {}
        products = [self._reference.instrument(con_id) for con_id in con_ids]
        standings = self.standings.of(products, now)
        for con_id, standing in zip(con_ids, standings, strict=True):
            groups.setdefault(standing, []).append(con_id)
        return groups.items()

    def _group(self, con_ids: Sequence[ConId], standing: Standing) -> list[Row]:
        """Return the rows of contracts that stand together."""
        products = [self._reference.instrument(con_id) for con_id in con_ids]
        contracts, world = self._contracts(con_ids), self._worlds.at(standing.moment)
        values = value_all(contracts, world, self._seed)
        book = make_book(contracts, values, world.vix, self.draw(standing))
        models = map(ModelRow._make, zip(*(column.tolist() for column in values), strict=True))
        books = map(BookRow._make, zip(*(column.tolist() for column in book), strict=True))
        rows = zip(products, models, books, strict=True)
        return [Row(*row, standing) for row in rows]

    def _lasts(self, con_ids: Sequence[ConId], at: datetime) -> list[Decimal | None]:
        """Return the last price of each contract at an instant, breadth having none."""
        found: dict[ConId, Decimal | None] = {}
        for standing, members in self._by_standing(con_ids, at):
            contracts, world = self._contracts(members), self._worlds.at(standing.moment)
            values = value_all(contracts, world, self._seed, greeks=False)
            book = make_book(contracts, values, world.vix, self.draw(standing))
            found.update(
                zip(members, map(_priced, last_cents(contracts, values, book)), strict=True)
            )
        return [found[con_id] for con_id in con_ids]

    def _contracts(self, con_ids: Sequence[ConId]) -> Contracts:
        key = tuple(con_ids)
        if key not in self._columns:
            if len(self._columns) >= _COLUMNS_KEPT:
                self._columns.clear()
            self._columns[key] = as_columns(self._reference.instrument(c) for c in con_ids)
        return self._columns[key]

    def _days_so_far(self, con_ids: Sequence[ConId], standing: Standing) -> list[DaySoFar]:
        closes = self._closes_before(con_ids, standing.day)
        running = self._running(standing)
        extremes = self._extremes_of(running)
        passed = self._tick(standing) - running.first_tick
        step, rest = divmod(passed, TICKS_PER_STEP)
        told = extremes.at(con_ids, step, None if rest else step)
        return [DaySoFar(close, *each) for close, each in zip(closes, told, strict=True)]

    def _tick(self, standing: Standing) -> int:
        """Return the tick of the session it stands in, also when the next one's night has begun."""
        return (standing.moment.at - self._timeline.sessions[standing.day].open_at) // _TICK

    def _running(self, standing: Standing) -> _Running:
        if standing.stretch.phase is not Phase.NIGHT:
            return _Running(standing.day, 0)
        opening = self._timeline.sessions[standing.day].open_at
        return _Running(standing.day, (standing.stretch.start - opening) // _TICK)

    def _extremes_of(self, running: _Running) -> DayExtremes:
        if running not in self._extremes:
            if len(self._extremes) >= _EXTREMES_KEPT:
                self._extremes.clear()
            whole = self._worlds.levels.whole(running.day)
            first = running.first_tick - whole.first_tick
            path = SessionPath(whole.spx[first::TICKS_PER_STEP], whole.vix[first::TICKS_PER_STEP])

            def lasts(con_ids: Sequence[ConId], step: int) -> list[Decimal | None]:
                tick = running.first_tick + step * TICKS_PER_STEP
                return self._lasts(con_ids, self._timeline.at(running.day, tick).at)

            self._extremes[running] = DayExtremes(path, lasts)
        return self._extremes[running]

    def _closes_before(self, con_ids: Sequence[ConId], day: int) -> list[Decimal | None]:
        """Return the marks at the previous close, which stand for the whole trading day."""
        if day not in self._closes and len(self._closes) >= _DAYS_KEPT:
            self._closes.clear()
        closes = self._closes.setdefault(day, {})
        missing = [con_id for con_id in con_ids if con_id not in closes]
        if missing:
            rows = self._group(missing, self.closing(day - 1))
            marks = [make_mark(row.product, row.model, row.book) for row in rows]
            closes.update(zip(missing, marks, strict=True))
        return [closes[con_id] for con_id in con_ids]


def _priced(count: int) -> Decimal | None:
    return cents(count) if count >= 0 else None


def is_settled(product: Product, now: datetime) -> bool:
    """Tell whether a contract has settled; what has no settlement never has."""
    return not isinstance(product, Index | Stock) and product.settlement <= now
