"""Which lines are asked for: enough to choose from, and no churn."""

from collections.abc import Collection, Mapping

from bot.domain.instruments import ConId, Option, Right, Universe
from bot.domain.policy import LadderPolicy, Policy, RungPolicy
from bot.domain.rungs import LADDER
from bot.domain.value import replace
from bot.strategy.candidates import NeededCalls, needed_calls
from tests.support.strategy_world import (
    CURVE,
    UNIVERSE,
    VIX_STRIKES,
    call_id,
    inputs,
    put_id,
)

OPTIONS = [i.con_id for i in UNIVERSE.instruments if isinstance(i, Option)]


def needed(
    *,
    curve: Mapping[str, float] = CURVE,
    without: Collection[ConId] = (),
    watched: Collection[ConId] = (),
    policy: Policy | None = None,
    universe: Universe = UNIVERSE,
    at: str = "2018-02-05 10:00",
) -> NeededCalls:
    given = inputs(at, curve=curve, without=without, universe=universe)
    return needed_calls(given.snapshot, universe, policy or Policy(), watched)


def calls(month: str, *strikes: int) -> set[ConId]:
    return {call_id(month, strike) for strike in strikes}


def test_five_strikes_a_tier_around_its_deltas_and_three_pairs() -> None:
    """S: delta 0.50 lies near 15.6 and 0.35 near 17.6; M: 0.30 near 20.9."""
    found = needed()
    assert set(found.strikes) >= calls("mar", 15, 16, 17, 18, 19)
    assert set(found.strikes) >= calls("apr", 19, 20, 21, 22, 23)
    assert len(found.strikes) == 15
    assert set(found.pairs[:6]) == {
        *calls("mar", 14, 15, 16),
        *(put_id("mar", strike) for strike in (14, 15, 16)),
    }
    assert len(found.pairs) == 18
    assert len(set(found.con_ids)) == len(found.con_ids) <= 33


def test_before_anything_is_quoted_an_ordinary_smile_serves() -> None:
    """The futures alone: the strikes the quotes would name are among those watched at first."""
    first = needed(without=OPTIONS)
    assert set(first.strikes) & calls("mar", 15, 16, 17)
    assert len(first.strikes) == 15


def test_an_expiry_without_a_forward_needs_nothing_yet() -> None:
    assert needed(curve={}, without=OPTIONS) == NeededCalls()


def test_a_tier_without_an_expiry_needs_nothing() -> None:
    assert not needed(at="2018-05-25 10:00", curve={}).strikes
    june = needed(at="2018-05-25 10:00")
    assert {c // 10_000 for c in june.strikes} == {5}


def test_the_same_market_asks_for_the_same_lines() -> None:
    first = needed()
    assert needed(watched=first.con_ids) == first


def test_small_moves_of_the_future_do_not_churn() -> None:
    watched = needed().con_ids
    for level in (15.1, 15.2, 15.3, 15.4):
        again = needed(curve=CURVE | {"mar": level}, watched=watched).con_ids
        assert set(again) == set(watched), level


def test_a_large_move_takes_the_strikes_along() -> None:
    watched = needed().con_ids
    moved = needed(curve=CURVE | {"mar": 25.0}, watched=watched)
    assert set(moved.strikes) >= calls("mar", 25, 26)
    assert not set(moved.strikes) & calls("mar", 15, 16, 17)


def test_a_delta_beyond_every_strike_falls_back_on_the_forward() -> None:
    rungs = tuple(RungPolicy(rung=rung, delta=0.9999) for rung in LADDER)
    policy = Policy(ladder=replace(LadderPolicy(), rungs=rungs))
    assert set(needed(policy=policy).strikes) >= calls("mar", 14, 15, 16)


def test_a_chain_without_puts_has_no_pairs() -> None:
    only_calls = tuple(
        i
        for i in UNIVERSE.instruments
        if not (isinstance(i, Option) and i.symbol == "VIX" and i.right is Right.PUT)
    )
    found = needed(universe=Universe(instruments=only_calls))
    assert (len(found.strikes), found.pairs) == (15, ())


def test_a_short_chain_gives_what_it_has() -> None:
    few = tuple(
        i
        for i in UNIVERSE.instruments
        if not (isinstance(i, Option) and i.symbol == "VIX" and i.strike > VIX_STRIKES[2])
    )
    assert len(needed(universe=Universe(instruments=few)).strikes) == 9
