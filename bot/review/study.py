"""What a what-if found, as one value: for the terminal, for JSON, and for the drawing."""

from typing import NamedTuple

from bot.domain.decision import Decision
from bot.domain.instruments import Universe
from bot.domain.policy import Policy
from bot.domain.rungs import Tier
from bot.domain.value import Value
from bot.review.contrast import contrast
from bot.review.difference import difference
from bot.review.outcomes import (
    Disagreement,
    Row,
    Turn,
    UnknownRule,
    disagreements,
    path_turns,
    row_of,
    turns,
    unknown_rules,
    unknown_words,
)
from bot.review.trades import wanted
from bot.review.wording import Passage, Telling, explain


class Once(Value):
    """One case decided on, and told; `contrast` is how another policy decides otherwise."""

    case: str
    policy: str
    decision: Decision
    unknown: tuple[UnknownRule, ...]
    passages: tuple[Passage, ...]
    other_policy: str | None = None
    other: Decision | None = None
    contrast: tuple[Passage, ...] = ()


class Varied(Value):
    """A case along the values of one input, or through a path of sessions."""

    case: str
    name: str
    is_path: bool
    policy: str
    rows: tuple[Row, ...]
    turns: tuple[Turn, ...]
    other_policy: str | None = None
    other_rows: tuple[Row, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


class Course(NamedTuple):
    """What one policy decided along a row; `closes` and `held` are those of a path's sessions."""

    policy: Policy
    values: tuple[float, ...]
    decisions: tuple[Decision, ...]
    closes: tuple[Decision, ...] = ()
    held: tuple[dict[Tier, int], ...] = ()

    def rows(self) -> tuple[Row, ...]:
        """Return the decisions as rows; of a session the one while trading, then its close."""
        if not self.closes:
            return tuple(map(row_of, self.values, self.decisions))
        found = []
        for place, value in enumerate(self.values):
            found.append(row_of(value, self.decisions[place]))
            found.append(row_of(value, self.closes[place], self.held[place]))
        return tuple(found)

    def turns(self) -> tuple[Turn, ...]:
        """Return where the action turns."""
        if not self.closes:
            return turns(self.values, self.decisions)
        return path_turns(self.values, self.decisions, self.closes)


class Judged(NamedTuple):
    """One decision with the policy that took it."""

    policy: Policy
    decision: Decision


def told_once(case: str, judged: Judged, universe: Universe, other: Judged | None = None) -> Once:
    """Return one case told, and against another policy where there is one."""
    decision = judged.decision
    telling = Telling(decision, instruments=universe.by_id(), policy=judged.policy)
    unknown = unknown_rules(decision)
    orders = tuple(f"It would {wanted(i, telling.instruments)}." for i in decision.intents)
    lacking = tuple(map(unknown_words, unknown))
    passages = (
        *explain(telling)[:1],
        Passage(heading="What it would order", lines=orders),
        Passage(heading="Which rules became unknown, or lacked something", lines=lacking),
        *explain(telling)[1:],
    )
    return Once(
        case=case,
        policy=judged.policy.name,
        decision=decision,
        unknown=unknown,
        passages=tuple(passage for passage in passages if passage.lines),
        other_policy=None if other is None else other.policy.name,
        other=None if other is None else other.decision,
        contrast=() if other is None else contrast(difference(decision, other.decision)),
    )


def told_along(case: str, name: str, course: Course, other: Course | None = None) -> Varied:
    """Return a row of decisions with its turns, and against another policy where there is one."""
    apart: tuple[Disagreement, ...] = ()
    if other is not None:
        apart = disagreements(course.values, course.decisions, other.decisions)
    return Varied(
        case=case,
        name=name,
        is_path=bool(course.closes),
        policy=course.policy.name,
        rows=course.rows(),
        turns=course.turns(),
        other_policy=None if other is None else other.policy.name,
        other_rows=() if other is None else other.rows(),
        disagreements=apart,
    )
