"""Names for the array types that every function of this room takes and gives.

All quantities are double precision: a float32 input is widened, because implied volatilities lose
half their digits in single precision.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float64]
"""An array of doubles of any shape; scalars come back as arrays of shape ()."""

BoolArray: TypeAlias = NDArray[np.bool_]
"""An array of truth values of any shape."""


def as_floats(values: ArrayLike) -> FloatArray:
    """Give the values as an array of doubles, without a copy where they are one already."""
    return np.asarray(values, dtype=np.float64)


def as_bools(values: ArrayLike) -> BoolArray:
    """Give the values as an array of truth values."""
    return np.asarray(values, dtype=np.bool_)
