"""The two values that flow through an evaluation: what is looked at, and what became of it so far.

A rule takes both and returns a new draft (`bot.strategy.rule`); nothing is changed in place.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Self

from bot.domain.canonical import ContentHash
from bot.domain.decision import Cancel, DecisionId, Override, Reprice, RuleResult, TierTarget
from bot.domain.inputs import Inputs
from bot.domain.orders import Intent, IntentId
from bot.domain.policy import Policy
from bot.domain.readings import Readings
from bot.domain.rungs import Rung, Tier
from bot.domain.state import (
    Advance,
    Asked,
    CondorVega,
    Counted,
    EarlyRoll,
    Leaving,
    Scale,
    Spent,
    StageEntry,
    StrategyState,
    Swap,
)
from bot.domain.value import Value, replace
from bot.strategy.positions import Condors
from bot.strategy.trust import Bar, Trust
from bot.strategy.valuation import Market


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What all rules of one evaluation look at; `state` is the memory begun for this session."""

    decision_id: DecisionId
    digest: ContentHash
    inputs: Inputs
    state: StrategyState
    readings: Readings
    trust: Trust
    market: Market
    condors: Condors

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.inputs.policy

    @property
    def day(self) -> date:
        """The session's date."""
        return self.inputs.snapshot.session.date

    def intent_id(self, rung: Rung, earlier: int = 0) -> IntentId:
        """Return the id of an order for `rung` when it has so many `earlier` ones."""
        suffix = f"/{earlier + 1}" if earlier else ""
        return IntentId(f"{self.decision_id}/{rung}{suffix}")


class Wish(NamedTuple):
    """Contracts a rung lacks of its tier's target."""

    rung: Rung
    missing: int


class Draft(Value):
    """A decision in the making; the fields in order of the steps that fill them."""

    stages: tuple[StageEntry, ...]
    enter_streak: int
    left_on: date | None
    exited_stages: tuple[int, ...]
    closed_on: date | None
    clear: tuple[str, ...]
    condors: tuple[CondorVega, ...]
    scale: Scale | None
    counted: tuple[Counted, ...]
    initial: int
    targets: dict[Tier, int]
    asked: Asked
    advance: Advance
    spent: tuple[Spent, ...]
    leaving: tuple[Leaving, ...]
    swaps: tuple[Swap, ...]
    early: tuple[EarlyRoll, ...]
    entered: tuple[int, ...] = ()
    left: int | None = None
    v_star: float | None = None
    ratio: float = 0.0
    bars: tuple[Bar, ...] = ()
    tiers: tuple[TierTarget, ...] = ()
    wishes: tuple[Wish, ...] = ()
    intents: tuple[Intent, ...] = ()
    cancels: tuple[Cancel, ...] = ()
    reprices: tuple[Reprice, ...] = ()
    overrides: tuple[Override, ...] = ()
    critical: tuple[str, ...] = ()
    results: tuple[RuleResult, ...] = ()

    def changed(self, **changes: object) -> Self:
        """Return a copy with `changes`."""
        return replace(self, **changes)

    def with_result(self, result: RuleResult) -> Self:
        """Return a copy with one more rule's line."""
        return replace(self, results=(*self.results, result))


def first_draft(state: StrategyState) -> Draft:
    """Return the draft an evaluation begins with: what is remembered, nothing decided."""
    return Draft(
        stages=state.stages,
        enter_streak=state.enter_streak,
        left_on=state.left_on,
        exited_stages=state.exited_stages,
        closed_on=state.closed_on,
        clear=state.clear,
        condors=state.condors,
        scale=state.scale,
        counted=state.counted,
        initial=state.initial,
        targets=state.targets,
        asked=state.asked,
        advance=state.advance,
        spent=state.spent,
        leaving=state.leaving,
        swaps=state.swaps,
        early=state.early,
    )
