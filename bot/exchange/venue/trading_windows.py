"""The stretches of trading that a history request reaches back over."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from bot.domain.sessions import NEW_YORK, Session, SessionTable, at_new_york
from bot.exchange.reference.phases import Phase, session_of, stretches
from bot.exchange.reference.products import Product
from bot.exchange.venue.bar_sizes import Duration


class Window(NamedTuple):
    """An unbroken time of trading, from `start` up to, not including, `end`, of one session."""

    start: datetime
    end: datetime
    day: date

    @property
    def midnight(self) -> float:
        """The New York midnight before its start, in seconds since 1970: where bars align."""
        return at_new_york(self.start.astimezone(NEW_YORK).date(), time()).timestamp()


class History(NamedTuple):
    """How much of a product's past may be looked at: sessions from `first` on, up to `end`."""

    product: Product
    sessions: SessionTable
    first: date
    end: datetime
    regular_only: bool


def windows_in(history: History, duration: Duration) -> list[Window]:
    """Return the windows of `duration` before the end of `history`, oldest first.

    Seconds are seconds of trading, days are sessions begun by the end, other units are calendar
    time, all as at the broker.
    """
    if duration.unit == "S":
        return _last_seconds(history, duration.seconds)
    found: list[list[Window]] = []
    since = history.end.astimezone(NEW_YORK).date() - duration.calendar
    for days, session in enumerate(_sessions_back(history)):
        if duration.unit == "D" and days == duration.number:
            break
        if duration.unit != "D" and session.date <= since:
            break
        found.append(_windows(history, session))
    return [window for windows in reversed(found) for window in windows]


def session_windows(product: Product, session: Session, *, regular_only: bool) -> list[Window]:
    """Return the windows of one session; stretches that touch are one."""
    found: list[Window] = []
    for each in stretches(product, session):
        if regular_only and each.phase is not Phase.REGULAR:
            continue
        if found and found[-1].end == each.start:
            found[-1] = found[-1]._replace(end=each.end)
        else:
            found.append(Window(each.start, each.end, session.date))
    return found


def windows_after(history: History, start: datetime) -> Iterator[Window]:
    """Yield the windows from `start` to the end of `history`, oldest first."""
    table, product = history.sessions, history.product
    session = session_of(product, table, max(start, at_new_york(history.first, time())))
    while session_windows(product, session, regular_only=False)[0].start < history.end:
        for window in _windows(history, session):
            if window.end > start:
                yield window._replace(start=max(window.start, start))
        session = table.on_or_after(session.date + timedelta(days=1))


def windows_before(history: History) -> Iterator[Window]:
    """Yield the windows up to the end of `history`, newest first."""
    for session in _sessions_back(history):
        yield from reversed(_windows(history, session))


def _last_seconds(history: History, seconds: int) -> list[Window]:
    found: list[Window] = []
    left = timedelta(seconds=seconds)
    for window in windows_before(history):
        start = max(window.start, window.end - left)
        found.insert(0, window._replace(start=start))
        left -= window.end - start
        if not left:
            break
    return found


def _windows(history: History, session: Session) -> list[Window]:
    """Return the windows of a session, cut off at the end of `history`."""
    whole = session_windows(history.product, session, regular_only=history.regular_only)
    return [w._replace(end=min(w.end, history.end)) for w in whole if w.start < history.end]


def _sessions_back(history: History) -> Iterator[Session]:
    """Yield the sessions begun before the end of `history`, newest first."""
    if history.end.astimezone(NEW_YORK).date() < history.first:
        return
    session = session_of(history.product, history.sessions, history.end)
    if _windows(history, session):
        yield session
    while session.date > history.first:
        session = history.sessions.on_or_before(session.date - timedelta(days=1))
        yield session
