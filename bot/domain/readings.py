"""What a signal says: a value, its time, and whether it may be used.

A comparison with a reading that is not `OK` is unknown. `MISSING` has no source at all; `STALE` has
one that stopped speaking. Names are dotted, `vix.level`, and are what triggers in the policy name.
"""

from datetime import datetime
from enum import StrEnum

from bot.domain.value import Value

Scalar = bool | int | float | str


class ReadingState(StrEnum):
    """Whether a reading may be compared."""

    OK = "ok"
    STALE = "stale"
    MISSING = "missing"


class Reading(Value):
    """One output of one signal; units by name, documented at the signal."""

    signal: str
    name: str
    state: ReadingState
    value: Scalar | None = None
    as_of: datetime | None = None
    note: str = ""

    def __post_init__(self) -> None:
        """An `OK` reading has a value; any other reading's value is only for show."""
        if self.state is ReadingState.OK and self.value is None:
            raise ValueError(f"{self.name}: a reading without a value cannot be ok")

    @property
    def usable(self) -> Scalar | None:
        """The value if it may be compared, else None."""
        return self.value if self.state is ReadingState.OK else None


class Readings(Value):
    """All readings of one evaluation, by name."""

    by_name: dict[str, Reading]

    def get(self, name: str) -> Reading:
        """Return the reading called `name`; raises `KeyError` for a name no signal has."""
        return self.by_name[name]

    def number(self, name: str) -> float | None:
        """Return a usable numeric value, else None; a truth value is not a number."""
        value = self.by_name[name].usable
        if isinstance(value, bool | str) or value is None:
            return None
        return float(value)

    def flag(self, name: str) -> bool | None:
        """Return a usable truth value, else None."""
        value = self.by_name[name].usable
        return value if isinstance(value, bool) else None

    def word(self, name: str) -> str | None:
        """Return a usable word, else None."""
        value = self.by_name[name].usable
        return value if isinstance(value, str) else None
