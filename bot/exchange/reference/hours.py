"""Trading hours as the broker words them: `20180205:0830-20180205:1515;20180210:CLOSED`.

Intervals stand in the exchange's own zone, Chicago, and one may begin on the evening before. Liquid
hours are the regular session; trading hours add the night and the curb (domain.md sections 1.1 and
3.7). Only the day asked for and the next six are told.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from bot.domain.sessions import Session, SessionTable

TIME_ZONE_ID = "US/Central"
_CHICAGO = ZoneInfo("America/Chicago")
_DAYS_TOLD = 7
_CURB = timedelta(minutes=45)
_OPTION_NIGHT = (time(19, 15), time(8, 25))
_FUTURE_NIGHT = time(17, 0)


_Intervals: TypeAlias = list[tuple[datetime, datetime]]


class Hours(NamedTuple):
    """The two strings of contract details."""

    trading: str
    liquid: str


def option_hours(day: date, sessions: SessionTable) -> Hours:
    """Return the hours of index options and indices: night, regular session, curb."""

    def trading(session: Session) -> _Intervals:
        start, end = _OPTION_NIGHT
        night = (_evening_before(session, start), datetime.combine(session.date, end, _CHICAGO))
        return [night, _regular(session), (session.close_at, session.close_at + _CURB)]

    return _hours(day, sessions, trading)


def future_hours(day: date, sessions: SessionTable) -> Hours:
    """Return the hours of VX futures: from the evening before to the end of the curb."""

    def trading(session: Session) -> _Intervals:
        return [(_evening_before(session, _FUTURE_NIGHT), session.close_at + _CURB)]

    return _hours(day, sessions, trading)


def _hours(day: date, sessions: SessionTable, trading: Callable[[Session], _Intervals]) -> Hours:
    told = [day + timedelta(days=ahead) for ahead in range(_DAYS_TOLD)]
    return Hours(
        trading=";".join(_words(each, sessions.get(each), trading) for each in told),
        liquid=";".join(_words(each, sessions.get(each), lambda s: [_regular(s)]) for each in told),
    )


def _words(day: date, session: Session | None, told: Callable[[Session], _Intervals]) -> str:
    if session is None:
        return f"{day:%Y%m%d}:CLOSED"
    return ";".join(f"{_stamp(start)}-{_stamp(end)}" for start, end in told(session))


def _stamp(instant: datetime) -> str:
    return f"{instant.astimezone(_CHICAGO):%Y%m%d:%H%M}"


def _regular(session: Session) -> tuple[datetime, datetime]:
    return session.open_at, session.close_at


def _evening_before(session: Session, clock: time) -> datetime:
    return datetime.combine(session.date - timedelta(days=1), clock, _CHICAGO)
