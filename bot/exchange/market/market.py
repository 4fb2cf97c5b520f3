"""The market of one scenario and seed: every answer is a pure function of the time asked.

What is kept between calls (paths, instruments, bars, the last quotes) only saves work.
Contracts are described in `bot.exchange.reference`, orders matched by the venue.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from math import nan
from operator import attrgetter
from typing import TypeAlias

import numpy as np

from bot.domain.instruments import ConId, Future, Index, Option, Right
from bot.domain.money import to_cents
from bot.domain.sessions import SessionTable
from bot.exchange.market.bars import Paths, future_bars, index_bars
from bot.exchange.market.curve import Anchors, anchors_by_day
from bot.exchange.market.quote import (
    BookRow,
    DailyBar,
    MarketQuote,
    ModelRow,
    Samples,
    make_mark,
    make_quote,
)
from bot.exchange.market.quoting import Draw, make_book
from bot.exchange.market.timeline import Moment, Timeline
from bot.exchange.market.valuation import World, as_columns, value_all
from bot.exchange.reference.phases import Phase, phase_at
from bot.exchange.reference.products import Product, Stock
from bot.exchange.reference.reference import Reference
from bot.exchange.reference.underlyings import VIX_ID
from bot.exchange.scenarios.scenario import Scenario

_Row: TypeAlias = tuple[Product, ModelRow, BookRow]


class Market:
    """Quotes, marks and bars of every contract over one scenario.

    `sessions` must hold `scenario.sessions_from` to `scenario.sessions_until`. Outside sessions
    everything stands as at the last close; a time before the history raises `BeforeHistoryError`,
    an unknown contract number `UnknownContractError`.
    """

    def __init__(self, scenario: Scenario, sessions: SessionTable, seed: int) -> None:
        self.reference = Reference(scenario, sessions)
        self._scenario = scenario
        self._sessions = sessions
        self._seed = seed
        self._timeline = Timeline(scenario, sessions)
        self._paths = Paths(scenario, self._timeline, seed)
        self._anchors = anchors_by_day(scenario.days)
        self._moment: Moment | None = None
        self._quotes: dict[ConId, MarketQuote] = {}
        self._closes_day = -1
        self._closes: dict[ConId, Decimal | None] = {}
        self._bars: dict[ConId, list[DailyBar]] = {}
        self._barred_days: dict[ConId, int] = {}

    def vix(self, now: datetime) -> float:
        """Return spot VIX in points."""
        return self._world(self._timeline.moment(now)).vix

    def spx(self, now: datetime) -> float:
        """Return the S&P 500 in points."""
        return self._world(self._timeline.moment(now)).spx

    def quotes(self, con_ids: Sequence[ConId], now: datetime) -> list[MarketQuote]:
        """Return the line of each contract, in the order asked."""
        moment = self._timeline.moment(now)
        if moment != self._moment:
            self._moment, self._quotes = moment, {}
        missing = [con_id for con_id in dict.fromkeys(con_ids) if con_id not in self._quotes]
        if missing:
            self._quotes.update(zip(missing, self._make_quotes(missing, moment), strict=True))
        return [self._quotes[con_id] for con_id in con_ids]

    def mark(self, con_id: ConId, now: datetime) -> Decimal:
        """Return what the account values a contract at, in points.

        The middle of bid and ask (an empty bid counts as zero), an index's level, and from
        settlement on what the contract settled at.
        """
        settled = self.settlement_value(con_id, now)
        if settled is not None:
            return settled
        quote = self.quotes([con_id], now)[0]
        if quote.ask is None:
            assert quote.last is not None
            return quote.last
        return ((quote.bid or Decimal(0)) + quote.ask) / 2

    def settlement_value(self, con_id: ConId, now: datetime) -> Decimal | None:
        """Return what a future or option settled at, in points; None before, and for an index."""
        instrument = self.reference.instrument(con_id)
        if isinstance(instrument, Index | Stock) or now < instrument.settlement:
            return None
        world = self._world(self._timeline.moment(instrument.settlement))
        level = to_cents(Decimal(world.vix if instrument.symbol == "VIX" else world.spx))
        if isinstance(instrument, Future):
            return level
        gain = level - instrument.strike
        return max(gain if instrument.right is Right.CALL else -gain, Decimal(0))

    def daily_bars(self, con_id: ConId, until: datetime, count: int) -> list[DailyBar]:
        """Return up to `count` daily bars of an index or future, oldest first.

        Completed sessions and the running one up to `until`; options have no daily bars.
        """
        instrument = self.reference.instrument(con_id)
        now = self._timeline.moment(until)
        if isinstance(instrument, Option | Stock) or count <= 0:
            return []
        bars = [*self._completed_bars(instrument, now), *self._bars_at(instrument, [now])]
        return bars[-count:]

    def samples(self, con_id: ConId, start: datetime, end: datetime, step_seconds: int) -> Samples:
        """Return what a line showed at each step in (`start`, `end`] at which it was quoted."""
        product = self.reference.instrument(con_id)
        rows: list[tuple[float, ...]] = []
        at = start.timestamp() // step_seconds * step_seconds + step_seconds
        while at <= end.timestamp():
            now = datetime.fromtimestamp(at, UTC)
            if phase_at(product, self._sessions, now) is Phase.REGULAR:
                line = self.quotes([con_id], now)[0]
                prices = [nan if p is None else float(p) for p in (line.bid, line.ask, line.last)]
                bid, ask, last = prices
                rows.append((at, bid, ask, line.bid_size, line.ask_size, last, 0.0))
            at += step_seconds
        return Samples(*np.array(rows, dtype=np.float64).reshape(-1, len(Samples._fields)).T)

    def _completed_bars(self, instrument: Index | Future, now: Moment) -> list[DailyBar]:
        """Return the bars of the sessions before the one of `now`; what was made once is kept."""
        kept = self._bars.setdefault(instrument.con_id, [])
        first = self._barred_days.get(instrument.con_id, 0)
        if first < now.day:
            ends = [self._timeline.close(day) for day in range(first, now.day)]
            kept += self._bars_at(instrument, ends)
            self._barred_days[instrument.con_id] = now.day
        return kept[: bisect_left(kept, self._timeline.date(now), key=attrgetter("date"))]

    def _bars_at(self, instrument: Index | Future, ends: list[Moment]) -> list[DailyBar]:
        if isinstance(instrument, Index):
            is_vix = instrument.con_id == VIX_ID
            return index_bars(self._paths, self._timeline, ends, is_vix=is_vix)
        return future_bars(self._paths, self._timeline, ends, instrument, self._anchors)

    def _world(self, moment: Moment) -> World:
        path = self._paths.path(moment.day)
        fast, slow = self._anchors.fast[moment.day], self._anchors.slow[moment.day]
        return World(
            at=moment.at,
            vix=float(path.vix[moment.step]),
            spx=float(path.spx[moment.step]),
            anchors=Anchors(fast, slow),
            rate=self._scenario.rate,
            dividend_yield=self._scenario.dividend_yield,
        )

    def _rows(self, con_ids: list[ConId], moment: Moment) -> Iterator[_Row]:
        """Yield instrument, model and book of each contract at a moment."""
        instruments = [self.reference.instrument(con_id) for con_id in con_ids]
        contracts, world = as_columns(instruments), self._world(moment)
        values = value_all(contracts, world)
        draw = Draw(self._seed, moment.day, moment.step, self._timeline.steps(moment.day))
        ids = np.array(con_ids, dtype=np.int64)
        book = make_book(ids, contracts, values, world.vix, draw)
        models = map(ModelRow._make, zip(*(column.tolist() for column in values), strict=True))
        lines = map(BookRow._make, zip(*(column.tolist() for column in book), strict=True))
        return zip(instruments, models, lines, strict=True)

    def _make_quotes(self, con_ids: list[ConId], moment: Moment) -> list[MarketQuote]:
        rows = zip(self._rows(con_ids, moment), self._closes_before(con_ids, moment), strict=True)
        return [make_quote(*row, close) for row, close in rows]

    def _closes_before(self, con_ids: list[ConId], moment: Moment) -> list[Decimal | None]:
        """Return the marks at the previous close, which stand for the whole session."""
        if moment.day != self._closes_day:
            self._closes_day, self._closes = moment.day, {}
        missing = [con_id for con_id in con_ids if con_id not in self._closes]
        if missing:
            rows = self._rows(missing, self._timeline.close_before(moment))
            marks = [make_mark(*row) for row in rows]
            self._closes.update(zip(missing, marks, strict=True))
        return [self._closes[con_id] for con_id in con_ids]
