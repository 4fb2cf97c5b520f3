"""What a rung buys: expiry windows and strikes, worked by hand on the builder's market."""

from decimal import Decimal
from typing import Any

import pytest

from bot.domain.instruments import Option, Universe
from bot.domain.policy import LadderPolicy, Policy, RungPolicy
from bot.domain.rungs import Rung, Tier
from bot.domain.value import replace
from bot.strategy.contracts import (
    Choice,
    Refusal,
    Standing,
    choose,
    far_side,
    fit,
    target_series,
)
from bot.strategy.valuation import new_york_day
from tests.support.strategy_cases import case_of
from tests.support.strategy_days import lot
from tests.support.strategy_world import (
    SETTLEMENTS,
    SPX_ID,
    UNIVERSE,
    call_id,
    moment,
    quote,
)

NOW = moment("2018-02-05 10:00")
LADDER = LadderPolicy()


@pytest.mark.parametrize(
    ("day", "short", "medium", "deep"),
    [
        ("2018-02-05", "mar", "apr", "jun"),
        ("2018-01-31", "feb", "mar", "may"),
        ("2018-02-01", "mar", "mar", "may"),
        ("2018-02-12", "mar", "apr", "jun"),
        ("2018-03-07", "apr", "may", "jun"),
        ("2018-05-25", "jun", None, None),
    ],
)
def test_expiry_is_the_monthly_nearest_its_target_within_the_window(
    day: str, short: str, medium: str | None, deep: str | None
) -> None:
    """On 2018-01-31: S has Feb at 14 days (16 off its 30) and Mar at 49 (beyond 48)."""
    now = moment(f"{day} 10:00")
    found = [target_series(UNIVERSE, LADDER.tier(tier), now) for tier in Tier]
    days = [None if s is None else new_york_day(s.settlement) for s in found]
    assert days == [None if m is None else SETTLEMENTS[m] for m in (short, medium, deep)]


def test_of_two_expiries_equally_near_the_later_is_taken() -> None:
    """Between 2018-03-21 and 2018-04-18 lie 28 days; 44 and 72 are both 14 from 58."""
    tier = replace(LADDER.tier(Tier.M), target_dte=58, min_dte=40)
    series = target_series(UNIVERSE, tier, NOW)
    assert series is not None
    assert new_york_day(series.settlement) == SETTLEMENTS["apr"]


def test_weeklies_are_not_bought() -> None:
    weekly = tuple(
        replace(o, trading_class="VIXW") if isinstance(o, Option) else o
        for o in UNIVERSE.instruments
    )
    assert target_series(Universe(instruments=weekly), LADDER.tier(Tier.S), NOW) is None


def chosen(rung: Rung, **given: Any) -> Choice | Refusal:
    case = case_of(**given)
    policy, universe = case.policy.ladder, case.inputs.universe
    now = case.inputs.snapshot.now
    return choose(case, rung, {t: target_series(universe, policy.tier(t), now) for t in Tier})


@pytest.mark.parametrize(
    ("rung", "month", "strike"),
    [
        (Rung.S1, "mar", 16),
        (Rung.S2, "mar", 16),
        (Rung.S3, "mar", 18),
        (Rung.S4, "mar", 18),
        (Rung.M1, "apr", 21),
        (Rung.M4, "apr", 21),
    ],
)
def test_strike_nearest_the_rungs_delta(rung: Rung, month: str, strike: int) -> None:
    """By hand: Mar 15, 16, 17, 18 have N(d1) 0.56, 0.47, 0.39, 0.33; Apr 20 and 21 0.33, 0.30."""
    choice = chosen(rung)
    assert isinstance(choice, Choice)
    assert choice.option.con_id == call_id(month, strike)


def test_limit_is_the_ask_on_the_legal_grid() -> None:
    """An ask of 3.02 is off the nickel grid above 3: the next legal price is still marketable."""
    odd = quote(call_id("mar", 16), NOW, "2.98", "3.02")
    assert far_side(case_of(quotes=[odd]).market.lines[call_id("mar", 16)]) == Decimal("3.05")


def test_of_two_strikes_equally_near_the_higher_is_taken() -> None:
    """A purchase delta half-way between those of Mar 16 and Mar 17."""
    market = case_of().market
    low, high = market.delta(call_id("mar", 16)), market.delta(call_id("mar", 17))
    assert low is not None
    assert high is not None
    rungs = (RungPolicy(rung=Rung.S1, delta=(low + high) / 2),)
    choice = chosen(Rung.S1, policy=Policy(ladder=replace(LADDER, rungs=rungs)))
    assert isinstance(choice, Choice)
    assert choice.option.con_id == call_id("mar", 17)


def test_no_strike_near_enough_is_said() -> None:
    policy = Policy(ladder=replace(LADDER, delta_tolerance=0.01))
    refusal = chosen(Rung.S1, policy=policy)
    assert refusal == Refusal("no quoted strike within 0.01 of delta 0.50")


def test_no_expiry_in_the_window_is_said() -> None:
    assert chosen(Rung.M1, at="2018-05-25 10:00") == Refusal(
        "no monthly expiry within the M window"
    )


def test_a_contract_that_is_unknown_is_not_judged() -> None:
    case = case_of()
    assert fit(case, Rung.S1, SPX_ID).standing is Standing.UNKNOWN


def test_the_roll_day_itself_no_longer_fits() -> None:
    """Feb settles on the 14th: on the 4th there are 10 days left, on the 3rd 11."""
    held = (lot(Rung.S1, month="feb", strike=15),)
    at_roll = case_of("2018-02-04 10:00", lots=held)
    before = case_of("2018-02-03 10:00", lots=held)
    assert fit(at_roll, Rung.S1, call_id("feb", 15)).standing is Standing.WAITS
    assert fit(before, Rung.S1, call_id("feb", 15)).standing is Standing.FITS
