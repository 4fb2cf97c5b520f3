"""Every key of a policy with its meaning, unit, bounds and source, read off its type.

`bot.domain.policy` says all of it once, in annotations and docstrings; here it is looked up, so
that the policy file, its listing, its comparison and the documentation need no line for a new key.
Keys are named as the file names them: an item of a list (a rung, a tier, a confirmation) is a table
or a key of its own, called after its first field.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from msgspec import Meta

from bot.domain.conditions import AllOf, AnyOf, Compare, Negation
from bot.domain.policy import Policy, StagePolicy
from bot.domain.value import Value

CONDITIONS = (Compare, AllOf, AnyOf, Negation)

UNITS = ("days", "sessions", "bars", "points", "evaluations", "closes", "seconds", "minutes")
"""Units that a meaning may close with, or a key end in."""

WORD_UNITS = {
    "rsi": "RSI points",
    "dte": "days",
    "ratio": "ratio",
    "cap": "times",
    "multiple": "times",
    "floor": "points",
    "nav": "share",
    "delta": "delta",
    "tolerance": "delta",
    "rate": "a year",
}
"""Units that a word of a key stands for, the last one first.

`Meta(extra={"unit": ...})` states any other.
"""

STAGES = {"one": (1, "R5"), "two": (2, "R7"), "three": (3, "R8")}
"""The stages' keys, their numbers, and the rules that enter them; R12 leaves them."""

_SOURCE = re.compile(r" \(([^()]*\b(?:[RG]\d+|section \d+)\b[^()]*)\)")


class PolicyKey(Value):
    """One setting of a policy.

    `place` is the dotted key in the file; `subject` names the item of a list it belongs to, such as
    `rung S1`; `unit` is empty for triggers and words.
    """

    place: str
    value: Any
    meaning: str = ""
    unit: str = ""
    bounds: tuple[str, ...] = ()
    source: str = ""
    subject: str = ""

    @property
    def name(self) -> str:
        """The last part of the place."""
        return self.place.rpartition(".")[2]

    @property
    def table(self) -> str:
        """The place without its last part, empty at the top of the file."""
        return self.place.rpartition(".")[0]

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that the source names."""
        return tuple(re.findall(r"\bR\d+\b", self.source))

    @property
    def is_trigger(self) -> bool:
        """Whether the value is a condition over readings."""
        return isinstance(self.value, CONDITIONS)


class _Context(NamedTuple):
    """Where a value stands: its dotted key, what it belongs to, the source it inherits."""

    place: str = ""
    subject: str = ""
    source: str = ""

    def inside(self, name: str) -> "_Context":
        return self._replace(place=f"{self.place}.{name}" if self.place else name)


def policy_keys(policy: Policy) -> tuple[PolicyKey, ...]:
    """Return every key of `policy` in the order of the file: a table's own keys come first."""
    return tuple(_keys(policy, _Context()))


def bare(hint: object) -> object:
    """Return a type without its annotations."""
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _keys(value: Value, context: _Context) -> Iterator[PolicyKey]:
    hints = get_type_hints(type(value), include_extras=True)
    context = context._replace(source=_source_in(type(value).__doc__ or "") or context.source)
    nested = {name for name in hints if _is_nested(getattr(value, name), hints[name])}
    for name in hints:
        if name not in nested:
            yield _key(value, name, hints[name], context.inside(name))
    for name in hints:
        if name in nested:
            yield from _nested(getattr(value, name), context.inside(name))


def _is_nested(value: object, hint: object) -> bool:
    if isinstance(value, tuple):
        kind = get_args(bare(hint))[0]
        return isinstance(kind, type) and issubclass(kind, Value)
    return isinstance(value, Value) and not isinstance(value, CONDITIONS)


def _nested(value: Any, context: _Context) -> Iterator[PolicyKey]:
    if isinstance(value, Value):
        yield from _keys(value, context)
        return
    for item in value:
        yield from _item(item, context)


def _item(item: Value, context: _Context) -> Iterator[PolicyKey]:
    """Yield the keys of one item of a list: its first field names it."""
    first, *others = get_type_hints(type(item), include_extras=True).items()
    label = str(getattr(item, first[0]))
    kind = type(item).__name__.removesuffix("Policy").lower()
    source = _source_in(type(item).__doc__ or "") or context.source
    context = context.inside(label)._replace(subject=f"{kind} {label}", source=source)
    for name, hint in others:
        yield _key(item, name, hint, context if len(others) == 1 else context.inside(name))


def _key(value: Value, name: str, hint: object, context: _Context) -> PolicyKey:
    metas = [meta for meta in get_args(hint) if isinstance(meta, Meta)]
    described = next((meta.description for meta in metas if meta.description), "")
    if isinstance(value, StagePolicy):
        described = _stage_words(context.place, name)
    meaning = _SOURCE.sub("", described)
    found = getattr(value, name)
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    unit = _unit(name, meaning, metas) if is_number else ""
    return PolicyKey(
        place=context.place,
        value=found,
        meaning=meaning.removesuffix(f", {unit}"),
        unit=unit,
        bounds=_bounds(metas),
        source=_source_in(described) or context.source,
        subject=context.subject,
    )


def _stage_words(place: str, name: str) -> str:
    number, rule = STAGES[place.split(".")[-2]]
    return f"stage {number} is " + (f"entered ({rule})" if name == "enter" else "left (R12)")


def _source_in(text: str) -> str:
    found = _SOURCE.search(text.partition("\n")[0])
    return "" if found is None else found.group(1)


def _bounds(metas: list[Meta]) -> tuple[str, ...]:
    return tuple(
        f"{sign} {bound:g}"
        for meta in metas
        for sign, bound in ((">=", meta.ge), (">", meta.gt), ("<=", meta.le), ("<", meta.lt))
        if bound is not None
    )


def _unit(name: str, meaning: str, metas: list[Meta]) -> str:
    """Return what a number counts: as stated, by its meaning's or key's last word, else a share."""
    words = name.split("_")[::-1]
    candidates = (
        *(str(meta.extra["unit"]) for meta in metas if meta.extra),
        *(word for word in (meaning.rpartition(" ")[2], words[0]) if word in UNITS),
        *(WORD_UNITS[word] for word in words if word in WORD_UNITS),
        "share" if _is_share(metas) else "",
    )
    return next(filter(None, candidates), "")


def _is_share(metas: list[Meta]) -> bool:
    upper = [meta.le for meta in metas if meta.le is not None]
    lower = [bound for meta in metas for bound in (meta.ge, meta.gt) if bound is not None]
    return upper == [1.0] and lower == [0.0]
