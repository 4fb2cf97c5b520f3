import math
import random
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from bot.domain.history import FutureCloses, History
from bot.domain.policy import BetaPolicy, Policy, SizingPolicy
from bot.domain.sessions import settlement_instant
from bot.domain.state import StrategyState
from bot.domain.value import replace
from bot.signals.beta import estimate_tau, tenor_weight
from bot.signals.catalog import read_signals
from tests.support.market_data import closes_of, history_before, needs_data, vx_settlements
from tests.support.signal_inputs import DAY, SESSIONS, Scene, completed

POLICY = BetaPolicy()


def moved(tau: float, *, count: int = 251, noise: float = 0.0, quiet: bool = False) -> History:
    """Return a history whose futures move exp(-T / tau) as much as spot each day."""
    chance = random.Random(11)
    dates = [s.date for s in SESSIONS.sessions if s.date < DAY][-count:]
    spot = [12.0]
    for _ in dates[1:]:
        spot.append(spot[-1] if quiet else spot[-1] + chance.gauss(0.0, 1.0))
    futures = []
    for weeks in range(4, 80, 4):
        settles = dates[0] + timedelta(weeks=weeks)
        level, closes = 15.0, [15.0]
        for n, day in enumerate(dates[1:], start=1):
            answer = math.exp(-(settles - day).days / tau)
            level += answer * (spot[n] - spot[n - 1]) + noise * chance.gauss(0.0, 1.0)
            closes.append(level)
        known = [c if d < settles else None for c, d in zip(closes, dates, strict=True)]
        futures.append(FutureCloses(settlement=settlement_instant(settles), closes=tuple(known)))
    return History(
        dates=tuple(dates),
        vix=tuple(spot),
        spx=(2700.0,) * count,
        vix_front=(13.0,) * count,
        futures=tuple(futures),
    )


@pytest.mark.parametrize("tau", [25.0, 45.0, 80.0])
def test_tau_of_futures_that_follow_the_law_is_found(tau: float) -> None:
    found = estimate_tau(moved(tau), DAY, POLICY)
    assert found.days == pytest.approx(tau, abs=1e-3)
    assert found.note == ""


def test_tau_is_found_through_noise() -> None:
    assert estimate_tau(moved(45.0, noise=0.2), DAY, POLICY).days == pytest.approx(45.0, rel=0.1)


@pytest.mark.parametrize(("tau", "bound"), [(8.0, 20.0), (300.0, 90.0)])
def test_tau_is_clipped_to_its_bounds(tau: float, bound: float) -> None:
    assert estimate_tau(moved(tau), DAY, POLICY).days == pytest.approx(bound, abs=1e-3)


def test_moves_outside_the_tenors_do_not_count() -> None:
    # all futures obey tau 60, but one that is never nearer than 151 days moves like spot itself
    history = moved(60.0)
    settles = settlement_instant(DAY + timedelta(days=151))
    wild = FutureCloses(settlement=settles, closes=history.vix)
    spoiled = replace(history, futures=(*history.futures, wild))
    assert estimate_tau(spoiled, DAY, POLICY).days == pytest.approx(60.0, abs=1e-3)
    assert estimate_tau(spoiled, DAY, BetaPolicy(max_dte=400)).days > 61.0


def test_an_unknown_spot_close_drops_its_moves_only() -> None:
    history = moved(30.0)
    vix = (*history.vix[:100], None, *history.vix[101:])
    assert estimate_tau(replace(history, vix=vix), DAY, POLICY).days == pytest.approx(
        30.0, abs=1e-3
    )


def holed(history: History, holes: int) -> History:
    return replace(history, vix=(*(None,) * holes, *history.vix[holes:]))


@pytest.mark.parametrize(
    ("history", "why"),
    [
        (moved(30.0, count=250), "fewer than 250 moves"),
        (completed(0), "fewer than 250 moves"),
        (replace(moved(30.0), futures=()), "fewer than 250 moves"),
        (holed(moved(30.0), 26), "on 224 sessions only"),
        (moved(30.0, quiet=True), "did not move"),
    ],
    ids=["short", "none", "no futures", "holes", "quiet"],
)
def test_where_tau_is_unknown_it_is_the_default_and_says_why(history: History, why: str) -> None:
    found = estimate_tau(history, DAY, POLICY)
    assert found.days == 45.0
    assert why in found.note


def test_just_enough_sessions_are_enough() -> None:
    assert estimate_tau(holed(moved(30.0), 25), DAY, POLICY).note == ""


def test_the_running_day_and_later_are_not_looked_at() -> None:
    history = moved(30.0, count=300)
    cut = history.dates[260]
    until = History(
        dates=history.dates[:260],
        vix=history.vix[:260],
        spx=history.spx[:260],
        vix_front=history.vix_front[:260],
        futures=tuple(replace(f, closes=f.closes[:260]) for f in history.futures),
    )
    assert estimate_tau(history, cut, POLICY) == estimate_tau(until, cut, POLICY)


def test_the_reading_carries_value_and_note() -> None:
    readings = read_signals(Scene(history=moved(30.0)).inputs(), StrategyState())
    assert readings.number("curve.tau_days") == pytest.approx(30.0, abs=1e-3)
    readings = read_signals(Scene(history=completed(10)).inputs(), StrategyState())
    assert readings.number("curve.tau_days") == 45.0
    assert "default" in readings.get("curve.tau_days").note


@needs_data
@pytest.mark.parametrize("day", [date(2018, 2, 5), date(2018, 2, 6), date(2020, 3, 16)])
def test_tau_of_real_futures_is_the_best_of_a_grid(day: date) -> None:
    history = history_before(day)
    spot, days = closes_of("vix_daily.csv"), history.dates[-251:]
    rows = [
        ((settles - after).days, closes[after] - closes[before], spot[after] - spot[before])
        for settles, closes in vx_settlements().items()
        for before, after in pairwise(days)
        if before in closes and after in closes and 3 <= (settles - after).days <= 150
    ]
    tenor, future, index = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    grid = np.linspace(20.0, 90.0, 701)
    errors = [float(((future - np.exp(-tenor / tau) * index) ** 2).sum()) for tau in grid]
    best = grid[int(np.argmin(errors))]
    assert estimate_tau(history, day, POLICY).days == pytest.approx(best, abs=0.1)


@pytest.mark.parametrize(
    ("days", "weight"),
    [
        (120, 0.5),
        (30, 1.0),
        (15, math.sqrt(2)),
        (7.5, 2.0),
        (7, 2.0),
        (1, 2.0),
        (0, 2.0),
        (-3, 2.0),
    ],
)
def test_a_condor_moves_with_the_root_of_its_tenor_up_to_the_cap(
    days: float, weight: float
) -> None:
    assert tenor_weight(days, Policy()) == pytest.approx(weight)


def test_the_weight_of_a_condor_first_seen_has_its_own_cap() -> None:
    assert tenor_weight(7, Policy(), cap=1.0) == 1.0
    assert tenor_weight(0, Policy(), cap=1.0) == 1.0
    assert tenor_weight(120, Policy(), cap=1.0) == 0.5


def test_the_reference_tenor_comes_from_the_policy() -> None:
    policy = Policy(sizing=SizingPolicy(vega_tenor_days=60, weight_cap=3.0))
    assert tenor_weight(15, policy) == 2.0
    assert tenor_weight(1, policy) == 3.0
