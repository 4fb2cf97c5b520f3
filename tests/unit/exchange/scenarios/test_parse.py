"""Text becomes a scenario, or one error that names file, line and what was expected."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.instruments import Right
from bot.exchange.scenarios.parse import (
    ScenarioError,
    ScenarioText,
    parse_daily,
    parse_events,
    parse_scenario,
)
from bot.exchange.scenarios.scenario import EventKind

DAILY = """# real values
date,spx_open,spx_high,spx_low,spx_close,vix_close
2018-01-12,2770.18,2787.85,2769.64,2786.24,10.16
2018-01-16,2798.96,2807.54,2768.64,2776.42,11.66
"""

EVENTS = """kind,date,source
fomc,2018-01-31,federalreserve.gov
cpi,2018-02-14,bls.gov
"""

SCENARIO = """name = "short"
description = "Two days."
first_session = 2018-01-16
last_session = 2018-01-16

[account]
id = "SIM0000009"
cash_usd = "1000.50"

[market]
rate = 0.01
dividend_yield = 0.02

[coverage.cpi]
first = 2018-01-01
last = 2018-03-31

[[condors]]
trading_class = "SPX"
settlement = 2018-03-16
opened = 2018-01-12
legs = [
    { right = "P", strike = "2500", position = 2, average_price = "4.50" },
    { right = "P", strike = "2550", position = -2, average_price = "6.50" },
    { right = "C", strike = "2900", position = -2, average_price = "5.50" },
    { right = "C", strike = "2950", position = 2, average_price = "1.50" },
]
"""


def parse(daily: str = DAILY, events: str = EVENTS, scenario: str = SCENARIO) -> object:
    return parse_scenario(ScenarioText(daily=daily, events=events, scenario=scenario))


def complaint(attempt: Callable[[], object]) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        attempt()
    return caught.value


def test_reads_every_part() -> None:
    """Account, condors, days, events and their coverage arrive as typed values."""
    read = parse_scenario(ScenarioText(daily=DAILY, events=EVENTS, scenario=SCENARIO))
    assert (read.name, read.account_id, read.cash_usd) == (
        "short",
        "SIM0000009",
        Decimal("1000.50"),
    )
    assert read.condors[0].legs[1].right is Right.PUT
    assert read.condors[0].legs[1].position == -2
    assert read.days[1].vix_close == 11.66
    assert [event.kind for event in read.events] == [EventKind.FOMC, EventKind.CPI]
    assert read.coverage[EventKind.CPI].last == date(2018, 3, 31)
    assert EventKind.PPI not in read.coverage
    assert read.sessions_from == date(2017, 12, 25)
    assert read.sessions_until == date(2020, 3, 26)


@pytest.mark.parametrize(
    ("daily", "line", "expected"),
    [
        ("", 1, "expected the header date,spx_open"),
        ("\n# x\nday,open\n", 3, "expected the header"),
        (DAILY.splitlines()[1], 1, "expected at least one session"),
        (DAILY.replace(",11.66", ""), 4, "expected 6 fields, got 5"),
        (DAILY.replace("2018-01-16", "16.1.2018"), 4, "expected a date like 2018-02-05"),
        (DAILY.replace("11.66", "high"), 4, "expected a number, got 'high'"),
        (DAILY.replace("11.66", "nan"), 4, "expected a price above zero"),
        (DAILY.replace("11.66", "-1"), 4, "expected a price above zero"),
        (DAILY.replace("2807.54", "2790.00"), 4, "expected spx_low <= spx_open"),
        (DAILY.replace("2768.64", "2780.00"), 4, "expected spx_low <= spx_open"),
        (DAILY.replace("2018-01-12", "2018-01-17"), 3, "expected a date before 2018-01-16"),
    ],
)
def test_a_bad_daily_line_is_named(daily: str, line: int, expected: str) -> None:
    """Each malformed row of daily.csv is refused at its own line."""
    error = complaint(lambda: parse_daily(daily))
    assert (error.file, error.line) == ("daily.csv", line)
    assert expected in str(error)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ("kind,date,source\nnfp,2018-02-02,bls.gov\n", "expected one of fomc, cpi, ppi"),
        ("kind,date,source\ncpi,2018-02-02, \n", "expected a source"),
        ("kind,date,source\ncpi,soon,bls.gov\n", "expected a date"),
    ],
)
def test_a_bad_event_is_named(events: str, expected: str) -> None:
    """An unknown kind, an unsourced or an unreadable date is refused."""
    error = complaint(lambda: parse_events(events))
    assert (error.file, error.line) == ("events.csv", 2)
    assert expected in str(error)


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        ('name = "short"', "name = ", 1, "expected TOML"),
        ('name = "short"\n', "", 1, "missing required field `name`"),
        ('position = -2, average_price = "6.50"', 'position = "x", average_price = "6.50"', 22, ""),
        ('cash_usd = "1000.50"', 'cash_usd = "much"', 8, "cash_usd"),
        ('id = "SIM0000009"', 'id = "SIM0000009"\ncurrency = "USD"', 6, "currency"),
        ("[coverage.cpi]", "[coverage.gdp]", 14, "gdp"),
        ("first_session = 2018-01-16", "first_session = 2018-01-15", 3, "a session of daily.csv"),
        ("last_session = 2018-01-16", "last_session = 2018-01-12", 4, "last session, 2018-01-16"),
        ('position = -2, average_price = "6.50"', 'position = -1, average_price = "6.50"', 18,
         "two long and two short equal legs"),
        ("opened = 2018-01-12", "opened = 2018-01-16", 18, "opened before the first session"),
        ("settlement = 2018-03-16", "settlement = 2018-01-16", 18, "settlement after the last"),
    ],
)  # fmt: skip
def test_a_bad_scenario_line_is_named(old: str, new: str, line: int, expected: str) -> None:
    """What is malformed or does not fit is refused with the line it stands on."""
    error = complaint(lambda: parse(scenario=SCENARIO.replace(old, new)))
    assert (error.file, error.line) == ("scenario.toml", line)
    assert expected in str(error)


def test_an_unfinished_file_is_reported_at_its_end() -> None:
    """A TOML complaint without a line number points to the last line."""
    error = complaint(lambda: parse(scenario='name = "short"\nlegs = ['))
    assert error.line == 2


def test_a_condor_has_four_legs() -> None:
    """Three legs, or six, are not a condor."""
    extra = '    { right = "C", strike = "2960", position = 2, average_price = "1.0" },\n]'
    error = complaint(lambda: parse(scenario=SCENARIO.replace("\n]", "\n" + extra)))
    assert "two long and two short" in str(error)
