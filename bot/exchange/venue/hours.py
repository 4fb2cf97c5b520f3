"""When this exchange trades: in regular hours and at no other time.

The market stands still outside sessions, so nothing could be matched in the night and curb hours of
the real one; orders wait for the opening. Hours come from the session table, which has to reach
past every day that is asked about.
"""

from datetime import date, datetime, time, timedelta

from bot.domain.instruments import Option
from bot.domain.sessions import NEW_YORK, Session, SessionTable, at_new_york

_DAY_ENDS = time(17)


def is_open(sessions: SessionTable, now: datetime) -> bool:
    """Tell whether orders trade at `now`."""
    session = sessions.get(new_york_date(now))
    return session is not None and session.open_at <= now < session.close_at


def trading_session(sessions: SessionTable, now: datetime) -> Session:
    """Return the session that runs at `now`, or else the next one."""
    day = new_york_date(now)
    session = sessions.on_or_after(day)
    if now < session.close_at:
        return session
    return sessions.on_or_after(day + timedelta(days=1))


def trading_day(sessions: SessionTable, now: datetime) -> date:
    """Return the trading day that `now` belongs to; one ends, and the next begins, at 17:00.

    The curb session is the last of a trade date, the night session the first of the next one
    (domain.md section 1.1); so do the futures' days part.
    """
    local = now.astimezone(NEW_YORK)
    day = local.date() if local.time() < _DAY_ENDS else local.date() + timedelta(days=1)
    return sessions.on_or_after(day).date


def last_trade_at(sessions: SessionTable, option: Option) -> datetime:
    """Return when a series stops trading: at its last day's close, or at its settlement if sooner.

    An expiring SPXW stops at 16:00, a quarter of an hour before its class (domain.md section 1.4).
    """
    return min(sessions.on_or_before(option.last_trading_day).close_at, option.settlement)


def new_york_date(now: datetime) -> date:
    """Return the calendar date in New York."""
    return now.astimezone(NEW_YORK).date()


def midnight(now: datetime) -> datetime:
    """Return when the New York day of `now` began, in UTC."""
    return at_new_york(new_york_date(now), time())
