"""The market as the venue asks it: lines, marks, settlement values and daily bars."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest

from bot.domain.instruments import ConId, Right
from bot.exchange.market.market import Market
from bot.exchange.market.timeline import BeforeHistoryError
from bot.exchange.reference.conid import ContractClass, UnknownContractError
from bot.exchange.reference.underlyings import SPX_ID, VIX_ID
from tests.support.paper_market import (
    CALM,
    STORM_DAY,
    at,
    future,
    market,
    option,
    scenario,
    sessions_of,
)

FRIDAY = date(2018, 2, 2)
FEBRUARY, MARCH = date(2018, 2, 14), date(2018, 3, 21)
CALL = option(ContractClass.VIX, MARCH, "20")
PUT = option(ContractClass.SPX, date(2018, 3, 16), "2600", Right.PUT)
WING = option(ContractClass.SPX, date(2018, 2, 16), "3400")


def test_levels_are_those_of_the_real_day() -> None:
    """Open and close of SPX, the close of VIX, as printed."""
    assert market().spx(at(STORM_DAY, 9, 30)) == pytest.approx(2741.06, abs=0.006)
    assert market().spx(at(STORM_DAY, 16, 15)) == 2648.94
    assert market().vix(at(STORM_DAY, 16, 15)) == 37.32


def test_an_index_has_a_last_price_only() -> None:
    """No sides, no sizes, no model; the close is yesterday's."""
    (line,) = market().quotes([VIX_ID], at(STORM_DAY, 16, 15))
    assert (line.last, line.close) == (Decimal("37.32"), Decimal("17.31"))
    assert (line.bid, line.ask, line.bid_size, line.ask_size, line.volume) == (None, None, 0, 0, 0)
    assert line.iv is None
    assert line.underlying_price is None


def test_a_future_has_sides_and_no_model() -> None:
    """Bid below ask on the grid of 0.05; no volatility."""
    (line,) = market().quotes([future(MARCH)], at(STORM_DAY, 12))
    assert line.bid is not None
    assert line.ask is not None
    assert line.bid < line.ask
    assert line.bid % Decimal("0.05") == 0
    assert line.iv is None
    assert line.bid_size > 0
    assert line.last == line.bid


def test_an_option_carries_its_model() -> None:
    """The underlying of a VIX call is the future of its settlement, not spot."""
    call, held = market().quotes([CALL, future(MARCH)], at(STORM_DAY, 15, 30))
    assert held.bid is not None
    assert held.ask is not None
    assert call.underlying_price is not None
    assert float(held.bid) <= call.underlying_price <= float(held.ask)
    assert call.underlying_price < market().vix(at(STORM_DAY, 15, 30))
    assert call.iv is not None
    assert call.iv > 0.5
    assert call.delta is not None
    assert 0 < call.delta < 1
    assert call.gamma is not None
    assert call.vega is not None
    assert call.theta is not None
    assert call.theta < 0 < call.vega


def test_lines_come_in_the_order_asked_and_may_repeat() -> None:
    """What was asked before at the same time is answered the same."""
    now = at(STORM_DAY, 11)
    alone = market().quotes([CALL], now)[0]
    lines = market().quotes([PUT, CALL, PUT], now)
    assert [line.con_id for line in lines] == [PUT, CALL, PUT]
    assert lines[1] == alone
    assert market().quotes([], now) == []


def test_close_is_the_mark_at_the_previous_close() -> None:
    """All day long, for every kind of contract, and also for one first asked late."""
    for con_id in (SPX_ID, future(MARCH), CALL, PUT):
        before = market().mark(con_id, at(FRIDAY, 16, 15))
        for hour in (10, 15):
            assert market().quotes([con_id], at(STORM_DAY, hour))[0].close == before


def test_a_mark_is_the_middle() -> None:
    """Of bid and ask; an empty bid counts as zero; an index is its level."""
    now = at(STORM_DAY, 11)
    line = market().quotes([CALL], now)[0]
    assert line.bid is not None
    assert line.ask is not None
    assert market().mark(CALL, now) == (line.bid + line.ask) / 2
    wing = market().quotes([WING], now)[0]
    assert (wing.bid, wing.bid_size, wing.ask, wing.last) == (None, 0, Decimal("0.05"), wing.ask)
    assert market().mark(WING, now) == Decimal("0.025")
    assert market().mark(SPX_ID, at(STORM_DAY, 16, 15)) == Decimal("2648.94")


def test_a_settled_contract_is_worth_what_it_settled_at() -> None:
    """VIX at 09:30 of the settlement day, from then on; the line has no sides any more."""
    before, after = at(FEBRUARY, 9, 29), at(FEBRUARY, 9, 30)
    level = Decimal(str(market().vix(after)))
    call = option(ContractClass.VIX, FEBRUARY, "15")
    put = option(ContractClass.VIX, FEBRUARY, "15", Right.PUT)
    assert market().settlement_value(call, before) is None
    assert market().quotes([call], at(date(2018, 2, 13), 16, 15))[0].ask is not None
    assert market().quotes([call], before)[0].ask is None
    for later in (after, at(date(2018, 3, 1), 12)):
        assert market().settlement_value(future(FEBRUARY), later) == level
        assert market().mark(call, later) == level - 15
        assert market().mark(put, later) == 0
        line = market().quotes([call], later)[0]
        assert (line.bid, line.ask, line.last, line.iv) == (None, None, None, None)
    assert market().settlement_value(VIX_ID, after) is None


def test_an_spx_option_settles_on_the_index() -> None:
    """The AM class at the opening, the PM class at 16:00 of the same Friday."""
    friday = date(2018, 2, 16)
    morning = option(ContractClass.SPX, friday, "2700")
    evening = option(ContractClass.SPXW, friday, "2700")
    opened = Decimal(str(market().spx(at(friday, 9, 30))))
    assert market().settlement_value(morning, at(friday, 9, 30)) == opened - 2700
    assert market().settlement_value(evening, at(friday, 15, 59)) is None
    closed = Decimal(str(market().spx(at(friday, 16))))
    assert market().settlement_value(evening, at(friday, 16)) == max(closed - 2700, Decimal(0))


def test_spx_bars_are_the_real_days() -> None:
    """512 completed sessions as printed."""
    bars = market().daily_bars(SPX_ID, at(STORM_DAY, 8), 512)
    real = [day for day in scenario().days if day.date < STORM_DAY][-512:]
    assert [bar.date for bar in bars] == [day.date for day in real]
    assert (bars[-1].open, bars[-1].high) == (real[-1].spx_open, real[-1].spx_high)
    assert (bars[-1].low, bars[-1].close) == (real[-1].spx_low, real[-1].spx_close)


def test_vix_bars_close_on_the_real_values() -> None:
    """Open, high and low are the path's."""
    bars = market().daily_bars(VIX_ID, at(STORM_DAY, 17), 2)
    assert [bar.close for bar in bars] == [17.31, 37.32]
    for bar in bars:
        assert bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high


@pytest.mark.parametrize("con_id", [VIX_ID, SPX_ID, future(MARCH)])
def test_the_running_bar_ends_now(con_id: ConId) -> None:
    """Today's bar grows: its close is the value now, its extremes only widen."""
    early, late = (market().daily_bars(con_id, at(STORM_DAY, hour), 1)[0] for hour in (10, 15))
    assert early.date == late.date == STORM_DAY
    assert early.open == late.open
    assert late.low <= early.low <= early.high <= late.high
    if con_id == VIX_ID:
        assert early.close == market().vix(at(STORM_DAY, 10))


def test_a_futures_bar_is_the_curve_on_its_grid() -> None:
    """Close within a tick of the mark at that close; high and low hold open and close."""
    bars = market().daily_bars(future(MARCH), at(STORM_DAY, 17), 30)
    assert len(bars) == 30
    for bar in bars[-5:]:
        mark = market().mark(future(MARCH), at(bar.date, 16, 15))
        assert bar.close == pytest.approx(float(mark), abs=0.06)
        assert round(bar.close * 20) == pytest.approx(bar.close * 20)
        assert bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high


def test_an_expired_future_keeps_its_bars() -> None:
    """From eight months before settlement to the session before it, for any month of history."""
    settled = date(2017, 1, 18)
    bars = market().daily_bars(future(settled), at(STORM_DAY, 12), 512)
    assert bars[-1].date == date(2017, 1, 17)
    assert bars[0].date >= settled - timedelta(days=245)
    assert 160 < len(bars) < 172
    assert market().daily_bars(future(settled), at(date(2016, 3, 1), 12), 512) == []


@pytest.mark.parametrize("con_id", [VIX_ID, future(MARCH)])
def test_bars_are_the_same_whatever_was_asked_before(con_id: ConId) -> None:
    """A market asked about a later day, then about an earlier one, tells nothing of the later."""
    moments = [at(STORM_DAY, 12), at(date(2018, 1, 30), 11), at(STORM_DAY, 17)]
    asked = Market(scenario(), sessions_of(), 1)
    told = [asked.daily_bars(con_id, moment, 40) for moment in moments]
    assert told == [
        Market(scenario(), sessions_of(), 1).daily_bars(con_id, moment, 40) for moment in moments
    ]


def test_options_have_no_daily_bars() -> None:
    """The broker serves none either (domain.md section 3.2); nor has a count of zero any."""
    assert market().daily_bars(CALL, at(STORM_DAY, 12), 512) == []
    assert market().daily_bars(VIX_ID, at(STORM_DAY, 12), 0) == []


def test_the_seed_moves_the_day_and_not_its_close() -> None:
    """Two seeds differ at noon and agree at 16:15 but for sizes."""
    noon, close = at(STORM_DAY, 12), at(STORM_DAY, 16, 15)
    assert market(seed=1).vix(noon) != market(seed=2).vix(noon)
    assert market(seed=1).mark(CALL, close) == market(seed=2).mark(CALL, close)


def test_what_is_unknown_is_refused() -> None:
    """A number without contract, a time without history."""
    with pytest.raises(UnknownContractError):
        market().quotes([ConId(99)], at(STORM_DAY, 12))
    with pytest.raises(BeforeHistoryError):
        market(CALM).vix(at(date(2014, 1, 2), 12))


def test_asking_out_of_order_changes_nothing() -> None:
    """Whatever was asked before, an answer is a function of its time."""
    fresh = Market(scenario(), sessions_of(), 1)
    times = [at(STORM_DAY, 15), at(FRIDAY, 10), at(STORM_DAY, 10), at(FRIDAY, 10)]
    for now in times:
        assert fresh.quotes([CALL, PUT], now) == Market(scenario(), sessions_of(), 1).quotes(
            [CALL, PUT], now
        )


def test_many_different_lists_are_answered_as_one() -> None:
    """What is kept of contracts is let go of at some time, without a trace."""
    pairs = product(range(15, 50), Right)
    strikes = [option(ContractClass.VIX, MARCH, str(strike), right) for strike, right in pairs]
    now = at(STORM_DAY, 11)
    fresh = Market(scenario(), sessions_of(), 1)
    one_by_one = [fresh.quotes([strike], now)[0] for strike in strikes]
    assert one_by_one == market().quotes(strikes, now)
