"""Reads the NUL-separated fields of one message, strictly.

Python's own `int` and `float` accept underscores, blanks, foreign digits and infinities; a peer's
number has to look like one and to be of a believable size, or the message is refused as a whole.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from bot.exchange.wire.errors import ProtocolError

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,3})?")
# The clients' "not set": the largest double, however printed, and the largest 32-bit integer.
_UNSET_FLOOR = Decimal("1.797e308")
_UNSET_INTEGER = 2**31 - 1
_LARGEST = Decimal("1e15")
_SMALLEST = Decimal("1e-12")
_FLAGS = {"": False, "0": False, "1": True, "false": False, "true": True}


class FieldReader:
    """A cursor over one message's fields; every method raises ProtocolError for a bad field."""

    def __init__(self, fields: Sequence[str]) -> None:
        self._fields = fields
        self._position = 0

    @property
    def remaining(self) -> int:
        """How many fields are left."""
        return len(self._fields) - self._position

    def finish(self) -> None:
        """Make sure that nothing is left."""
        if self.remaining:
            raise ProtocolError(f"{self.remaining} fields too many")

    def text(self) -> str:
        """Return the next field as it is."""
        if not self.remaining:
            raise ProtocolError("message ends early")
        self._position += 1
        return self._fields[self._position - 1]

    def integer(self) -> int:
        """Return a whole number that must be there."""
        text = self.text()
        if not _INTEGER.fullmatch(text):
            raise ProtocolError(f"not a whole number: {text[:40]!r}")
        return int(text)

    def optional_integer(self) -> int | None:
        """Return a whole number, None if unset."""
        if self._skip_empty():
            return None
        value = self.integer()
        return None if value == _UNSET_INTEGER else value

    def integer_or_zero(self) -> int:
        """Return a whole number, zero if the field is empty."""
        return 0 if self._skip_empty() else self.integer()

    def flag(self) -> bool:
        """Return a truth value; an empty field is false."""
        text = self.text()
        if text.lower() not in _FLAGS:
            raise ProtocolError(f"not a truth value: {text[:40]!r}")
        return _FLAGS[text.lower()]

    def optional_flag(self) -> bool | None:
        """Return a truth value, None if the field is empty."""
        return None if self._skip_empty() else self.flag()

    def optional_decimal(self) -> Decimal | None:
        """Return a number, None if unset (empty or the largest double)."""
        text = self.text()
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise ProtocolError(f"not a number: {text[:40]!r}")
        value = Decimal(text)
        if value >= _UNSET_FLOOR:
            return None
        if value and not _SMALLEST <= abs(value) <= _LARGEST:
            raise ProtocolError(f"absurd number: {text[:40]!r}")
        return value

    def number_or_zero(self) -> float:
        """Return a number, zero if unset."""
        return float(self.optional_decimal() or 0)

    def count(self) -> int:
        """Return how many entries follow; more than there are fields left is a lie."""
        value = self.integer_or_zero()
        if not 0 <= value <= self.remaining:
            raise ProtocolError(f"absurd count: {value}")
        return value

    def _skip_empty(self) -> bool:
        if self.remaining and not self._fields[self._position]:
            self._position += 1
            return True
        return False
