"""The ladder of a preview is the one that purchases with all stages on would lay."""

from decimal import Decimal

import pytest

from bot.domain.account import Account, AccountId
from bot.domain.book import Book, Lot
from bot.domain.inputs import EvaluationKind
from bot.domain.orders import IntentId
from bot.domain.rungs import LADDER, RuleClass, Rung
from bot.domain.state import StageEntry, StrategyState
from bot.strategy.decide import decide_on
from bot.strategy.preview import Preview, preview_ladder
from tests.support.strategy_world import (
    ACCOUNT,
    CURVE,
    SESSIONS,
    call_id,
    future_id,
    inputs,
    moment,
    readings,
    spx_id,
)

STORM = readings({"vix.level": 30.0, "vix.macd": "bullish", "vix.rsi": 85.0, "vix.spike": True})


def lot(rung: Rung, quantity: int) -> Lot:
    return Lot(
        intent_id=IntentId(f"old/{rung}"),
        rung=rung,
        con_id=call_id("mar", 15),
        quantity=quantity,
        price=Decimal(1),
        rule="R5",
        rule_class=RuleClass.STAGE,
        opened_at=moment("2018-02-01 10:00"),
    )


def ladder(condors: int = 20, **given: object) -> Preview:
    return preview_ladder(inputs(condors=condors, **given), StrategyState())  # type: ignore[arg-type]


def test_every_rung_has_contract_price_and_cost() -> None:
    found = ladder()
    assert found.unbought == ()
    assert [one.rung for one in found.rungs] == list(LADDER)
    assert found.contracts == sum(one.contracts for one in found.rungs)
    assert found.unknown == ""
    for one in found.rungs:
        assert one.premium_usd == one.contracts * one.limit * 100
        assert one.bid < one.limit
        assert one.carry is not None
        parts = one.carry.theta_usd + one.carry.roll_down_usd + one.carry.half_spread_usd
        assert one.carry.yearly_usd == pytest.approx(parts * 365 / one.days_to_roll)


def test_the_totals_are_those_of_the_rungs() -> None:
    found = ladder()
    assert found.premium_usd == sum(one.premium_usd for one in found.rungs)
    assert found.yearly_cost_usd == pytest.approx(
        sum(one.carry.yearly_usd for one in found.rungs if one.carry)
    )
    assert found.yearly_cost_usd is not None
    assert found.yearly_cost_of_nav == pytest.approx(found.yearly_cost_usd / 1_000_000)


def test_it_chooses_what_a_decision_in_a_storm_would_buy() -> None:
    decision, _ = decide_on(inputs(), StrategyState(enter_streak=2), STORM)
    shown = {one.rung: (one.con_id, one.limit) for one in ladder().rungs}
    assert decision.stage == 3
    assert decision.intents
    for intent in decision.intents:
        assert shown[intent.rung] == (intent.con_id, intent.limit)


def test_what_is_held_is_shown_and_changes_nothing() -> None:
    held = ladder(book=Book(lots=(lot(Rung.S1, 2),)))
    bare = ladder()
    assert [one.held for one in held.rungs] == [2] + [0] * 9
    assert [(one.con_id, one.contracts) for one in held.rungs] == [
        (one.con_id, one.contracts) for one in bare.rungs
    ]


def test_the_evaluation_at_the_close_previews_as_well() -> None:
    found = ladder(at="2018-02-05 16:20", kind=EvaluationKind.CLOSE)
    assert len(found.rungs) == 10


def test_the_scale_of_stages_that_are_on_stands() -> None:
    whole = inputs(condors=20)
    on = tuple(StageEntry(stage=stage, entered_on=SESSIONS.sessions[0].date) for stage in (1, 2, 3))
    _, memory = decide_on(whole, StrategyState(stages=on), readings())
    found = preview_ladder(whole, memory)
    assert memory.scale is not None
    assert (found.u, found.stage) == (memory.scale.u, 3)


def test_a_rung_without_a_contract_says_why() -> None:
    found = ladder(curve={m: level for m, level in CURVE.items() if m != "jun"})
    assert [one.rung for one in found.unbought] == [Rung.D1, Rung.D2]
    assert "no quoted strike within" in found.unbought[0].reason
    assert len(found.rungs) == 8
    assert found.contracts > sum(one.contracts for one in found.rungs)


def test_a_cost_that_is_unknown_leaves_the_total_unknown() -> None:
    """Without the near futures and spot nobody knows where the curve stands at S's roll."""
    found = ladder(without=[future_id("feb")])
    near = [one for one in found.rungs if one.rung.tier.value == "S"]
    assert all(one.carry is None for one in near)
    assert (found.yearly_cost_usd, found.yearly_cost_of_nav) == (None, None)


def test_without_nav_the_share_is_unknown() -> None:
    account = Account(account_id=AccountId("SIM1"), as_of=ACCOUNT.as_of)
    found = ladder(account=account)
    assert found.yearly_cost_usd is not None
    assert found.yearly_cost_of_nav is None


def test_without_condors_there_is_no_ladder_and_it_says_so() -> None:
    found = ladder(condors=0, positions=())
    assert (found.contracts, found.rungs, found.premium_usd) == (0, (), Decimal(0))
    assert "there is nothing to hedge" in found.unknown


def test_without_quotes_of_a_condor_the_ladder_is_unknown() -> None:
    found = ladder(without=[spx_id("P", 2500)])
    assert (found.u, found.contracts) == (None, 0)
    assert "V* is unknown for want of quotes" in found.unknown
