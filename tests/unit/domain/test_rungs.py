"""The ladder is 4/4/2."""

from bot.domain.rungs import LADDER, Rung, Tier, rungs_of


def test_the_ladder_is_four_four_two_in_order() -> None:
    assert [str(r) for r in LADDER] == ["S1", "S2", "S3", "S4", "M1", "M2", "M3", "M4", "D1", "D2"]
    assert [len(rungs_of(tier)) for tier in (Tier.S, Tier.M, Tier.D)] == [4, 4, 2]
    assert rungs_of(Tier.D) == (Rung.D1, Rung.D2)
