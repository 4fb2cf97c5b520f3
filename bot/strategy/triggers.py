"""Triggers evaluated: a `Condition` over readings gives a three-valued truth and its checks.

A comparison with a reading that is not `ok` is unknown, also one that names no reading at all. An
exit is judged more leniently: a part whose signal has no source drops out as long as another part
remains, and is listed as blind; a stale part stays unknown (methodology.md section 4).
"""

import operator
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import count
from typing import NamedTuple, assert_never

from bot.domain.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Negation,
    Operator,
    comparisons,
)
from bot.domain.decision import Check
from bot.domain.logic import Every, Inverse, Logic, Some, shifted, truth_in, without
from bot.domain.readings import Reading, Readings, ReadingState, Scalar
from bot.domain.truth import Truth

_ORDER: dict[Operator, Callable[[float, float], bool]] = {
    Operator.ABOVE: operator.gt,
    Operator.AT_LEAST: operator.ge,
    Operator.BELOW: operator.lt,
    Operator.AT_MOST: operator.le,
}


class Finding(NamedTuple):
    """What a condition came to: its truth, each comparison, and the signals without a source.

    `logic` says how the comparisons join to the truth.
    """

    truth: Truth
    checks: tuple[Check, ...] = ()
    blind: tuple[str, ...] = ()
    logic: Logic = Every(parts=())


def found(check: Check) -> Finding:
    """Return a check of its own as a finding, to be joined with others."""
    return Finding(check.truth, (check,), logic=0)


def every(*findings: Finding) -> Finding:
    """Return the finding that all of these hold."""
    return _joined(findings, Every(parts=_side_by_side(findings)))


def some(*findings: Finding) -> Finding:
    """Return the finding that one of these holds."""
    return _joined(findings, Some(parts=_side_by_side(findings)))


def _joined(findings: Iterable[Finding], logic: Logic) -> Finding:
    checks = tuple(check for finding in findings for check in finding.checks)
    blind = dict.fromkeys(name for finding in findings for name in finding.blind)
    return Finding(truth_in(logic, [check.truth for check in checks]), checks, tuple(blind), logic)


def _side_by_side(findings: Iterable[Finding]) -> tuple[Logic, ...]:
    """Return the findings' trees over the checks of all of them, one after another."""
    trees: list[Logic] = []
    before = 0
    for finding in findings:
        trees.append(shifted(finding.logic, before))
        before += len(finding.checks)
    return tuple(trees)


def judge(condition: Condition, readings: Readings, now: datetime) -> Finding:
    """Evaluate `condition`; `blind` names its signals that have no source.

    Args:
        condition: The trigger, an entry or a confirmation.
        readings: All readings of this evaluation.
        now: The instant of the evaluation, for the ages in the checks.
    """
    leaves = comparisons(condition)
    checks = tuple(_check(leaf, readings, now) for leaf in leaves)
    logic = _tree(condition, count())
    truth = truth_in(logic, [check.truth for check in checks])
    return Finding(truth, checks, _blind(leaves, readings), logic)


def judge_exit(condition: Condition, readings: Readings, now: datetime) -> Finding:
    """Evaluate an exit: parts without a source drop out as long as another part remains."""
    whole = judge(condition, readings, now)
    unseen = [
        position
        for position, leaf in enumerate(comparisons(condition))
        if _is_missing(leaf, readings)
    ]
    seeing = without(whole.logic, unseen)
    if seeing is None:
        return whole._replace(truth=Truth.UNKNOWN)
    truth = truth_in(seeing, [check.truth for check in whole.checks])
    return whole._replace(truth=truth, logic=seeing)


def compared(leaf: Compare, reading: Reading | None) -> Truth:
    """Compare one reading with a threshold; unknown unless it is ok and of the threshold's kind."""
    value = None if reading is None else reading.usable
    if value is None:
        return Truth.UNKNOWN
    if leaf.operator is Operator.IS:
        same_kind = type(value) is type(leaf.threshold)
        return Truth.of(value == leaf.threshold if same_kind else None)
    number, threshold = _number(value), _number(leaf.threshold)
    if number is None or threshold is None:
        return Truth.UNKNOWN
    return Truth.of(_ORDER[leaf.operator](number, threshold))


def _number(value: Scalar) -> float | None:
    return None if isinstance(value, bool | str) else float(value)


def _check(leaf: Compare, readings: Readings, now: datetime) -> Check:
    reading = readings.by_name.get(leaf.signal)
    as_of = None if reading is None else reading.as_of
    return Check(
        what=leaf.signal,
        truth=compared(leaf, reading),
        value=None if reading is None else reading.value,
        operator=leaf.operator.value,
        threshold=leaf.threshold,
        state=ReadingState.MISSING if reading is None else reading.state,
        age_seconds=None if as_of is None else (now - as_of).total_seconds(),
    )


def _tree(condition: Condition, positions: Iterator[int]) -> Logic:
    """Return how the comparisons join; they are visited left to right, each once."""
    match condition:
        case Compare():
            return next(positions)
        case Negation(part=part):
            return Inverse(part=_tree(part, positions))
        case AllOf(parts=parts):
            return Every(parts=tuple(_tree(part, positions) for part in parts))
        case AnyOf(parts=parts):
            return Some(parts=tuple(_tree(part, positions) for part in parts))
        case _:
            assert_never(condition)


def _is_missing(leaf: Compare, readings: Readings) -> bool:
    reading = readings.by_name.get(leaf.signal)
    return reading is None or reading.state is ReadingState.MISSING


def _blind(leaves: tuple[Compare, ...], readings: Readings) -> tuple[str, ...]:
    return tuple(dict.fromkeys(leaf.signal for leaf in leaves if _is_missing(leaf, readings)))
