"""The default policy is the method's, and it survives being written and read."""

import msgspec
import pytest

from bot.domain.canonical import encode
from bot.domain.policy import LadderPolicy, Policy, TierPolicy
from bot.domain.rungs import LADDER, Rung, Tier


def test_the_policy_is_read_back_as_it_was_written() -> None:
    assert msgspec.json.decode(encode(Policy()), type=Policy) == Policy()


def test_the_ladder_buys_what_the_method_says() -> None:
    """methodology.md section 1: deltas by rung; target, window and roll days by tier."""
    ladder = LadderPolicy()
    deltas = [ladder.delta_of(rung) for rung in LADDER]
    assert deltas == [0.5, 0.5, 0.35, 0.35, 0.3, 0.3, 0.3, 0.3, 0.15, 0.10]
    windows = {
        t: (p.target_dte, p.min_dte, p.max_dte, p.roll_dte) for t in Tier for p in [ladder.tier(t)]
    }
    assert windows == {
        Tier.S: (30, 14, 48, 10),
        Tier.M: (60, 45, 90, 30),
        Tier.D: (120, 90, 150, 45),
    }


def test_a_number_out_of_bounds_is_refused() -> None:
    data = msgspec.to_builtins(
        TierPolicy(tier=Tier.S, target_dte=1, min_dte=1, max_dte=1, roll_dte=0)
    )
    with pytest.raises(msgspec.ValidationError, match="400"):
        msgspec.convert(data | {"max_dte": 401}, TierPolicy)


def test_an_unknown_rung_has_no_delta() -> None:
    with pytest.raises(StopIteration):
        LadderPolicy(rungs=()).delta_of(Rung.S1)
