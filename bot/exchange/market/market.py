"""The market of one scenario and seed: every answer is a pure function of the time asked.

What is kept between calls (paths, instruments, bars, the last quotes) only saves work.
Contracts are described in `bot.exchange.reference`, orders matched by the venue.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
import numpy as np

from bot.domain.instruments import ConId, Future, Index, Option, Right
from bot.domain.money import to_cents
from bot.domain.sessions import NEW_YORK, SessionTable
from bot.exchange.market.bars import Bars
from bot.exchange.market.columns import volume_sizes
from bot.exchange.market.levels import Levels
from bot.exchange.market.lines import Lines
from bot.exchange.market.path import Level
from bot.exchange.market.quote import (
    DailyBar,
    MarketQuote,
    Rates,
    Samples,
    Statistics,
    make_mark,
)
from bot.exchange.market.series import Series
from bot.exchange.market.smiles import vvix
from bot.exchange.market.statistics import (
    LONGEST_RANGE_SESSIONS,
    average_volume,
    interest_and_volume,
    price_figures,
)
from bot.exchange.market.timeline import Moment, Timeline
from bot.exchange.market.worlds import Worlds
from bot.exchange.reference.products import Stock
from bot.exchange.reference.query import Query
from bot.exchange.reference.reference import Reference
from bot.exchange.reference.underlyings import SPX_ID, SPY_ID, VIX_ID
from bot.exchange.scenarios.scenario import Scenario

_ON_VIX = frozenset({"VIX", "VXM"})
_MOVING_WITH_SPX = frozenset({SPX_ID, SPY_ID})
_WRITTEN_ON = {"VIX": VIX_ID, "SPX": SPX_ID}


class Market:
    """Quotes, marks and bars of every contract over one scenario.

    `sessions` must hold `scenario.sessions_from` to `scenario.sessions_until`. Prices move at any
    hour at which something trades; outside its own hours a product has no sides and its last price
    stands, an index that is not published keeps its level. After the last session's evening
    everything stands. A time before the history raises `BeforeHistoryError`, an unknown contract
    number `UnknownContractError`.
    """

    def __init__(self, scenario: Scenario, sessions: SessionTable, seed: int) -> None:
        self.reference = Reference(scenario, sessions)
        self._scenario = scenario
        self._seed = seed
        self._timeline = Timeline(scenario, sessions)
        levels = Levels(scenario, self._timeline, seed)
        self._levels = levels
        self._worlds = Worlds(scenario, sessions, self._timeline, levels, seed)
        self._lines = Lines(self.reference, self._worlds, seed)
        self._series = Series(self._lines, self._worlds, seed)
        self._bars = Bars(self._worlds, seed)
        self._asked: datetime | None = None
        self._quotes: dict[ConId, MarketQuote] = {}

    def vix(self, now: datetime) -> float:
        """Return spot VIX in points as it would be now; at night only futures know it."""
        return self._level(now).vix

    def spx(self, now: datetime) -> float:
        """Return the S&P 500 in points as it would be now; at night only futures know it."""
        return self._level(now).spx

    def quotes(self, con_ids: Sequence[ConId], now: datetime) -> list[MarketQuote]:
        """Return the line of each contract, in the order asked."""
        if now != self._asked:
            self._asked, self._quotes = now, {}
        missing = [con_id for con_id in dict.fromkeys(con_ids) if con_id not in self._quotes]
        if missing:
            self._quotes.update(zip(missing, self._lines.quotes(missing, now), strict=True))
        return [self._quotes[con_id] for con_id in con_ids]

    def mark(self, con_id: ConId, now: datetime) -> Decimal:
        """Return what the account values a contract at, in points.

        The middle of bid and ask (an empty bid counts as zero), where nobody trades the one it was
        left with; an index's level; from settlement on what the contract settled at.
        """
        settled = self.settlement_value(con_id, now)
        if settled is not None:
            return settled
        (row,) = self._lines.rows([con_id], now)
        mark = make_mark(row.product, row.model, row.book)
        assert mark is not None
        return mark

    def settlement_value(self, con_id: ConId, now: datetime) -> Decimal | None:
        """Return what a future or option settled at, in points; None before, and for an index."""
        instrument = self.reference.instrument(con_id)
        if isinstance(instrument, Index | Stock) or now < instrument.settlement:
            return None
        level = self._settled(instrument)
        if isinstance(instrument, Future):
            return level
        gain = level - instrument.strike
        return max(gain if instrument.right is Right.CALL else -gain, Decimal(0))

    def daily_bars(self, con_id: ConId, until: datetime, count: int) -> list[DailyBar]:
        """Return up to `count` daily bars of an index, future or share, oldest first.

        Completed sessions and the running one up to `until`; options have no daily bars.
        """
        return self._bars.of(self.reference.instrument(con_id), until, count)

    def samples(self, con_id: ConId, start: datetime, end: datetime, step_seconds: int) -> Samples:
        """Return what a line showed at each step in (`start`, `end`] at which it was quoted."""
        product = self.reference.instrument(con_id)
        return self._series.samples(product, start, end, step_seconds)

    def rates(self, now: datetime) -> Rates:
        """Return the interest rate and the dividend yield of the S&P 500."""
        day = self._timeline.moment(now).day
        return Rates(self._worlds.rate(day), self._scenario.dividend_yield)

    def statistics(self, con_id: ConId, now: datetime) -> Statistics:
        """Return the slow figures of a contract."""
        instrument, moment = self.reference.instrument(con_id), self._timeline.moment(now)
        bars = self.daily_bars(con_id, now, LONGEST_RANGE_SESSIONS)
        figures = price_figures(bars, self._implied_volatility(con_id, moment))
        if isinstance(instrument, Index):
            return self._with_options(figures, con_id, now)
        ids = np.array([con_id], dtype=np.int64)
        average = average_volume(ids, self._seed, moment.day, volume_sizes(instrument))
        if isinstance(instrument, Stock):
            return msgspec.structs.replace(figures, average_volume=average)
        draw = self._lines.draw(self._lines.standings.of([instrument], now)[0])
        return msgspec.structs.replace(
            figures,
            open_interest=interest_and_volume(ids, draw)[0],
            average_volume=average,
        )

    def _level(self, now: datetime) -> Level:
        return self._levels.at(self._timeline.moment(now))

    def _settled(self, contract: Future | Option) -> Decimal:
        at = contract.settlement
        if contract.symbol in _ON_VIX:
            day = at.astimezone(NEW_YORK).date()
            return to_cents(Decimal(self._worlds.settled_vix(day, at)))
        return to_cents(Decimal(self._level(at).spx))

    def _implied_volatility(self, con_id: ConId, moment: Moment) -> float | None:
        """Return what VIX says of the S&P 500 and of its shares, and VVIX of VIX."""
        world = self._worlds.at(moment)
        if con_id in _MOVING_WITH_SPX:
            return float(world.vix) / 100.0
        return (
            float(vvix(np.asarray(world.vix), world.anchors)) / 100.0 if con_id == VIX_ID else None
        )

    def _with_options(self, figures: Statistics, con_id: ConId, now: datetime) -> Statistics:
        moment = self._timeline.moment(now)
        day = self._timeline.date(moment)
        chain = [each.instrument for each in self.reference.find(Query(sec_type="OPT"), day)]
        of_it = [i for i in chain if isinstance(i, Option) and _WRITTEN_ON[i.symbol] == con_id]
        if not of_it:
            return figures
        calls, puts = (
            np.array([i.con_id for i in of_it if i.right is right], dtype=np.int64)
            for right in (Right.CALL, Right.PUT)
        )
        draw = self._lines.draw(self._lines.standings.of(of_it[:1], now)[0])
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
