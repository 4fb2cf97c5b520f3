"""Sessions and scheduled events from outside: a calendar library and files of dates.

The only home of the calendar library and its tables; what leaves are the domain's own. The
arithmetic over sessions is in `bot.domain.sessions`, the distance to an event in
`bot.signals.events`.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pandas_market_calendars

from bot.domain.calendar import Coverage, Event, EventCalendar, EventKind
from bot.domain.sessions import Session, SessionTable

INDEX_OPTIONS = "CBOE_Index_Options"
"""Regular hours of SPX and VIX options: 08:30 to 15:15 Chicago, 12:15 on early closes."""

STOCKS = "NYSE"
"""Knows every early close; the index options' calendar leaves Christmas Eve out."""

AFTER_STOCKS = timedelta(minutes=15)
"""Index options trade so much longer than stocks, on early closes too."""

MINUTES_AFTER_DECISION = timedelta(days=21)
"""The FOMC publishes its minutes three weeks after the decision (methodology.md, G11)."""

HEADER = "kind,date,source"
COVERAGE = "coverage:"

Span = tuple[date, date]
"""First and last day for which all events are listed."""


class EventFileError(ValueError):
    """A file of events does not say what it must; names file, line and what was expected."""


class EventRow(NamedTuple):
    """One dated event as it stands in a file; `kind` is a value of `EventKind`."""

    kind: str
    date: date
    source: str


def session_table(first: date, last: date) -> SessionTable:
    """Return the regular sessions of SPX and VIX options from `first` to `last`, both included.

    Raises:
        ValueError: no session lies between them.
    """
    options = pandas_market_calendars.get_calendar(INDEX_OPTIONS)
    stocks = pandas_market_calendars.get_calendar(STOCKS)
    schedule = options.schedule(first.isoformat(), last.isoformat(), tz="UTC")
    if schedule.empty:
        raise ValueError(f"no session lies between {first} and {last}")
    early = _instants(stocks.special_dates("market_close", first.isoformat(), last.isoformat()))
    closes = _instants(schedule["market_close"])
    return SessionTable(
        sessions=tuple(
            Session(
                date=day,
                open_at=open_at,
                close_at=min(closes[day], early.get(day, closes[day]) + AFTER_STOCKS),
            )
            for day, open_at in _instants(schedule["market_open"]).items()
        )
    )


def _instants(times: Mapping[date, datetime]) -> dict[date, datetime]:
    """Return a column of the library's as plain dates and UTC instants."""
    return {
        day.date(): at.to_pydatetime().astimezone(UTC)  # type: ignore[attr-defined]
        for day, at in times.items()
    }


def event_calendar(
    rows: Iterable[tuple[str, date, str]], coverage: Mapping[str, Span] | None = None
) -> EventCalendar:
    """Return the calendar of (kind, date, source) rows.

    A kind without a span of its own in `coverage` is taken to be complete from its first to its
    last row. FOMC minutes are derived from the decisions unless rows or a span name them.

    Raises:
        ValueError: a kind is unknown, or a span ends before it begins.
    """
    events = [Event(kind=_kind(kind), date=day, source=source) for kind, day, source in rows]
    given = {_kind(kind): span for kind, span in (coverage or {}).items()}
    spans = {kind: _span_of(kind, events) for kind in {event.kind for event in events}} | given
    return derive_minutes(
        EventCalendar(
            events=tuple(sorted(events, key=lambda event: (event.date, event.kind))),
            coverage=tuple(_covered(kind, spans[kind]) for kind in EventKind if kind in spans),
        )
    )


def derive_minutes(calendar: EventCalendar) -> EventCalendar:
    """Return `calendar` with FOMC minutes three weeks after each decision, marked as derived.

    They are known as far as the decisions are, three weeks later. Where minutes or a span of them
    stand in the calendar already, nothing is derived.
    """
    listed = calendar.of_kind(EventKind.FOMC_MINUTES)
    if listed or any(span.kind is EventKind.FOMC_MINUTES for span in calendar.coverage):
        return calendar
    minutes = [_minutes_of(decision) for decision in calendar.of_kind(EventKind.FOMC)]
    spans = [
        Coverage(
            kind=EventKind.FOMC_MINUTES,
            first=span.first + MINUTES_AFTER_DECISION,
            last=span.last + MINUTES_AFTER_DECISION,
        )
        for span in calendar.coverage
        if span.kind is EventKind.FOMC
    ]
    return EventCalendar(events=(*calendar.events, *minutes), coverage=(*calendar.coverage, *spans))


def parse_events(text: str, name: str) -> EventCalendar:
    """Return the calendar written in `text`, the content of the file called `name`.

    Columns `kind,date,source`; lines that begin with `#` are remarks, except for
    `# coverage: KIND FIRST LAST`, which says for which span all events of a kind are listed.

    Raises:
        EventFileError: a line is malformed.
    """
    rows: list[EventRow] = []
    coverage: dict[str, Span] = {}
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        with _complaints_from(name, number):
            if line.startswith("#"):
                coverage |= _read_coverage(line.removeprefix("#").strip())
    written = [(n, t) for n, t in enumerate(lines, 1) if t.strip() and not t.startswith("#")]
    number, header = written[0] if written else (max(1, len(lines)), "")
    with _complaints_from(name, number):
        _require_header(header)
    for number, line in written[1:]:
        with _complaints_from(name, number):
            rows.append(_read_row(line, rows))
    return event_calendar(rows, coverage)


@contextmanager
def _complaints_from(name: str, line: int) -> Iterator[None]:
    """Give a complaint about a line the file's name and the line's number."""
    try:
        yield
    except ValueError as error:
        raise EventFileError(f"{name}, line {line}: {error}") from error


def _require_header(line: str) -> None:
    if line.strip() != HEADER:
        raise ValueError(f"expected the header {HEADER}")


def _read_coverage(remark: str) -> dict[str, Span]:
    if not remark.startswith(COVERAGE):
        return {}
    fields = remark.removeprefix(COVERAGE).split()
    if len(fields) != 3:  # noqa: PLR2004 - kind, first, last
        raise ValueError("expected '# coverage: KIND FIRST LAST'")
    span = (_read_date(fields[1]), _read_date(fields[2]))
    return {_kind(fields[0]): _ordered(span)}


def _read_row(line: str, before: list[EventRow]) -> EventRow:
    fields = line.split(",")
    if len(fields) != 3:  # noqa: PLR2004 - kind, date, source
        raise ValueError(f"expected 3 fields, got {len(fields)}")
    kind, day, source = fields[0].strip(), _read_date(fields[1].strip()), fields[2].strip()
    row = EventRow(_kind(kind), day, source)
    if not source:
        raise ValueError("expected a source: no date without one")
    if any(row[:2] == other[:2] for other in before):
        raise ValueError(f"expected each event once, {kind} {day} stands here again")
    return row


def _read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"expected a date like 2018-02-05, got {text!r}") from error


def _kind(text: str) -> EventKind:
    try:
        return EventKind(text)
    except ValueError as error:
        raise ValueError(f"expected a kind of {', '.join(EventKind)}, got {text!r}") from error


def _span_of(kind: EventKind, events: Iterable[Event]) -> Span:
    days = [event.date for event in events if event.kind is kind]
    return min(days), max(days)


def _ordered(span: Span) -> Span:
    if span[1] < span[0]:
        raise ValueError(f"expected a span that ends after it begins, got {span[0]} to {span[1]}")
    return span


def _covered(kind: EventKind, span: Span) -> Coverage:
    first, last = _ordered(span)
    return Coverage(kind=kind, first=first, last=last)


def _minutes_of(decision: Event) -> Event:
    return Event(
        kind=EventKind.FOMC_MINUTES,
        date=decision.date + MINUTES_AFTER_DECISION,
        source=f"decision of {decision.date} + {MINUTES_AFTER_DECISION.days} days",
        derived=True,
    )
