"""Trading sessions and settlement dates, as tables handed in.

A session is a regular-hours date with its opening and closing instants (index options: 09:30 to
16:15 New York, 13:15 on early closes). The table comes from a calendar library or the broker's own
hours; the arithmetic over it is here. Outside the table nothing is known, and asking raises.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.domain.value import Value

NEW_YORK = ZoneInfo("America/New_York")

FRIDAY = 4
VIX_DAYS_BEFORE_FRIDAY = 30
SETTLEMENT_TIME = time(9, 30)


class UnknownSessionError(LookupError):
    """The session table does not reach the date that was asked for."""


def at_new_york(day: date, clock: time) -> datetime:
    """Return the UTC instant of a wall-clock time in New York."""
    return datetime.combine(day, clock, tzinfo=NEW_YORK).astimezone(UTC)


class Session(Value, array_like=True):
    """One regular session; instants in UTC."""

    date: date
    open_at: datetime
    close_at: datetime

    def __post_init__(self) -> None:
        """Check that it opens before it closes."""
        if self.open_at >= self.close_at:
            raise ValueError(f"session {self.date} must open before it closes")


class SessionTable(Value, dict=True):
    """Consecutive sessions in ascending order."""

    sessions: tuple[Session, ...]

    def __post_init__(self) -> None:
        """Check that the table is not empty and ascends."""
        days = [session.date for session in self.sessions]
        if not days or days != sorted(set(days)):
            raise ValueError("a session table holds at least one session, in ascending order")

    @cached_property
    def _dates(self) -> list[date]:
        return [session.date for session in self.sessions]

    def _index(self, day: date) -> int:
        self._require(day)
        return bisect_left(self._dates, day)

    def _require(self, day: date) -> None:
        first, last = self._dates[0], self._dates[-1]
        if not first <= day <= last:
            raise UnknownSessionError(f"sessions are known from {first} to {last}, not for {day}")

    def covers(self, day: date) -> bool:
        """Tell whether the table reaches `day`."""
        return self._dates[0] <= day <= self._dates[-1]

    def is_session(self, day: date) -> bool:
        """Tell whether `day` is a session; raises `UnknownSessionError` outside the table."""
        return self._dates[self._index(day)] == day

    def get(self, day: date) -> Session | None:
        """Return the session of `day`, or None on a day without one."""
        session = self.sessions[self._index(day)]
        return session if session.date == day else None

    def on_or_after(self, day: date) -> Session:
        """Return the first session at or after `day`."""
        return self.sessions[self._index(day)]

    def on_or_before(self, day: date) -> Session:
        """Return the last session at or before `day`."""
        self._require(day)
        return self.sessions[bisect_right(self._dates, day) - 1]

    def shift(self, day: date, sessions: int) -> Session:
        """Return the session `sessions` after (negative: before) the session on or after `day`."""
        index = self._index(day) + sessions
        if not 0 <= index < len(self.sessions):
            raise UnknownSessionError(f"no session {sessions} sessions from {day} in the table")
        return self.sessions[index]

    def count_between(self, start: date, end: date) -> int:
        """Return the number of sessions after `start` up to and including `end`.

        Zero when they are the same session; negative when `end` comes first.
        """
        self._require(start)
        self._require(end)
        return bisect_right(self._dates, end) - bisect_right(self._dates, start)

    def is_open(self, instant: datetime) -> bool:
        """Tell whether `instant` lies within regular hours (opening included)."""
        session = self.get(instant.astimezone(NEW_YORK).date())
        return session is not None and session.open_at <= instant < session.close_at


def third_friday(year: int, month: int) -> date:
    """Return the third Friday of a month, holiday or not."""
    first = date(year, month, 1)
    return first + timedelta(days=(FRIDAY - first.weekday()) % 7 + 14)


def vix_settlement_date(year: int, month: int, sessions: SessionTable) -> date:
    """Return the settlement date of the monthly VIX expiry of `month` (domain.md section 1.2).

    The Wednesday 30 days before the third Friday of the following month; when it, or that Friday,
    is an exchange holiday, the business day before that Wednesday.
    """
    friday = third_friday(year + month // 12, month % 12 + 1)
    wednesday = friday - timedelta(days=VIX_DAYS_BEFORE_FRIDAY)
    if sessions.is_session(wednesday) and sessions.is_session(friday):
        return wednesday
    return sessions.on_or_before(wednesday - timedelta(days=1)).date


def settlement_instant(day: date) -> datetime:
    """Return the instant of an AM settlement: 09:30 New York of the settlement day."""
    return at_new_york(day, SETTLEMENT_TIME)
