"""What another policy would do differently, in words: "stage 1 is entered above 20 instead of 18".

The keys and what they mean are read off the policy's type (`bot.domain.policy_keys`), so that a new
key is spoken of without a line here. Equal changes of several rungs or tiers are told once.
"""

from itertools import groupby
from typing import Any, assert_never

from bot.domain.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Negation,
    Operator,
    comparisons,
    describe,
)
from bot.domain.policy import Policy
from bot.domain.policy_keys import PolicyKey, policy_keys
from bot.domain.value import Value
from bot.review.phrases import RELATIONS, listed
from bot.review.terms import term_of

LEVEL = "vix.level"
"""The signal that needs no name: a bare number of a trigger is a level of VIX."""


class PolicyChange(Value):
    """One thing that differs: the keys of the file, both values as written, and the words.

    A value is None where a policy does not have the key at all.
    """

    places: tuple[str, ...]
    before: str | None
    after: str | None
    words: str
    source: str = ""


def policy_changes(before: Policy, after: Policy) -> tuple[PolicyChange, ...]:
    """Return all that differs between two policies, in the order of the file."""
    old = {key.place: key for key in policy_keys(before)}
    new = {key.place: key for key in policy_keys(after)}
    places = [*old, *(place for place in new if place not in old)]
    pairs = [(old.get(place), new.get(place)) for place in places]
    changed = [(one, two) for one, two in pairs if _value(one) != _value(two)]
    groups = groupby(changed, key=_likeness)
    return tuple(_change(list(group)) for _, group in groups)


Pair = tuple[PolicyKey | None, PolicyKey | None]


def _value(key: PolicyKey | None) -> Any:
    return None if key is None else key.value


def _likeness(pair: Pair) -> tuple[object, ...]:
    """Return what pairs share that are told as one: the kind of item, the key and both values."""
    key = _either(pair)
    if not key.subject or key.is_trigger:
        return (key.place,)
    return (
        key.subject.partition(" ")[0],
        key.meaning,
        repr(_value(pair[0])),
        repr(_value(pair[1])),
    )


def _either(pair: Pair) -> PolicyKey:
    key = pair[1] or pair[0]
    assert key is not None
    return key


def _change(pairs: list[Pair]) -> PolicyChange:
    old, new = pairs[0]
    key = _either(pairs[0])
    return PolicyChange(
        places=tuple(_either(pair).place for pair in pairs),
        before=None if old is None else _plain(old),
        after=None if new is None else _plain(new),
        words=_subject([_either(pair) for pair in pairs]) + _words(old, new),
        source=key.source,
    )


def _plain(key: PolicyKey) -> str:
    return describe(key.value) if key.is_trigger else _said(key)


def _subject(keys: list[PolicyKey]) -> str:
    """Return `rungs M1 and M2: ` for items of a list, else nothing; triggers name their own."""
    if not keys[0].subject or keys[0].is_trigger:
        return ""
    kind = keys[0].subject.partition(" ")[0]
    names = [key.subject.partition(" ")[2] for key in keys]
    return f"{kind}{'s' if len(names) > 1 else ''} {listed(names)}: "


def _words(old: PolicyKey | None, new: PolicyKey | None) -> str:
    if old is None:
        assert new is not None
        return f"{_what(new)} is new: {_plain(new)}"
    if new is None:
        return f"{_what(old)} is gone: {_plain(old)}"
    if old.is_trigger and new.is_trigger:
        return f"{_event(new)} {_trigger(old.value, new.value)}"
    return f"{_what(new)}: {_said(new)} instead of {_said(old)}"


def _what(key: PolicyKey) -> str:
    if key.is_trigger:
        return key.subject or key.meaning or key.place
    return key.meaning or key.place


def _event(key: PolicyKey) -> str:
    """Return what happens when a trigger is true."""
    return key.meaning or (f"{key.subject} is true" if key.subject else f"{key.place} is true")


def _said(key: PolicyKey) -> str:
    if key.unit == "share":
        return f"{100 * key.value:.6g} %"
    number = f"{key.value:g}" if isinstance(key.value, float) else str(key.value)
    unit = "" if key.unit in {"", "ratio", "delta"} else f" {key.unit}"
    return f"{number}{unit}"


def _trigger(old: Condition, new: Condition) -> str:
    """Return how a trigger changed: the comparisons that differ where its shape is the same."""
    if _shape(old) != _shape(new):
        return f"when {describe(new)} instead of when {describe(old)}"
    pairs = zip(comparisons(old), comparisons(new), strict=True)
    return listed([_comparison(one, two) for one, two in pairs if one != two])


def _shape(condition: Condition) -> tuple[object, ...]:
    """Return the condition without its thresholds and bounds; a truth value asked for is shape."""
    match condition:
        case Compare(signal=signal, operator=Operator.IS, threshold=threshold):
            return (signal, threshold if isinstance(threshold, bool) else Operator.IS)
        case Compare(signal=signal):
            return (signal, "order")
        case Negation(part=part):
            return ("not", _shape(part))
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return (type(condition), *(_shape(part) for part in parts))
        case _:
            assert_never(condition)


def _comparison(old: Compare, new: Compare) -> str:
    term = term_of(new.signal)
    if new.operator is Operator.IS:
        return f"with {term.name} {new.threshold} instead of {old.threshold}"
    name = "" if new.signal == LEVEL else f"with {term.name} "
    before = f"{old.threshold:g}{term.unit}"
    if old.operator is not new.operator:
        before = f"{RELATIONS[old.operator]} {before}"
    return f"{name}{RELATIONS[new.operator]} {new.threshold:g}{term.unit} instead of {before}"
