"""A decision's digest covers what was decided and why, and not who it was."""

import hashlib
from datetime import timedelta

import pytest

from bot.domain.canonical import ContentHash
from bot.domain.decision import GENESIS, Cancel, Decision, DecisionId, next_link
from bot.domain.inputs import EvaluationKind
from bot.domain.orders import IntentId
from bot.domain.readings import Reading, ReadingState
from bot.domain.value import replace
from tests.support.orders import NOW, intent

DECISION = Decision(
    decision_id=DecisionId("a"),
    at=NOW,
    kind=EvaluationKind.INTRADAY,
    inputs_hash=ContentHash("i"),
    policy_hash=ContentHash("p"),
    stage_before=0,
    stage=1,
)


def test_identity_is_not_part_of_the_digest() -> None:
    assert replace(DECISION, decision_id=DecisionId("b")).digest() == DECISION.digest()


@pytest.mark.parametrize(
    "changes", [{"stage": 2}, {"intents": (intent(),)}, {"summary": "x"}, {"blind": ("move",)}]
)
def test_what_was_decided_is_part_of_it(changes: dict[str, object]) -> None:
    assert replace(DECISION, **changes).digest() != DECISION.digest()


def test_links_chain_the_digests() -> None:
    first = next_link(GENESIS, DECISION.digest())
    expected = hashlib.sha256(("0" * 64 + DECISION.digest()).encode()).hexdigest()
    assert first == expected
    assert next_link(first, DECISION.digest()) != first


def test_moment_inputs_and_the_decision_in_an_order_reference_are_not_part_of_it() -> None:
    def told(decision_id: str, inputs_hash: str, minutes: int) -> Decision:
        at = NOW + timedelta(minutes=minutes)
        reading = Reading(
            signal="G1", name="vix.level", state=ReadingState.OK, value=18.5, as_of=at
        )
        return replace(
            DECISION,
            decision_id=DecisionId(decision_id),
            at=at,
            inputs_hash=ContentHash(inputs_hash),
            intents=(replace(intent(), intent_id=IntentId(f"{decision_id}/S1")),),
            cancels=(Cancel(intent_id=IntentId(f"{decision_id}0/M1"), reason="not wanted"),),
            readings=(reading,),
        )

    first, second = told("a", "1", 0), told("b", "2", 5)
    assert first.digest() == second.digest()
    dearer = replace(first.intents[0], limit=first.intents[0].limit + 1)
    assert replace(first, intents=(dearer,)).digest() != first.digest()
