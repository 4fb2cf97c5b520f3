"""The options of one snapshot valued: forwards, implied volatilities and greeks, all at once.

Greeks are always ours, from quotes, never the broker's (methodology.md section 1). Volatility and
greeks of all lines are worked out in two vectorised calls, since one decision has milliseconds. A
line without a usable quote or without a forward is simply not there: unknown is not zero.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

import numpy as np

from bot.domain.inputs import Snapshot
from bot.domain.instruments import ConId, Contract, Option, Right, Universe
from bot.domain.policy import Policy
from bot.domain.quotes import Quote
from bot.domain.sessions import NEW_YORK
from bot.pricing import black76
from bot.pricing.forward import parity_forward, year_fraction
from bot.signals.memo import remembered
from bot.strategy.trust import is_live, is_recent

PARITY_PAIRS = 5
"""Pairs nearest the money from which a forward is told; farther ones have wide spreads."""


class Series(NamedTuple):
    """All options of one symbol and class that settle together."""

    symbol: str
    trading_class: str
    settlement: datetime


class Term(NamedTuple):
    """The time a series has left: ACT/365 years to the instant, calendar days to the date."""

    years: float
    dte: int


class Line(NamedTuple):
    """An option with a live two-sided quote; `mid` in points.

    `delta` is Black-76 on the forward of its settlement; `vega_per_point` is USD per volatility
    point of one contract. All but the mid are None where the quote allows no implied volatility.
    """

    option: Option
    quote: Quote
    mid: float
    volatility: float | None
    delta: float | None
    vega_per_point: float | None

    @property
    def spread(self) -> float:
        """Ask less bid, in points."""
        assert self.quote.spread is not None, "a line is two-sided"
        return float(self.quote.spread)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """One snapshot's instruments, quotes and option values, by contract.

    `futures` are the mids of the VX futures by settlement, in points.
    """

    instruments: Mapping[ConId, Contract]
    quotes: Mapping[ConId, Quote]
    futures: Mapping[datetime, float]
    terms: Mapping[Series, Term]
    forwards: Mapping[Series, float]
    lines: Mapping[ConId, Line]
    by_series: Mapping[Series, tuple[Line, ...]]

    def option(self, con_id: ConId) -> Option | None:
        """Return the option of that number, None when it is none or not known."""
        found = self.instruments.get(con_id)
        return found if isinstance(found, Option) else None

    def term(self, option: Option) -> Term:
        """Return the time `option` has left; it must be quoted, held or listed for purchase."""
        return self.terms[series_of(option)]

    def delta(self, con_id: ConId) -> float | None:
        """Return the delta of one contract, None where unknown."""
        line = self.lines.get(con_id)
        return None if line is None else line.delta

    def in_series(self, series: Series) -> tuple[Line, ...]:
        """Return the quoted lines of one series."""
        return self.by_series.get(series, ())


def series_of(option: Option) -> Series:
    """Return the series an option belongs to."""
    return Series(option.symbol, option.trading_class, option.settlement)


def days_to(settlement: datetime, now: datetime) -> int:
    """Return calendar days from today to the settlement date, both in New York."""
    return (new_york_day(settlement) - new_york_day(now)).days


def new_york_day(instant: datetime) -> date:
    """Return the date of an instant in New York."""
    return instant.astimezone(NEW_YORK).date()


def value_market(
    snapshot: Snapshot, universe: Universe, policy: Policy, held: Iterable[ConId] = ()
) -> Market:
    """Value every quoted option of the snapshot once.

    Args:
        snapshot: Quotes and positions.
        universe: The instruments they speak of.
        policy: The rate, and how old a future's or index's line may be.
        held: Contracts of the book, whose time left is wanted also when nobody quotes them.
    """
    market = _quoted_market(snapshot, universe, policy)
    instruments = market.instruments
    found = (instruments.get(con_id) for con_id in held)
    options = (option for option in found if isinstance(option, Option))
    terms = _terms((o for o in options if series_of(o) not in market.terms), snapshot.now)
    if not terms:
        return market
    sight = _Sight(snapshot, universe, policy, market.quotes)
    forwards = _forwards(sight, terms, [])
    return replace(
        market, terms={**market.terms, **terms}, forwards={**market.forwards, **forwards}
    )


@remembered
def _quoted_market(snapshot: Snapshot, universe: Universe, policy: Policy) -> Market:
    """Value what is quoted or held; remembered, since lines are chosen before it is decided."""
    instruments = universe.by_id()
    sight = _Sight(snapshot, universe, policy, {quote.con_id: quote for quote in snapshot.quotes})
    spoken_of = dict.fromkeys([*sight.quotes, *(p.con_id for p in snapshot.positions)])
    found = (instruments.get(con_id) for con_id in spoken_of)
    terms = _terms((option for option in found if isinstance(option, Option)), snapshot.now)
    quoted = [
        _Quoted(option, series_of(option), quote, float(mid))
        for quote in snapshot.quotes
        if isinstance(option := instruments.get(quote.con_id), Option)
        and (mid := quote.mid) is not None
        and is_live(quote, snapshot)
    ]
    forwards = _forwards(sight, terms, quoted)
    lines = _lines(quoted, terms, forwards, policy.signals.rate)
    by_series: dict[Series, list[Line]] = {}
    for one in quoted:
        by_series.setdefault(one.series, []).append(lines[one.option.con_id])
    return Market(
        instruments=instruments,
        quotes=sight.quotes,
        futures=_future_mids(sight),
        terms=terms,
        forwards=forwards,
        lines=lines,
        by_series={series: tuple(members) for series, members in by_series.items()},
    )


class _Sight(NamedTuple):
    snapshot: Snapshot
    universe: Universe
    policy: Policy
    quotes: Mapping[ConId, Quote]


class _Quoted(NamedTuple):
    option: Option
    series: Series
    quote: Quote
    mid: float


def _terms(options: Iterable[Option], now: datetime) -> dict[Series, Term]:
    return {
        series: Term(year_fraction(now, series.settlement), days_to(series.settlement, now))
        for series in dict.fromkeys(series_of(option) for option in options)
    }


def _forwards(
    sight: _Sight, terms: Mapping[Series, Term], quoted: list[_Quoted]
) -> dict[Series, float]:
    """Return the forward of each series: the matched future, else parity, else (SPX) spot."""
    futures, spot = _future_mids(sight), _spx_spot(sight)
    rate = sight.policy.signals.rate
    members: dict[Series, list[_Quoted]] = {}
    for one in quoted:
        members.setdefault(one.series, []).append(one)
    forwards = {}
    for series, term in terms.items():
        found = futures.get(series.settlement) if series.symbol == "VIX" else None
        if found is None:
            found = _by_parity(members.get(series, []), term.years, rate)
        if found is None and series.symbol == "SPX" and spot is not None:
            found = spot * math.exp(rate * max(term.years, 0.0))
        if found is not None:
            forwards[series] = found
    return forwards


def _future_mids(sight: _Sight) -> dict[datetime, float]:
    max_age = sight.policy.trust.future_max_age_seconds
    mids = {}
    for future in sight.universe.futures("VIX", "VX"):
        quote = sight.quotes.get(future.con_id)
        if quote is not None and is_recent(quote, sight.snapshot, max_age):
            mid = quote.mid
            if mid is not None:
                mids[future.settlement] = float(mid)
    return mids


def _spx_spot(sight: _Sight) -> float | None:
    index = sight.universe.index("SPX")
    quote = None if index is None else sight.quotes.get(index.con_id)
    if quote is None or quote.last is None:
        return None
    max_age = sight.policy.trust.index_max_age_seconds
    return float(quote.last) if is_recent(quote, sight.snapshot, max_age) else None


def _by_parity(series: list[_Quoted], years: float, rate: float) -> float | None:
    """Return the parity forward of the pairs nearest the money, None without a pair."""
    by_right: dict[Right, dict[float, float]] = {Right.CALL: {}, Right.PUT: {}}
    for one in series:
        by_right[one.option.right][float(one.option.strike)] = one.mid
    calls, puts = by_right[Right.CALL], by_right[Right.PUT]
    pairs = sorted((abs(calls[k] - puts[k]), k) for k in calls.keys() & puts.keys())
    if not pairs:
        return None
    strikes = [strike for _, strike in pairs[:PARITY_PAIRS]]
    call_mids, put_mids = [calls[k] for k in strikes], [puts[k] for k in strikes]
    return parity_forward(strikes, call_mids, put_mids, years, rate)


def _lines(
    quoted: list[_Quoted],
    terms: Mapping[Series, Term],
    forwards: Mapping[Series, float],
    rate: float,
) -> dict[ConId, Line]:
    """Solve all volatilities and greeks at once; a nan of the pricing room becomes None."""
    forward = np.array([forwards.get(one.series, np.nan) for one in quoted], dtype=np.float64)
    years = np.array([terms[one.series].years for one in quoted], dtype=np.float64)
    strike = np.array([float(one.option.strike) for one in quoted], dtype=np.float64)
    is_call = np.array([one.option.right is Right.CALL for one in quoted], dtype=np.bool_)
    mid = np.array([one.mid for one in quoted], dtype=np.float64)
    solved = black76.implied_volatility(mid, forward, strike, years, rate, is_call)
    greeks = black76.greeks(forward, strike, years, solved, rate, is_call)
    lines = {}
    for one, volatility, delta, vega in zip(
        quoted, solved.tolist(), greeks.delta.tolist(), greeks.vega.tolist(), strict=True
    ):
        known = math.isfinite(volatility)
        lines[one.option.con_id] = Line(
            option=one.option,
            quote=one.quote,
            mid=one.mid,
            volatility=volatility if known else None,
            delta=delta if known else None,
            vega_per_point=vega / 100.0 * one.option.multiplier if known else None,
        )
    return lines
