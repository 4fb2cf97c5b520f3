"""What decisions did, as words a reader can choose by: bought by R7 in tier M, and refused.

A decision is taken apart into deeds: each order it wanted, each change of a working order, each
move of a stage, each rule that fired; one in which nothing happened is a deed of its own. A choice
holds of a decision when one of its deeds has all that was asked for.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from bot.domain.decision import Decision
from bot.domain.orders import IntentId, OrderState
from bot.domain.rungs import Rung, Tier
from bot.domain.value import Value
from bot.review.following import OrderStory
from bot.review.lines import is_quiet
from bot.review.trades import verb_of

Stories = Mapping[IntentId, OrderStory]


class Action(StrEnum):
    """What a decision may do; an order that was wanted counts as done, its outcome aside."""

    BOUGHT = "bought"
    SOLD = "sold"
    ROLLED = "rolled"
    CANCELLED = "cancelled"
    MOVED = "moved"
    REFUSED = "refused"
    ENTERED = "entered"
    LEFT = "left"
    NOTHING = "nothing"


class Outcome(StrEnum):
    """What becomes of an order; one may have several: partly filled and still working."""

    FILLED = "filled"
    PARTLY = "partly"
    WORKING = "working"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    REJECTED = "rejected"
    ABANDONED = "abandoned"
    IN_DOUBT = "in_doubt"
    UNSENT = "unsent"


class Deed(Value):
    """One thing a decision did; what does not apply to it is empty."""

    actions: frozenset[Action] = frozenset()
    rule: str = ""
    rung: Rung | None = None
    outcomes: frozenset[Outcome] = frozenset()


class Choice(Value):
    """Which decisions are wanted; what is empty asks for nothing.

    `rule` is a rule's id or its number (`R14` is also `R14.roll`), `rung` a rung or a whole tier.
    `stage` is the stage a decision ends in, enters or leaves.
    """

    action: Action | None = None
    rule: str = ""
    rung: Rung | Tier | None = None
    outcome: Outcome | None = None
    stage: int | None = None

    @property
    def asks_for_orders(self) -> bool:
        """Whether what became of orders must be known."""
        return any((self.action, self.rung, self.outcome))

    def holds(self, decision: Decision, stories: Stories) -> bool:
        """Tell whether a decision is wanted; `stories` are the orders of the journal."""
        if self.stage is not None and self.stage not in _stages(decision):
            return False
        if not (self.asks_for_orders or self.rule):
            return True
        return any(self._fits(deed) for deed in deeds(decision, stories))

    def _fits(self, deed: Deed) -> bool:
        return (
            (self.action is None or self.action in deed.actions)
            and (not self.rule or is_rule(deed.rule, self.rule))
            and (self.rung is None or _is_in(deed.rung, self.rung))
            and (self.outcome is None or self.outcome in deed.outcomes)
        )


def is_rule(rule: str, asked: str) -> bool:
    """Tell whether `rule` is the one asked for, or a part of it."""
    return rule == asked or rule.startswith(f"{asked}.")


def _is_in(rung: Rung | None, asked: Rung | Tier) -> bool:
    if isinstance(asked, Rung):
        return rung is asked
    return rung is not None and rung.tier is asked


def _stages(decision: Decision) -> set[int | None]:
    return {decision.stage, *decision.entered, decision.left}


_STAGE_RULES = {1: "R5", 2: "R7", 3: "R8"}
"""The rules by which the stages are entered; all are left by R12 (methodology.md section 3)."""


def deeds(decision: Decision, stories: Stories) -> Iterator[Deed]:
    """Yield what a decision did; an order that is not among the stories has no known fate."""
    for intent in decision.intents:
        story = stories.get(intent.intent_id) or OrderStory(intent=intent, limit=intent.limit)
        outcomes = outcomes_of(story)
        refused = {Action.REFUSED} if Outcome.REFUSED in outcomes else set()
        yield Deed(
            actions=frozenset({_ACTIONS[verb_of(intent)], *refused}),
            rule=intent.rule,
            rung=intent.rung,
            outcomes=outcomes,
        )
    for key, action in (
        *((one.intent_id, Action.CANCELLED) for one in decision.cancels),
        *((one.intent_id, Action.MOVED) for one in decision.reprices),
    ):
        yield _change(action, stories.get(key))
    for stage in decision.entered:
        yield Deed(actions=frozenset({Action.ENTERED}), rule=_STAGE_RULES[stage])
    if decision.left is not None:
        yield Deed(actions=frozenset({Action.LEFT}), rule="R12")
    if is_quiet(decision):
        yield Deed(actions=frozenset({Action.NOTHING}))
    yield from (Deed(rule=result.rule) for result in decision.rules if result.truth.fires)


_ACTIONS = {"buy": Action.BOUGHT, "sell": Action.SOLD, "roll": Action.ROLLED}


def _change(action: Action, story: OrderStory | None) -> Deed:
    if story is None:
        return Deed(actions=frozenset({action}))
    intent = story.intent
    return Deed(
        actions=frozenset({action}),
        rule=intent.rule,
        rung=intent.rung,
        outcomes=outcomes_of(story),
    )


def outcomes_of(story: OrderStory) -> frozenset[Outcome]:
    """Return what became of an order, as far as it is told."""
    if story.refused_by:
        return frozenset({Outcome.REFUSED})
    if story.filled >= story.intent.quantity:
        return frozenset({Outcome.FILLED})
    partly = {Outcome.PARTLY} if story.filled else set()
    return frozenset({_OUTCOMES.get(story.state, Outcome.UNSENT), *partly})


_OUTCOMES: dict[OrderState | None, Outcome] = {
    OrderState.INTENDED: Outcome.WORKING,
    OrderState.SENT: Outcome.WORKING,
    OrderState.WORKING: Outcome.WORKING,
    OrderState.CANCELLING: Outcome.WORKING,
    OrderState.FILLED: Outcome.FILLED,
    OrderState.IN_DOUBT: Outcome.IN_DOUBT,
    OrderState.CANCELLED: Outcome.CANCELLED,
    OrderState.REJECTED: Outcome.REJECTED,
    OrderState.ABANDONED: Outcome.ABANDONED,
}
