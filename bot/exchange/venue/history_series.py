"""The bars of one contract and kind, from what the market knows of the past.

Days, weeks and months of trades come from the market's daily bars; everything else is built from
samples of the line. Volatilities are yearly fractions: the implied one of an index is that of the
volatility index on it, the historical one is of daily closes with the running price as the last.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple

import numpy as np

from bot.domain.instruments import ConId, Index, Option
from bot.domain.sessions import at_new_york
from bot.exchange.market.quote import DailyBar, Samples
from bot.exchange.market.statistics import VOLATILITY_RETURNS
from bot.exchange.reference.products import Product, Stock
from bot.exchange.reference.underlyings import SPX_ID, SPY_ID, VIX_ID, VVIX_ID
from bot.exchange.venue.bar_building import (
    NOT_COUNTED,
    Bar,
    align,
    bid_ask_bars,
    merge,
    quote_bars,
    trade_bars,
)
from bot.exchange.venue.bar_sizes import DAY_SECONDS, SMALL_SECONDS, WEEK_SECONDS
from bot.exchange.venue.ports import Market
from bot.exchange.venue.trading_windows import Window
from bot.pricing.arrays import FloatArray

TRADES, MIDPOINT, BID, ASK, BID_ASK = "TRADES", "MIDPOINT", "BID", "ASK", "BID_ASK"
HISTORICAL, IMPLIED = "HISTORICAL_VOLATILITY", "OPTION_IMPLIED_VOLATILITY"

KNOWN_KINDS = frozenset(
    {
        *(TRADES, MIDPOINT, BID, ASK, BID_ASK, HISTORICAL, IMPLIED),
        *("SCHEDULE", "ADJUSTED_LAST", "AGGTRADES", "FEE_RATE"),
        *("YIELD_BID", "YIELD_ASK", "YIELD_BID_ASK", "YIELD_LAST"),
    }
)
"""What the protocol can ask for; the last rows have no data here."""

_QUOTED = frozenset({MIDPOINT, BID, ASK, BID_ASK})
_VOLATILITY_INDEX = {SPX_ID: VIX_ID, SPY_ID: VIX_ID, VIX_ID: VVIX_ID}
_SAMPLE_STEPS = (5, 30, 60, 300, 900, 1800)
_MOST_SAMPLES = 20_000
_GRID_SECONDS = 30
"""Finer samples of a bar over half a minute would show the same prices again."""
_ALL_BARS = 1 << 20
_SESSIONS_PER_YEAR = 252.0
_LAST_INSTANT = timedelta(seconds=1)
_MONTH_FORMAT, _WEEK_FORMAT = "%Y-%m", "%G-%V"


class Series(NamedTuple):
    """Which bars are wanted: contract, kind, and the seconds of one."""

    product: Product
    what: str
    size: int


def has_data(series: Series) -> bool:
    """Tell whether such bars exist at all (domain.md section 3.2).

    Nobody quotes an index; options have no bars of a day and more; volatilities are told of what
    options are written on.
    """
    product, what, size = series
    if what == TRADES or what in _QUOTED:
        daily_option = isinstance(product, Option) and size >= DAY_SECONDS
        return not daily_option and (what == TRADES or not isinstance(product, Index))
    if what == HISTORICAL:
        return isinstance(product, Index | Stock)
    return what == IMPLIED and product.con_id in _VOLATILITY_INDEX


class HistorySeries:
    """Makes bars; nothing later than `now` is ever in them."""

    def __init__(self, market: Market) -> None:
        self._market = market

    def bars(self, series: Series, windows: Sequence[Window], now: datetime) -> list[Bar]:
        """Return the bars of `series` over `windows`, oldest first."""
        if not windows:
            return []
        if series.size > DAY_SECONDS:
            days = self.bars(series._replace(size=DAY_SECONDS), windows, now)
            return _grouped(days, series.size)
        if series.size == DAY_SECONDS and series.what not in _QUOTED:
            return self._daily(series, windows)
        step = sample_step(series.size, windows)
        bars = [
            bar for window in windows for bar in self._within(series, window, step=step, now=now)
        ]
        if series.size < DAY_SECONDS:
            return bars
        # the night and the regular hours of a day are windows of their own
        return [merge(list(group)) for _, group in groupby(bars, lambda bar: bar.start)]

    def daily(self, con_id: ConId, end: datetime) -> list[DailyBar]:
        """Return all sessions begun by `end`."""
        return self._market.daily_bars(con_id, end, _ALL_BARS)

    def _daily(self, series: Series, windows: Sequence[Window]) -> list[Bar]:
        con_id, end = series.product.con_id, windows[-1].end
        wanted = {window.day for window in windows}
        if series.what == IMPLIED:
            known = self.daily(_VOLATILITY_INDEX[con_id], end)
            return [_scaled(_day_bar(bar, counted=False)) for bar in known if bar.date in wanted]
        known = self.daily(con_id, end)
        if series.what == HISTORICAL:
            return [bar for bar, day in _volatility_days(known) if day in wanted]
        return [_day_bar(bar, counted=True) for bar in known if bar.date in wanted]

    def _within(self, series: Series, window: Window, *, step: int, now: datetime) -> list[Bar]:
        con_id = series.product.con_id
        shown = _VOLATILITY_INDEX[con_id] if series.what == IMPLIED else con_id
        samples = self.samples(shown, window, step, now)
        if series.size == DAY_SECONDS:
            starts = np.full(len(samples.at), at_new_york(window.day, time()).timestamp())
        else:
            samples = _every_second(samples) if series.size == 1 else samples
            opening = window.start.timestamp()
            starts = align(samples.at, series.size, window.midnight, opening)
        if series.what == HISTORICAL:
            closes = [bar.close for bar in self.daily(con_id, window.end) if bar.date < window.day]
            return quote_bars(starts, running_volatility(closes, samples.last))
        return _built(series, starts, samples)

    def samples(self, con_id: ConId, window: Window, step: int, now: datetime) -> Samples:
        """Return what a line showed in a window, now itself included if it ends there."""
        last = window.end if window.end == now else window.end - _LAST_INSTANT
        return self._market.samples(con_id, window.start - _LAST_INSTANT, last, step)


def sample_step(size: int, windows: Sequence[Window]) -> int:
    """Return the seconds between samples: fine, but not too many over all `windows`."""
    total = sum((window.end - window.start).total_seconds() for window in windows)
    if size <= SMALL_SECONDS:
        return _SAMPLE_STEPS[0]
    steps = [step for step in _SAMPLE_STEPS if _GRID_SECONDS <= step <= size]
    enough = [step for step in steps if total / step <= _MOST_SAMPLES]
    return enough[0] if enough else steps[-1]


def running_volatility(closes: Sequence[float], lasts: FloatArray) -> FloatArray:
    """Return the yearly volatility of daily closes with each of `lasts` as the newest one.

    It is nan where there are too few closes.
    """
    known = np.log(np.array(closes[-VOLATILITY_RETURNS:], dtype=np.float64))
    if len(known) < VOLATILITY_RETURNS:
        return np.full(lasts.shape, np.nan)
    before, newest = np.diff(known), np.log(lasts) - known[-1]
    total = before.sum() + newest
    squares = np.square(before).sum() + np.square(newest)
    variance = (squares - np.square(total) / VOLATILITY_RETURNS) / (VOLATILITY_RETURNS - 1)
    return np.asarray(np.sqrt(variance * _SESSIONS_PER_YEAR), dtype=np.float64)


def _built(series: Series, starts: FloatArray, samples: Samples) -> list[Bar]:
    match series.what:
        case "BID":
            return quote_bars(starts, samples.bid)
        case "ASK":
            return quote_bars(starts, samples.ask)
        case "MIDPOINT":
            return quote_bars(starts, (samples.bid + samples.ask) / 2.0)
        case "BID_ASK":
            return bid_ask_bars(starts, samples.bid, samples.ask)
        case "OPTION_IMPLIED_VOLATILITY":
            return [_scaled(bar) for bar in quote_bars(starts, samples.last)]
        case _:
            bars = trade_bars(starts, samples.last, samples.volume)
            return [_of_index(bar) for bar in bars] if _is_index(series) else bars


def _is_index(series: Series) -> bool:
    return isinstance(series.product, Index)


def _of_index(bar: Bar) -> Bar:
    """Nothing is traded in an index: the broker sends zeros."""
    return bar._replace(volume=0.0, average=0.0, trades=0.0)


def _every_second(samples: Samples) -> Samples:
    """Let each sample stand until the next, in steps of a second; what traded stays where it was.

    Samples lie five seconds apart.
    """
    step = _SAMPLE_STEPS[0]
    repeated = Samples(*(np.repeat(column, step) for column in samples))
    offset = np.tile(np.arange(float(step)), len(samples.at))
    volume = np.where(offset > 0.0, 0.0, repeated.volume)
    return repeated._replace(at=repeated.at + offset, volume=volume)


def _day_bar(bar: DailyBar, *, counted: bool) -> Bar:
    """Turn a session into a bar; each contract counts as a trade of its own."""
    made = Bar(at_new_york(bar.date, time()).timestamp(), bar.open, bar.high, bar.low, bar.close)
    if not counted:
        return made
    if not bar.volume:
        return _of_index(made)
    return made._replace(
        volume=float(bar.volume),
        average=(bar.open + bar.high + bar.low + bar.close) / 4.0,
        trades=float(bar.volume),
    )


def _scaled(bar: Bar) -> Bar:
    """Turn an index of volatility, in points, into a fraction."""
    levels = (bar.open / 100.0, bar.high / 100.0, bar.low / 100.0, bar.close / 100.0)
    return Bar(bar.start, *levels)


def _volatility_days(known: Sequence[DailyBar]) -> list[tuple[Bar, date]]:
    """Return a bar per day from the volatility of the day before to that of the day."""
    closes = [bar.close for bar in known]
    found = []
    for at in range(VOLATILITY_RETURNS + 1, len(known)):
        before = running_volatility(closes[: at - 1], np.array([closes[at - 1]]))
        after = running_volatility(closes[:at], np.array([closes[at]]))
        first, last = float(before[0]), float(after[0])
        start = at_new_york(known[at].date, time()).timestamp()
        bar = Bar(start, first, max(first, last), min(first, last), last, NOT_COUNTED)
        found.append((bar, known[at].date))
    return found


def _grouped(days: Sequence[Bar], size: int) -> list[Bar]:
    """Merge days into weeks or months; each bears the date of its last session."""
    form = _WEEK_FORMAT if size == WEEK_SECONDS else _MONTH_FORMAT
    return [
        merge(list(group))
        for _, group in groupby(days, lambda bar: f"{_utc_day(bar.start):{form}}")
    ]


def _utc_day(start: float) -> date:
    """Return the date of a New York midnight, which lies four or five hours into it in UTC."""
    return date(1970, 1, 1) + timedelta(seconds=start)
