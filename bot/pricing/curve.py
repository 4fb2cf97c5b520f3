"""The VX futures curve at a constant time to settlement.

Single futures roll down the curve as they age, so their levels on two days are not comparable. The
level at a fixed number of days, interpolated between the two neighbouring futures, is.
"""

import numpy as np
from numpy.typing import ArrayLike

from bot.pricing.arrays import FloatArray, as_floats


def constant_maturity(
    days_to_settlement: ArrayLike, levels: ArrayLike, target_days: ArrayLike
) -> FloatArray:
    """Interpolate futures levels linearly in days between the neighbours of the target.

    Args:
        days_to_settlement: Days to settlement of each future, shape (..., futures), in any order;
            nan marks a missing future and a negative number a settled one, which is left out.
        levels: Level of each future in points, broadcast against the days; nan where missing.
        target_days: Days at which the level is wanted, a scalar or one for each leading row.

    Returns:
        The level in points, shape (...). It is nan where no future settles at or before the target
        or none at or after it: the curve is never extended past its ends.

    Raises:
        ValueError: There is no axis of futures, or it is empty.
    """
    days, given = np.broadcast_arrays(as_floats(days_to_settlement), as_floats(levels))
    if days.ndim == 0 or days.shape[-1] == 0:
        raise ValueError("a futures curve needs an axis of at least one future")
    target = as_floats(target_days)[..., np.newaxis]
    known = np.isfinite(days) & np.isfinite(given) & (days >= 0.0)
    quoted = np.where(known, given, np.nan)
    before = np.where(known & (days <= target), days, -np.inf)
    after = np.where(known & (days >= target), days, np.inf)
    near, far = before.argmax(axis=-1, keepdims=True), after.argmin(axis=-1, keepdims=True)
    near_days, near_level = np.take_along_axis(before, near, -1), _pick(quoted, near)
    far_days, far_level = np.take_along_axis(after, far, -1), _pick(quoted, far)
    bracketed = np.isfinite(near_days) & np.isfinite(far_days)
    gap = np.where(bracketed & (far_days > near_days), far_days - near_days, 1.0)
    share = np.where(bracketed, target - near_days, np.nan) / gap
    return np.asarray((near_level + share * (far_level - near_level))[..., 0], dtype=np.float64)


def _pick(levels: FloatArray, places: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> FloatArray:
    """Take one level of each row, where one row of levels may serve many targets."""
    rows = np.broadcast_to(levels, (*places.shape[:-1], levels.shape[-1]))
    return np.take_along_axis(rows, places, -1)
