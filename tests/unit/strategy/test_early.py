"""What an early roll costs and saves (R14), against a formula written out by hand."""

from math import exp, log, pi, sqrt

import pytest

from bot.domain.truth import Truth
from bot.strategy.early import Worth, daily_theta, worth
from tests.support.strategy_cases import case_of
from tests.support.strategy_world import CURVE, RATE, call_id, moment, quote, vix_option


@pytest.mark.parametrize(("month", "strike"), [("feb", 15), ("mar", 18), ("jun", 24)])
def test_theta_is_what_the_textbook_says(month: str, strike: int) -> None:
    """A call on a future loses e^(-rT) F n(d1) sigma / (2 root T) less r C a year."""
    case = case_of("2018-02-02 10:00")
    line = case.market.lines[call_id(month, strike)]
    assert line.volatility is not None
    settles = vix_option(month, strike).settlement
    years = (settles - moment("2018-02-02 10:00")).total_seconds() / 86400 / 365
    deviation = line.volatility * sqrt(years)
    d1 = log(CURVE[month] / strike) / deviation + deviation / 2
    density = exp(-d1 * d1 / 2) / sqrt(2 * pi)
    decay = exp(-RATE * years) * CURVE[month] * density * line.volatility / (2 * sqrt(years))
    assert daily_theta(case, line) == pytest.approx((decay - RATE * line.mid) / 365, rel=1e-6)


def test_a_roll_costs_half_of_both_spreads() -> None:
    now = moment("2018-02-02 10:00")
    quotes = [
        quote(call_id("feb", 15), now, "0.80", "0.86"),
        quote(call_id("mar", 16), now, "1.20", "1.30"),
    ]
    case = case_of("2018-02-02 10:00", quotes=quotes)
    found = worth(case, call_id("feb", 15), call_id("mar", 16))
    assert found.cost == pytest.approx(0.03 + 0.05)
    assert found.truth is Truth.TRUE


@pytest.mark.parametrize("gone", [call_id("feb", 15), call_id("mar", 16)])
def test_a_leg_without_a_line_makes_it_unknown(gone: int) -> None:
    case = case_of("2018-02-02 10:00", without=[gone])
    assert worth(case, call_id("feb", 15), call_id("mar", 16)) == Worth(None, None)


def test_equal_cost_is_not_below() -> None:
    assert Worth(0.2, 0.2).truth is Truth.FALSE
