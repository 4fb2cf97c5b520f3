"""Scheduled events that size the hedge: FOMC, CPI, PPI (G11).

Dates are data with a source; beyond `covered_until` nothing is known, which is not the same as "no
event". FOMC minutes are derived (decision + 21 days) and marked so.
"""

from datetime import date
from enum import StrEnum

from bot.domain.value import Value


class EventKind(StrEnum):
    """What is released or decided."""

    FOMC = "fomc"
    FOMC_MINUTES = "fomc_minutes"
    CPI = "cpi"
    PPI = "ppi"


class Event(Value):
    """One dated event; `derived` when the date was computed instead of published."""

    kind: EventKind
    date: date
    source: str
    derived: bool = False


class Coverage(Value):
    """The span in which all events of a kind are known, both ends included."""

    kind: EventKind
    first: date
    last: date


class EventCalendar(Value):
    """Known events and how far each kind is known."""

    events: tuple[Event, ...] = ()
    coverage: tuple[Coverage, ...] = ()

    def of_kind(self, kind: EventKind) -> tuple[Event, ...]:
        """Return the events of `kind` in order of date."""
        return tuple(sorted((e for e in self.events if e.kind is kind), key=lambda e: e.date))

    def covers(self, kind: EventKind, day: date) -> bool:
        """Tell whether all events of `kind` on `day` are known."""
        return any(c.kind is kind and c.first <= day <= c.last for c in self.coverage)
