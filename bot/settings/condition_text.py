"""Triggers in a policy file: `"vix.level > 18"`, or a table with one of all, any, not.

Reads them into `bot.domain.conditions` and writes them back the same way.
"""

import re
from collections.abc import Callable, Collection

from bot.domain.conditions import AllOf, AnyOf, Compare, Condition, Negation, Operator
from bot.domain.readings import Scalar
from bot.settings.problems import unknown_key

COMPARISON = re.compile(r"^\s*([a-z0-9_.]+)\s+(>=|<=|>|<|is)\s+(\S+)\s*$")
WORD = re.compile(r"^[a-z_]+$")
EXPECTED = '"signal > number", "signal is word", or a table with one of all, any, not'

Complain = Callable[[str, str], None]
"""Takes a place and what is wrong there."""


class ConditionReader:
    """Reads conditions, telling `complain` of every fault; `signals` are the names there are."""

    def __init__(self, signals: Collection[str], complain: Complain) -> None:
        self._signals = signals
        self._complain = complain

    def read(self, node: object, place: str) -> Condition | None:
        """Return the condition at `place`, None if it had a fault."""
        if isinstance(node, str):
            return self._comparison(node, place)
        if isinstance(node, dict) and len(node) == 1:
            (key, inner), *_ = node.items()
            return self._joined(str(key), inner, f"{place}.{key}")
        self._complain(place, f"expected {EXPECTED}, got {node!r}")
        return None

    def _comparison(self, text: str, place: str) -> Condition | None:
        match = COMPARISON.match(text)
        if match is None:
            self._complain(place, f"expected {EXPECTED}, got {text!r}")
            return None
        signal, operator, threshold = match.groups()
        if signal not in self._signals:
            self._complain(place, f"{signal}: {unknown_key(signal, self._signals, 'signal')}")
            return None
        try:
            return Compare(
                signal=signal, operator=Operator(operator), threshold=_threshold(threshold)
            )
        except ValueError:
            wanted = "a word, true or false" if operator == "is" else "a number"
            self._complain(place, f"expected {wanted} after {operator!r}, got {threshold!r}")
            return None

    def _joined(self, key: str, inner: object, place: str) -> Condition | None:
        if key == "not":
            part = self.read(inner, place)
            return None if part is None else Negation(part=part)
        if key not in {"all", "any"} or not isinstance(inner, list) or not inner:
            self._complain(place, f"expected {EXPECTED}, a list with at least one part")
            return None
        read = [self.read(node, f"{place}[{index}]") for index, node in enumerate(inner)]
        parts = tuple(part for part in read if part is not None)
        if len(parts) < len(read):
            return None
        return AllOf(parts=parts) if key == "all" else AnyOf(parts=parts)


def write_condition(condition: Condition) -> str:
    """Return the condition as TOML text that `ConditionReader` reads back."""
    match condition:
        case Compare(signal=signal, operator=operator, threshold=threshold):
            return f'"{signal} {operator} {_shown(threshold)}"'
        case Negation(part=part):
            return f"{{ not = {write_condition(part)} }}"
        case AllOf(parts=parts):
            return f"{{ all = [{', '.join(write_condition(part) for part in parts)}] }}"
        case AnyOf(parts=parts):
            return f"{{ any = [{', '.join(write_condition(part) for part in parts)}] }}"


def _threshold(text: str) -> Scalar:
    if text in {"true", "false"}:
        return text == "true"
    if WORD.match(text):
        return text
    return float(text)


def _shown(threshold: Scalar) -> str:
    if isinstance(threshold, bool):
        return str(threshold).lower()
    return f"{threshold:g}" if isinstance(threshold, float) else str(threshold)
