"""A decision's digest covers what was decided and why, and not who it was."""

import hashlib

import pytest

from bot.domain.canonical import ContentHash
from bot.domain.decision import GENESIS, Decision, DecisionId, next_link
from bot.domain.inputs import EvaluationKind
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
