"""Targets and what they lack: the reckoning behind R27 (methodology.md sections 1 and 3).

Target and holding are compared by tier in total; what lacks goes to the lowest rung below its
count. An increase that comes only from a reset of u must be a tenth of the ladder, not counting
what a rung's own contract makes wait. Nothing here sells.
"""

from typing import NamedTuple

from bot.domain.decision import TierTarget
from bot.domain.rungs import Rung, Tier, rungs_of
from bot.domain.state import Asked
from bot.strategy.afoot import live_buys
from bot.strategy.contracts import rung_contract, waits
from bot.strategy.draft import Case, Draft, Wish
from bot.strategy.ladder import band_size, tier_count
from bot.strategy.swaps import bare, twice

Counts = dict[Rung, int]


class Held(NamedTuple):
    """Contracts a rung or tier holds, and those its live purchases may still bring.

    A rung between the two steps of a roll holds a contract and its replacement: they count once.
    """

    filled: int
    working: int

    @property
    def total(self) -> int:
        """What counts against the target."""
        return self.filled + self.working


def held_in(case: Case, rung: Rung) -> Held:
    """Return what `rung` holds and works."""
    book = case.inputs.book
    working = sum(o.remaining for o in live_buys(book) if o.intent.rung is rung)
    return Held(book.in_rung(rung) - twice(case, rung), working + bare(case, rung))


def held_in_tier(case: Case, tier: Tier) -> Held:
    """Return what the rungs of `tier` hold and work."""
    each = [held_in(case, rung) for rung in rungs_of(tier)]
    return Held(sum(held.filled for held in each), sum(held.working for held in each))


def banded_targets(
    case: Case, draft: Draft, counts: Counts, wanted: dict[Tier, int]
) -> dict[Tier, int]:
    """Return the targets in force: an increase only from a reset of u needs R27's band."""
    band = band_size(counts, case.policy.ladder)
    in_force = {}
    for tier, target in wanted.items():
        before = case.state.targets.get(tier, 0)
        rise = target - before
        reached = (
            rise <= 0
            or asks_more(case.state.asked, asked_now(draft), tier)
            or rise - _waiting(case, counts, tier) >= band
        )
        in_force[tier] = target if reached else before
    return in_force


def asked_now(draft: Draft) -> Asked:
    """Return what asks for the targets in this evaluation."""
    return Asked(
        stage=max((entry.stage for entry in draft.stages), default=0),
        initial=draft.initial,
        confirmations=len(draft.counted),
    )


def asks_more(before: Asked, now: Asked, tier: Tier) -> bool:
    """Tell whether a rule asks more of `tier` than when its target was last set, u aside."""
    if now.stage > before.stage:
        return True
    return tier is Tier.S and (
        now.initial > before.initial or now.confirmations > before.confirmations
    )


def _waiting(case: Case, counts: Counts, tier: Tier) -> int:
    """Return the contracts that wait for their rung's roll and so do not count for the band."""
    book = case.inputs.book
    return sum(
        max(counts[rung] - held_in(case, rung).total, 0)
        for rung in rungs_of(tier)
        if (contract := rung_contract(book, rung)) is not None and waits(case, rung, contract)
    )


def tier_targets(
    case: Case, draft: Draft, counts: Counts, targets: dict[Tier, int]
) -> tuple[TierTarget, ...]:
    """Return the tiers as the decision shows them."""
    rows = []
    for tier in Tier:
        held = held_in_tier(case, tier)
        rows.append(
            TierTarget(
                tier=tier,
                full=tier_count(counts, tier),
                target=targets[tier],
                filled=held.filled,
                working=held.working,
                spent=sum(one.quantity for one in draft.spent if one.tier is tier),
            )
        )
    return tuple(rows)


def wishes(case: Case, counts: Counts, tiers: tuple[TierTarget, ...]) -> tuple[Wish, ...]:
    """Return what each rung lacks: a tier's shortfall goes to its lowest rungs below count."""
    found = []
    for tier in tiers:
        lacking = tier.target - tier.filled - tier.working - tier.spent
        for rung in rungs_of(tier.tier):
            room = max(counts[rung] - held_in(case, rung).total, 0)
            missing = min(room, max(lacking, 0))
            lacking -= missing
            if missing:
                found.append(Wish(rung, missing))
    return tuple(found)
