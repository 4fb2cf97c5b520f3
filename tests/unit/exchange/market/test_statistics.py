"""Slow figures: hand-worked ranges and volatilities, and totals of the chain."""

from datetime import date, timedelta
from math import log, sqrt
from statistics import stdev

import numpy as np
import pytest

from bot.exchange.market.activity import Draw, day_volumes
from bot.exchange.market.quote import DailyBar, Statistics
from bot.exchange.market.statistics import (
    average_volume,
    interest_and_volume,
    price_figures,
    realised_volatility,
)
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.phases import Phase
from bot.exchange.reference.underlyings import AD_NYSE_ID, SPX_ID, SPY_ID, VIX3M_ID, VIX_ID
from tests.support.paper_market import STORM_DAY, at, future, market, option

IDS = np.array([536_900_001, 536_900_003], dtype=np.int64)
CALL = option(ContractClass.VIX, date(2018, 3, 21), "20")


def bars(count: int) -> list[DailyBar]:
    start = date(2017, 1, 1)
    return [
        DailyBar(
            date=start + timedelta(days=n),
            open=100.0,
            high=100.0 + n,
            low=100.0 - n / 2,
            close=100.0 + n % 2,
        )
        for n in range(count)
    ]


def test_ranges_reach_as_many_weeks_back_as_they_say() -> None:
    known = [*bars(300)[::-1]]
    figures = price_figures(known, 0.2)
    assert figures.range_13_weeks == (68.0, 164.0)
    assert figures.range_26_weeks == (35.5, 229.0)
    assert figures.range_52_weeks == (-29.5, 359.0)
    assert figures.implied_volatility == 0.2


def test_realised_volatility_is_the_yearly_deviation_of_twenty_returns() -> None:
    closes = [bar.close for bar in bars(40)]
    returns = [log(101 / 100) if n % 2 else log(100 / 101) for n in range(20)]
    assert realised_volatility(closes) == pytest.approx(stdev(returns) * sqrt(252))
    assert realised_volatility(closes[:20]) is None


def test_what_has_no_bars_has_no_figures() -> None:
    assert price_figures([], 0.2) == Statistics()


def test_volumes_average_over_the_sessions_before() -> None:
    whole = [int(day_volumes(IDS, 1, day).sum()) for day in range(37, 100)]
    assert average_volume(IDS, 1, 100) == round(sum(whole) / 63)
    assert average_volume(IDS, 1, 0) == int(day_volumes(IDS, 1, 0).sum())


def test_volume_so_far_is_a_share_of_the_day() -> None:
    interest, half = interest_and_volume(IDS, Draw(1, 5, 2340, Phase.REGULAR, 2340, 4680))
    assert half == pytest.approx(int(day_volumes(IDS, 1, 5).sum()) / 2, abs=2)
    assert interest > 0


def test_the_underlying_knows_its_options_and_the_option_itself() -> None:
    spx = market().statistics(SPX_ID, at(STORM_DAY, 12))
    assert spx.implied_volatility == pytest.approx(market().vix(at(STORM_DAY, 12)) / 100)
    for total in (spx.call_volume, spx.put_volume, spx.call_open_interest, spx.put_open_interest):
        assert total is not None
        assert total > 0
    assert spx.average_option_volume is not None
    assert spx.open_interest is None
    vix = market().statistics(VIX_ID, at(STORM_DAY, 12))
    assert vix.implied_volatility is not None
    assert vix.implied_volatility > 0.8
    call = market().statistics(CALL, at(STORM_DAY, 12))
    assert call.open_interest is not None
    assert call.average_volume is not None
    assert (call.call_volume, call.range_52_weeks, call.implied_volatility) == (None, None, None)
    month = market().statistics(future(date(2018, 3, 21)), at(STORM_DAY, 12))
    assert month.range_13_weeks is not None
    assert market().statistics(VIX3M_ID, at(STORM_DAY, 12)).call_volume is None
    shares = market().statistics(SPY_ID, at(STORM_DAY, 12))
    assert (shares.call_volume, shares.implied_volatility) == (None, spx.implied_volatility)
    assert shares.average_volume is not None
    assert shares.average_volume > 1_000_000


def test_rates_are_the_scenarios() -> None:
    rates = market().rates(at(STORM_DAY, 12))
    assert 0 < rates.rate < 0.05
    assert 0 < rates.dividend_yield < 0.05


def test_a_line_shows_its_day_so_far() -> None:
    for con_id in (VIX_ID, SPX_ID, future(date(2018, 3, 21)), CALL):
        early, late = (market().quotes([con_id], at(STORM_DAY, h))[0] for h in (10, 15))
        for line in (early, late):
            assert line.open is not None
            assert line.high is not None
            assert line.low is not None
            assert line.last is not None
            assert line.low <= line.last <= line.high
            assert line.low <= line.open <= line.high
        assert early.open == late.open
        assert early.high is not None
        assert late.high is not None
        assert early.high <= late.high


def test_an_index_without_options_has_figures_of_its_own_alone() -> None:
    """Ranges and volatility; what counts options is unknown, not zero."""
    told = market().statistics(VIX3M_ID, at(STORM_DAY, 12))
    assert told.range_52_weeks is not None
    assert told.historical_volatility is not None
    assert told.call_open_interest is None
    assert told.average_option_volume is None


def test_breadth_has_no_volatility() -> None:
    """Its net is below zero on half of all days."""
    told = market().statistics(AD_NYSE_ID, at(STORM_DAY, 12))
    assert told.historical_volatility is None
    assert told.range_13_weeks is not None
