"""Which settlements and strikes of a class are listed on a day.

VX months are listed eight months ahead; options on VIX for the next six monthly settlements, SPX
for the next six third Fridays (AM), SPXW for the next six Fridays (PM). The strikes of SPX follow
the closes *before* the day, so that a listing never knows the day's own move.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import dropwhile, islice, takewhile

from bot.domain.sessions import (
    FRIDAY,
    VIX_DAYS_BEFORE_FRIDAY,
    SessionTable,
    third_friday,
    vix_settlement_date,
)
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.contracts import last_trading_day

VX_LISTED_DAYS = 245
"""Calendar days before its settlement from which a VX month is listed: eight months."""

OPTION_EXPIRIES = 6
SPX_RANGE = (0.70, 1.30)
"""Strikes of SPX reach this share of the lowest and of the highest close of late."""

_SPX_STEP = 5
_MONTHS = 12
_WEEK = timedelta(days=7)
_VIX_LEAD = timedelta(days=VIX_DAYS_BEFORE_FRIDAY)


def _vix_strikes() -> tuple[Decimal, ...]:
    """Steps of 0.50 below 15, of 1 to 50, of 5 to 100 (domain.md section 1.1, listed sparser)."""
    halves = [Decimal(steps) / 2 for steps in range(16, 30)]
    wholes = [Decimal(strike) for strike in range(15, 50)]
    wings = [Decimal(strike) for strike in range(50, 101, 5)]
    return (*halves, *wholes, *wings)


VIX_STRIKES = _vix_strikes()


def spx_strikes(lowest_close: float, highest_close: float) -> tuple[Decimal, ...]:
    """Return the listed strikes of SPX, on a grid of five points around the closes of late."""
    low = int(lowest_close * SPX_RANGE[0] // _SPX_STEP) * _SPX_STEP
    high = int(highest_close * SPX_RANGE[1] // _SPX_STEP + 1) * _SPX_STEP
    return tuple(Decimal(strike) for strike in range(low, high + 1, _SPX_STEP))


def vx_settlements(start: date, end: date, sessions: SessionTable) -> list[date]:
    """Return the settlement days of VX months from `start` to `end`, both included."""
    return list(takewhile(lambda day: day <= end, _from(start, ContractClass.VX, sessions)))


def option_settlements(
    contract_class: ContractClass, day: date, sessions: SessionTable
) -> list[date]:
    """Return the settlement days of the expiries of a class that still trade on `day`."""
    trading = dropwhile(
        lambda settlement: last_trading_day(contract_class, settlement, sessions) < day,
        _from(day, contract_class, sessions),
    )
    return list(islice(trading, OPTION_EXPIRIES))


def _from(start: date, contract_class: ContractClass, sessions: SessionTable) -> Iterator[date]:
    """Yield the settlement days of a class from `start` on, without end.

    A month whose unshifted day lies before `start` is passed over: the table may not reach it.
    """
    if contract_class is ContractClass.SPXW:
        every = (_settled(friday, sessions) for friday in _fridays(start))
    elif contract_class is ContractClass.SPX:
        fridays = (third_friday(*month) for month in _months(start))
        every = (_settled(friday, sessions) for friday in fridays if friday >= start)
    else:
        months = (month for month in _months(start) if _vix_wednesday(*month) >= start)
        every = (vix_settlement_date(*month, sessions) for month in months)
    return (day for day in every if day >= start)


def _vix_wednesday(year: int, month: int) -> date:
    return third_friday(year + month // _MONTHS, month % _MONTHS + 1) - _VIX_LEAD


def _months(start: date) -> Iterator[tuple[int, int]]:
    year, month = start.year, start.month
    while True:
        yield year, month
        year, month = year + month // _MONTHS, month % _MONTHS + 1


def _fridays(start: date) -> Iterator[date]:
    friday = start + timedelta(days=(FRIDAY - start.weekday()) % 7)
    while True:
        yield friday
        friday += _WEEK


def _settled(friday: date, sessions: SessionTable) -> date:
    """Return the settlement day of a Friday expiry: the session before, when it is a holiday."""
    return sessions.on_or_before(friday).date
