"""The arithmetic of the 4/4/2, by hand."""

import math

import pytest

from bot.domain.instruments import ConId
from bot.domain.policy import LadderPolicy, SharesPolicy
from bot.domain.rungs import LADDER, Rung, Tier
from bot.strategy.draft import Case
from bot.strategy.ladder import (
    band_size,
    full_ladder_vega,
    hedge_vega_usd,
    round_half_up,
    round_up,
    rung_counts,
    stage_one_share,
    step_size,
    tier_count,
)
from tests.support.strategy_cases import case_of
from tests.support.strategy_days import FULL_LADDER_USD, lot
from tests.support.strategy_world import VIX_STRIKES, call_id, future_id, put_id

SHARES = SharesPolicy()


@pytest.mark.parametrize(
    ("number", "half_up", "up"),
    [(0.0, 0, 0), (0.49, 0, 1), (0.5, 1, 1), (1.5, 2, 2), (2.0, 2, 2), (2.4999999999, 3, 3)],
)
def test_rounding(number: float, half_up: int, up: int) -> None:
    assert (round_half_up(number), round_up(number)) == (half_up, up)


def test_noise_in_the_last_digits_does_not_round_up() -> None:
    assert round_up(2.0000000000000004) == 2


@pytest.mark.parametrize(
    ("u", "counts"),
    [
        (0.0, "0000000000"),
        (0.04, "0000000000"),
        (0.05, "0000000001"),
        (0.10, "0000100000"),
        (0.30, "0100100010"),
        (0.50, "1010101010"),
        (1.0, "1111111111"),
        (1.5, "2121212121"),
        (2.0, "2222222222"),
    ],
)
def test_rung_counts(u: float, counts: str) -> None:
    """Rung k holds round(u k) - round(u (k - 1)), halves up."""
    assert [rung_counts(u)[rung] for rung in LADDER] == [int(digit) for digit in counts]


@pytest.mark.parametrize(
    ("u", "tiers", "one", "step", "band"),
    [
        (0.0, (0, 0, 0), 0, 1, 1),
        (0.1, (0, 1, 0), 0, 1, 1),
        (0.3, (1, 1, 1), 1, 1, 1),
        (1.0, (4, 4, 2), 2, 1, 1),
        (1.5, (6, 6, 3), 3, 1, 2),
        (2.1, (8, 9, 4), 5, 2, 2),
        (10.0, (40, 40, 20), 20, 8, 10),
    ],
)
def test_shares(u: float, tiers: tuple[int, int, int], one: int, step: int, band: int) -> None:
    """At least 20 % rounds up but stays within S; steps and bands round half up, at least 1."""
    counts = rung_counts(u)
    assert tuple(tier_count(counts, tier) for tier in Tier) == tiers
    assert stage_one_share(counts, SHARES) == one
    assert step_size(counts, SHARES) == step
    assert band_size(counts, LadderPolicy()) == band


def test_full_ladder_at_tau_45() -> None:
    assert full_ladder_vega(LadderPolicy(), 45.0) == pytest.approx(FULL_LADDER_USD, abs=1e-3)


def test_full_ladder_at_tau_90() -> None:
    """100 (1.7 e^(-1/3) + 1.2 e^(-2/3) + 0.25 e^(-4/3)) = 121.81 + 61.61 + 6.59."""
    assert full_ladder_vega(LadderPolicy(), 90.0) == pytest.approx(190.01, abs=0.01)


def hedge_of(case: Case) -> float | None:
    return hedge_vega_usd(case.inputs.book, case.market, 45.0)


class TestHedgeVega:
    def test_of_nothing_is_zero(self) -> None:
        assert hedge_of(case_of()) == 0.0

    def test_of_two_contracts(self) -> None:
        """2 x 100 x delta x e^(-T / tau), T to 09:30 of 2018-03-21 (clocks change on the way)."""
        case = case_of(lots=(lot(Rung.S1, 2),))
        delta = case.market.delta(call_id("mar", 16))
        assert delta is not None
        days = 44 - 0.5 / 24 - 1 / 24
        expected = 200 * delta * math.exp(-days / 45.0)
        assert hedge_of(case) == pytest.approx(expected, rel=1e-9)

    def test_is_unknown_while_a_contract_has_no_quote(self) -> None:
        case = case_of(lots=(lot(Rung.S1), lot(Rung.M1)), without=[call_id("mar", 16)])
        assert hedge_of(case) is None

    def test_is_unknown_while_the_forward_is(self) -> None:
        case = case_of(lots=(lot(Rung.S1),), without=_march_but_one())
        assert hedge_of(case) is None


def _march_but_one() -> list[ConId]:
    """Return the March future and every March put: no forward, no pair."""
    return [future_id("mar"), *(put_id("mar", strike) for strike in VIX_STRIKES)]
