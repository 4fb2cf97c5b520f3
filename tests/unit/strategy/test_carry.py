"""What carrying a call costs to its roll, against values worked out by another formula."""

import math

import pytest

from bot.domain.instruments import ConId
from bot.strategy.carry import Carry, carry_to_roll
from bot.strategy.draft import Case
from bot.strategy.valuation import Line
from tests.support.strategy_cases import case_of
from tests.support.strategy_world import CURVE, RATE, call_id, future_id, readings

CONTANGO = {"feb": 13.0, "mar": 14.0, "apr": 15.0, "may": 16.0, "jun": 16.5}


def line_of(case: Case, con_id: ConId) -> Line:
    return case.market.lines[con_id]


def call(forward: float, strike: float, years: float, volatility: float) -> float:
    """Black-76 by the error function."""
    deviation = volatility * math.sqrt(years)
    d1 = math.log(forward / strike) / deviation + deviation / 2
    normal = [0.5 * (1 + math.erf(d / math.sqrt(2))) for d in (d1, d1 - deviation)]
    return math.exp(-RATE * years) * (forward * normal[0] - strike * normal[1])


def test_in_contango_time_and_the_slide_down_the_curve_cost() -> None:
    """The March call, 44 days out, rolled at 10: by then its future stands near spot."""
    case = case_of(curve=CONTANGO)
    line = line_of(case, call_id("mar", 15))
    assert line.volatility is not None
    found = carry_to_roll(case, line, 10)
    assert found is not None
    years = case.market.term(line.option).years
    left = years - 34 / 365
    at_roll = 13.0 + (14.0 - 13.0) * 1 / 35  # between February, 9 days out, and March, 44
    theta = call(14.0, 15.0, years, line.volatility) - call(14.0, 15.0, left, line.volatility)
    slide = call(14.0, 15.0, left, line.volatility) - call(at_roll, 15.0, left, line.volatility)
    assert found.days == 34
    assert found.theta_usd == pytest.approx(100 * theta, rel=1e-9)
    assert found.roll_down_usd == pytest.approx(100 * slide, rel=1e-9)
    assert found.roll_down_usd > 0
    assert found.half_spread_usd == pytest.approx(100 * float(line.quote.spread or 0) / 2)
    assert found.usd_per_year == pytest.approx(found.usd * 365 / 34)


def test_a_slide_upwards_is_no_gain_that_pays_for_time() -> None:
    case = case_of(curve={"feb": 22.0, "mar": 20.0, "apr": 18.0, "may": 17.0, "jun": 17.0})
    found = carry_to_roll(case, line_of(case, call_id("mar", 20)), 10)
    assert found is not None
    assert found.roll_down_usd == 0.0
    assert found.theta_usd > 0.0


def test_spot_is_the_near_end_of_the_curve() -> None:
    """Rolled at 4 days the level lies between spot, 12, and the February future, 15, nine out."""
    case = case_of(curve=CURVE)
    line = line_of(case, call_id("mar", 15))
    assert line.volatility is not None
    found = carry_to_roll(case, line, 4)
    assert found is not None
    left = case.market.term(line.option).years - 40 / 365
    at_roll = 12.0 + 3.0 * 4 / 9
    slide = call(15.0, 15.0, left, line.volatility) - call(at_roll, 15.0, left, line.volatility)
    assert found.roll_down_usd == pytest.approx(100 * slide, rel=1e-9)


def test_beyond_what_is_quoted_the_cost_is_unknown() -> None:
    case = case_of(sees=readings(missing=["vix.level"]))
    assert carry_to_roll(case, line_of(case, call_id("mar", 15)), 4) is None
    futures = [future_id(month) for month in CURVE]
    blind = case_of(sees=readings(missing=["vix.level"]), without=futures)
    assert carry_to_roll(blind, line_of(blind, call_id("mar", 15)), 10) is None


def test_without_a_volatility_or_at_its_roll_there_is_nothing_to_carry() -> None:
    case = case_of()
    line = line_of(case, call_id("mar", 15))
    assert carry_to_roll(case, line._replace(volatility=None), 10) is None
    assert carry_to_roll(case, line, 44) is None


def test_a_year_is_the_pace_to_the_roll() -> None:
    carry = Carry(days=73, theta_usd=10.0, roll_down_usd=5.0, half_spread_usd=5.0)
    assert (carry.usd, carry.usd_per_year) == (20.0, 100.0)
