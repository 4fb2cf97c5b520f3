"""Decisions are chosen by what they did: one deed must have all that is asked for."""

from decimal import Decimal

import pytest

from bot.domain.decision import Cancel, Decision, Reprice
from bot.domain.instruments import ConId
from bot.domain.orders import IntentId, OrderState, Side
from bot.domain.rungs import Rung, Tier
from bot.domain.value import replace
from bot.review.deeds import Action, Choice, Outcome, outcomes_of
from bot.review.following import OrderStory, all_stories
from tests.support import story

STRESS = story.stress_decision()
QUIET = story.quiet_decision(story.MORNING, 1)
STORIES = all_stories(story.order_events())
"""S1 was filled, of D1 one of two, and D2 was refused."""

SALE = replace(story.BUY_S, intent_id=IntentId("x/S2"), side=Side.SELL, rung=Rung.S2, rule="R19")
ROLL = replace(story.BUY_S, intent_id=IntentId("x/M1"), closes=ConId(7), rung=Rung.M1, rule="R14")
MANAGED = replace(
    QUIET,
    cancels=(Cancel(intent_id=story.BUY_D.intent_id, reason="no longer wanted"),),
    reprices=(Reprice(intent_id=IntentId("unknown/S1"), limit=Decimal(2), reason="walk"),),
)


@pytest.mark.parametrize(
    ("decision", "choice", "holds"),
    [
        (STRESS, Choice(), True),
        (STRESS, Choice(action=Action.BOUGHT), True),
        (STRESS, Choice(action=Action.SOLD), False),
        (STRESS, Choice(action=Action.REFUSED), True),
        (STRESS, Choice(action=Action.NOTHING), False),
        (QUIET, Choice(action=Action.NOTHING), True),
        (STRESS, Choice(action=Action.ENTERED, rule="R7"), True),
        (STRESS, Choice(action=Action.ENTERED, rule="R12"), False),
        (replace(QUIET, left=2), Choice(action=Action.LEFT, rule="R12"), True),
        # one order must have all of it: R8 bought D, R5 bought S
        (STRESS, Choice(action=Action.BOUGHT, rule="R8", rung=Tier.D), True),
        (STRESS, Choice(action=Action.BOUGHT, rule="R8", rung=Tier.S), False),
        (STRESS, Choice(rung=Rung.S1), True),
        (STRESS, Choice(rung=Rung.S2), False),
        (STRESS, Choice(rung=Rung.S1, outcome=Outcome.FILLED), True),
        (STRESS, Choice(rung=Rung.D1, outcome=Outcome.FILLED), False),
        (STRESS, Choice(rung=Rung.D1, outcome=Outcome.PARTLY), True),
        (STRESS, Choice(rung=Rung.D1, outcome=Outcome.WORKING), True),
        (STRESS, Choice(rung=Rung.D2, outcome=Outcome.REFUSED, action=Action.REFUSED), True),
        # a rule alone: that it fired is enough
        (STRESS, Choice(rule="R7"), True),
        (QUIET, Choice(rule="R7"), False),
        (QUIET, Choice(rule="R6"), False),
        (STRESS, Choice(stage=3), True),
        (STRESS, Choice(stage=1), True),
        (STRESS, Choice(stage=0), False),
        (QUIET, Choice(stage=0), True),
        (replace(QUIET, left=2, stage=1), Choice(stage=2), True),
        (replace(QUIET, intents=(SALE,)), Choice(action=Action.SOLD, rule="R19"), True),
        (replace(QUIET, intents=(SALE,)), Choice(outcome=Outcome.UNSENT), True),
        (replace(QUIET, intents=(ROLL,)), Choice(action=Action.ROLLED, rung=Tier.M), True),
        (replace(QUIET, intents=(ROLL,)), Choice(action=Action.BOUGHT), False),
        (MANAGED, Choice(action=Action.CANCELLED, rule="R8", rung=Rung.D1), True),
        (MANAGED, Choice(action=Action.CANCELLED, rule="R5"), False),
        (MANAGED, Choice(action=Action.MOVED), True),
        (MANAGED, Choice(action=Action.MOVED, rung=Tier.S), False),
    ],
)
def test_a_choice_holds_of_one_deed(decision: Decision, choice: Choice, holds: bool) -> None:  # noqa: FBT001
    assert choice.holds(decision, STORIES) is holds


def test_a_number_stands_for_the_parts_of_its_rule() -> None:
    rolled = replace(QUIET, intents=(replace(ROLL, rule="R14.roll"),))
    assert Choice(rule="R14").holds(rolled, {})
    assert not Choice(rule="R1").holds(rolled, {})


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (None, Outcome.UNSENT),
        (OrderState.INTENDED, Outcome.WORKING),
        (OrderState.SENT, Outcome.WORKING),
        (OrderState.WORKING, Outcome.WORKING),
        (OrderState.CANCELLING, Outcome.WORKING),
        (OrderState.FILLED, Outcome.FILLED),
        (OrderState.CANCELLED, Outcome.CANCELLED),
        (OrderState.REJECTED, Outcome.REJECTED),
        (OrderState.ABANDONED, Outcome.ABANDONED),
        (OrderState.IN_DOUBT, Outcome.IN_DOUBT),
    ],
)
def test_each_state_is_an_outcome(state: OrderState | None, outcome: Outcome) -> None:
    told = OrderStory(intent=story.BUY_S, limit=story.BUY_S.limit, state=state)
    assert outcomes_of(told) == {outcome}


def test_an_order_asks_for_stories_and_a_rule_does_not() -> None:
    assert Choice(outcome=Outcome.FILLED).asks_for_orders
    assert not Choice(rule="R7", stage=1).asks_for_orders
