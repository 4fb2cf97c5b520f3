"""The market knows no future: cutting it off changes nothing before."""

from datetime import date, datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.instruments import Right
from bot.exchange.market.market import Market
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.underlyings import (
    AD_NYSE_ID,
    SPX_ID,
    SPY_ID,
    TNX_ID,
    VIX3M_ID,
    VIX_ID,
    VIXMO_ID,
)
from bot.exchange.scenarios.scenario import Scenario
from tests.support.paper_market import at, future, market, option, scenario, sessions_of

MARCH = date(2018, 3, 21)
LINES = [
    VIX_ID,
    SPX_ID,
    future(MARCH),
    future(date(2018, 4, 18)),
    option(ContractClass.VIX, MARCH, "15"),
    option(ContractClass.VIX, MARCH, "25"),
    option(ContractClass.SPX, date(2018, 3, 16), "2600", Right.PUT),
    option(ContractClass.SPXW, date(2018, 3, 16), "2800"),
    con_id_of(ContractKey(ContractClass.VXM, MARCH)),
    con_id_of(ContractKey(ContractClass.ES, date(2018, 3, 16))),
    SPY_ID,
    VIX3M_ID,
    VIXMO_ID,
    TNX_ID,
    AD_NYSE_ID,
]
DAYS = [day.date for day in scenario().days[512:]]

moments = st.builds(
    lambda day, minute, second: at(day, 0) + timedelta(minutes=minute, seconds=second),
    st.sampled_from(DAYS),
    st.integers(0, 24 * 60 - 1),
    st.integers(0, 59),
)


session_moments = st.builds(
    lambda day, second: at(day, 9, 30) + timedelta(seconds=second),
    st.sampled_from(DAYS),
    st.integers(0, 24_300),
)


def cut_after(now: datetime) -> Scenario:
    """Return the scenario without the trading days that begin after `now`, at 18:00 of an eve."""
    one = timedelta(days=1)
    told = tuple(day for day in scenario().days if at(day.date - one, 18) <= now)
    return msgspec.structs.replace(scenario(), days=told, last_session=told[-1].date)


@settings(max_examples=25, deadline=None)
@given(now=moments, seed=st.integers(0, 5))
def test_cutting_the_future_off_changes_no_quote_and_no_bar(now: datetime, seed: int) -> None:
    """Quotes, marks and bars up to a moment need no row from after it."""
    whole, cut = market(seed=seed), Market(cut_after(now), sessions_of(), seed)
    assert cut.quotes(LINES, now) == whole.quotes(LINES, now)
    for con_id in LINES[:4]:
        assert cut.daily_bars(con_id, now, 5) == whole.daily_bars(con_id, now, 5)
    day = whole.reference.chains("SPX", now.date())
    assert cut.reference.chains("SPX", now.date()) == day


@settings(max_examples=50, deadline=None)
@given(now=session_moments, later=st.integers(1, 10_000))
def test_a_bar_asked_now_holds_no_value_from_later(now: datetime, later: int) -> None:
    """The running bar's close is the value now; what comes after only widens its range."""
    early = market().daily_bars(VIX_ID, now, 1)[0]
    assert early.close == market().vix(now)
    grown = market().daily_bars(VIX_ID, now + timedelta(seconds=later), 3)
    same = [bar for bar in grown if bar.date == early.date]
    assert all(bar.open == early.open and bar.high >= early.high for bar in same)


@settings(max_examples=25, deadline=None)
@given(now=moments, seed=st.integers(0, 1000))
def test_same_seed_same_everything(now: datetime, seed: int) -> None:
    """Two markets of one seed agree on every field of every line."""
    first, second = (Market(scenario(), sessions_of(), seed) for _ in range(2))
    assert first.quotes(LINES, now) == second.quotes(LINES, now)


@settings(max_examples=25, deadline=None)
@given(day=st.sampled_from(DAYS), seed=st.integers(0, 1000))
def test_another_seed_takes_another_path(day: date, seed: int) -> None:
    """Levels at a day's noon differ between neighbouring seeds somewhere in the morning."""
    times = [at(day, 10, minute) for minute in range(0, 60, 10)]
    one, other = (
        Market(scenario(), sessions_of(), seed),
        Market(scenario(), sessions_of(), seed + 1),
    )
    assert [one.vix(now) for now in times] != [other.vix(now) for now in times]
