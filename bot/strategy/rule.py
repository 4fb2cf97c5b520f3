"""What a rule of the method is: an identity, what it reads, and its step in the evaluation.

Each module of this room defines its `Rule` objects beside the code that evaluates them;
`bot.strategy.catalog` collects them. A rule without `evaluate` is declared: it has its place and
says in every decision that it is not in force.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from bot.domain.decision import Check, RuleResult, RuleStatus
from bot.domain.logic import Logic
from bot.domain.rungs import RuleClass
from bot.domain.truth import Truth
from bot.strategy.draft import Case, Draft

Evaluate = Callable[[Case, Draft], Draft]


class Step(IntEnum):
    """The order of one evaluation (methodology.md section 4)."""

    FINAL_CLOSE = 1
    STAGE = 2
    SIZING = 3
    LADDER = 4
    SHIFT = 5
    ROLL = 6
    EXIT = 7
    CAP = 8
    MOTION = 9
    ORDER = 10
    ADVICE = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One R of methodology.md section 3.

    `id` is its number, with a word after a dot where one number has parts in two steps; `source`
    are the articles it comes from; `rule_class` decides which limits bind its orders; `reads` are
    the ids of the signals it looks at.
    """

    id: str
    title: str
    source: tuple[str, ...]
    step: Step
    rule_class: RuleClass | None = None
    reads: tuple[str, ...] = ()
    evaluate: Evaluate | None = None

    @property
    def number(self) -> int:
        """The R number."""
        return int(self.id.partition(".")[0].removeprefix("R"))

    @property
    def in_force(self) -> bool:
        """Whether the rule is evaluated, not only declared."""
        return self.evaluate is not None

    def apply(self, case: Case, draft: Draft) -> Draft:
        """Return the draft after this rule; a declared one only leaves its line."""
        if self.evaluate is None:
            return draft.with_result(self.result(Truth.UNKNOWN))
        return self.evaluate(case, draft)

    def result(
        self,
        truth: Truth,
        checks: tuple[Check, ...] = (),
        followed: str = "",
        blind: tuple[str, ...] = (),
        logic: Logic | None = None,
    ) -> RuleResult:
        """Return this rule's line for the decision."""
        return RuleResult(
            rule=self.id,
            title=self.title,
            status=RuleStatus.IN_FORCE if self.in_force else RuleStatus.DECLARED,
            truth=truth,
            checks=checks,
            followed=followed,
            blind=blind,
            logic=logic,
        )
