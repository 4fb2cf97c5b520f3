"""The slippage guard's numbers (R29)."""

import pytest

from bot.domain.policy import SlippagePolicy
from bot.domain.readings import Scalar
from bot.domain.state import SpreadMemory, SpreadSession, StrategyState
from bot.strategy.slippage import left_out, moment_obstacle, spread_limit, spread_obstacle
from tests.support.strategy_cases import case_of
from tests.support.strategy_world import call_id, moment, quote, readings

NOW = moment("2018-02-05 10:00")
CALL = call_id("mar", 16)


@pytest.mark.parametrize(
    ("mid", "limit"),
    [(0.20, 0.06), (0.49, 0.147), (0.50, 0.10), (0.66, 0.10), (0.70, 0.105), (2.00, 0.30)],
)
def test_widest_spread(mid: float, limit: float) -> None:
    """15 % of mid but at least 0.10; below 0.50 it is 30 % of mid alone."""
    assert spread_limit(mid, SlippagePolicy()) == pytest.approx(limit)


@pytest.mark.parametrize(
    ("bid", "ask", "passes"),
    [
        ("0.95", "1.10", True),
        ("0.95", "1.11", False),
        ("0.90", "1.10", False),
        ("0.50", "0.60", True),
        ("0.50", "0.61", False),
        ("0.34", "0.46", True),
        ("0.33", "0.47", False),
    ],
)
def test_spread_at_its_limit_passes(bid: str, ask: str, passes: bool) -> None:  # noqa: FBT001 - table column
    case = case_of(quotes=[quote(CALL, NOW, bid, ask)])
    assert (spread_obstacle(case, case.market.lines[CALL]) == "") is passes


def test_a_spread_far_above_its_usual_is_an_obstacle_though_narrow() -> None:
    """0.09 over 1.00 is four times the usual 2 %."""
    usual = SpreadMemory(key="VIX/S", completed=(SpreadSession(session=NOW.date(), median=0.02),))
    state = StrategyState(spreads=(usual,))
    case = case_of(state=state, quotes=[quote(CALL, NOW, "0.96", "1.04")])
    assert spread_obstacle(case, case.market.lines[CALL]) == "spread 4.0 times its usual"
    calm = case_of(state=state, quotes=[quote(CALL, NOW, "0.97", "1.03")])
    assert spread_obstacle(calm, calm.market.lines[CALL]) == ""


@pytest.mark.parametrize(
    ("at", "obstacle"),
    [
        ("2018-02-05 09:34", "the first 5 minutes of the session"),
        ("2018-02-05 09:35", ""),
        ("2018-02-05 16:09", ""),
        ("2018-02-05 16:10", "the last 5 minutes of the session"),
    ],
)
def test_edges_of_the_session(at: str, obstacle: str) -> None:
    assert moment_obstacle(case_of(at)) == obstacle


@pytest.mark.parametrize(
    ("sees", "missing", "obstacle"),
    [
        ({"flow.disturbed": True}, (), "the market is disturbed"),
        ({}, ("flow.disturbed",), "whether the market is disturbed is unknown"),
        ({}, (), ""),
    ],
)
def test_order_flow(sees: dict[str, Scalar], missing: tuple[str, ...], obstacle: str) -> None:
    assert moment_obstacle(case_of(sees=readings(sees, missing=missing))) == obstacle


def test_a_median_not_known_yet_is_left_out_and_blind() -> None:
    assert left_out(case_of()) == ()
    first_day = readings(missing=("flow.spread_multiple",))
    assert left_out(case_of(sees=first_day)) == ("flow.spread_multiple",)
