"""Which settlement days of a class are listed on a day.

Monthly VIX settlements follow domain.md section 1.2; a weekly one stands 30 days before an SPXW
Friday that is not a third one, and shifts by the same rule. SPX (AM) settles on third Fridays,
SPXW (PM) on the weekdays its era had, on month ends and on third Fridays; S&P futures on third
Fridays of the quarters. An expiry on a holiday moves to the session before, that of a Monday to
the session after. Strikes are in `bot.exchange.reference.strikes`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice, takewhile

from bot.domain.sessions import (
    FRIDAY,
    VIX_DAYS_BEFORE_FRIDAY,
    SessionTable,
    third_friday,
    vix_settlement_date,
)
from bot.exchange.reference.conid import (
    SPX_FUTURE_CLASSES,
    VIX_FUTURE_CLASSES,
    ContractClass,
)
from bot.exchange.reference.contracts import last_trading_day

VX_LISTED_DAYS = 245
"""Calendar days before its settlement from which a VX month is listed: eight months."""

VIX_MONTHLIES, VIX_WEEKLIES = 12, 6
"""Listed expiries of each kind (domain.md section 1.1)."""

SPX_MONTHLIES = 12
SPX_LISTED_DAYS = 730
"""Beyond the months the quarters are listed, two years ahead."""

SP_FUTURE_QUARTERS = 5

WEEKLY_LISTED_DAYS = 42
"""An SPXW Friday is listed six weeks ahead."""

DAILY_LISTED_DAYS = 35
"""The other weekdays of SPXW are listed five weeks ahead."""

_MONDAY, _TUESDAY, _WEDNESDAY, _THURSDAY = range(4)
DAILIES_SINCE = {
    _MONDAY: date(2016, 8, 15),
    _TUESDAY: date(2022, 4, 18),
    _WEDNESDAY: date(2016, 2, 23),
    _THURSDAY: date(2022, 5, 11),
}
"""When Cboe began to list SPXW for each weekday beside Friday."""

_QUARTER_MONTHS = 3
_MONTHS = 12
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_VIX_LEAD = timedelta(days=VIX_DAYS_BEFORE_FRIDAY)


def vx_settlements(start: date, end: date, sessions: SessionTable) -> list[date]:
    """Return the settlement days of VX months from `start` to `end`, both included."""
    return list(takewhile(lambda day: day <= end, _vix_months(start, sessions)))


def sp_future_settlements(start: date, end: date, sessions: SessionTable) -> list[date]:
    """Return the settlement days of S&P futures from `start` to `end`, both included."""
    return list(takewhile(lambda day: day <= end, _quarters(start, sessions)))


def listed_settlements(
    contract_class: ContractClass, day: date, sessions: SessionTable
) -> tuple[date, ...]:
    """Return the settlement days of a class that still trade on `day`, nearest first."""
    return tuple(
        settlement
        for settlement in _listed(contract_class, day, sessions)
        if last_trading_day(contract_class, settlement, sessions) >= day
    )


def _listed(contract_class: ContractClass, day: date, sessions: SessionTable) -> Iterator[date]:
    """Yield what settles on `day` or later; an AM option may have traded for the last time."""
    if contract_class in VIX_FUTURE_CLASSES:
        return iter(vx_settlements(day, day + timedelta(days=VX_LISTED_DAYS), sessions))
    if contract_class in SPX_FUTURE_CLASSES:
        return islice(_quarters(day, sessions), SP_FUTURE_QUARTERS)
    # those that settle on `day` itself are no longer counted: they traded until the day before
    start = day + _DAY
    if contract_class is ContractClass.VIX:
        return islice(_vix_months(start, sessions), VIX_MONTHLIES)
    if contract_class is ContractClass.VIXW:
        return islice(_vix_weeks(start, sessions), VIX_WEEKLIES)
    if contract_class is ContractClass.SPX:
        return _spx(start, sessions)
    return iter(sorted(_spxw(day, sessions)))


def _vix_months(start: date, sessions: SessionTable) -> Iterator[date]:
    """Yield the monthly settlements from `start` on, without end.

    A month whose unshifted day lies before `start` is passed over: the table may not reach it.
    """
    months = (month for month in _months(start) if _vix_wednesday(*month) >= start)
    every = (vix_settlement_date(*month, sessions) for month in months)
    return (day for day in every if day >= start)


def _vix_wednesday(year: int, month: int) -> date:
    return third_friday(year + month // _MONTHS, month % _MONTHS + 1) - _VIX_LEAD


def _vix_weeks(start: date, sessions: SessionTable) -> Iterator[date]:
    """Yield the weekly settlements from `start` on, those of the monthly class left out."""
    fridays = _fridays(start + _VIX_LEAD)
    weeklies = (each for each in fridays if each != third_friday(each.year, each.month))
    every = (_vix_week(friday, sessions) for friday in weeklies)
    return (day for day in every if day >= start)


def _vix_week(friday: date, sessions: SessionTable) -> date:
    wednesday = friday - _VIX_LEAD
    if sessions.is_session(wednesday) and sessions.is_session(friday):
        return wednesday
    return sessions.on_or_before(wednesday - _DAY).date


def _third_fridays(start: date, sessions: SessionTable) -> Iterator[date]:
    fridays = (third_friday(*month) for month in _months(start))
    every = (sessions.on_or_before(friday).date for friday in fridays if friday >= start)
    return (day for day in every if day >= start)


def _quarters(start: date, sessions: SessionTable) -> Iterator[date]:
    return (day for day in _third_fridays(start, sessions) if day.month % _QUARTER_MONTHS == 0)


def _spx(start: date, sessions: SessionTable) -> Iterator[date]:
    end = start + timedelta(days=SPX_LISTED_DAYS)
    reach = takewhile(lambda day: day <= end, _third_fridays(start, sessions))
    return (
        day
        for count, day in enumerate(reach)
        if count < SPX_MONTHLIES or day.month % _QUARTER_MONTHS == 0
    )


def _spxw(day: date, sessions: SessionTable) -> set[date]:
    found = set(islice(_third_fridays(day, sessions), SPX_MONTHLIES))
    found |= set(islice(_month_ends(day, sessions), SPX_MONTHLIES))
    ahead = (day + timedelta(days=days) for days in range(WEEKLY_LISTED_DAYS))
    found |= {_moved(each, sessions) for each in ahead if _has_expiry(each, day)}
    return {each for each in found if each >= day}


def _has_expiry(each: date, day: date) -> bool:
    """Tell whether a weekday has an expiry of its own that is listed on `day`."""
    weekday = each.weekday()
    if weekday == FRIDAY:
        return True
    is_near = each < day + timedelta(days=DAILY_LISTED_DAYS)
    return is_near and weekday in DAILIES_SINCE and day >= DAILIES_SINCE[weekday]


def _moved(expiry: date, sessions: SessionTable) -> date:
    if expiry.weekday() == _MONDAY:
        return sessions.on_or_after(expiry).date
    return sessions.on_or_before(expiry).date


def _month_ends(start: date, sessions: SessionTable) -> Iterator[date]:
    firsts = (date(y + m // _MONTHS, m % _MONTHS + 1, 1) for y, m in _months(start))
    every = (sessions.on_or_before(first - _DAY).date for first in firsts)
    return (day for day in every if day >= start)


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
