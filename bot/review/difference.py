"""What differs between two decisions, and what tipped it.

Pure: two decisions in, a value out; whether they stand minutes apart in a journal or are the same
moment under another policy does not matter. What tipped an outcome is the fewest checks that, moved
from what they said before to what they say after, already turn the rules on the way to it. The
words for it stand in `bot.review.contrast`.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from bot.domain.canonical import ContentHash
from bot.domain.decision import Cancel, Check, Decision, DecisionId, Override, Reprice, RuleResult
from bot.domain.logic import Move, fewest_moves, truth_in
from bot.domain.orders import Intent
from bot.domain.readings import Reading
from bot.domain.rungs import Tier
from bot.domain.truth import Truth
from bot.domain.value import Value, replace


class Outline(Value):
    """One of the two decisions: what it is called and which stages it moved."""

    decision_id: DecisionId
    at: datetime
    policy_hash: ContentHash
    stage_before: int
    stage: int
    entered: tuple[int, ...]
    left: int | None
    summary: str


class ReadingChange(Value):
    """A reading with another value or state; None where one decision has no such reading."""

    name: str
    before: Reading | None
    after: Reading | None


class CheckChange(Value):
    """One check in both decisions; None where one of them does not ask it."""

    what: str
    before: Check | None
    after: Check | None

    @property
    def turned(self) -> bool:
        """Whether the check is asked in both and says something else."""
        return (
            self.before is not None
            and self.after is not None
            and self.before.truth is not self.after.truth
        )


class RuleChange(Value):
    """A rule that judges otherwise, or from which something else follows.

    `checks` are those with another truth or threshold, and those only one side asks.
    """

    rule: str
    title: str
    before: RuleResult | None
    after: RuleResult | None
    checks: tuple[CheckChange, ...]


class TargetChange(Value):
    """A tier that should hold another number of contracts."""

    tier: Tier
    before: int | None
    after: int | None


class OrderChange(Value):
    """A wanted order that only one decision has, or both with another quantity or limit."""

    before: Intent | None
    after: Intent | None


class Tipping(Value):
    """A rule on the way to the changed outcome, and the fewest checks that turned it, if any did.

    `followed` is what follows from it in the second decision.
    """

    rule: str
    title: str
    before: Truth
    after: Truth
    checks: tuple[CheckChange, ...]
    followed: str


class Difference(Value):
    """Everything that differs from `before` to `after`; the `gone` are in `before` only."""

    before: Outline
    after: Outline
    readings: tuple[ReadingChange, ...] = ()
    rules: tuple[RuleChange, ...] = ()
    targets: tuple[TargetChange, ...] = ()
    orders: tuple[OrderChange, ...] = ()
    cancels_gone: tuple[Cancel, ...] = ()
    cancels_new: tuple[Cancel, ...] = ()
    reprices_gone: tuple[Reprice, ...] = ()
    reprices_new: tuple[Reprice, ...] = ()
    overrides_gone: tuple[Override, ...] = ()
    overrides_new: tuple[Override, ...] = ()
    critical_gone: tuple[str, ...] = ()
    critical_new: tuple[str, ...] = ()
    tipped: tuple[Tipping, ...] = ()

    @property
    def acts(self) -> bool:
        """Whether the outcome differs: stages, targets, orders or what a person must hear of."""
        return _moves(self.before) != _moves(self.after) or any(
            (
                self.targets,
                self.orders,
                self.cancels_gone,
                self.cancels_new,
                self.reprices_gone,
                self.reprices_new,
                self.critical_gone,
                self.critical_new,
            )
        )


def difference(before: Decision, after: Decision) -> Difference:
    """Return what changed from `before` to `after`, with what tipped the outcome if it did."""
    rules = _rules(before, after)
    cancels = _only(before.cancels, after.cancels)
    reprices = _only(before.reprices, after.reprices)
    overrides = _only(before.overrides, after.overrides)
    critical = _only(before.critical, after.critical)
    found = Difference(
        before=_outline(before),
        after=_outline(after),
        readings=_readings(before, after),
        rules=rules,
        targets=_targets(before, after),
        orders=_orders(before, after),
        cancels_gone=cancels[0],
        cancels_new=cancels[1],
        reprices_gone=reprices[0],
        reprices_new=reprices[1],
        overrides_gone=overrides[0],
        overrides_new=overrides[1],
        critical_gone=critical[0],
        critical_new=critical[1],
    )
    if not found.acts:
        return found
    tipped = tuple(tipping for tipping in map(_tipping, rules) if tipping is not None)
    return replace(found, tipped=tipped)


def _outline(decision: Decision) -> Outline:
    return Outline(
        decision_id=decision.decision_id,
        at=decision.at,
        policy_hash=decision.policy_hash,
        stage_before=decision.stage_before,
        stage=decision.stage,
        entered=decision.entered,
        left=decision.left,
        summary=decision.summary,
    )


def _moves(outline: Outline) -> tuple[object, ...]:
    return outline.stage, outline.entered, outline.left


ItemT = TypeVar("ItemT")


def _paired(
    before: Iterable[ItemT], after: Iterable[ItemT], key: Callable[[ItemT], Hashable]
) -> list[tuple[ItemT | None, ItemT | None]]:
    """Pair what has the same key, the first with the first; in the order of `after`, then rest."""
    waiting: dict[Hashable, list[ItemT]] = {}
    for one in before:
        waiting.setdefault(key(one), []).append(one)
    pairs: list[tuple[ItemT | None, ItemT | None]] = []
    for other in after:
        same = waiting.get(key(other))
        pairs.append((same.pop(0) if same else None, other))
    return pairs + [(one, None) for left in waiting.values() for one in left]


def _only(
    before: Sequence[ItemT], after: Sequence[ItemT]
) -> tuple[tuple[ItemT, ...], tuple[ItemT, ...]]:
    gone = tuple(one for one in before if one not in after)
    return gone, tuple(one for one in after if one not in before)


def _readings(before: Decision, after: Decision) -> tuple[ReadingChange, ...]:
    pairs = _paired(before.readings, after.readings, lambda reading: reading.name)
    return tuple(
        ReadingChange(name=(old or new).name, before=old, after=new)  # type: ignore[union-attr]
        for old, new in pairs
        if _said_by(old) != _said_by(new)
    )


def _said_by(reading: Reading | None) -> object:
    return None if reading is None else (reading.state, reading.value)


def _targets(before: Decision, after: Decision) -> tuple[TargetChange, ...]:
    old, new = _targets_of(before), _targets_of(after)
    return tuple(
        TargetChange(tier=tier, before=old.get(tier), after=new.get(tier))
        for tier in Tier
        if old.get(tier) != new.get(tier)
    )


def _targets_of(decision: Decision) -> dict[Tier, int]:
    tiers = () if decision.ladder is None else decision.ladder.tiers
    return {row.tier: row.target for row in tiers}


def _orders(before: Decision, after: Decision) -> tuple[OrderChange, ...]:
    pairs = _paired(before.intents, after.intents, _order_key)
    return tuple(
        OrderChange(before=old, after=new)
        for old, new in pairs
        if old is None or new is None or _terms(old) != _terms(new)
    )


def _order_key(intent: Intent) -> Hashable:
    return intent.side, intent.rung, intent.con_id, intent.closes, intent.rule


def _terms(intent: Intent) -> tuple[object, ...]:
    """Return what is wanted of an order without its name, which holds the decision's."""
    return intent.quantity, intent.limit, intent.rule_class, intent.label


def _rules(before: Decision, after: Decision) -> tuple[RuleChange, ...]:
    changes = []
    for old, new in _paired(before.rules, after.rules, lambda result: result.rule):
        checks = _checks(old, new)
        if checks or _judged(old) != _judged(new):
            either = new or old
            assert either is not None
            changes.append(
                RuleChange(
                    rule=either.rule, title=either.title, before=old, after=new, checks=checks
                )
            )
    return tuple(changes)


def _judged(result: RuleResult | None) -> object:
    return None if result is None else (result.truth, result.status, result.followed)


def _checks(before: RuleResult | None, after: RuleResult | None) -> tuple[CheckChange, ...]:
    return tuple(
        change
        for change in _paired_checks(before, after)
        if change.before is None or change.after is None or _asked(change)
    )


def _asked(change: CheckChange) -> bool:
    assert change.before is not None
    assert change.after is not None
    return change.turned or change.before.threshold != change.after.threshold


def _paired_checks(before: RuleResult | None, after: RuleResult | None) -> list[CheckChange]:
    """Pair the checks by what they ask; those of `after` come first, in their order."""
    old = () if before is None else before.checks
    new = () if after is None else after.checks
    return [
        CheckChange(what=(one or other).what, before=one, after=other)  # type: ignore[union-attr]
        for one, other in _paired(old, new, lambda check: (check.what, check.operator))
    ]


def _tipping(change: RuleChange) -> Tipping | None:
    """Return what turned a rule that stands on the way to the outcome, None for any other.

    A rule stands there when something else follows from it. Where its logic is not known, every
    check that turned is named. A rule may turn by numbers alone, with no check turned.
    """
    before, after = change.before, change.after
    if before is None or after is None or before.followed == after.followed:
        return None
    turned = tuple(check for check in change.checks if check.turned)
    if after.logic is not None:
        turned = _decisive(before, after) if before.truth is not after.truth else ()
    if not turned and before.truth is after.truth:
        return None
    return Tipping(
        rule=change.rule,
        title=change.title,
        before=before.truth,
        after=after.truth,
        checks=turned,
        followed=after.followed,
    )


def _decisive(before: RuleResult, after: RuleResult) -> tuple[CheckChange, ...]:
    """Return the fewest checks whose turning alone turns the rule.

    A check that was not asked before stands as it is now: it did not turn.
    """
    assert after.logic is not None
    pairs = _paired_checks(before, after)[: len(after.checks)]
    moves = [_move(pair) for pair in pairs]
    if truth_in(after.logic, [move.standing for move in moves]) is after.truth:
        return tuple(pair for pair in pairs if pair.turned)
    found = fewest_moves(after.logic, after.truth, moves)
    return tuple(pairs[position] for position in found or ())


def _move(pair: CheckChange) -> Move:
    assert pair.after is not None
    standing = pair.after.truth if pair.before is None else pair.before.truth
    return Move(standing, frozenset({pair.after.truth}))
