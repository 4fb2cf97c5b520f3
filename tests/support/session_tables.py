"""Session tables from the product's own calendar, built once per span."""

from datetime import date
from functools import cache

from bot.adapters.calendar import session_table
from bot.domain.sessions import SessionTable


@cache
def index_option_sessions(start: date, end: date) -> SessionTable:
    """Return the regular sessions of index options from `start` to `end`."""
    return session_table(start, end)
