"""From a directory of daily CSV files to a scenario of real days, or one clear error.

Two files must be there: `spx_daily.csv` and `vix_daily.csv` with open, high, low and close. What
may be there too stands in `OPTIONAL`; in the place of a missing one speaks the market's own model,
and where rates or a year of total returns are not known before the start, a plain 2 % and 1.8 %.
Columns are found by their name in the first line, in any order, and a column nobody asks for may
say anything. An empty field of an optional file is a value that is not known.

Every error names the file, the line and what was expected there. Files are read in
`bot.exchange.scenarios.loader`; this module sees text only. Nothing here is simulated.
"""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import log
from typing import NamedTuple

from bot.domain.sessions import SessionTable
from bot.exchange.scenarios.observed import Issues, Observed, Settle
from bot.exchange.scenarios.parse import ScenarioError
from bot.exchange.scenarios.scenario import Day, Scenario
from bot.exchange.scenarios.table import Row, rows_of

SPX_FILE, VIX_FILE = "spx_daily.csv", "vix_daily.csv"
CONTRACTS_FILE, CURVE_FILE = "vx_contracts.csv.gz", "vx_term_structure.csv"
SETTLEMENT_FILE, BREADTH_FILE = "vx_final_settlement.csv", "nyse_breadth_daily.csv"
RATES_FILE, RETURNS_FILE = "rates_daily.csv", "spx_total_return_daily.csv"
INDEX_FILES = {
    "VIX9D": "vix9d_daily.csv",
    "VIX3M": "vix3m_daily.csv",
    "VIX6M": "vix6m_daily.csv",
    "VVIX": "vvix_daily.csv",
    "SKEW": "skew_daily.csv",
}
REQUIRED = (SPX_FILE, VIX_FILE)
OPTIONAL = (
    *INDEX_FILES.values(),
    CONTRACTS_FILE,
    CURVE_FILE,
    SETTLEMENT_FILE,
    BREADTH_FILE,
    RATES_FILE,
    RETURNS_FILE,
)
Texts = Mapping[str, str]
"""The text of each file that is there, by its name."""

ACCOUNT_ID, CASH_USD = "SIM0000001", Decimal(500_000)
HISTORY_SESSIONS = 512
"""Sessions that pass as history where nobody says when to begin."""

_PLAIN_RATE, _PLAIN_YIELD = 0.02, 0.018
_PRICES = ("date", "open", "high", "low", "close")
_MONTHS = range(1, 9)
_YEAR_SESSIONS = 252
_PERCENT, _TNX_SCALE = 100.0, 10.0
_BILL_DAYS, _BILL_YEAR, _DAYS_PER_YEAR = 91.0, 360.0, 365.0


class _Bar(NamedTuple):
    row: Row
    open: float
    high: float
    low: float
    close: float


def parse_archive(texts: Texts, first: date | None) -> Scenario:
    """Return the days of an archive as a scenario that begins on `first` or the session after it.

    All earlier days are history, so that a day's prices do not depend on where a run begins.

    Raises:
        ScenarioError: A file is malformed or missing, or knows nothing of `first`.
    """
    for file in REQUIRED:
        if file not in texts:
            raise ScenarioError(file, 1, "expected the file: no market without it")
    days = _days(_bars(SPX_FILE, texts[SPX_FILE]), _bars(VIX_FILE, texts[VIX_FILE]))
    begins = _first_session(days, first)
    observed = parse_observed(texts)
    return Scenario(
        name="data",
        description=f"Real days from {days[0].date} to {days[-1].date}, read from files.",
        first_session=begins,
        last_session=days[-1].date,
        account_id=ACCOUNT_ID,
        cash_usd=CASH_USD,
        rate=_rate(observed, begins),
        dividend_yield=_dividend_yield(texts, days, begins),
        condors=(),
        days=days,
        events=(),
        coverage={},
        observed=observed,
    )


def check_sessions(scenario: Scenario, sessions: SessionTable) -> None:
    """Check that the days are just the sessions of the calendar, none missing and none invented.

    Raises:
        ScenarioError: They are not; the line is the one at which the two part.
    """
    first, last = scenario.days[0].date, scenario.days[-1].date
    wanted = [each.date for each in sessions.sessions if first <= each.date <= last]
    told = [day.date for day in scenario.days]
    for place, (want, have) in enumerate(zip(wanted, told, strict=False)):
        if want != have:
            expected = (
                f"expected the session {min(want, have)}"
                if want < have
                else (f"expected no row for {have}: the stock market was closed")
            )
            raise ScenarioError(SPX_FILE, place + 2, expected)


def parse_observed(texts: Texts) -> Observed:
    """Return what the optional files know.

    Raises:
        ScenarioError: One of them is malformed.
    """
    closes = {
        symbol: _closes(file, texts[file]) for symbol, file in INDEX_FILES.items() if file in texts
    }
    bills: dict[date, float] = {}
    if RATES_FILE in texts:
        bills, notes = _rates(texts[RATES_FILE])
        closes |= {"IRX": bills, "TNX": notes}
    return Observed(
        closes=closes,
        curve=_curve(texts),
        final_settlements=_settlements(texts.get(SETTLEMENT_FILE)),
        breadth=_breadth(texts.get(BREADTH_FILE)),
        rates={day: _continuous(percent) for day, percent in bills.items()},
        missing=_missing(texts),
    )


def _missing(texts: Texts) -> tuple[str, ...]:
    """Return the files whose place the model takes; either file of the curve is enough."""
    has_curve = CONTRACTS_FILE in texts or CURVE_FILE in texts
    needless = {CONTRACTS_FILE, CURVE_FILE} if has_curve else {CURVE_FILE}
    return tuple(file for file in OPTIONAL if file not in texts and file not in needless)


def _bars(file: str, text: str) -> list[_Bar]:
    bars = []
    for row in rows_of(file, text, _PRICES):
        opened, high, low, close = (round(row.price(place), 2) for place in range(1, 5))
        if not low <= min(opened, close) <= max(opened, close) <= high:
            raise row.wrong("expected low <= open, close <= high")
        bars.append(_Bar(row, opened, high, low, close))
    for earlier, later in pairwise(bars):
        if later.row.date() <= earlier.row.date():
            raise later.row.wrong(f"expected a date after {earlier.row.date()}")
    if not bars:
        raise ScenarioError(file, 1, "expected at least one session below the column names")
    return bars


def _days(spx: list[_Bar], vix: list[_Bar]) -> tuple[Day, ...]:
    by_date = {bar.row.date(): bar for bar in vix}
    days = []
    for bar in spx:
        on = bar.row.date()
        if on not in by_date:
            last = vix[-1].row
            raise ScenarioError(VIX_FILE, last.line, f"expected a row for {on}, as {SPX_FILE} has")
        days.append(_day(on, bar, by_date[on]))
    return tuple(days)


def _day(on: date, spx: _Bar, vix: _Bar) -> Day:
    return Day(
        date=on,
        spx_open=spx.open,
        spx_high=spx.high,
        spx_low=spx.low,
        spx_close=spx.close,
        vix_open=vix.open,
        vix_high=vix.high,
        vix_low=vix.low,
        vix_close=vix.close,
    )


def _first_session(days: tuple[Day, ...], first: date | None) -> date:
    """Return the session to begin with; it has at least one day before it."""
    dates = [day.date for day in days]
    place = HISTORY_SESSIONS if first is None else bisect_left(dates, first)
    if not 0 < place < len(dates):
        reach = f"{dates[min(1, len(dates) - 1)]} to {dates[-1]}"
        raise ScenarioError(SPX_FILE, len(dates) + 1, f"expected a start from {reach}")
    return dates[place]


def _closes(file: str, text: str) -> dict[date, float]:
    rows = rows_of(file, text, ("date", "close"))
    return {row.date(): row.price(1) for row in rows if row.has(1)}


def _rates(text: str) -> tuple[dict[date, float], dict[date, float]]:
    """Return bills as IRX and ten-year notes as TNX print them."""
    rows = list(rows_of(RATES_FILE, text, ("date", "tbill_3m", "treasury_10y")))
    bills = {row.date(): row.number(1) for row in rows if row.has(1)}
    return bills, {row.date(): row.number(2) * _TNX_SCALE for row in rows if row.has(2)}


def _rate(observed: Observed, begins: date) -> float:
    known = [on for on in observed.rates if on < begins]
    return observed.rates[max(known)] if known else _PLAIN_RATE


def _continuous(discount_percent: float) -> float:
    price = 1.0 - discount_percent / _PERCENT * _BILL_DAYS / _BILL_YEAR
    return -log(price) * _DAYS_PER_YEAR / _BILL_DAYS


def _breadth(text: str | None) -> dict[date, Issues]:
    rows = rows_of(BREADTH_FILE, text, ("date", "advancing", "declining")) if text else ()
    return {row.date(): Issues(row.price(1), row.price(2)) for row in rows if row.has(1)}


def _settlements(text: str | None) -> dict[date, float]:
    rows = rows_of(SETTLEMENT_FILE, text, ("date", "final_settle")) if text else ()
    return {row.date(): row.price(1) for row in rows if row.has(1)}


def _curve(texts: Texts) -> dict[date, tuple[Settle, ...]]:
    found: dict[date, list[Settle]] = {}
    if CONTRACTS_FILE in texts:
        columns = ("date", "expiry", "settle")
        for row in rows_of(CONTRACTS_FILE, texts[CONTRACTS_FILE], columns):
            if row.has(2) and row.date(1) > row.date():
                found.setdefault(row.date(), []).append(Settle(row.date(1), row.price(2)))
    elif CURVE_FILE in texts:
        by_month = ("date", *(f"vx{n}" for n in _MONTHS), *(f"exp{n}" for n in _MONTHS))
        for row in rows_of(CURVE_FILE, texts[CURVE_FILE], by_month):
            places = [n for n in _MONTHS if row.has(n) and row.has(n + len(_MONTHS))]
            found[row.date()] = [Settle(row.date(n + len(_MONTHS)), row.price(n)) for n in places]
    return {on: tuple(sorted(settles)) for on, settles in found.items() if settles}


def _dividend_yield(texts: Texts, days: tuple[Day, ...], begins: date) -> float:
    """Return what the total return index gained on the price index in the year before."""
    if RETURNS_FILE not in texts:
        return _PLAIN_YIELD
    returns = _closes(RETURNS_FILE, texts[RETURNS_FILE])
    past = [day for day in days if day.date < begins and day.date in returns][-_YEAR_SESSIONS - 1 :]
    if len(past) <= _YEAR_SESSIONS:
        return _PLAIN_YIELD
    first, last = past[0], past[-1]
    total = log(returns[last.date] / returns[first.date])
    return total - log(last.spx_close / first.spx_close)
