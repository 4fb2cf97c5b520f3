"""Wishes become orders, each in the name of the rule that asks for it (`bot.strategy.shares`).

What R3, stage 1 and the confirmations ask for is bought at once, stage 2 buys one step beside it,
stage 3 what the advance pays at its limit. A rung that cannot buy uses nothing up, so that it does
not hold up the next one. A rung may need two orders: what a contract's label says decides about it
at its roll, so contracts of two rules never share one.
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.domain.orders import Intent, Label, Side
from bot.domain.rungs import RuleClass, Rung, Tier
from bot.domain.state import Advance
from bot.strategy.contracts import Choice, Refusal, choose, rule_class_of, target_series
from bot.strategy.draft import Case, Draft, Wish
from bot.strategy.ladder import scale_counts, step_size
from bot.strategy.layers import STAGE_THREE, STAGE_TWO
from bot.strategy.money import available_usd, commit, premium_usd
from bot.strategy.shares import short_floors
from bot.strategy.stages import is_on
from bot.strategy.walk import walked

_STEP = Label(rule=STAGE_TWO.id, rule_class=RuleClass.STAGE)
_EMERGENCY = Label(rule=STAGE_THREE.id, rule_class=RuleClass.EMERGENCY)


class Obstacle(NamedTuple):
    """Why a rung that lacks contracts gets fewer or none now, and who says so."""

    by: str
    rung: Rung
    reason: str


class Part(NamedTuple):
    """Contracts bought in the name of one rule."""

    label: Label
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchases:
    """What is bought in this evaluation, and what was not.

    `taken` are the rungs that already have an order in this decision; `at_once` and `step` are the
    contracts that may still be bought, of S in the name of each rule and by stage 2's step.
    """

    taken: tuple[Rung, ...] = ()
    intents: tuple[Intent, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    advance: Advance
    at_once: tuple[Part, ...]
    step: int

    def quota(self, rung: Rung) -> int:
        """Return the contracts that may still be bought for `rung` in this evaluation."""
        return self.step + sum(part.quantity for part in self.at_once if rung.tier is Tier.S)

    @property
    def orders_of(self) -> Counter[Rung]:
        """The orders each rung has in this decision."""
        return Counter([*self.taken, *(intent.rung for intent in self.intents)])

    def stopped(self, by: str, rung: Rung, reason: str) -> "Purchases":
        """Return these with one more obstacle."""
        return replace(self, obstacles=(*self.obstacles, Obstacle(by, rung, reason)))


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
    leaving = {intent.rung for intent in draft.intents}
    for wish in draft.wishes:
        is_emergency = rule_class_of(wish.rung) is RuleClass.EMERGENCY
        if wish.rung in leaving:
            bought = bought.stopped("R14", wish.rung, "what it holds is rolled or closed now")
        elif moment and not is_emergency:
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
    """Return an empty purchase with what may be bought in this evaluation."""
    assert draft.scale is not None
    counts = scale_counts(draft.scale)
    row = next(row for row in draft.tiers if row.tier is Tier.S)
    filled = row.filled + row.working + row.spent
    at_once = []
    for floor in short_floors(case, draft, counts):
        at_once.append(Part(floor.label, max(floor.upto - filled, 0)))
        filled = max(filled, floor.upto)
    step = step_size(counts, case.policy.shares) if is_on(draft.stages, 2) else 0
    taken = tuple(intent.rung for intent in draft.intents)
    return Purchases(taken=taken, advance=draft.advance, at_once=tuple(at_once), step=step)


def _staged(case: Case, bought: Purchases, wish: Wish, choice: Choice) -> Purchases:
    """Buy for one rung what its rules may buy now: a part of each, one order a rule."""
    missing, left = wish.missing, []
    for part in bought.at_once:
        quantity = min(part.quantity, missing) if wish.rung.tier is Tier.S else 0
        left.append(Part(part.label, part.quantity - quantity))
        bought = _with(case, bought, wish.rung, Part(part.label, quantity), choice)
        missing -= quantity
    step = Part(_STEP, min(bought.step, missing))
    bought = _with(case, bought, wish.rung, step, choice)
    return replace(bought, at_once=tuple(left), step=bought.step - step.quantity)


def _emergency(case: Case, bought: Purchases, wish: Wish, choice: Choice) -> Purchases:
    """Buy what the advance pays at the limit, which walks; a limit order cannot cost more."""
    quote, slippage = case.market.quotes[choice.option.con_id], case.policy.slippage
    choice = choice._replace(limit=walked(quote, Side.BUY, choice.option.grid, slippage))
    nav = case.inputs.snapshot.account.net_liquidation_usd
    left = available_usd(bought.advance, nav, case.policy.fund)
    quantity = min(wish.missing, int(left // premium_usd(1, choice.limit)))
    if quantity < wish.missing:
        reason = f"the advance pays for {quantity} of {wish.missing}"
        bought = bought.stopped("R16", wish.rung, reason)
    if quantity == 0:
        return bought
    after = _with(case, bought, wish.rung, Part(_EMERGENCY, quantity), choice)
    advance = commit(bought.advance, after.intents[-1], choice.limit, case.day)
    return replace(after, advance=advance)


def _with(case: Case, bought: Purchases, rung: Rung, part: Part, choice: Choice) -> Purchases:
    """Return these with one more order, or as they are where there is nothing to buy."""
    if not part.quantity:
        return bought
    intent = Intent(
        intent_id=case.intent_id(rung, bought.orders_of[rung]),
        side=Side.BUY,
        con_id=choice.option.con_id,
        quantity=part.quantity,
        limit=choice.limit,
        rung=rung,
        rule=part.label.rule,
        rule_class=part.label.rule_class,
    )
    return replace(bought, intents=(*bought.intents, intent))
