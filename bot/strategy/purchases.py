"""Wishes become orders: one a rung, within stage 2's step and stage 3's advance.

What stage 1 asks for is bought at once, stage 2 buys one step beside it, stage 3 what the advance
pays at the ask. A rung that cannot buy uses nothing up, so that it does not hold up the next one.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.domain.orders import Intent, Side
from bot.domain.rungs import RuleClass, Rung, Tier
from bot.domain.state import Advance
from bot.strategy.contracts import Choice, Refusal, choose, rule_class_of, target_series
from bot.strategy.draft import Case, Draft, Wish
from bot.strategy.ladder import scale_counts, stage_one_share, step_size
from bot.strategy.layers import STAGE_ONE, STAGE_THREE, STAGE_TWO
from bot.strategy.money import available_usd, commit, premium_usd
from bot.strategy.motion import held_in_tier
from bot.strategy.stages import is_on


class Obstacle(NamedTuple):
    """Why a rung that lacks contracts gets fewer or none now, and who says so."""

    by: str
    rung: Rung
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchases:
    """What is bought in this evaluation, and what was not.

    `taken` are the rungs that already have an order in this decision; `one` and `step` are the
    contracts that may still be bought for stage 1 and by stage 2's step.
    """

    taken: tuple[Rung, ...] = ()
    intents: tuple[Intent, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    advance: Advance
    one: int
    step: int

    def quota(self, rung: Rung) -> int:
        """Return the contracts the stages may still buy for `rung` in this evaluation."""
        return self.step + (self.one if rung.tier is Tier.S else 0)

    def stopped(self, by: str, rung: Rung, reason: str) -> "Purchases":
        """Return these with one more obstacle."""
        return replace(self, obstacles=(*self.obstacles, Obstacle(by, rung, reason)))


class _Order(NamedTuple):
    rung: Rung
    quantity: int
    rule: str
    choice: Choice


def purchases(case: Case, draft: Draft, moment: str) -> Purchases:
    """Turn the wishes of `draft` into intents.

    Args:
        case: The evaluation.
        draft: The decision so far, with its scale, wishes and advance.
        moment: What R29 has against any order at this moment, empty when nothing.
    """
    bought = _quota(case, draft)
    ladder = case.policy.ladder
    now, universe = case.inputs.snapshot.now, case.inputs.universe
    series = {tier: target_series(universe, ladder.tier(tier), now) for tier in Tier}
    for wish in draft.wishes:
        is_emergency = rule_class_of(wish.rung) is RuleClass.EMERGENCY
        if moment and not is_emergency:
            bought = bought.stopped("R29", wish.rung, moment)
        elif not is_emergency and not bought.quota(wish.rung):
            bought = bought.stopped(STAGE_TWO.id, wish.rung, "one step an evaluation")
        else:
            bought = _bought(case, bought, wish, choose(case, wish.rung, series))
    return bought


def _bought(case: Case, bought: Purchases, wish: Wish, choice: Choice | Refusal) -> Purchases:
    if isinstance(choice, Refusal):
        return bought.stopped("R29", wish.rung, choice.reason)
    if rule_class_of(wish.rung) is RuleClass.EMERGENCY:
        return _emergency(case, bought, wish, choice)
    return _staged(case, bought, wish, choice)


def _quota(case: Case, draft: Draft) -> Purchases:
    """Return an empty purchase with what stages 1 and 2 may still buy in this evaluation."""
    assert draft.scale is not None
    counts = scale_counts(draft.scale)
    shares = case.policy.shares
    held = held_in_tier(case, Tier.S).total
    one = stage_one_share(counts, shares) - held if is_on(draft.stages, 1) else 0
    step = step_size(counts, shares) if is_on(draft.stages, 2) else 0
    taken = tuple(intent.rung for intent in draft.intents)
    return Purchases(taken=taken, advance=draft.advance, one=max(one, 0), step=step)


def _staged(case: Case, bought: Purchases, wish: Wish, choice: Choice) -> Purchases:
    one = min(bought.one, wish.missing) if wish.rung.tier is Tier.S else 0
    step = min(bought.step, wish.missing - one)
    rule = (STAGE_ONE if one else STAGE_TWO).id
    intent = _intent(case, bought, _Order(wish.rung, one + step, rule, choice))
    left = replace(bought, one=bought.one - one, step=bought.step - step)
    return replace(left, intents=(*bought.intents, intent))


def _emergency(case: Case, bought: Purchases, wish: Wish, choice: Choice) -> Purchases:
    """Buy what the advance pays at the ask; a limit order cannot cost more."""
    nav = case.inputs.snapshot.account.net_liquidation_usd
    left = available_usd(bought.advance, nav, case.policy.fund)
    quantity = min(wish.missing, int(left // premium_usd(1, choice.limit)))
    if quantity < wish.missing:
        reason = f"the advance pays for {quantity} of {wish.missing}"
        bought = bought.stopped("R16", wish.rung, reason)
    if quantity == 0:
        return bought
    intent = _intent(case, bought, _Order(wish.rung, quantity, STAGE_THREE.id, choice))
    advance = commit(bought.advance, intent, intent.limit, case.day)
    return replace(bought, intents=(*bought.intents, intent), advance=advance)


def _intent(case: Case, bought: Purchases, order: _Order) -> Intent:
    return Intent(
        intent_id=case.intent_id(order.rung, bought.taken.count(order.rung)),
        side=Side.BUY,
        con_id=order.choice.option.con_id,
        quantity=order.quantity,
        limit=order.choice.limit,
        rung=order.rung,
        rule=order.rule,
        rule_class=rule_class_of(order.rung),
    )
