"""The ladder's names: ten rungs in three tiers, 4/4/2 (methodology.md section 1)."""

from enum import StrEnum


class Tier(StrEnum):
    """Short, medium and deep."""

    S = "S"
    M = "M"
    D = "D"


class Rung(StrEnum):
    """The rungs in the order in which a ladder is filled."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"
    M1 = "M1"
    M2 = "M2"
    M3 = "M3"
    M4 = "M4"
    D1 = "D1"
    D2 = "D2"

    @property
    def tier(self) -> Tier:
        """The tier the rung belongs to."""
        return _TIER_OF[self]


LADDER: tuple[Rung, ...] = tuple(Rung)
"""All rungs, S1 first."""

_TIER_OF = {rung: Tier(rung.value[0]) for rung in LADDER}
_RUNGS_OF = {tier: tuple(rung for rung in LADDER if rung.tier is tier) for tier in Tier}


def rungs_of(tier: Tier) -> tuple[Rung, ...]:
    """Return the rungs of a tier in the order in which they are filled."""
    return _RUNGS_OF[tier]


class RuleClass(StrEnum):
    """What an order belongs to; decides which limits bind it (methodology.md section 4)."""

    CLOSE = "close"
    ROLL = "roll"
    EMERGENCY = "emergency"
    STAGE = "stage"
    INITIAL = "initial"
    DISCRETIONARY = "discretionary"
