"""From levels every 30 seconds to levels every five, through exactly the same points.

Between two grid levels runs a small Brownian bridge, folded back into the span of the two: the
extremes of a day and of every longer stretch are those of the grid, whatever the resolution asked.
"""

import numpy as np

from bot.exchange.market.path import freeze
from bot.pricing.arrays import FloatArray

_NOISE_OF_SPAN = 0.5


def refine(levels: FloatArray, parts: int, key: tuple[int, ...]) -> FloatArray:
    """Return `parts` levels for each interval of `levels`, and the last level.

    Args:
        levels: Levels in points.
        parts: How many intervals one becomes.
        key: What chance depends on: seed, day and which series it is; the step is the row drawn.
    """
    draw = np.random.Generator(np.random.PCG64(key))
    first, last = levels[:-1, np.newaxis], levels[1:, np.newaxis]
    share = np.arange(parts) / parts
    walk = draw.standard_normal((len(levels) - 1, parts)).cumsum(axis=1) / np.sqrt(parts)
    walk = np.pad(walk, ((0, 0), (1, 0)))
    noise = walk[:, :-1] - share * walk[:, -1:]
    place = np.abs(share + _NOISE_OF_SPAN * noise)
    place = np.where(place % 2.0 > 1.0, 2.0 - place % 2.0, place % 2.0)
    fine = freeze(first + (last - first) * place).copy()
    fine[:, 0] = levels[:-1]
    return freeze_exact(np.append(fine.ravel(), levels[-1]))


def freeze_exact(levels: FloatArray) -> FloatArray:
    """Return levels as they are, read-only."""
    levels.setflags(write=False)
    return levels
