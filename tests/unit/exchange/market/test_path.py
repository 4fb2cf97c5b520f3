"""A session's path is tied to the real day and invents no signal."""

import itertools
from datetime import date

import numpy as np
import pytest

from bot.exchange.market.path import SessionPath, session_path
from bot.exchange.scenarios.scenario import Day
from tests.support.paper_market import CALM, STORM, STORM_DAY, evaluations, market, scenario

STEPS = 810
SEEDS = range(1, 21)


def paths(name: str, seed: int) -> list[tuple[Day, SessionPath]]:
    days = scenario(name).days[511:]
    return [
        (today, session_path(today, before, STEPS, seed))
        for before, today in itertools.pairwise(days)
    ]


@pytest.mark.parametrize("name", [CALM, STORM])
def test_each_day_ends_on_its_real_close(name: str) -> None:
    """At 16:15 both indices are the printed closes, exactly; SPX starts at its real open."""
    for day, path in paths(name, 1):
        assert (path.spx[-1], path.vix[-1]) == (day.spx_close, day.vix_close)
        assert path.spx[0] == pytest.approx(day.spx_open, abs=0.006)
        assert len(path.spx) == len(path.vix) == STEPS + 1


@pytest.mark.parametrize("name", [CALM, STORM])
def test_spx_stays_within_the_real_range(name: str) -> None:
    """High and low are the day's own, to the cent."""
    for seed in SEEDS:
        for day, path in paths(name, seed):
            assert day.spx_low - 0.006 <= path.spx.min()
            assert path.spx.max() <= day.spx_high + 0.006


def test_vix_moves_against_spx() -> None:
    """Over a storm the half-minute changes of the two are clearly opposed."""
    spx = np.concatenate([np.diff(np.log(path.spx)) for _, path in paths(STORM, 3)])
    vix = np.concatenate([np.diff(np.log(path.vix)) for _, path in paths(STORM, 3)])
    assert np.corrcoef(spx, vix)[0, 1] < -0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_the_stages_of_5_february_come_in_order(seed: int) -> None:
    """VIX stands above 18 at two evaluations in a row before it first reaches 23.

    Later that day it does reach 23, more than 8 points above the close of 29 January (13.84).
    """
    levels = [market(STORM, seed).vix(now) for now in evaluations(STORM_DAY)]
    reached = next(place for place, level in enumerate(levels) if level >= 23)
    above = [level > 18 for level in levels[:reached]]
    assert any(first and second for first, second in itertools.pairwise(above))
    assert max(levels) > 13.84 + 8


def test_no_stage_is_reached_before_5_february() -> None:
    """The sessions before never show a VIX above 18, on any seed."""
    for seed in SEEDS:
        for day, path in paths(STORM, seed):
            if day.date < STORM_DAY:
                assert path.vix.max() < 18


def test_the_calm_stays_below_18_all_day() -> None:
    """No seed gives the calm scenario a first stage."""
    assert max(path.vix.max() for seed in SEEDS for _, path in paths(CALM, seed)) < 18


def test_a_seed_makes_a_path_and_another_seed_another() -> None:
    """Same seed, same path; neither index repeats under another seed."""
    before, today = scenario().days[520:522]
    first, again = (session_path(today, before, STEPS, 4) for _ in range(2))
    other = session_path(today, before, STEPS, 5)
    assert np.array_equal(first.vix, again.vix)
    assert np.array_equal(first.spx, again.spx)
    assert not np.array_equal(first.vix, other.vix)
    assert not np.array_equal(first.spx, other.spx)


def test_a_day_that_did_not_move_is_flat() -> None:
    """Where high equals low, SPX stands still."""
    still = Day(
        date=date(2018, 1, 3),
        spx_open=100.0,
        spx_high=100.0,
        spx_low=100.0,
        spx_close=100.0,
        vix_close=10.0,
    )
    path = session_path(still, still, 10, 1)
    assert np.array_equal(path.spx, np.full(11, 100.0))


def test_a_path_cannot_be_changed_by_its_reader() -> None:
    """Paths are kept and shared, so they are read-only."""
    _, path = paths(STORM, 1)[0]
    with pytest.raises(ValueError, match="read-only"):
        path.vix[0] = 1.0
