"""Forwards and greeks of one snapshot, against QuantLib and by hand."""

import math
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import QuantLib as ql  # noqa: N813 - its usual name

from bot.domain.inputs import Farm
from bot.domain.instruments import ConId
from bot.domain.quotes import DataType, Quote
from bot.domain.rungs import Rung
from bot.domain.value import replace
from bot.pricing.forward import year_fraction
from bot.strategy.valuation import Market, days_to, series_of
from tests.support.strategy_cases import case_of
from tests.support.strategy_days import lot
from tests.support.strategy_world import (
    RATE,
    SPX_ID,
    VIX_STRIKES,
    call_id,
    future_id,
    moment,
    put_id,
    quote,
    spx_id,
    spx_option,
    vix_option,
)

NOW = moment("2018-02-05 10:00")
MARCH = series_of(vix_option("mar", 16))
SPX = series_of(spx_option("P", 2500))


def market_of(**given: Any) -> Market:
    return case_of(**given).market


def test_the_forward_is_the_mid_of_the_future_that_settles_with_it() -> None:
    assert market_of().forwards[MARCH] == pytest.approx(15.0)


@pytest.mark.parametrize(
    "future",
    [
        None,
        replace(quote(future_id("mar"), NOW, 14.0, 14.1), as_of=NOW - timedelta(seconds=121)),
        quote(future_id("mar"), NOW, 14.0, 14.1, data=DataType.DELAYED),
        quote(future_id("mar"), NOW, 14.2, 14.1),
    ],
)
def test_a_future_that_cannot_be_trusted_gives_way_to_parity(future: Quote | None) -> None:
    """The pairs were priced on 15; their quotes are rounded to the grid."""
    given: dict[str, Any] = (
        {"without": [future_id("mar")]} if future is None else {"quotes": [future]}
    )
    assert market_of(**given).forwards[MARCH] == pytest.approx(15.0, abs=0.06)


def test_a_future_as_old_as_allowed_is_trusted() -> None:
    old = replace(quote(future_id("mar"), NOW, 14.0, 14.1), as_of=NOW - timedelta(seconds=120))
    assert market_of(quotes=[old]).forwards[MARCH] == pytest.approx(14.05)


def test_without_future_and_pairs_there_is_no_forward_and_no_delta() -> None:
    gone = [future_id("mar"), *(put_id("mar", strike) for strike in VIX_STRIKES)]
    market = market_of(without=gone)
    assert MARCH not in market.forwards
    line = market.lines[call_id("mar", 16)]
    assert (line.volatility, line.delta, line.vega_per_point) == (None, None, None)


def test_spx_without_pairs_carries_spot_at_the_rate() -> None:
    unpaired = [spx_id("P", k) for k in (2600, 2800, 2850, 2900)]
    unpaired += [spx_id("C", k) for k in (2450, 2500, 2550)]
    years = year_fraction(NOW, spx_option("P", 2500).settlement)
    market = market_of(without=unpaired)
    assert market.forwards[SPX] == pytest.approx(2700 * math.exp(RATE * years), abs=1e-9)


@pytest.mark.parametrize("old", [True, False])
def test_spx_without_pairs_and_spot_has_no_forward(old: bool) -> None:  # noqa: FBT001 - table column
    unpaired = [spx_id("P", k) for k in (2600, 2800, 2850, 2900)]
    unpaired += [spx_id("C", k) for k in (2450, 2500, 2550)]
    stale = Quote(
        con_id=SPX_ID,
        as_of=NOW - timedelta(seconds=61),
        data_type=DataType.LIVE,
        last=Decimal(2700),
    )
    gone = [] if old else [SPX_ID]
    market = market_of(quotes=[stale], without=[*unpaired, *gone])
    assert SPX not in market.forwards


def test_delta_and_vega_are_those_of_quantlib() -> None:
    """Its own mid, the future's mid, ACT/365 to 09:30 New York of the settlement day."""
    line = market_of().lines[call_id("mar", 18)]
    years = year_fraction(NOW, line.option.settlement)
    discount = math.exp(-RATE * years)
    payoff = ql.PlainVanillaPayoff(ql.Option.Call, 18.0)
    deviation = ql.blackFormulaImpliedStdDev(ql.Option.Call, 18.0, 15.0, line.mid, discount)
    black = ql.BlackCalculator(payoff, 15.0, deviation, discount)
    assert line.volatility == pytest.approx(deviation / math.sqrt(years), rel=1e-6)
    assert line.delta == pytest.approx(black.deltaForward(), rel=1e-6)
    assert line.vega_per_point == pytest.approx(black.vega(years), rel=1e-6)


@pytest.mark.parametrize("change", ["farm", "type", "unsaid", "bid"])
def test_a_quote_that_is_not_live_or_two_sided_is_no_line(change: str) -> None:
    one = quote(call_id("mar", 16), NOW, "1.00", "1.10")
    broken = {
        "farm": one,
        "type": replace(one, data_type=DataType.FROZEN),
        "unsaid": replace(one, data_type=None),
        "bid": replace(one, bid=None),
    }[change]
    farm = Farm.DOWN if change == "farm" else Farm.OK
    assert call_id("mar", 16) not in market_of(quotes=[broken], farm=farm).lines


def test_a_quiet_option_line_is_not_stale() -> None:
    quiet = replace(
        quote(call_id("mar", 16), NOW, "1.00", "1.10"), as_of=NOW - timedelta(minutes=20)
    )
    assert market_of(quotes=[quiet]).delta(call_id("mar", 16)) is not None


def test_a_price_below_intrinsic_value_has_no_volatility() -> None:
    cheap = quote(call_id("mar", 11), NOW, "2.00", "2.10")
    assert market_of(quotes=[cheap]).lines[call_id("mar", 11)].delta is None


def test_what_is_held_has_its_time_left_though_nobody_quotes_it() -> None:
    held = (lot(Rung.S1),)
    market = market_of(lots=held, curve={"apr": 15.0})
    assert market.term(vix_option("mar", 16)).dte == 44


def test_an_unknown_contract_has_neither_option_nor_delta() -> None:
    market = market_of()
    assert (market.option(ConId(5)), market.delta(ConId(5))) == (None, None)
    assert market.option(future_id("mar")) is None
    assert market.in_series(series_of(spx_option("P", 1, MARCH.settlement.date()))) == ()


def test_days_are_counted_between_dates_in_new_york() -> None:
    late = moment("2018-02-05 23:00")
    assert days_to(MARCH.settlement, late) == days_to(MARCH.settlement, NOW) == 44
