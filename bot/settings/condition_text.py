"""Triggers in a policy file: `"vix.level > 18"`, or a table with one of all, any, not.

Reads them into `bot.domain.conditions` and writes them back the same way.
"""

import math
import re
from collections.abc import Callable, Mapping

from bot.domain.conditions import AllOf, AnyOf, Compare, Condition, Negation, Operator
from bot.domain.readings import Scalar
from bot.settings.problems import meant, unknown_key

COMPARISON = re.compile(r"^\s*([A-Za-z0-9_.]+)\s*([<>=!~]+|\s[A-Za-z]+\s)\s*(\S+)\s*$")
WORD = re.compile(r"^[a-z_]+$")
EXPECTED = '"signal > number", "signal is word", or a table with one of all, any, not'
LIKELY = {"=>": ">=", "=<": "<=", "=": "is", "==": "is", "equals": "is"}
"""What people write for an operator."""

Complain = Callable[[str, str], None]
"""Takes a place and what is wrong there."""


class ConditionReader:
    """Reads conditions, telling `complain` of every fault.

    `answers` holds, for every signal there is, all it may say; nothing for one that is a number.
    """

    def __init__(self, answers: Mapping[str, tuple[Scalar, ...]], complain: Complain) -> None:
        self._answers = answers
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
        signal, sign, threshold = (part.strip() for part in match.groups())
        faults = [
            *self._signal_faults(signal),
            *_operator_faults(sign),
        ] or self._threshold_faults(signal, Operator(sign), threshold)
        for fault in faults:
            self._complain(place, fault)
        if faults:
            return None
        return Compare(signal=signal, operator=Operator(sign), threshold=_threshold(threshold))

    def _signal_faults(self, signal: str) -> list[str]:
        if signal in self._answers:
            return []
        return [f"{signal}: {unknown_key(signal, self._answers, 'signal')}"]

    def _threshold_faults(self, signal: str, operator: Operator, threshold: str) -> list[str]:
        """Return what speaks against comparing this signal in this way with this threshold."""
        answers = [_shown(answer) for answer in self._answers[signal]]
        if not answers and (operator is Operator.IS or not _is_number(threshold)):
            return [
                f"{signal} is a number, expected >, >=, < or <= and a number, got {threshold!r}"
            ]
        if answers and operator is not Operator.IS:
            return [f"{signal} is no number, expected `is` and {_or(answers)}"]
        if answers and threshold not in answers:
            hint = meant(threshold, answers)
            return [f"{signal}: expected {_or(answers)} after is, got {threshold!r}{hint}"]
        return []

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


def _operator_faults(sign: str) -> list[str]:
    known = [operator.value for operator in Operator]
    if sign in known:
        return []
    return [f"expected one of {', '.join(known)}, got {sign!r}{meant(sign, known, LIKELY)}"]


def _threshold(text: str) -> Scalar:
    if text in {"true", "false"}:
        return text == "true"
    return text if WORD.match(text) else float(text)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _shown(threshold: Scalar) -> str:
    if isinstance(threshold, bool):
        return str(threshold).lower()
    return f"{threshold!r}".removesuffix(".0") if isinstance(threshold, float) else str(threshold)


def _or(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
