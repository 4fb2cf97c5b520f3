"""Where the action turns along a row of decisions, and what turned it.

A row is one case with one number varied, or a path of sessions. Two neighbours do the same when
the same stage is on and the same tiers are bought, sold or rolled; how many contracts an order has
follows the size of the ladder and is no turn of its own. What tipped a turn is told by
`bot.review.difference`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from bot.domain.decision import Decision, DecisionId, RuleResult, RuleStatus
from bot.domain.inputs import EvaluationKind
from bot.domain.orders import Intent, Side
from bot.domain.rungs import Tier
from bot.domain.truth import Truth
from bot.domain.value import Value, replace
from bot.review.contrast import NOTHING_TURNED, done_words, tipping_words
from bot.review.difference import Difference, Tipping, difference
from bot.review.phrases import comparison, listed
from bot.review.terms import term_of
from bot.signals.catalog import OUTPUTS


class UnknownRule(Value):
    """A rule in force that lacked something; `truth` is unknown unless its other parts decide."""

    rule: str
    title: str
    truth: Truth
    lacks: tuple[str, ...]
    followed: str


class Row(Value):
    """One decision of a row: `value` is what was varied, `held` the contracts by tier after it."""

    value: float
    decision_id: DecisionId
    at: datetime
    kind: EvaluationKind
    stage: int
    entered: tuple[int, ...]
    left: int | None
    targets: dict[Tier, int]
    orders: tuple[Intent, ...]
    unknown: tuple[str, ...]
    action: str
    summary: str
    held: dict[Tier, int] | None = None


class Turn(Value):
    """A place in the row where something else is done than just before."""

    value: float
    at: datetime
    kind: EvaluationKind
    stage_before: int
    stage: int
    before: str
    after: str
    tipped: tuple[Tipping, ...]
    words: tuple[str, ...]


class Span(Value):
    """Neighbours that do the same: the first and the last of them."""

    first: Row
    last: Row
    count: int


def unknown_rules(decision: Decision) -> tuple[UnknownRule, ...]:
    """Return the rules in force that lacked something; those that became unknown by it first."""
    found = [
        UnknownRule(
            rule=result.rule,
            title=result.title,
            truth=result.truth,
            lacks=_lacks(result),
            followed=result.followed,
        )
        for result in decision.rules
        if result.status is RuleStatus.IN_FORCE
    ]
    unknown = [rule for rule in found if rule.truth is Truth.UNKNOWN]
    return (*unknown, *(rule for rule in found if rule.lacks and rule not in unknown))


def unknown_words(rule: UnknownRule) -> str:
    """Return the rule and what it lacked as a sentence."""
    lacked = f" for want of {listed([term_of(name).name for name in rule.lacks])}"
    followed = f" ({rule.followed})" if rule.followed else ""
    if rule.truth is Truth.UNKNOWN:
        return f"{rule.rule} ({rule.title}) is unknown{lacked if rule.lacks else ''}{followed}."
    return f"{rule.rule} ({rule.title}) is {rule.truth} all the same, unknown in part{lacked}."


def _lacks(result: RuleResult) -> tuple[str, ...]:
    asked = (check.what for check in result.checks if check.truth is Truth.UNKNOWN)
    return tuple(dict.fromkeys(asked))


def row_of(value: float, decision: Decision, held: dict[Tier, int] | None = None) -> Row:
    """Return one decision as a row."""
    tiers = () if decision.ladder is None else decision.ladder.tiers
    return Row(
        value=value,
        decision_id=decision.decision_id,
        at=decision.at,
        kind=decision.kind,
        stage=decision.stage,
        entered=decision.entered,
        left=decision.left,
        targets={row.tier: row.target for row in tiers},
        orders=decision.intents,
        unknown=tuple(rule.rule for rule in unknown_rules(decision) if rule.truth is Truth.UNKNOWN),
        action=action_words(decision),
        summary=decision.summary,
        held=held,
    )


def action_words(decision: Decision) -> str:
    """Return what stands and is done, without how many: `stage 2; buys S and M`."""
    parts = [f"stage {decision.stage}" if decision.stage else "no stage", *_trades(decision)]
    return "; ".join([*parts, *(["raises an alarm"] if decision.critical else [])])


def _trades(decision: Decision) -> Iterator[str]:
    rolls = [intent for intent in decision.intents if intent.is_roll]
    single = [intent for intent in decision.intents if not intent.is_roll]
    for verb, chosen in (
        ("rolls", rolls),
        ("sells", [intent for intent in single if intent.side is Side.SELL]),
        ("buys", [intent for intent in single if intent.side is Side.BUY]),
    ):
        tiers = [tier.value for tier in Tier if any(i.rung.tier is tier for i in chosen)]
        if tiers:
            yield f"{verb} {listed(tiers)}"


def turns(values: Sequence[float], decisions: Sequence[Decision]) -> tuple[Turn, ...]:
    """Return where neighbours of a row act otherwise, and why.

    Args:
        values: What was varied, one for each decision.
        decisions: The decisions in the order of the row.
    """
    pairs = zip(values[1:], pairwise(decisions), strict=True)
    return tuple(
        turn(value, before, after)
        for value, (before, after) in pairs
        if action_words(before) != action_words(after)
    )


def path_turns(
    values: Sequence[float], trading: Sequence[Decision], closes: Sequence[Decision]
) -> tuple[Turn, ...]:
    """Return where a path's sessions act otherwise: while trading, or at the close a stage leaves.

    Evaluations are compared with the last one of their own kind; that a stage which left at a close
    is off in the next session is no turn again.
    """
    found = []
    for place in range(1, len(trading)):
        value, before, after = values[place], trading[place - 1], trading[place]
        if closes[place - 1].left is not None:
            before = replace(before, stage=closes[place - 1].stage)
        if action_words(before) != action_words(after):
            found.append(turn(value, before, after))
        if closes[place].left is not None:
            found.append(turn(value, closes[place - 1], closes[place]))
    return tuple(found)


def turn(value: float, before: Decision, after: Decision) -> Turn:
    """Return a turn from one decision to another, with what tipped it."""
    apart = difference(before, after)
    return Turn(
        value=value,
        at=after.at,
        kind=after.kind,
        stage_before=before.stage,
        stage=after.stage,
        before=action_words(before),
        after=action_words(after),
        tipped=apart.tipped,
        words=(*_why(apart), *_exit_words(after)),
    )


def _why(apart: Difference) -> tuple[str, ...]:
    """Return what tipped a turn; where no check did, the rules of which something else follows."""
    followed = tuple(
        f"{change.rule} ({change.title}): {change.after.followed}."
        for change in apart.rules
        if change.after is not None
        and change.after.followed
        and (change.before is None or change.before.followed != change.after.followed)
    )
    return tuple(map(tipping_words, apart.tipped)) or followed or (NOTHING_TURNED,)


def _exit_words(decision: Decision) -> tuple[str, ...]:
    """Return what made the exit of a stage true at the close at which it left."""
    if decision.left is None:
        return ()
    checks = (check for rule in decision.rules if rule.rule == "R12" for check in rule.checks)
    held = [comparison(c) for c in checks if c.truth is Truth.TRUE and c.what in OUTPUTS]
    return (f"Its exit held: {'; '.join(held)}.",) if held else ()


def spans(rows: Iterable[Row]) -> tuple[Span, ...]:
    """Return the rows with neighbours that do the same joined."""
    found: list[Span] = []
    for row in rows:
        if found and found[-1].last.action == row.action:
            last = found.pop()
            found.append(Span(first=last.first, last=row, count=last.count + 1))
        else:
            found.append(Span(first=row, last=row, count=1))
    return tuple(found)


class Disagreement(Value):
    """Neighbours at which two policies act otherwise, in the same way; `words` of the first."""

    first: float
    last: float
    at: datetime
    kind: EvaluationKind
    count: int
    ours: str
    theirs: str
    words: tuple[str, ...]


def disagreements(
    values: Sequence[float], ours: Sequence[Decision], theirs: Sequence[Decision]
) -> tuple[Disagreement, ...]:
    """Return where two policies act otherwise on the same row, and what tips the second one."""
    found: list[Disagreement] = []
    last = -1
    for place, (value, one, two) in enumerate(zip(values, ours, theirs, strict=True)):
        if not difference(one, two).acts:
            continue
        actions = action_words(one), action_words(two)
        if found and last == place - 1 and (found[-1].ours, found[-1].theirs) == actions:
            found[-1] = replace(found[-1], last=value, count=found[-1].count + 1)
        else:
            found.append(_disagreement(value, one, two))
        last = place
    return tuple(found)


def _disagreement(value: float, one: Decision, two: Decision) -> Disagreement:
    apart = difference(one, two)
    return Disagreement(
        first=value,
        last=value,
        at=one.at,
        kind=one.kind,
        count=1,
        ours=action_words(one),
        theirs=action_words(two),
        words=(*map(tipping_words, apart.tipped), *done_words(apart)),
    )
