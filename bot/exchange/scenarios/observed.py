"""What is known of real days beside SPX and VIX; where nothing is known, the model speaks."""

from datetime import date
from typing import NamedTuple

import msgspec


class Settle(NamedTuple):
    """The settlement price of one monthly VIX future on one day, and when it expires."""

    expiry: date
    points: float


class Issues(NamedTuple):
    """Advancing and declining issues at the end of a day."""

    advancing: float
    declining: float


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """Real values by date.

    Attributes:
        closes: Of indices, by symbol, as they are printed.
        curve: Settlement prices of VIX futures, by expiry.
        final_settlements: What VIX futures and options settled at, by settlement day.
        breadth: Advances and declines.
        rates: The continuous yearly rate of three-month bills, as a fraction.
        missing: The files that were not there.
    """

    closes: dict[str, dict[date, float]] = {}
    curve: dict[date, tuple[Settle, ...]] = {}
    final_settlements: dict[date, float] = {}
    breadth: dict[date, Issues] = {}
    rates: dict[date, float] = {}
    missing: tuple[str, ...] = ()
