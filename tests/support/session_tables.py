"""Session tables from the calendar library, for tests that need real exchange days."""

from datetime import date
from functools import cache

import pandas_market_calendars

from bot.domain.sessions import Session, SessionTable


@cache
def index_option_sessions(start: date, end: date) -> SessionTable:
    """Return the regular sessions of index options from `start` to `end`."""
    calendar = pandas_market_calendars.get_calendar("CBOE_Index_Options")
    schedule = calendar.schedule(start_date=start, end_date=end)
    return SessionTable(
        sessions=tuple(
            Session(
                date=day.date(),
                open_at=row.market_open.to_pydatetime(),
                close_at=row.market_close.to_pydatetime(),
            )
            for day, row in schedule.iterrows()
        )
    )
