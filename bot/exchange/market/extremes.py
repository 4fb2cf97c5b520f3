"""Open, high and low of the day, found where the underlying had its own.

Every price here moves with VIX or with the S&P 500, so a contract's extreme prices are looked for
at the opening and at the moments of that day at which one of the two stood highest or lowest; what
a few minutes of tenor add in between is left out, as it is in the daily bars of futures.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeAlias

import numpy as np

from bot.domain.instruments import ConId
from bot.exchange.market.path import SessionPath
from bot.pricing.arrays import FloatArray

Lasts: TypeAlias = Callable[[list[ConId], int], list[Decimal | None]]
"""Returns the last prices of contracts at a step of the session."""


class Extremes(NamedTuple):
    """Open, high and low of the day so far; None for a contract without a price."""

    open: Decimal | None
    high: Decimal | None
    low: Decimal | None


class DayExtremes:
    """The extremes of one session, kept for as long as no new one of an underlying comes."""

    def __init__(self, path: SessionPath, lasts: Lasts) -> None:
        self._columns = [_highest(path.vix), _lowest(path.vix), _highest(path.spx)]
        self._columns.append(_lowest(path.spx))
        self._lasts = lasts
        self._kept: dict[tuple[int, ...], dict[ConId, Extremes]] = {}

    def at(self, con_ids: Sequence[ConId], step: int) -> list[Extremes]:
        """Return the extremes over the opening and the telling moments up to `step`."""
        steps = tuple(sorted({0, *(int(column[step]) for column in self._columns)}))
        kept = self._kept.setdefault(steps, {})
        missing = [con_id for con_id in con_ids if con_id not in kept]
        if missing:
            columns = [self._lasts(missing, each) for each in steps]
            kept.update(zip(missing, map(_extremes, zip(*columns, strict=True)), strict=True))
        return [kept[con_id] for con_id in con_ids]


def _extremes(lasts: tuple[Decimal | None, ...]) -> Extremes:
    known = [last for last in lasts if last is not None]
    if not known:
        return Extremes(None, None, None)
    return Extremes(known[0], max(known), min(known))


def _highest(levels: FloatArray) -> list[int]:
    """Return for each step the first step up to it with the highest level."""
    return _places(levels >= np.maximum.accumulate(levels))


def _lowest(levels: FloatArray) -> list[int]:
    return _places(levels <= np.minimum.accumulate(levels))


def _places(is_extreme: np.ndarray) -> list[int]:
    steps = np.where(is_extreme, np.arange(len(is_extreme)), 0)
    return [int(step) for step in np.maximum.accumulate(steps)]
