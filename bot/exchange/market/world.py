"""What all values depend on, at one moment or at many moments of one trading day."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np

from bot.exchange.market.curve import Anchors
from bot.pricing.arrays import BoolArray, FloatArray


class Facts(NamedTuple):
    """What is known of a trading day before it begins, and holds for all of it.

    Attributes:
        date: Of the session.
        spx_before: SPX at the close before.
        vix_before: VIX at the close before.
        spx_mean: The exponential mean of the log closes of SPX over 60 sessions before it.
        dividend_years: Years since SPY last paid a dividend.
        ten_year_percent: The yield of ten-year Treasury notes.
        monthlies: Settlements, in seconds since 1970, of the two monthly SPX expiries that VIXMO
            is made of.
    """

    date: date
    spx_before: float
    vix_before: float
    spx_mean: float
    dividend_years: float
    ten_year_percent: float
    monthlies: tuple[float, float]


class CurveShift(NamedTuple):
    """By how much the log of the VIX futures curve is off, by settlement (seconds since 1970)."""

    settlements: FloatArray
    logs: FloatArray

    def at(self, settlements: FloatArray) -> FloatArray:
        """Return the shift of futures by their settlement, straight between the known ones."""
        return np.interp(settlements, self.settlements, self.logs)


class Shifts(NamedTuple):
    """How far the real market stood from the model at the close before and at the day's own.

    `indices` holds both for each symbol known; `breadth` the real advances, declines and unchanged
    issues of the day.
    """

    indices: Mapping[str, tuple[float, float]]
    curve: tuple[CurveShift, CurveShift] | None = None


NO_SHIFTS = Shifts(indices={})


class World(NamedTuple):
    """The levels at a moment (numbers) or at many (arrays of one length); rates per year.

    `share` is how much of the way from the close before to the day's own close is done: 0 up to the
    opening, 1 from the close on.
    """

    seconds: FloatArray | float
    vix: FloatArray | float
    spx: FloatArray | float
    anchors: Anchors
    rate: float
    dividend_yield: float
    share: FloatArray | float
    facts: Facts
    shifts: Shifts = NO_SHIFTS

    def shift(self, symbol: str) -> FloatArray | float:
        """Return by how many points an index stands off its model."""
        before, after = self.shifts.indices.get(symbol, (0.0, 0.0))
        return before + (after - before) * self.share

    def curve_shift(self, settlements: FloatArray) -> FloatArray | float:
        """Return by how much the log of VIX futures stands off the model's."""
        if self.shifts.curve is None:
            return 0.0
        before, after = (each.at(settlements) for each in self.shifts.curve)
        return before + (after - before) * self.share

    def pick(self, places: BoolArray) -> "World":
        """Return the world of some of many moments; one moment is the same for all."""
        if not np.ndim(self.vix):
            return self
        fast, slow = (np.broadcast_to(each, np.shape(self.vix)) for each in self.anchors)
        return self._replace(
            seconds=np.asarray(self.seconds)[places],
            vix=np.asarray(self.vix)[places],
            spx=np.asarray(self.spx)[places],
            anchors=Anchors(fast[places], slow[places]),
            share=np.asarray(self.share)[places],
        )
