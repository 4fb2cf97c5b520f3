"""Arrays of whole numbers: contract numbers, cents, sizes, ticks."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

IntArray: TypeAlias = NDArray[np.int64]
