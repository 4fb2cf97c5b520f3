"""SPX and VIX between two sessions: the evening after a close and the night before an opening.

The evening belongs to the day that closed: a small random walk of opposed moves that knows nothing
of tomorrow. The night belongs to the day that it opens, as its trade date does: a Brownian bridge
in log space from where the evening stood at its beginning to the real opening of SPX and the path's
first VIX. Its noise is a third of a day's standard deviation at the VIX before; VIX moves four
times as much as SPX and against it, as it does on the sessions' own paths.
"""

import numpy as np

from bot.exchange.market.path import (
    OPPOSITION,
    Level,
    SessionPath,
    bridge,
    freeze,
)
from bot.exchange.scenarios.scenario import Day
from bot.pricing.arrays import FloatArray

FULL_EVENING_STEPS = 450
"""30-second steps from 16:15 to 20:00."""

_EVENING_SALT, _NIGHT_SALT = 1, 2
_EVENING_NOISE, _NIGHT_NOISE = 0.1, 0.33
_VIX_OF_SPX, _LARGEST_VIX_NOISE = 4.0, 0.1
_SESSIONS_PER_YEAR = 252.0


def evening_path(day: Day, steps: int, seed: int) -> SessionPath:
    """Return the levels of the evening of `day` over `steps` intervals, from its close on."""
    draw = np.random.Generator(np.random.PCG64([seed, day.date.toordinal(), _EVENING_SALT]))
    moves = draw.standard_normal((2, FULL_EVENING_STEPS))[:, :steps] / np.sqrt(FULL_EVENING_STEPS)
    first, second = np.pad(moves.cumsum(axis=1), ((0, 0), (1, 0)))
    closed = Level(day.spx_close, day.vix_close)
    still = SessionPath(np.full(steps + 1, closed.spx), np.full(steps + 1, closed.vix))
    return _stirred(still, (first, second), _EVENING_NOISE, day.vix_close)


def night_path(day: Day, ends: tuple[Level, Level], steps: int, seed: int) -> SessionPath:
    """Return the levels of the night before `day` over `steps` intervals.

    Args:
        day: The session that the night opens.
        ends: Where the evening before stood, and the opening.
        steps: How many intervals the night has.
        seed: Of the market.
    """
    draw = np.random.Generator(np.random.PCG64([seed, day.date.toordinal(), _NIGHT_SALT]))
    before, opening = ends
    share = np.linspace(0.0, 1.0, steps + 1)
    straight = SessionPath(
        spx=before.spx * (opening.spx / before.spx) ** share,
        vix=before.vix * (opening.vix / before.vix) ** share,
    )
    noise = bridge(draw, steps), bridge(draw, steps)
    path = _stirred(straight, noise, _NIGHT_NOISE, before.vix)
    return SessionPath(
        spx=freeze([before.spx, *path.spx[1:-1], opening.spx]),
        vix=freeze([before.vix, *path.vix[1:-1], opening.vix]),
    )


def _stirred(
    path: SessionPath, noise: tuple[FloatArray, FloatArray], share_of_day: float, vix: float
) -> SessionPath:
    """Return a path with opposed noise on it, rounded as disseminated."""
    first, second = noise
    of_spx = share_of_day * vix / 100.0 / np.sqrt(_SESSIONS_PER_YEAR)
    of_vix = min(_VIX_OF_SPX * of_spx, _LARGEST_VIX_NOISE)
    opposed = np.sqrt(1.0 - OPPOSITION**2) * second - OPPOSITION * first
    return SessionPath(
        spx=freeze(path.spx * np.exp(of_spx * first)),
        vix=freeze(path.vix * np.exp(of_vix * opposed)),
    )
