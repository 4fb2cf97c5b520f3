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
    """The extremes of one session; prices at its telling moments are looked up once."""

    def __init__(self, path: SessionPath, lasts: Lasts) -> None:
        self._columns = [_highest(path.vix), _lowest(path.vix), _highest(path.spx)]
        self._columns.append(_lowest(path.spx))
        self._lasts = lasts
        self._kept: dict[int, dict[ConId, Decimal | None]] = {}

    def at(self, con_ids: Sequence[ConId], step: int, present: int | None = None) -> list[Extremes]:
        """Return the extremes over the opening and the telling moments up to `step`.

        Beyond the last step, where a share trades into the next night, those of the whole hold. The
        step that is `present` is left out: the caller knows the price of now.
        """
        step = min(step, len(self._columns[0]) - 1)
        steps = sorted({0, *(column[step] for column in self._columns)} - {present})
        self._kept = {each: self._kept.get(each, {}) for each in steps}
        columns = [self._column(con_ids, each) for each in steps]
        if not columns:
            return [Extremes(None, None, None)] * len(con_ids)
        return [_extremes(told) for told in zip(*columns, strict=True)]

    def _column(self, con_ids: Sequence[ConId], step: int) -> list[Decimal | None]:
        kept = self._kept[step]
        missing = [con_id for con_id in con_ids if con_id not in kept]
        if missing:
            kept.update(zip(missing, self._lasts(missing, step), strict=True))
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
