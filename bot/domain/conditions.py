"""Triggers as data: comparisons over named signals, joined by all / any / not.

The policy file writes a comparison as text, `"vix.level > 18"` or `"vix.macd is bullish"`, and a
trigger as `all = [...]`, `any = [...]` or `not = ...`. Here is the value they become; it is
evaluated by `bot.strategy.triggers` and read from text by `bot.settings`.
"""

from enum import StrEnum
from typing import Union, assert_never

from bot.domain.readings import Scalar
from bot.domain.value import Value


class Operator(StrEnum):
    """How a reading is compared with a threshold."""

    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="
    IS = "is"


class Compare(Value, tag="compare"):
    """`signal operator threshold`, e.g. `vix.level > 18`."""

    signal: str
    operator: Operator
    threshold: Scalar

    def __post_init__(self) -> None:
        """Order comparisons want a number; `is` wants a word or a truth value."""
        is_number = isinstance(self.threshold, int | float) and not isinstance(self.threshold, bool)
        if (self.operator is Operator.IS) == is_number:
            raise ValueError(f"{self.signal} {self.operator} {self.threshold!r} cannot be compared")


class AllOf(Value, tag="all"):
    """True when every part is true."""

    parts: tuple["Condition", ...]


class AnyOf(Value, tag="any"):
    """True when one part is true."""

    parts: tuple["Condition", ...]


class Negation(Value, tag="not"):
    """True when the part is false."""

    part: "Condition"


Condition = Union[Compare, AllOf, AnyOf, Negation]  # noqa: UP007 - a forward reference needs it


def above(signal: str, threshold: float) -> Compare:
    """Return `signal > threshold`."""
    return Compare(signal=signal, operator=Operator.ABOVE, threshold=threshold)


def at_least(signal: str, threshold: float) -> Compare:
    """Return `signal >= threshold`."""
    return Compare(signal=signal, operator=Operator.AT_LEAST, threshold=threshold)


def below(signal: str, threshold: float) -> Compare:
    """Return `signal < threshold`."""
    return Compare(signal=signal, operator=Operator.BELOW, threshold=threshold)


def at_most(signal: str, threshold: float) -> Compare:
    """Return `signal <= threshold`."""
    return Compare(signal=signal, operator=Operator.AT_MOST, threshold=threshold)


def says(signal: str, word: str) -> Compare:
    """Return `signal is word`."""
    return Compare(signal=signal, operator=Operator.IS, threshold=word)


def holds(signal: str) -> Compare:
    """Return `signal is true`."""
    return Compare(signal=signal, operator=Operator.IS, threshold=True)


def fails(signal: str) -> Compare:
    """Return `signal is false`."""
    return Compare(signal=signal, operator=Operator.IS, threshold=False)


def comparisons(condition: Condition) -> tuple[Compare, ...]:
    """Return the comparisons of a condition, left to right."""
    match condition:
        case Compare():
            return (condition,)
        case Negation(part=part):
            return comparisons(part)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return tuple(leaf for part in parts for leaf in comparisons(part))
        case _:
            assert_never(condition)


def describe(condition: Condition) -> str:
    """Return the condition as a person would write it."""
    match condition:
        case Compare(signal=signal, operator=operator, threshold=threshold):
            shown = str(threshold).lower() if isinstance(threshold, bool) else threshold
            return f"{signal} {operator} {shown}"
        case Negation(part=part):
            return f"not ({describe(part)})"
        case AllOf(parts=parts):
            return " and ".join(_grouped(part) for part in parts) or "always"
        case AnyOf(parts=parts):
            return " or ".join(_grouped(part) for part in parts) or "never"
        case _:
            assert_never(condition)


def _grouped(part: Condition) -> str:
    if isinstance(part, AllOf | AnyOf) and len(part.parts) > 1:
        return f"({describe(part)})"
    return describe(part)
