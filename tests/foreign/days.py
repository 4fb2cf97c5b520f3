"""Puts a chosen day of a scenario on the calendar's next session."""

from datetime import timedelta

from bot.adapters.calendar import session_table
from bot.adapters.clock import HostClock
from bot.domain.sessions import NEW_YORK

STORM = "volmageddon-2018"
SESSIONS_BEFORE = 15
"""2018-02-06 is the sixteenth session: VIX opens near 37 and falls below 30."""


def after_the_storm() -> list[str]:
    """Return the exchange's options that make today, or the next session, that day's morning."""
    today = HostClock().now().astimezone(NEW_YORK).date()
    table = session_table(today - timedelta(days=60), today + timedelta(days=30))
    day = table.on_or_after(today).date
    first = table.shift(day, -SESSIONS_BEFORE).date
    return ["--scenario", STORM, "--on", first.isoformat(), "--from", f"{day}T09:40"]
