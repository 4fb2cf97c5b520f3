"""The shipped scenarios keep their prices: what seeded runs saw yesterday they see tomorrow.

The numbers pin what the market told before it knew nights and other products: at the 30-second
times of regular hours no later change may move a price, a size or a volume of these lines.
"""

import hashlib
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.instruments import ConId, Right
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.underlyings import SPX_ID, VIX_ID
from tests.support.paper_market import CALM, STORM, STORM_DAY, at, future, market, option

MARCH = date(2018, 3, 21)
STORM_LINES = [
    SPX_ID,
    VIX_ID,
    future(date(2018, 2, 14)),
    future(MARCH),
    future(date(2018, 4, 18)),
    option(ContractClass.VIX, date(2018, 2, 14), "20"),
    option(ContractClass.VIX, MARCH, "15"),
    option(ContractClass.VIX, MARCH, "25"),
    option(ContractClass.VIX, date(2018, 5, 16), "40"),
    option(ContractClass.VIX, MARCH, "18", Right.PUT),
    option(ContractClass.SPX, date(2018, 3, 16), "2600", Right.PUT),
    option(ContractClass.SPX, date(2018, 4, 20), "2875"),
    option(ContractClass.SPXW, date(2018, 2, 9), "2700"),
    option(ContractClass.SPX, date(2018, 2, 16), "3400"),
]
CALM_DAY = date(2017, 6, 29)
CALM_LINES = [
    SPX_ID,
    VIX_ID,
    future(date(2017, 8, 16)),
    option(ContractClass.VIX, date(2017, 8, 16), "14"),
    option(ContractClass.SPX, date(2017, 8, 18), "2450", Right.PUT),
]
GREEKS_DIGITS = 9


def words(line: MarketQuote) -> str:
    """Return everything the market told of a line, model values at nine digits."""
    prices = (line.con_id, line.bid, line.ask, line.bid_size, line.ask_size, line.last)
    model = (line.iv, line.delta, line.gamma, line.vega, line.theta, line.underlying_price)
    told = " ".join("-" if each is None else f"{each:.{GREEKS_DIGITS}g}" for each in model)
    return f"{' '.join(map(str, prices))} {line.volume} {line.close} {told}"


def digest(scenario: str, seed: int, lines: list[ConId], times: list[datetime]) -> str:
    """Return the hash of all lines at all times."""
    told = [words(line) for now in times for line in market(scenario, seed).quotes(lines, now)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def grid(day: date, every_seconds: int) -> list[datetime]:
    """Return the times from the opening to the close, both included."""
    whole = (6 * 60 + 45) * 60
    return [at(day, 9, 30) + timedelta(seconds=s) for s in range(0, whole + 1, every_seconds)]


@pytest.mark.parametrize(
    ("scenario", "seed", "lines", "times", "expected"),
    [
        (STORM, 1, STORM_LINES, grid(STORM_DAY, 600), "109be5dd19de5bdf"),
        (STORM, 7, STORM_LINES, grid(date(2018, 2, 6), 30)[::37], "97cf134aad5f8b8a"),
        (CALM, 1, CALM_LINES, grid(CALM_DAY, 600), "f1888819f50d7231"),
        (STORM, 1, STORM_LINES[:-6], grid(date(2018, 1, 16), 1800), "8dd73b60ac5cc02f"),
    ],
    ids=["storm", "another seed", "calm", "first day"],
)
def test_regular_hours_are_told_as_ever(
    scenario: str, seed: int, lines: list[ConId], times: list[datetime], expected: str
) -> None:
    """Every field of every line at every time, by hash."""
    assert digest(scenario, seed, lines, times) == expected


@pytest.mark.parametrize(
    ("con_id", "minute", "told"),
    [
        (SPX_ID, 930, "416904 None None 0 0 2657.02 0 2762.13 - - - - - -"),
        (VIX_ID, 930, "13455763 None None 0 0 33.95 0 17.31 - - - - - -"),
        (future(MARCH), 930, "616271872 23.70 23.75 252 50 23.70 1984 15.725 - - - - - -"),
        (future(MARCH), 975, "616271872 25.15 25.25 13 63 25.15 2233 15.725 - - - - - -"),
        (
            STORM_LINES[7],
            930,
            (
                "683380837 3.85 4.05 273 116 3.85 1707 0.665 1.36861743 0.549583689 0.0351482264 "
                "0.0324456098 -0.0506440804 23.7328305"
            ),
        ),
        (
            STORM_LINES[10],
            975,
            (
                "750470160 77.60 81.10 181 371 77.60 2226 14.70 0.29837979 -0.405781856 "
                "0.00150495419 3.33885669 -1.29600697 2648.94"
            ),
        ),
    ],
)
def test_some_lines_of_the_fifth_of_february(con_id: ConId, minute: int, told: str) -> None:
    """The same in words, so that a difference can be read."""
    now = at(STORM_DAY, minute // 60, minute % 60)
    assert words(market().quotes([con_id], now)[0]) == told


def test_daily_bars_are_told_as_ever() -> None:
    """The bars that signals are made of."""
    now = at(STORM_DAY, 15, 30)
    bars = [market().daily_bars(con_id, now, 2)[-1] for con_id in (future(MARCH), VIX_ID)]
    assert [(bar.open, bar.high, bar.low, bar.close) for bar in bars] == [
        (16.0, 23.75, 15.75, 23.75),
        (17.71, 33.95, 17.09, 33.95),
    ]
    assert market().quotes([SPX_ID], now)[0].last == Decimal("2657.02")
