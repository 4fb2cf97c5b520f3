"""How far ahead the dates of scheduled events are known (domain.md section 7)."""

from datetime import date, timedelta

from bot.app.doctor.findings import Finding, warning, well
from bot.domain.calendar import EventCalendar, EventKind

NEEDED = timedelta(days=45)
"""The longest a rule looks ahead; beyond what is known an event is unknown, not absent."""


PUBLISHED = (EventKind.FOMC, EventKind.CPI, EventKind.PPI)
"""What somebody has to write down; minutes follow from the decisions."""


def calendar_findings(calendar: EventCalendar, today: date) -> tuple[Finding, ...]:
    """Return for each kind of event whether it is known far enough ahead."""
    return tuple(_of_kind(calendar, kind, today) for kind in PUBLISHED)


def _of_kind(calendar: EventCalendar, kind: EventKind, today: date) -> Finding:
    check = f"calendar {kind}"
    until = _known_until(calendar, kind, today)
    if until is None:
        return warning(
            check,
            f"no date of {kind} is known for {today}, so that the rules take it for unknown",
            _fix(kind),
        )
    if until - today < NEEDED:
        days = (until - today).days
        return warning(
            check,
            f"{kind} is known up to {until}, {days} days ahead, {NEEDED.days} are needed",
            _fix(kind),
        )
    return well(check, f"{kind} is known up to {until}")


def _known_until(calendar: EventCalendar, kind: EventKind, today: date) -> date | None:
    spans = [c for c in calendar.coverage if c.kind is kind and c.first <= today <= c.last]
    return max((span.last for span in spans), default=None)


def _fix(kind: EventKind) -> str:
    return f"Name a file in `events` that holds the published dates of {kind} and how far they go."
