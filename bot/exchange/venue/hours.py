"""When index options trade (domain.md sections 1.1 and 1.4).

Regular hours come from the session table; the overnight session ends five minutes before them, the
curb session follows them. Outside the table nothing trades.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto

from bot.domain.instruments import Option
from bot.domain.sessions import NEW_YORK, Session, SessionTable, at_new_york

OVERNIGHT_FROM = time(20, 15)
OVERNIGHT_GAP = timedelta(minutes=5)
CURB = timedelta(minutes=45)


class Hours(Enum):
    """Which session an instant falls into."""

    REGULAR = auto()
    EXTENDED = auto()
    CLOSED = auto()


def session_on(sessions: SessionTable, day: date) -> Session | None:
    """Return the session of `day`, None also outside the table."""
    return sessions.get(day) if sessions.covers(day) else None


def hours_at(sessions: SessionTable, now: datetime) -> Hours:
    """Return the kind of hours that hold at `now`."""
    local = now.astimezone(NEW_YORK)
    session = session_on(sessions, local.date())
    if session is not None:
        if session.open_at <= now < session.close_at:
            return Hours.REGULAR
        if now < session.open_at - OVERNIGHT_GAP:
            return Hours.EXTENDED
        if session.close_at <= now < session.close_at + CURB:
            return Hours.EXTENDED
    tomorrow = session_on(sessions, local.date() + timedelta(days=1))
    if tomorrow is not None and local.time() >= OVERNIGHT_FROM:
        return Hours.EXTENDED
    return Hours.CLOSED


def works_at(sessions: SessionTable, now: datetime, *, outside_rth: bool) -> bool:
    """Tell whether an order may trade at `now`."""
    hours = hours_at(sessions, now)
    return hours is Hours.REGULAR or (outside_rth and hours is Hours.EXTENDED)


def day_order_end(sessions: SessionTable, now: datetime, *, outside_rth: bool) -> datetime | None:
    """Return when a DAY order placed at `now` ends; None if no session follows in the table."""
    extra = CURB if outside_rth else timedelta()
    day = now.astimezone(NEW_YORK).date()
    for offset in range(2):
        session = _session_from(sessions, day + timedelta(days=offset))
        if session is not None and now < session.close_at + extra:
            return session.close_at + extra
    return None


def next_open(sessions: SessionTable, now: datetime) -> datetime | None:
    """Return the next regular opening after `now`, None if the table has none."""
    day = now.astimezone(NEW_YORK).date()
    for offset in range(2):
        session = _session_from(sessions, day + timedelta(days=offset))
        if session is not None and now < session.open_at:
            return session.open_at
    return None


def last_trade_at(sessions: SessionTable, option: Option) -> datetime:
    """Return when a series stops trading: at its settlement or the close of its last day."""
    session = session_on(sessions, option.last_trading_day)
    return min(session.close_at, option.settlement) if session else option.settlement


def _session_from(sessions: SessionTable, day: date) -> Session | None:
    return sessions.on_or_after(day) if sessions.covers(day) else None


def midnight(now: datetime) -> datetime:
    """Return when the New York day of `now` began, in UTC."""
    return at_new_york(now.astimezone(NEW_YORK).date(), time()).astimezone(UTC)
