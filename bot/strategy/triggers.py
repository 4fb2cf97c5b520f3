"""Triggers evaluated: a `Condition` over readings gives a three-valued truth and its checks.

A comparison with a reading that is not `ok` is unknown, also one that names no reading at all. An
exit is judged more leniently: a part whose signal has no source drops out as long as another part
remains, and is listed as blind; a stale part stays unknown (methodology.md section 4).
"""

import operator
from collections.abc import Callable
from datetime import datetime
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
from bot.domain.readings import Reading, Readings, ReadingState, Scalar
from bot.domain.truth import Truth, all_of, any_of

_ORDER: dict[Operator, Callable[[float, float], bool]] = {
    Operator.ABOVE: operator.gt,
    Operator.AT_LEAST: operator.ge,
    Operator.BELOW: operator.lt,
    Operator.AT_MOST: operator.le,
}


class Finding(NamedTuple):
    """What a condition came to: its truth, each comparison, and the signals without a source."""

    truth: Truth
    checks: tuple[Check, ...] = ()
    blind: tuple[str, ...] = ()


def judge(condition: Condition, readings: Readings, now: datetime) -> Finding:
    """Evaluate `condition`; `blind` names its signals that have no source.

    Args:
        condition: The trigger, an entry or a confirmation.
        readings: All readings of this evaluation.
        now: The instant of the evaluation, for the ages in the checks.
    """
    leaves = comparisons(condition)
    checks = tuple(_check(leaf, readings, now) for leaf in leaves)
    truths = iter([check.truth for check in checks])
    return Finding(_fold(condition, lambda _: next(truths)), checks, _blind(leaves, readings))


def judge_exit(condition: Condition, readings: Readings, now: datetime) -> Finding:
    """Evaluate an exit: parts without a source drop out as long as another part remains."""
    seeing = _without_blind(condition, readings)
    whole = judge(condition, readings, now)
    if seeing is None:
        return whole._replace(truth=Truth.UNKNOWN)
    return whole._replace(truth=judge(seeing, readings, now).truth)


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


def _fold(condition: Condition, truth_of: Callable[[Compare], Truth]) -> Truth:
    """Join the truths of the comparisons, which are visited left to right, each once."""
    match condition:
        case Compare():
            return truth_of(condition)
        case Negation(part=part):
            return _fold(part, truth_of).negate()
        case AllOf(parts=parts):
            return all_of([_fold(part, truth_of) for part in parts])
        case AnyOf(parts=parts):
            return any_of([_fold(part, truth_of) for part in parts])
        case _:
            assert_never(condition)


def _is_missing(leaf: Compare, readings: Readings) -> bool:
    reading = readings.by_name.get(leaf.signal)
    return reading is None or reading.state is ReadingState.MISSING


def _blind(leaves: tuple[Compare, ...], readings: Readings) -> tuple[str, ...]:
    return tuple(dict.fromkeys(leaf.signal for leaf in leaves if _is_missing(leaf, readings)))


def _without_blind(condition: Condition, readings: Readings) -> Condition | None:
    match condition:
        case Compare():
            return None if _is_missing(condition, readings) else condition
        case Negation(part=part):
            kept = _without_blind(part, readings)
            return None if kept is None else Negation(part=kept)
        case AllOf(parts=parts):
            seeing = _seeing(parts, readings)
            return AllOf(parts=seeing) if seeing else None
        case AnyOf(parts=parts):
            seeing = _seeing(parts, readings)
            return AnyOf(parts=seeing) if seeing else None
        case _:
            assert_never(condition)


def _seeing(parts: tuple[Condition, ...], readings: Readings) -> tuple[Condition, ...]:
    kept = (_without_blind(part, readings) for part in parts)
    return tuple(part for part in kept if part is not None)
