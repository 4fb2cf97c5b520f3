"""VX-front: the VIX future at a constant thirty days to settlement (G3).

A single future rolls down the curve as it ages, so its moving averages would see a jump at each
expiry. The level thirty days out lies between the two nearest monthly futures, except in the first
days after an expiry that five weeks separate from the next: then the nearest one is up to 36 days
out and the line through the two nearest is followed back to thirty days.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from bot.domain.history import FutureCloses
from bot.pricing.curve import constant_maturity
from bot.signals.line import Line, joined, missing
from bot.signals.past import FloatArray, settlement_date

FRONT_DAYS = 30.0
MAX_EXTENSION_DAYS = 7.0
"""Monthly expiries lie 28 or 35 days apart, give or take a day: more is a hole in the data."""


def front_series(
    dates: tuple[date, ...], futures: tuple[FutureCloses, ...]
) -> tuple[float | None, ...]:
    """Return the thirty-day future on each date, in points; None where it cannot be told.

    Args:
        dates: Completed sessions, ascending.
        futures: Monthly futures, each with one settlement price per date.
    """
    if not dates or not futures:
        return (None,) * len(dates)
    ordinals = np.array([day.toordinal() for day in dates], dtype=np.float64)
    settled = np.array([settlement_date(f).toordinal() for f in futures], dtype=np.float64)
    levels = np.array([f.closes for f in futures], dtype=np.float64).T
    fronts = _front_levels(settled - ordinals[:, np.newaxis], levels)
    return tuple(
        float(x) if known else None for x, known in zip(fronts, np.isfinite(fronts), strict=True)
    )


def front_line(days: Sequence[int], futures: Sequence[Line]) -> Line:
    """Return the thirty-day future from live quotes, as the provisional bar of `front_series`.

    Args:
        days: Days to settlement of each future, ascending.
        futures: What the line of each future says.
    """
    quoted = [(d, line) for d, line in zip(days, futures, strict=True) if line.value is not None]
    if len(quoted) < 2:  # noqa: PLR2004 - a line needs two points
        return missing("fewer than two VX futures are quoted")
    nearer = sum(d <= FRONT_DAYS for d, _ in quoted)
    first = min(max(nearer, 1), len(quoted) - 1) - 1
    pair = quoted[first : first + 2]
    level = _front_levels(
        np.array([[d for d, _ in pair]], dtype=np.float64),
        np.array([[line.value for _, line in pair]], dtype=np.float64),
    )[0]
    basis = joined(pair[0][1], pair[1][1])
    return basis._replace(value=float(level) if np.isfinite(level) else None)


def _front_levels(days: FloatArray, levels: FloatArray) -> FloatArray:
    """Return the level at thirty days of each row; a future on its settlement day is gone."""
    usable = np.where(np.isfinite(levels) & (days > 0.0), days, np.nan)
    inside = constant_maturity(usable, levels, FRONT_DAYS)
    if np.isfinite(inside).all():
        return inside
    nearest = np.min(np.where(np.isfinite(usable), usable, np.inf), axis=-1)
    reach = nearest - FRONT_DAYS
    # The line through the two nearest, met at thirty days: as far below the nearest as its mirror
    # image lies above it.
    start = np.where((reach > 0.0) & (reach <= MAX_EXTENSION_DAYS), nearest, np.nan)
    at_start = constant_maturity(usable, levels, start)
    at_mirror = constant_maturity(usable, levels, start + reach)
    return np.where(np.isfinite(inside), inside, 2.0 * at_start - at_mirror)
