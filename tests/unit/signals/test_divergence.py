"""G4: an SPX high that its RSI does not share and the RSI of VIX does."""

import numpy as np
import pytest
import talib

from bot.domain.policy import SignalsPolicy
from bot.domain.readings import Readings, ReadingState
from bot.domain.state import StrategyState
from bot.domain.value import replace as changed
from bot.signals.catalog import read_signals
from bot.signals.divergence import diverges, last_pivot
from bot.signals.past import FloatArray
from tests.support.signal_inputs import HISTORY, Scene, completed

OK, STALE, MISSING = ReadingState.OK, ReadingState.STALE, ReadingState.MISSING
SMALL = SignalsPolicy(divergence_bars=4, pivot_bars=1)


def series(*values: float) -> FloatArray:
    return np.array(values)


@pytest.mark.parametrize(
    ("prices", "bars", "place"),
    [
        (series(1, 2, 1), 1, 1),
        (series(1, 2, 1, 3, 1, 2, 1), 1, 5),
        (series(1, 2, 1, 3, 1, 2, 1), 2, 3),
        (series(1, 2, 2, 1), 1, None),  # equal is not above
        (series(1, 2, 3, 4), 1, None),  # nothing came after the last one
        (series(4, 3, 2, 1), 1, None),
        (series(1, 2), 1, None),
    ],
)
def test_a_pivot_stands_out_on_both_sides(prices: FloatArray, bars: int, place: int | None) -> None:
    assert last_pivot(prices, bars) == place


# prices, their RSI and that of VIX: a pivot at bar 1, a high of four bars at the end
PRICES = series(8, 10, 7, 8, 9, 11)
STRENGTH = series(50, 70, 40, 50, 60, 65)
FEAR = series(50, 30, 60, 50, 40, 35)


@pytest.mark.parametrize(
    ("prices", "strength", "fear", "found"),
    [
        (PRICES, STRENGTH, FEAR, True),
        (series(8, 10, 7, 8, 9, 9), STRENGTH, FEAR, False),  # no new high
        (PRICES, series(50, 70, 40, 50, 60, 75), FEAR, False),  # strength shares it
        (PRICES, STRENGTH, series(50, 30, 60, 50, 40, 25), False),  # fear forgets
        (PRICES, series(50, 65, 40, 50, 60, 65), FEAR, False),  # as strong as then
        (PRICES, series(50, np.nan, 40, 50, 60, 65), FEAR, False),  # no RSI then
        (series(6, 7, 8, 9, 10, 11), STRENGTH, FEAR, False),  # no pivot
    ],
)
def test_by_hand(
    prices: FloatArray, strength: FloatArray, fear: FloatArray, *, found: bool
) -> None:
    assert diverges(prices, strength, fear, SMALL) is found
    mirrored = diverges(20 - prices, 100 - strength, 100 - fear, SMALL)
    assert not mirrored


def by_the_book(spx: list[float], vix: list[float], sign: int) -> bool:
    """The definition told with lists, TA-Lib's RSI and a search backwards, bar by bar."""
    strong = talib.RSI(np.array(spx), 14).tolist()
    afraid = talib.RSI(np.array(vix), 14).tolist()
    last = len(spx) - 1
    if any(sign * spx[last] <= sign * spx[last - back] for back in range(1, 20)):
        return False
    for bar in range(last - 3, 2, -1):
        beside = [bar - 3, bar - 2, bar - 1, bar + 1, bar + 2, bar + 3]
        if all(sign * spx[bar] > sign * spx[other] for other in beside):
            weaker = bool(sign * strong[last] < sign * strong[bar])
            return weaker and bool(sign * afraid[last] > sign * afraid[bar])
    return False


def read(scene: Scene) -> Readings:
    return read_signals(scene.inputs(), StrategyState())


def test_agrees_with_the_definition_told_otherwise() -> None:
    """Four hundred walks of SPX that end at a high or a low; VIX goes against it, but not only."""
    random = np.random.default_rng(4)
    seen = {"divergence.bearish": 0, "divergence.bullish": 0}
    for walk in range(400):
        moves = random.normal(0.0, 0.01, 513)
        spx = (2700 * np.exp(np.cumsum(moves))).round(2)
        vix = (15 * np.exp(np.cumsum(-2 * moves + random.normal(0.0, 0.04, 513)))).round(2)
        edge = spx[-20:-1].max() + 0.5 if walk % 2 else spx[-20:-1].min() - 0.5
        spx[-1] = edge
        history = changed(HISTORY, spx=tuple(spx[:-1].tolist()), vix=tuple(vix[:-1].tolist()))
        scene = Scene(history=history, spx=float(spx[-1]), vix=float(vix[-1]), vx={})
        readings = read(scene)
        for name, sign in (("divergence.bearish", 1), ("divergence.bullish", -1)):
            reading = readings.get(name)
            assert reading.value is by_the_book(spx.tolist(), vix.tolist(), sign), walk
            seen[name] += bool(reading.value)
    assert min(seen.values()) >= 10


@pytest.mark.parametrize(
    ("scene", "state"),
    [
        (Scene(), OK),
        (Scene(spx=None), MISSING),
        (Scene(vix=None), MISSING),
        (Scene(age_seconds=61.0), STALE),
        (Scene(history=completed(511)), STALE),
        (Scene(history=completed(512, HISTORY.dates[-1])), STALE),
        (Scene(spx=2700.0, history=changed(HISTORY, spx=(2700.0,) * 512)), STALE),
        (Scene(vix=13.0, history=changed(HISTORY, vix=(13.0,) * 512)), STALE),
    ],
)
def test_is_as_good_as_both_series(scene: Scene, state: ReadingState) -> None:
    readings = read(scene)
    assert {readings.get(n).state for n in ("divergence.bearish", "divergence.bullish")} == {state}
