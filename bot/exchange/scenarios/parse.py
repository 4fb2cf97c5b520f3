"""From the text of a scenario's three files to the scenario, or one clear error.

Every error names the file, the line and what was expected there. Files are read in
`bot.exchange.scenarios.loader`; this module sees text only.
"""

import math
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple, TypeVar

import msgspec

from bot.exchange.scenarios.scenario import Condor, Coverage, Day, Event, EventKind, Scenario

DAILY_FILE = "daily.csv"
EVENTS_FILE = "events.csv"
SCENARIO_FILE = "scenario.toml"

DAILY_HEADER = "date,spx_open,spx_high,spx_low,spx_close,vix_close"
EVENTS_HEADER = "kind,date,source"

CONDOR_LEGS = 4

T = TypeVar("T")


class ScenarioError(ValueError):
    """A scenario file does not say what it must."""

    def __init__(self, file: str, line: int, expected: str) -> None:
        super().__init__(f"{file}, line {line}: {expected}")
        self.file = file
        self.line = line


class ScenarioText(NamedTuple):
    """The text of a scenario's files."""

    daily: str
    events: str
    scenario: str


class _Account(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    cash_usd: Decimal


class _Rates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    rate: float
    dividend_yield: float
    ten_year: float | None = None


class _ScenarioFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    description: str
    first_session: date
    last_session: date
    account: _Account
    market: _Rates
    coverage: dict[EventKind, Coverage]
    condors: tuple[Condor, ...]


def parse_scenario(text: ScenarioText) -> Scenario:
    """Return the scenario the three texts describe.

    Raises:
        ScenarioError: A text is malformed, or the parts do not fit each other.
    """
    head = _parse_head(text.scenario)
    days = parse_daily(text.daily)
    _check_span(head, days, text.scenario)
    _check_condors(head, text.scenario)
    return Scenario(
        name=head.name,
        description=head.description,
        first_session=head.first_session,
        last_session=head.last_session,
        account_id=head.account.id,
        cash_usd=head.account.cash_usd,
        rate=head.market.rate,
        dividend_yield=head.market.dividend_yield,
        ten_year=head.market.ten_year,
        condors=head.condors,
        days=days,
        events=parse_events(text.events),
        coverage=head.coverage,
    )


def parse_daily(text: str) -> tuple[Day, ...]:
    """Return the sessions of `daily.csv`, which must ascend and make sense as prices.

    Raises:
        ScenarioError: A line is malformed or out of order.
    """
    days = tuple(_rows(DAILY_FILE, DAILY_HEADER, text, _read_day))
    for (line, earlier), (_, later) in pairwise(days):
        if later.date <= earlier.date:
            raise ScenarioError(DAILY_FILE, line, f"expected a date before {later.date}")
    if not days:
        raise ScenarioError(DAILY_FILE, 1, "expected at least one session")
    return tuple(day for _, day in days)


def parse_events(text: str) -> tuple[Event, ...]:
    """Return the releases of `events.csv`.

    Raises:
        ScenarioError: A line is malformed.
    """
    return tuple(event for _, event in _rows(EVENTS_FILE, EVENTS_HEADER, text, _read_event))


def _rows(
    file: str, header: str, text: str, read: Callable[[list[str]], T]
) -> Iterator[tuple[int, T]]:
    """Yield line number and value of each row; lines that begin with # are remarks."""
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]
    if not lines or lines[0][1] != header:
        raise ScenarioError(file, lines[0][0] if lines else 1, f"expected the header {header}")
    for number, line in lines[1:]:
        fields, wanted = line.split(","), header.count(",") + 1
        if len(fields) != wanted:
            raise ScenarioError(file, number, f"expected {wanted} fields, got {len(fields)}")
        try:
            yield number, read(fields)
        except ValueError as error:
            raise ScenarioError(file, number, str(error)) from error


def _read_day(fields: list[str]) -> Day:
    opened, high, low, close, vix = (read_price(field) for field in fields[1:])
    if not (low <= min(opened, close) and max(opened, close) <= high):
        raise ValueError("expected spx_low <= spx_open, spx_close <= spx_high")
    return Day(
        date=read_date(fields[0]),
        spx_open=opened,
        spx_high=high,
        spx_low=low,
        spx_close=close,
        vix_close=vix,
    )


def _read_event(fields: list[str]) -> Event:
    kinds = ", ".join(EventKind)
    if fields[0] not in set(EventKind):
        raise ValueError(f"expected one of {kinds}, got {fields[0]!r}")
    if not fields[2].strip():
        raise ValueError("expected a source: no date without one")
    return Event(kind=EventKind(fields[0]), date=read_date(fields[1]), source=fields[2].strip())


def read_date(text: str) -> date:
    """Return an ISO date; ValueError says what was expected."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"expected a date like 2018-02-05, got {text!r}") from error


def read_price(text: str) -> float:
    """Return a finite number above zero; ValueError says what was expected."""
    try:
        price = float(text)
    except ValueError as error:
        raise ValueError(f"expected a number, got {text!r}") from error
    if not (math.isfinite(price) and price > 0):
        raise ValueError(f"expected a price above zero, got {text!r}")
    return price


def _parse_head(text: str) -> _ScenarioFile:
    try:
        return msgspec.convert(tomllib.loads(text), _ScenarioFile)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else max(1, len(text.splitlines()))
        raise ScenarioError(SCENARIO_FILE, line, f"expected TOML: {error}") from error
    except msgspec.ValidationError as error:
        line = _line_of(text, str(error))
        raise ScenarioError(SCENARIO_FILE, line, str(error)) from error


def _line_of(text: str, complaint: str) -> int:
    """Return the line a complaint such as "... at `$.condors[0].legs[1].strike`" is about.

    An array of tables is found by counting its headers; what is missing altogether is reported at
    the line of the table it is missing from.
    """
    found = re.search(r"`\$\.?([^`]*)`", complaint)
    steps = re.findall(r"(\w+)(?:\[(\d+)\])?", found[1]) if found else []
    lines, at = text.splitlines(), 0
    for depth, (key, place) in enumerate(steps):
        path = ".".join(name for name, _ in steps[: depth + 1])
        header = re.compile(rf"\s*(\[+{re.escape(path)}[\].]|{key}\s*=)")
        hits = [number for number, line in enumerate(lines) if number >= at and header.match(line)]
        if hits:
            at = hits[min(int(place or 0), len(hits) - 1)]
    return at + 1


def _check_span(head: _ScenarioFile, days: tuple[Day, ...], text: str) -> None:
    dates = [day.date for day in days]
    if head.first_session not in dates:
        line = _line_of(text, "`$.first_session`")
        raise ScenarioError(SCENARIO_FILE, line, f"expected a session of {DAILY_FILE}")
    if head.last_session != dates[-1] or head.last_session < head.first_session:
        line = _line_of(text, "`$.last_session`")
        raise ScenarioError(SCENARIO_FILE, line, f"expected the last session, {dates[-1]}")


def _check_condors(head: _ScenarioFile, text: str) -> None:
    for place, condor in enumerate(head.condors):
        line = _line_of(text, f"`$.condors[{place}]`")
        sizes = sorted(leg.position for leg in condor.legs)
        balanced = sizes[:2] == [-size for size in sizes[:1:-1]] and len(set(sizes)) == 2  # noqa: PLR2004 - one size, long and short
        if len(condor.legs) != CONDOR_LEGS or not balanced:
            raise ScenarioError(SCENARIO_FILE, line, "expected two long and two short equal legs")
        if not condor.opened < head.first_session <= head.last_session < condor.settlement:
            expected = "expected opened before the first session, settlement after the last"
            raise ScenarioError(SCENARIO_FILE, line, expected)
