"""What the rules ask of each tier, and in whose name a contract is bought (R27).

Per tier the target is the larger of the stage share and the sum of R3, the confirmations and the
steps, never above R2's count. In tier S the rules that buy at once stand on each other like floors:
counted from the first contract, each names those between the floor below and its own. What a whole
S in stage 2 adds above them is bought by R7, step by step.
"""

from typing import NamedTuple

from bot.domain.orders import Label
from bot.domain.rungs import RuleClass, Rung, Tier
from bot.strategy.allocation import INITIAL_ALLOCATION
from bot.strategy.confirmations import CONFIRMATIONS
from bot.strategy.draft import Case, Draft
from bot.strategy.ladder import confirmation_size, stage_one_share, tier_count
from bot.strategy.layers import STAGE_ONE
from bot.strategy.stages import is_on

Counts = dict[Rung, int]


class Floor(NamedTuple):
    """The contracts of S up to which a rule buys at once, counted from the first."""

    label: Label
    upto: int


def wanted_targets(case: Case, draft: Draft, counts: Counts) -> dict[Tier, int]:
    """Return the contracts by tier that the rules ask for (R3, R5-R8)."""
    two, three = (is_on(draft.stages, stage) for stage in (2, 3))
    full = {tier: tier_count(counts, tier) for tier in Tier}
    return {
        Tier.S: full[Tier.S] if two else short_floors(case, draft, counts)[-1].upto,
        Tier.M: full[Tier.M] if two else 0,
        Tier.D: full[Tier.D] if three else 0,
    }


def short_floors(case: Case, draft: Draft, counts: Counts) -> tuple[Floor, ...]:
    """Return what stage 1, R3 and the confirmations ask of S, ascending, within its count."""
    shares = case.policy.shares
    share = stage_one_share(counts, shares) if is_on(draft.stages, 1) else 0
    added = len(draft.counted) * confirmation_size(counts, shares)
    full = tier_count(counts, Tier.S)
    uptos = (share, max(share, draft.initial), max(share, draft.initial + added))
    labels = (
        Label(rule=STAGE_ONE.id, rule_class=RuleClass.STAGE),
        Label(rule=INITIAL_ALLOCATION.id, rule_class=RuleClass.INITIAL),
        Label(rule=CONFIRMATIONS.id, rule_class=RuleClass.STAGE),
    )
    return tuple(Floor(label, min(upto, full)) for label, upto in zip(labels, uptos, strict=True))
