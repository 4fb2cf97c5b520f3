"""G5: the advance-decline line against its mean, and its divergence from SPX."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bot.domain.history import History, IndexCloses
from bot.domain.instruments import BREADTH, MOVE
from bot.domain.policy import Policy, SignalsPolicy
from bot.domain.readings import Reading, Readings, ReadingState
from bot.domain.state import StrategyState
from bot.domain.value import replace as changed
from bot.signals.catalog import read_signals
from tests.support.signal_inputs import HISTORY, Scene, completed

OK, STALE, MISSING = ReadingState.OK, ReadingState.STALE, ReadingState.MISSING
RANDOM = np.random.default_rng(20180205)


def history_of(nets: list[float | None], spx: list[float] | None = None) -> History:
    """Return the sessions before the day, whose last ones had these nets and closes."""
    before = HISTORY.indices[0].closes
    closes = (*before[: len(before) - len(nets)], *nets)
    known = HISTORY.spx if spx is None else (*HISTORY.spx[: -len(spx)], *spx)
    return changed(HISTORY, spx=known, indices=(IndexCloses(symbol=BREADTH, closes=closes),))


def read(history: History = HISTORY, **scene: object) -> Readings:
    made = replace(Scene(history=history), **scene)  # type: ignore[arg-type]
    return read_signals(made.inputs(), StrategyState())


def z(readings: Readings) -> Reading:
    return readings.get("breadth.z")


def divergence(readings: Readings) -> Reading:
    return readings.get("breadth.divergence")


def test_z_by_hand() -> None:
    """A mean over three bars of nets +1, -1 and -3: a line of 1, 0, -3.

    Its mean is -2/3, its deviation sqrt(13/3) = 2.0817; the end lies 7/3 below: -1.1209.
    """
    policy = Policy(signals=SignalsPolicy(breadth_mean_bars=3, breadth_slope_bars=2))
    found = z(read(history_of([1.0, -1.0]), issues=(10, 13), policy=policy))
    assert found.value == pytest.approx(-7 / 3 / (13 / 3) ** 0.5)


@pytest.mark.parametrize("issues", [(2500, 400), (1500, 1500), (300, 2700)])
def test_z_and_slope_are_those_of_other_peoples_sums(issues: tuple[int, int]) -> None:
    """Over the whole history with pandas' rolling figures, and numpy's fitted line."""
    nets = RANDOM.integers(-2500, 2500, 512).astype(float)
    whole = pd.Series([*nets, float(issues[0] - issues[1])]).cumsum()
    rolling = whole.rolling(50)
    expected = (whole - rolling.mean()) / rolling.std()
    readings = read(history_of(nets.tolist(), [2700.0] * 20), issues=issues, spx=2700.0)
    assert z(readings).value == pytest.approx(expected.iloc[-1], rel=1e-9)
    fitted, _ = np.polyfit(np.arange(20.0), whole.to_numpy()[-20:], 1)
    assert divergence(readings).value is bool(fitted < 0.0)


FALLING: list[float | None] = [-800.0, 700.0] * 25
RISING: list[float | None] = [800.0, -700.0] * 25


@pytest.mark.parametrize(
    ("nets", "high", "spx", "diverges"),
    [
        (FALLING, 2800.0, 2790.0, True),
        (FALLING, 2800.0, 2772.0, True),  # just one per cent below
        (FALLING, 2800.0, 2771.0, False),
        (FALLING, 2800.0, 2850.0, True),  # the session's own bar is the high
        (RISING, 2800.0, 2790.0, False),
    ],
)
def test_a_falling_line_near_the_high_of_twenty_bars_diverges(
    nets: list[float | None], high: float, spx: float, *, diverges: bool
) -> None:
    readings = read(history_of(nets, [high, *[2700.0] * 18]), issues=(1500, 1501), spx=spx)
    assert divergence(readings).value is diverges


def test_a_high_of_twenty_one_bars_ago_is_forgotten() -> None:
    readings = read(history_of(FALLING, [2900.0, *[2700.0] * 19]), issues=(1, 2), spx=2700.0)
    assert divergence(readings).value is True


def test_a_gap_before_the_bars_it_needs_does_not_matter() -> None:
    """Of the broker's past only the last 49 sessions are needed."""
    nets: list[float | None] = [None, *FALLING[1:]]
    assert z(read(history_of(nets))).state is OK
    nets[1] = None
    found = z(read(history_of(nets)))
    assert (found.state, found.note) == (STALE, "1 of 49 completed closes unknown")


class TestUnknown:
    """Nothing of breadth is guessed; what is lacking is named."""

    def test_an_index_the_broker_does_not_offer(self) -> None:
        readings = read(offered=(MOVE,), history=changed(HISTORY, indices=()))
        for found in (z(readings), divergence(readings)):
            assert found.state is MISSING
            assert "the broker offers no AD-NYSE" in found.note

    def test_a_past_the_broker_does_not_have(self) -> None:
        found = z(read(history=changed(HISTORY, indices=())))
        assert found.state is MISSING
        assert "no past of AD-NYSE is known" in found.note

    def test_no_counts_now(self) -> None:
        assert z(read(issues=None)).state is MISSING

    def test_a_silent_line(self) -> None:
        assert z(read(age_seconds=61.0)).state is STALE

    def test_a_history_that_ends_too_early(self) -> None:
        assert z(read(history=completed(512, HISTORY.dates[-1]))).state is STALE

    @pytest.mark.parametrize("sign", [1.0, -1.0, 0.0])
    def test_figures_of_one_sign_are_not_advances_less_declines(self, sign: float) -> None:
        """Half the issues traded, say: the broker's bar of such an index may mean another thing."""
        nets: list[float | None] = [sign * (1500.0 + n) for n in range(512)]
        issues = (3000, 100) if sign >= 0 else (100, 3000)
        readings = read(history_of(nets), issues=issues)
        for found in (z(readings), divergence(readings)):
            assert found.state is STALE
            assert "never change sign" in found.note

    def test_spx_unknown_leaves_the_line(self) -> None:
        readings = read(spx=None)
        assert (z(readings).state, divergence(readings).state) == (OK, MISSING)
