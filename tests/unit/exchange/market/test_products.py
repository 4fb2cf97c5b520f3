"""Every product of the exchange has a price, and it fits those of the others."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import exp

import pytest

from bot.domain.instruments import ConId, Right
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.underlyings import (
    AD_NYSE_ID,
    INDICES,
    IRX_ID,
    SKEW_ID,
    SPX_ID,
    SPY_ID,
    TNX_ID,
    VIX3M_ID,
    VIX6M_ID,
    VIX9D_ID,
    VIX_ID,
    VIXMO_ID,
    VVIX_ID,
)
from tests.support.paper_market import CALM, STORM_DAY, at, future, market, option, scenario

NOON, CLOSE = at(STORM_DAY, 12), at(STORM_DAY, 16, 15)
MARCH, SP_MARCH = date(2018, 3, 21), date(2018, 3, 16)
LEVELS = [each for each in INDICES if each != AD_NYSE_ID]


def line(con_id: ConId, hour: int = 12, name: str = "volmageddon-2018") -> MarketQuote:
    return market(name).quotes([con_id], at(STORM_DAY, hour))[0]


def level(con_id: ConId) -> float:
    """Return an index at that day's close."""
    last = market().quotes([con_id], CLOSE)[0].last
    assert last is not None
    return float(last)


def middle(con_id: ConId, hour: int = 12) -> float:
    return float(market().mark(con_id, at(STORM_DAY, hour)))


@pytest.mark.parametrize("con_id", LEVELS)
def test_an_index_has_a_level_a_close_and_a_range(con_id: ConId) -> None:
    """And no sides; open, high and low hold the last level."""
    told = line(con_id)
    assert told.last is not None
    assert told.close is not None
    assert told.open is not None
    assert told.low is not None
    assert told.high is not None
    assert told.low <= min(told.open, told.last) <= max(told.open, told.last) <= told.high
    assert (told.bid, told.ask, told.volume) == (None, None, 0)


@pytest.mark.parametrize(
    ("con_id", "printed", "error"),
    [
        (VIX9D_ID, 59.34, 0.08),
        (VIX3M_ID, 28.13, 0.06),
        (VIX6M_ID, 24.55, 0.06),
        (VVIX_ID, 177.34, 0.16),
        (SKEW_ID, 117.33, 0.08),
        (TNX_ID, 27.1, 0.05),
        (IRX_ID, 1.46, 0.05),
    ],
)
def test_indices_are_near_what_was_printed(con_id: ConId, printed: float, error: float) -> None:
    """Closes of 5 February 2018 (Cboe; DGS10 2.77 and DTB3 1.46 of the day before)."""
    assert level(con_id) == pytest.approx(printed, rel=error)


def test_the_term_structure_turns_over_in_a_storm() -> None:
    """Short above long on the fifth, long above short in the calm before."""
    ids = [VIX9D_ID, VIX_ID, VIX3M_ID, VIX6M_ID]
    storm = [level(each) for each in ids]
    assert storm == sorted(storm, reverse=True)
    calm = [float(q.last or 0) for q in market().quotes(ids[1:], at(date(2018, 1, 16), 16, 15))]
    assert calm == sorted(calm)


def test_vix_by_monthlies_is_vix_up_to_the_bend_of_the_curve() -> None:
    """Between two monthlies on either side of 30 days the curve is nearly straight."""
    assert level(VIXMO_ID) == pytest.approx(37.32, rel=0.02)


def test_breadth_has_its_counts_as_sides() -> None:
    """Advances as bid, declines as ask, both as sizes too (domain.md section 2); no last."""
    told = line(AD_NYSE_ID)
    assert told.bid is not None
    assert told.ask is not None
    assert (int(told.bid), int(told.ask)) == (told.bid_size, told.ask_size)
    assert 2500 < told.bid + told.ask < 3200
    assert told.last is None
    assert told.close is None
    assert market().mark(AD_NYSE_ID, NOON) == told.bid - told.ask


def test_breadth_goes_with_the_day() -> None:
    """On the fifth nearly everything fell, on the ninth of the same week most rose."""
    fell, rose = (
        market().quotes([AD_NYSE_ID], at(day, 15, 59))[0] for day in (STORM_DAY, date(2018, 2, 9))
    )
    assert fell.ask_size > 9 * fell.bid_size
    assert rose.bid_size > rose.ask_size


def test_spy_is_a_tenth_of_spx_and_its_dividends() -> None:
    """Printed 263.93 that evening; on a cent, a cent or two wide."""
    told = market().quotes([SPY_ID], CLOSE)[0]
    assert told.bid is not None
    assert told.ask is not None
    assert told.ask - told.bid <= Decimal("0.05")
    assert middle(SPY_ID, 16) == pytest.approx(market().spx(at(STORM_DAY, 16)) / 10, rel=0.003)
    assert float(told.last or 0) == pytest.approx(263.93, rel=0.005)
    assert told.volume > 50_000_000


@pytest.mark.parametrize("contract_class", [ContractClass.ES, ContractClass.MES])
def test_an_sp_future_is_the_forward(contract_class: ContractClass) -> None:
    """Spot at the cost of carry to 09:30 of its settlement, on quarters of a point."""
    told = line(future(SP_MARCH, contract_class))
    assert told.bid is not None
    assert told.ask is not None
    assert told.bid % Decimal("0.25") == told.ask % Decimal("0.25") == 0
    years = (at(SP_MARCH, 9, 30) - NOON).total_seconds() / 86_400 / 365
    carry = exp((scenario().rate - scenario().dividend_yield) * years)
    assert float(told.bid) < market().spx(NOON) * carry < float(told.ask)
    assert told.volume > 100_000


def test_a_back_month_trades_a_fiftieth_of_the_front() -> None:
    """S&P futures live in the front quarter."""
    front, back = (line(future(day, ContractClass.ES)) for day in (SP_MARCH, date(2018, 6, 15)))
    assert front.volume > 10 * back.volume > 0


def test_a_mini_is_the_future_on_a_finer_grid() -> None:
    """Same curve, steps of a cent."""
    large, small = line(future(MARCH)), line(future(MARCH, ContractClass.VXM))
    assert small.bid is not None
    assert small.ask is not None
    assert large.bid is not None
    assert large.ask is not None
    assert large.bid <= small.bid < small.ask <= large.ask
    assert small.ask - small.bid < large.ask - large.bid


def test_weeklies_stand_on_the_same_curve() -> None:
    """A weekly VIX option is priced on the future of its own day, on a grid of cents."""
    weekly = [option(ContractClass.VIXW, date(2018, 3, day), "20") for day in (7, 14, 28)]
    forwards = [line(each).underlying_price or 0.0 for each in weekly]
    assert all(earlier > later for earlier, later in pairwise(forwards))
    monthly = line(option(ContractClass.VIX, MARCH, "20")).underlying_price or 0.0
    assert forwards[1] > monthly > forwards[2]
    chain = [option(ContractClass.VIXW, date(2018, 3, 7), str(strike)) for strike in range(10, 20)]
    prices = [price for each in market().quotes(chain, NOON) for price in (each.bid, each.ask)]
    dear = [price for price in prices if price is not None and price > 3]
    assert any(price % Decimal("0.05") for price in dear)


def test_an_sp_future_settles_on_the_opening_and_vxm_on_vix() -> None:
    """As the options of their day do."""
    now = at(date(2018, 2, 16), 10)
    opened = Decimal(str(market().spx(at(date(2018, 2, 16), 9, 30))))
    es = future(date(2018, 2, 16), ContractClass.ES)
    assert market().settlement_value(es, now) == opened
    vxm = future(date(2018, 2, 14), ContractClass.VXM)
    level_then = Decimal(str(market().vix(at(date(2018, 2, 14), 9, 30))))
    assert market().settlement_value(vxm, now) == level_then
    assert market().settlement_value(SPY_ID, now) is None


@pytest.mark.parametrize(
    "con_id",
    [SPY_ID, VIX3M_ID, TNX_ID, AD_NYSE_ID, future(SP_MARCH, ContractClass.ES)],
)
def test_everything_but_options_has_daily_bars(con_id: ConId) -> None:
    """A bar holds its opening and its end; the running one ends now."""
    bars = market().daily_bars(con_id, NOON, 5)
    assert [bar.date.day for bar in bars] == [30, 31, 1, 2, 5]
    for bar in bars:
        assert bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
    assert bars[-1].close == pytest.approx(float(market().mark(con_id, NOON)), abs=0.26)


def test_bars_of_an_sp_future_end_before_it_settles() -> None:
    """None on the settlement day, none before it was listed."""
    bars = market().daily_bars(future(date(2018, 2, 16), ContractClass.ES), at(MARCH, 12), 512)
    assert bars[-1].date == date(2018, 2, 15)
    assert (
        market().daily_bars(
            future(date(2018, 12, 21), ContractClass.ES), at(date(2016, 9, 1), 12), 5
        )
        == []
    )


def test_the_calm_year_has_them_all() -> None:
    """Another scenario, another level, the same products."""
    now = at(date(2017, 6, 29), 12)
    for told in market(CALM).quotes([*LEVELS, SPY_ID, SPX_ID], now):
        assert told.last is not None
    put = option(ContractClass.SPXW, date(2017, 7, 7), "2400", Right.PUT)
    assert market(CALM).quotes([put], now)[0].ask is not None
