"""A decision and its reasons.

Every cycle leaves one, also when nothing is done: what was read, what each rule asked with its
thresholds and result, what followed, what overrode what, and the orders that are wanted.
The digest leaves identity and wall time out, so that the same inputs, state and policy give the
same digest on every machine (design.md section 7.1).
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NewType

import msgspec

from bot.domain.canonical import ContentHash, canonical, content_hash
from bot.domain.inputs import EvaluationKind
from bot.domain.logic import Logic
from bot.domain.orders import Intent, IntentId
from bot.domain.readings import Reading, ReadingState, Scalar
from bot.domain.rungs import Rung, Tier
from bot.domain.truth import Truth
from bot.domain.value import Value

DecisionId = NewType("DecisionId", str)


class Check(Value):
    """One comparison a rule made: what, with which value and age, against which threshold."""

    what: str
    truth: Truth
    value: Scalar | None = None
    operator: str = ""
    threshold: Scalar | None = None
    state: ReadingState = ReadingState.OK
    age_seconds: float | None = None


class RuleStatus(StrEnum):
    """Whether a rule is in force or only declared."""

    IN_FORCE = "in_force"
    DECLARED = "declared"


class RuleResult(Value):
    """What one rule saw, found and caused; `followed` is empty when nothing followed.

    `logic` says how the checks join to the truth; None where the truth is more than their join.
    """

    rule: str
    title: str
    status: RuleStatus
    truth: Truth
    checks: tuple[Check, ...] = ()
    followed: str = ""
    blind: tuple[str, ...] = ()
    logic: Logic | None = None


class Override(Value):
    """One rule or limit that stood above another in this decision."""

    winner: str
    loser: str
    reason: str


class TierTarget(Value):
    """What a tier should hold and does; all in contracts."""

    tier: Tier
    full: int
    target: int
    filled: int
    working: int
    spent: int = 0


class Ladder(Value):
    """The ladder of this evaluation: its scale, counts and cover."""

    u: float | None
    contracts: int
    rungs: dict[Rung, int]
    tiers: tuple[TierTarget, ...]
    v_star_usd: float | None = None
    h_star_usd: float | None = None
    hedge_vega_usd: float | None = None
    cover_ratio: float | None = None


class Cancel(Value):
    """A working order the decision no longer wants."""

    intent_id: IntentId
    reason: str


class Reprice(Value):
    """A working order that is still wanted, at a new limit in points."""

    intent_id: IntentId
    limit: Decimal
    reason: str


class CondorView(Value):
    """A condor found among the positions: strikes in points, vega in USD per volatility point."""

    key: str
    expiry: str
    quantity: int
    strikes: tuple[Decimal, ...]
    vega_usd: float | None


class Decision(Value):
    """The outcome of one evaluation.

    `blind` names the signals without a source that a rule would have looked at; `critical` are
    sentences that a person must hear of at once.
    """

    decision_id: DecisionId
    at: datetime
    kind: EvaluationKind
    inputs_hash: ContentHash
    policy_hash: ContentHash
    stage_before: int
    stage: int
    entered: tuple[int, ...] = ()
    left: int | None = None
    readings: tuple[Reading, ...] = ()
    condors: tuple[CondorView, ...] = ()
    unexplained: tuple[str, ...] = ()
    rules: tuple[RuleResult, ...] = ()
    overrides: tuple[Override, ...] = ()
    ladder: Ladder | None = None
    intents: tuple[Intent, ...] = ()
    cancels: tuple[Cancel, ...] = ()
    reprices: tuple[Reprice, ...] = ()
    blind: tuple[str, ...] = ()
    critical: tuple[str, ...] = ()
    summary: str = ""

    def digest(self) -> ContentHash:
        """Return the hash over what was decided and why, see `digest_of`."""
        return digest_of(msgspec.to_builtins(self, str_keys=True))


def digest_of(decision: dict[str, Any]) -> ContentHash:
    """Return the digest of a decision given as plain JSON values, see `evidence_of`."""
    return content_hash(canonical(evidence_of(decision)))


def evidence_of(decision: dict[str, Any]) -> dict[str, Any]:
    """Return what a digest covers of a decision given as plain JSON values.

    That is intents, rule results and evidence, not identity and wall time: the decision's own id
    and moment, the hash of its inputs (which hold the broker's order numbers), and the decision
    part of order references. A digest takes floats at nine significant digits.
    """
    plain = {key: value for key, value in decision.items() if key not in _IDENTITY}
    for key in ("intents", "cancels", "reprices"):
        plain[key] = [_without_decision(order) for order in decision[key]]
    plain["readings"] = [reading | {"as_of": None} for reading in decision["readings"]]
    return plain


_IDENTITY = frozenset({"decision_id", "at", "inputs_hash"})


def _without_decision(order: dict[str, Any]) -> dict[str, Any]:
    return order | {"intent_id": order["intent_id"].rpartition("/")[2]}


GENESIS = ContentHash("0" * 64)
"""The link before the first decision, and before the first event."""


def next_link(previous: ContentHash, digest: ContentHash) -> ContentHash:
    """Return the link of a chain of digests; the last one stands for them all."""
    return content_hash(f"{previous}{digest}".encode("ascii"))
