"""The contracts a case speaks of, made up as the broker would list them.

Numbers are functions of what a contract is, so that the same contract is the same in every
evaluation of a path.
"""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache

from bot.domain.instruments import ConId, Future, Index, Option, Right
from bot.domain.money import price_grid
from bot.domain.sessions import SessionTable, at_new_york, settlement_instant, vix_settlement_date

VIX_GRID = price_grid(("0", "0.01"), ("3", "0.05"))
SPX_GRID = price_grid(("0", "0.05"), ("3", "0.10"))
VX_GRID = price_grid(("0", "0.05"))

FUTURES_LISTED = 8
"""VX months that are listed (domain.md section 1.3)."""

VIX_STRIKES = tuple(
    Decimal(half) / 2
    for half in (*range(16, 30), *range(30, 100, 2), *range(100, 300, 10), *range(300, 601, 20))
)
"""Halves below 15 points, wholes below 50, fives below 150, then tens (domain.md section 1.1)."""

_NAME = re.compile(r"(VIX|SPXW) (\d{4}-\d{2}-\d{2}) ([CP])(\d+(?:\.\d+)?)")
_CLASS_PLACES = {"VIX": 1, "SPXW": 2, "VX": 3}
_DAY_PLACES = 10**7
_STRIKE_PLACES = 10**7
_AFTER_HOURS = time(16, 0)
_DAY = timedelta(days=1)


def index(symbol: str) -> Index:
    """Return a cash index."""
    number = int.from_bytes(symbol.encode(), "big")
    return Index(con_id=ConId(number), symbol=symbol, exchange="CBOE")


def vx_future(settles: date) -> Future:
    """Return the monthly VX future that settles on a day."""
    return Future(
        con_id=_number("VX", settles, Decimal(0), Right.CALL),
        symbol="VIX",
        trading_class="VX",
        exchange="CFE",
        multiplier=1000,
        last_trading_day=settles,
        settlement=settlement_instant(settles),
        grid=VX_GRID,
        local_symbol=f"VX {settles}",
    )


@lru_cache(maxsize=1 << 16)
def vix_option(settles: date, strike: Decimal, right: Right) -> Option:
    """Return the VIX option of a settlement day, which trades until the day before."""
    return Option(
        con_id=_number("VIX", settles, strike, right),
        symbol="VIX",
        trading_class="VIX",
        exchange="SMART",
        multiplier=100,
        right=right,
        strike=strike,
        last_trading_day=settles - _DAY,
        settlement=settlement_instant(settles),
        grid=VIX_GRID,
        local_symbol=option_name("VIX", settles, right, strike),
    )


def spx_option(expiry: date, strike: Decimal, right: Right) -> Option:
    """Return the SPXW option that settles at the close of its last day."""
    return Option(
        con_id=_number("SPXW", expiry, strike, right),
        symbol="SPX",
        trading_class="SPXW",
        exchange="SMART",
        multiplier=100,
        right=right,
        strike=strike,
        last_trading_day=expiry,
        settlement=at_new_york(expiry, _AFTER_HOURS),
        grid=SPX_GRID,
        local_symbol=option_name("SPXW", expiry, right, strike),
    )


def option_name(trading_class: str, day: date, right: Right, strike: Decimal) -> str:
    """Return the name by which a case quotes an option: `VIX 2018-03-21 C20`."""
    return f"{trading_class} {day} {right}{strike.normalize():f}"


def named_option(name: str) -> Option:
    """Return the option called so.

    Raises:
        ValueError: it is no such name.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError('expected a name such as "VIX 2018-03-21 C20" or "SPXW 2018-03-02 P2550"')
    trading_class, day, right, strike = match.groups()
    make = vix_option if trading_class == "VIX" else spx_option
    return make(date.fromisoformat(day), Decimal(strike), Right(right))


def vix_settlements(day: date, sessions: SessionTable, count: int) -> tuple[date, ...]:
    """Return the next monthly settlement days after `day`, nearest first."""
    months = (day.year * 12 + day.month - 1 + ahead for ahead in range(count + 1))
    found = (vix_settlement_date(month // 12, month % 12 + 1, sessions) for month in months)
    return tuple(settles for settles in found if settles > day)[:count]


def vix_option_of(con_id: ConId) -> Option:
    """Return the VIX option of a number that `vix_option` gave."""
    rest, is_put = divmod(con_id, 2)
    place, hundredths = divmod(rest, _STRIKE_PLACES)
    day = date.fromordinal(place % _DAY_PLACES)
    return vix_option(day, Decimal(hundredths) / 100, Right.PUT if is_put else Right.CALL)


def _number(trading_class: str, day: date, strike: Decimal, right: Right) -> ConId:
    """Return a number no other contract has: class, day, strike in hundredths, and right."""
    place = _CLASS_PLACES[trading_class] * _DAY_PLACES + day.toordinal()
    return ConId((place * _STRIKE_PLACES + int(strike * 100)) * 2 + (right is Right.PUT))
