"""The market of one scenario and seed: every answer is a pure function of the time asked.

What is kept between calls (paths, instruments, bars, the last quotes) only saves work.
Contracts are described in `bot.exchange.reference`, orders matched by the venue.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import nan
from operator import attrgetter
from typing import TypeAlias

import msgspec
import numpy as np

from bot.domain.instruments import ConId, Future, Index, Option, Right
from bot.domain.money import to_cents
from bot.domain.sessions import SessionTable
from bot.exchange.market.bars import Paths, future_bars, index_bars
from bot.exchange.market.curve import Anchors, anchors_by_day
from bot.exchange.market.extremes import DayExtremes
from bot.exchange.market.path import STEP_SECONDS
from bot.exchange.market.quote import (
    BookRow,
    DailyBar,
    DaySoFar,
    MarketQuote,
    ModelRow,
    Rates,
    Samples,
    Statistics,
    make_last,
    make_mark,
    make_quote,
)
from bot.exchange.market.quoting import Draw, make_book
from bot.exchange.market.smiles import vvix
from bot.exchange.market.statistics import (
    LONGEST_RANGE_SESSIONS,
    average_volume,
    interest_and_volume,
    price_figures,
)
from bot.exchange.market.timeline import Moment, Timeline
from bot.exchange.market.valuation import World, as_columns, value_all
from bot.exchange.reference.phases import Phase, phase_at
from bot.exchange.reference.products import Product, Stock
from bot.exchange.reference.query import Query
from bot.exchange.reference.reference import Reference
from bot.exchange.reference.underlyings import SPX_ID, VIX_ID
from bot.exchange.scenarios.scenario import Scenario

_WRITTEN_ON = {"VIX": VIX_ID, "SPX": SPX_ID}

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
        self._extremes_day = -1
        self._extremes: DayExtremes | None = None
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

    def rates(self, now: datetime) -> Rates:  # noqa: ARG002 - a scenario has one of each
        """Return the interest rate and the dividend yield of the S&P 500."""
        return Rates(self._scenario.rate, self._scenario.dividend_yield)

    def statistics(self, con_id: ConId, now: datetime) -> Statistics:
        """Return the slow figures of a contract."""
        instrument, moment = self.reference.instrument(con_id), self._timeline.moment(now)
        bars = self.daily_bars(con_id, now, LONGEST_RANGE_SESSIONS)
        figures = price_figures(bars, self._implied_volatility(con_id, moment))
        if isinstance(instrument, Index | Stock):
            return self._with_options(figures, con_id, moment)
        ids = np.array([con_id], dtype=np.int64)
        return msgspec.structs.replace(
            figures,
            open_interest=interest_and_volume(ids, self._draw(moment))[0],
            average_volume=average_volume(ids, self._seed, moment.day),
        )

    def _implied_volatility(self, con_id: ConId, moment: Moment) -> float | None:
        """Return what VIX says of the S&P 500 and VVIX of VIX."""
        world = self._world(moment)
        if con_id == SPX_ID:
            return world.vix / 100.0
        return (
            float(vvix(np.asarray(world.vix), world.anchors)) / 100.0 if con_id == VIX_ID else None
        )

    def _with_options(self, figures: Statistics, con_id: ConId, moment: Moment) -> Statistics:
        day = self._timeline.date(moment)
        chain = [each.instrument for each in self.reference.find(Query(sec_type="OPT"), day)]
        of_it = [i for i in chain if isinstance(i, Option) and _WRITTEN_ON[i.symbol] == con_id]
        if not of_it:
            return figures
        calls, puts = (
            np.array([i.con_id for i in of_it if i.right is right], dtype=np.int64)
            for right in (Right.CALL, Right.PUT)
        )
        draw = self._draw(moment)
        (call_interest, call_volume), (put_interest, put_volume) = (
            interest_and_volume(ids, draw) for ids in (calls, puts)
        )
        both = np.concatenate([calls, puts])
        return msgspec.structs.replace(
            figures,
            average_option_volume=average_volume(both, self._seed, moment.day),
            call_volume=call_volume,
            put_volume=put_volume,
            call_open_interest=call_interest,
            put_open_interest=put_interest,
        )

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
        draw = self._draw(moment)
        ids = np.array(con_ids, dtype=np.int64)
        book = make_book(ids, contracts, values, world.vix, draw)
        models = map(ModelRow._make, zip(*(column.tolist() for column in values), strict=True))
        lines = map(BookRow._make, zip(*(column.tolist() for column in book), strict=True))
        return zip(instruments, models, lines, strict=True)

    def _draw(self, moment: Moment) -> Draw:
        return Draw(self._seed, moment.day, moment.step, self._timeline.steps(moment.day))

    def _make_quotes(self, con_ids: list[ConId], moment: Moment) -> list[MarketQuote]:
        extremes = self._day_extremes(moment).at(con_ids, moment.step)
        closes = self._closes_before(con_ids, moment)
        days = [DaySoFar(close, *each) for close, each in zip(closes, extremes, strict=True)]
        rows = zip(self._rows(con_ids, moment), days, strict=True)
        return [make_quote(*row, day) for row, day in rows]

    def _day_extremes(self, moment: Moment) -> DayExtremes:
        if moment.day != self._extremes_day:
            day, opening = moment.day, moment.at - moment.step * timedelta(seconds=STEP_SECONDS)

            def lasts(con_ids: list[ConId], step: int) -> list[Decimal | None]:
                at = Moment(day, step, opening + step * timedelta(seconds=STEP_SECONDS))
                return [make_last(*row) for row in self._rows(con_ids, at)]

            self._extremes_day = day
            self._extremes = DayExtremes(self._paths.path(day), lasts)
        assert self._extremes is not None
        return self._extremes

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
