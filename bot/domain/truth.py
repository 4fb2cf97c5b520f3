"""Three-valued logic: a comparison with something we do not know is neither true nor false.

Kleene's strong logic (methodology.md section 2): `all` is false if any part is false, else unknown
if any is unknown; `any` is true if any part is true, else unknown if any is unknown; the negation
of unknown is unknown. A trigger fires only on `TRUE`.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self


class Truth(StrEnum):
    """True, false or unknown; deliberately without a boolean value."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> Self:  # noqa: FBT001 - the one place a bool becomes a truth
        """Return the truth of a boolean; `None` is unknown."""
        if value is None:
            return cls("unknown")
        return cls("true") if value else cls("false")

    @property
    def fires(self) -> bool:
        """Whether a trigger acts on this: only on true."""
        return self is Truth.TRUE

    def __bool__(self) -> bool:
        """Refuse to be taken for a boolean, so that unknown can never pass for either."""
        raise TypeError("a Truth is three-valued: ask `.fires`, or compare with Truth.FALSE")

    def negate(self) -> "Truth":
        """Return the negation; unknown stays unknown."""
        if self is Truth.UNKNOWN:
            return self
        return Truth.FALSE if self is Truth.TRUE else Truth.TRUE


def all_of(parts: Iterable[Truth]) -> Truth:
    """Return the conjunction; of no parts it is true."""
    seen = set(parts)
    if Truth.FALSE in seen:
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.TRUE


def any_of(parts: Iterable[Truth]) -> Truth:
    """Return the disjunction; of no parts it is false."""
    seen = set(parts)
    if Truth.TRUE in seen:
        return Truth.TRUE
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.FALSE
