"""Figures of a window of daily bars: z-score and slope (G5, G6).

Over a fixed number of bars, so that a live evaluation, a back-test and a replay agree.
"""

import numpy as np

from bot.signals.past import FloatArray


def z_score(value: float, sample: FloatArray) -> float | None:
    """Return the standard deviations by which `value` lies above the mean of `sample`.

    The deviation is that of a sample (n - 1). None where the sample does not vary: there is no
    yardstick then.
    """
    if np.ptp(sample) == 0.0:
        return None
    return float((value - sample.mean()) / sample.std(ddof=1))


def slope(values: FloatArray) -> float:
    """Return the slope of the least-squares line through values, a bar; it needs two of them."""
    steps = np.arange(len(values), dtype=np.float64)
    centred = steps - steps.mean()
    return float(centred @ (values - values.mean()) / (centred @ centred))
