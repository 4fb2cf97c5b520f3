import random
from itertools import pairwise
from statistics import fmean

import numpy as np
import pytest
import talib
from numpy.typing import NDArray

from bot.domain.policy import SignalsPolicy
from bot.signals.indicators import bars, macd, macd_state, rsi
from tests.support.market_data import closes_of, needs_data, trading_days

POLICY = SignalsPolicy()
NAN = float("nan")


def wandering(count: int, seed: int = 7) -> list[float]:
    chance = random.Random(seed)
    level, closes = 15.0, []
    for _ in range(count):
        level = max(9.0, level + chance.gauss(0.0, 1.0) + (16.0 - level) * 0.05)
        closes.append(round(level, 2))
    return closes


def wilder(closes: list[float], period: int) -> list[float]:
    """RSI by its definition: plain means first, then (13 x old + new) / 14."""
    moves = [after - before for before, after in pairwise(closes)]
    gains, losses = [max(m, 0.0) for m in moves], [max(-m, 0.0) for m in moves]
    gain, loss = fmean(gains[:period]), fmean(losses[:period])
    values = []
    for n in range(period, len(moves) + 1):
        values.append(100.0 - 100.0 / (1.0 + gain / loss) if loss else 100.0)
        if n < len(moves):
            gain = ((period - 1) * gain + gains[n]) / period
            loss = ((period - 1) * loss + losses[n]) / period
    return values


def smooth(values: list[float], span: int, skip: int = 0) -> list[float]:
    """An exponential mean seeded with the plain mean of the `span` values after `skip`."""
    means = [fmean(values[skip : skip + span])]
    for value in values[skip + span :]:
        means.append(means[-1] + 2.0 / (span + 1) * (value - means[-1]))
    return means


def histogram_of(closes: list[float]) -> list[float]:
    """MACD 12/26/9 by its definition; both means start on the same bar, the 26th."""
    fast, slow = smooth(closes, 12, skip=14), smooth(closes, 26)
    line = [a - b for a, b in zip(fast, slow, strict=True)]
    signal = smooth(line, 9)
    return [a - b for a, b in zip(line[8:], signal, strict=True)]


def array(closes: list[float]) -> NDArray[np.float64]:
    return np.array(closes, dtype=np.float64)


def test_rsi_of_a_short_series_worked_by_hand() -> None:
    # Period 2. Moves +2, -1, +3, -2. Means of the first two: gain 1, loss 0.5.
    # Third: gain (1 + 3) / 2 = 2, loss 0.25. Fourth: gain 1, loss (0.25 + 2) / 2 = 1.125.
    found = rsi(array([10.0, 12.0, 11.0, 14.0, 12.0]), 2)
    assert found is not None
    assert found.previous == pytest.approx(100 * 2 / 2.25)
    assert found.value == pytest.approx(100 * 1 / 2.125)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rsi_is_wilders_and_talibs(seed: int) -> None:
    closes = wandering(513, seed)
    found = rsi(array(closes), 14)
    assert found is not None
    assert (found.previous, found.value) == pytest.approx(wilder(closes, 14)[-2:])
    assert found.value == talib.RSI(array(closes), 14)[-1]


def test_rsi_that_never_fell_is_100_and_that_never_rose_is_0() -> None:
    up = array([float(n) for n in range(1, 40)])
    assert rsi(up, 14) == (100.0, 100.0)
    assert rsi(up[::-1].copy(), 14) == (0.0, 0.0)


def test_rsi_of_a_flat_series_is_unknown() -> None:
    assert rsi(array([12.0] * 40), 14) is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_macd_is_the_definitions_and_talibs(seed: int) -> None:
    closes = wandering(513, seed)
    found = macd(array(closes), POLICY)
    assert found is not None
    assert found.histogram == pytest.approx(histogram_of(closes)[-1])
    assert found.histogram == talib.MACD(array(closes), 12, 26, 9)[2][-1]


@pytest.mark.parametrize("length", range(60, 100))
def test_macd_state_age_and_inflection_follow_the_sign_of_the_histogram(length: int) -> None:
    histogram = histogram_of(wandering(length))
    bullish = histogram[-1] > 0
    age = next((n for n, h in enumerate(reversed(histogram)) if (h > 0) != bullish), len(histogram))
    now, before = histogram[-1] - histogram[-2], histogram[-2] - histogram[-3]
    found = macd(array(wandering(length)), POLICY)
    assert found is not None
    assert (found.bullish, found.age) == (bullish, age - 1)
    assert found.inflection == (now * before < 0)


def test_the_cases_above_meet_each_state() -> None:
    found = [macd(array(wandering(length)), POLICY) for length in range(60, 100)]
    seen = [f for f in found if f is not None]
    assert {f.bullish for f in seen} == {True, False}
    assert {f.inflection for f in seen} == {True, False}
    assert 0 in {f.age for f in seen}


def state(*histogram: float) -> tuple[float, str, int, str]:
    """Return value, side, age and whether it turned of a histogram after a bar without one."""
    found = macd_state(np.array([NAN, *histogram]))
    assert found is not None
    side = "bullish" if found.bullish else "bearish"
    return found.histogram, side, found.age, "turned" if found.inflection else "same way"


def test_a_histogram_of_zero_keeps_the_last_side() -> None:
    assert state(-1.0, 2.0, 0.0) == (0.0, "bullish", 1, "turned")
    assert state(1.0, 0.0, 2.0) == (2.0, "bullish", 2, "turned")
    assert state(1.0, 0.0, -2.0) == (-2.0, "bearish", 0, "same way")


def test_a_histogram_that_is_zero_throughout_has_no_side() -> None:
    assert macd_state(np.array([NAN, 0.0, 0.0])) is None


def test_a_slope_of_zero_neither_turns_nor_forgets() -> None:
    assert state(1.0, 2.0, 2.0) == (2.0, "bullish", 2, "same way")
    assert state(1.0, 2.0, 2.0, 1.0) == (1.0, "bullish", 3, "turned")
    assert state(1.0, 2.0, 2.0, 3.0) == (3.0, "bullish", 3, "same way")


def test_bars_are_the_completed_closes_and_the_sessions_own() -> None:
    window = bars(np.arange(512.0), 99.0)
    assert not isinstance(window, str)
    assert (len(window), window[0], window[-1]) == (513, 0.0, 99.0)


@pytest.mark.parametrize(
    ("completed", "last", "why"),
    [
        (np.arange(511.0), 99.0, "only 511 of 512 completed closes"),
        (np.arange(512.0), None, "no bar of this session"),
        (np.append(np.arange(511.0), NAN), 99.0, "1 of 512 completed closes unknown"),
    ],
)
def test_without_every_bar_there_is_no_window(
    completed: NDArray[np.float64], last: float | None, why: str
) -> None:
    assert bars(completed, last) == why


@needs_data
def test_indicators_of_real_vix_agree_with_the_definitions() -> None:
    vix = closes_of("vix_daily.csv")
    days = trading_days()
    closes = [vix[d] for d in days[1000:1513]]
    strength, trend = rsi(array(closes), 14), macd(array(closes), POLICY)
    assert strength is not None
    assert trend is not None
    assert strength.value == pytest.approx(wilder(closes, 14)[-1])
    assert trend.histogram == pytest.approx(histogram_of(closes)[-1])
