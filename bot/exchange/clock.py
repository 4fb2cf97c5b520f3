"""The exchange's clock: which instant of the scenario it is.

A pure function of where it started and how many wall seconds have passed; whoever owns a real clock
counts those seconds (`bot.exchange.server`). Time runs `speed` times as fast as the wall. By day
alone it leaps from 16:30 to 07:55 of the next session, so that the exchange is always open or about
to be: 07:55 to 09:25 is night trading, 16:15 to 16:30 curb. With nights it leaps over nothing: it
runs from 18:00 on the eve of the first session through nights, curbs, weekends and holidays to
20:00 of the last session, because what a client does while nothing trades wants to be tried too.
At its end the clock stands still: clients stay connected, nothing moves any more.
"""

from datetime import date, datetime, time, timedelta

import msgspec

from bot.domain.sessions import NEW_YORK, Session, SessionTable, at_new_york

MORNING = time(7, 55)
EVENING = time(16, 30)
NIGHT_BEGINS = time(18)
EVENING_ENDS = time(20)
FIRST_INSTANT = time(9, 34)


class ClockError(ValueError):
    """An instant lies where the exchange's clock never stands."""


class Timetable:
    """The stretches of time that the exchange lives through: one per session, or one in all."""

    def __init__(
        self, sessions: SessionTable, first: date, last: date, *, nights: bool = False
    ) -> None:
        lived = [s for s in sessions.sessions if first <= s.date <= last]
        if not lived:
            raise ClockError(f"no session from {first} to {last}")
        self._first, self._last, self._nights = lived[0].date, lived[-1].date, nights
        self._stretches = [_stretch(session) for session in lived]
        if nights:
            begin = at_new_york(self._first - timedelta(days=1), NIGHT_BEGINS)
            self._stretches = [(begin, at_new_york(self._last, EVENING_ENDS))]

    @property
    def start(self) -> datetime:
        """Where a run begins if nothing else is said: 09:34 of the first session."""
        return at_new_york(self._first, FIRST_INSTANT)

    @property
    def end(self) -> datetime:
        """Where the clock stands still: 16:30 of the last session, 20:00 with nights."""
        return self._stretches[-1][1]

    def check(self, instant: datetime) -> datetime:
        """Return `instant` if the clock can stand there.

        Raises:
            ClockError: It lies outside the hours that are lived through.
        """
        if any(first <= instant <= last for first, last in self._stretches):
            return instant
        told = f"{instant.astimezone(NEW_YORK):%Y-%m-%dT%H:%M}"
        if self._nights:
            begin, end = (f"{each.astimezone(NEW_YORK):%Y-%m-%dT%H:%M}" for each in self._whole)
            raise ClockError(f"{told} is not within {begin} to {end} New York")
        raise ClockError(
            f"{told} is not within 07:55 to 16:30 New York of a session from {self._first} to "
            f"{self._last}"
        )

    @property
    def _whole(self) -> tuple[datetime, datetime]:
        return self._stretches[0][0], self.end

    def after(self, start: datetime, passed: timedelta) -> datetime:
        """Return where the clock stands when it has run for `passed` since `start`."""
        left = passed
        at = start
        for first, last in self._stretches:
            if last < at:
                continue
            at = max(at, first)
            if left < last - at:
                return at + left
            left -= last - at
            at = last
        return at


class RunningClock(msgspec.Struct, frozen=True, kw_only=True):
    """A clock that runs by itself: `speed` exchange seconds per wall second from `start` on."""

    timetable: Timetable
    start: datetime
    speed: float = 1.0

    def now(self, elapsed_seconds: float) -> datetime:
        """Return the exchange's time when so many wall seconds have passed since the start."""
        return self.timetable.after(self.start, timedelta(seconds=elapsed_seconds * self.speed))


def parse_instant(text: str) -> datetime | None:
    """Read a point of a scenario: `2018-02-05T09:34`, or a date, which means 09:34 of it.

    New York time unless it names an offset; empty text means none is wanted, and gives None.

    Raises:
        ClockError: It is not a date or a date and time.
    """
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ClockError(f"expected a time such as 2018-02-05T09:34, got {text!r}") from error
    if len(text) == len("2018-02-05"):
        instant = datetime.combine(instant.date(), FIRST_INSTANT)
    return instant if instant.tzinfo else instant.replace(tzinfo=NEW_YORK)


def parse_day(text: str, today: date) -> date | None:
    """Read a date such as 2026-11-25, or `today`; empty text means none is wanted, and gives None.

    Raises:
        ClockError: It is neither.
    """
    if not text:
        return None
    if text == "today":
        return today
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ClockError(f"expected a date such as 2026-11-25, or today, got {text!r}") from error


def _stretch(session: Session) -> tuple[datetime, datetime]:
    return at_new_york(session.date, MORNING), at_new_york(session.date, EVENING)
