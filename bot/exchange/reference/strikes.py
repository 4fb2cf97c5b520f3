"""Which strikes of an expiry are listed on a day.

An exchange lists a few strikes when it opens an expiry and adds to them: a finer grid as the expiry
comes near, and further strikes as the index moves. So a list is a union of bands, each opened a
time before the settlement and stretched by the closes since; it depends on the closes *before* the
day alone - a listing never knows the day's own move - and no strike is ever taken off.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from bot.exchange.reference.conid import SPX_CLASSES, ContractClass
from bot.exchange.scenarios.scenario import Day


class Band(NamedTuple):
    """Steps around the closes, listed from `days` before the settlement.

    They reach from the share `low` of the lowest close to the share `high` of the highest.
    """

    days: int
    step: int
    low: float
    high: float


SPX_BANDS = (
    Band(days=760, step=100, low=0.40, high=1.60),
    Band(days=760, step=50, low=0.70, high=1.25),
    Band(days=400, step=25, low=0.60, high=1.30),
    Band(days=130, step=10, low=0.75, high=1.20),
    Band(days=100, step=5, low=0.88, high=1.10),
)
"""Five points near, wider far (domain.md section 1.4)."""

VIX_NEAR_DAYS = 190
"""From so many days before its settlement an expiry on VIX has all its strikes: six months."""

_LOOK_BACK = timedelta(days=30)
"""A band takes the closes of a month before it opens, too: what the listing began with."""

_VIX_HALVES, _VIX_WHOLES, _VIX_FIVES = (8, 15), 50, 100
_VIX_FAR_WHOLES = (10, 30)
_WHOLES_ABOVE, _FIVES_ABOVE = 1.25, 2.5
_FIVE, _TEN = 5, 10
_KEPT_LISTS = 4096


class Strikes:
    """The strike lists of option classes over the days of a scenario."""

    def __init__(self, days: Sequence[Day]) -> None:
        self._days = days
        self._dates = [day.date for day in days]

    def listed(
        self, contract_class: ContractClass, settlement: date, day: date
    ) -> tuple[Decimal, ...]:
        """Return the strikes of one expiry listed on `day`, in points, ascending."""
        if contract_class in SPX_CLASSES:
            return self._spx(settlement, day)
        if (settlement - day).days > VIX_NEAR_DAYS:
            return _vix_far()
        before = self._before(settlement - timedelta(days=VIX_NEAR_DAYS), day)
        return vix_strikes(max((each.vix_close for each in before), default=0.0))

    def _spx(self, settlement: date, day: date) -> tuple[Decimal, ...]:
        ranges = []
        for band in SPX_BANDS:
            if (settlement - day).days <= band.days:
                since = settlement - timedelta(days=band.days)
                closes = [each.spx_close for each in self._before(since, day)]
                if since - _LOOK_BACK <= self._dates[0]:
                    closes.append(self._days[0].spx_open)
                ranges.append(_reach(band, min(closes), max(closes)))
        return _on_grids(tuple(ranges))

    def _before(self, since: date, day: date) -> Sequence[Day]:
        start = bisect_left(self._dates, since - _LOOK_BACK)
        return self._days[start : bisect_left(self._dates, day)]


def vix_strikes(highest_close: float) -> tuple[Decimal, ...]:
    """Return the strikes of a near expiry on VIX, after the highest close since it was listed.

    Steps of 0.50 below 15, of 1 to 50, of 5 to 100 (domain.md section 1.1, the wings sparser);
    when VIX has been high, further up.
    """
    wholes = max(_VIX_WHOLES, _up(highest_close * _WHOLES_ABOVE, _FIVE))
    fives = max(_VIX_FIVES, _up(highest_close * _FIVES_ABOVE, _TEN))
    return _vix_near(wholes, fives)


@lru_cache(maxsize=_KEPT_LISTS)
def _vix_near(wholes: int, fives: int) -> tuple[Decimal, ...]:
    first, last = _VIX_HALVES
    return (
        *(Decimal(halves) / 2 for halves in range(2 * first, 2 * last)),
        *(Decimal(strike) for strike in range(last, wholes)),
        *(Decimal(strike) for strike in range(wholes, fives + 1, _FIVE)),
    )


@lru_cache(maxsize=1)
def _vix_far() -> tuple[Decimal, ...]:
    first, last = _VIX_FAR_WHOLES
    wings = range(last, _VIX_FIVES + 1, _FIVE)
    return tuple(Decimal(strike) for strike in (*range(first, last), *wings))


def _reach(band: Band, lowest: float, highest: float) -> range:
    first = int(lowest * band.low // band.step) * band.step
    return range(max(first, band.step), _up(highest * band.high, band.step) + 1, band.step)


def _up(points: float, step: int) -> int:
    return -int(-points // step) * step


@lru_cache(maxsize=_KEPT_LISTS)
def _on_grids(ranges: tuple[range, ...]) -> tuple[Decimal, ...]:
    """Return the union of the ranges; one list serves all expiries and days that share it."""
    return tuple(_decimal(strike) for strike in sorted(set().union(*ranges)))


@lru_cache(maxsize=_KEPT_LISTS)
def _decimal(strike: int) -> Decimal:
    return Decimal(strike)
