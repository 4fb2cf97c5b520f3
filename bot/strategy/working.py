"""Orders already at work: cancelled when no longer wanted, moved when the far side moved away.

A live purchase counts in its tier's total, so it stays wanted while the total does not exceed the
target and its contract still fits its rung. Only an order the broker works is moved; what is on its
way, being cancelled or in doubt is left to the broker's word (domain.md section 3.4).
"""

from collections.abc import Iterator
from decimal import Decimal

from bot.domain.decision import Cancel, Reprice, TierTarget
from bot.domain.orders import Order, Side
from bot.domain.rungs import LADDER, RuleClass
from bot.strategy.afoot import CANCELLABLE, live_buys, may_move
from bot.strategy.contracts import Standing, far_side, fit, guard
from bot.strategy.draft import Case
from bot.strategy.money import premium_usd
from bot.strategy.valuation import Line
from bot.strategy.walk import walked


def unwanted(case: Case, tiers: tuple[TierTarget, ...]) -> tuple[Cancel, ...]:
    """Return the purchases to cancel: beyond their tier's target, or in a contract gone unfit."""
    orders = [o for o in live_buys(case.inputs.book) if o.state in CANCELLABLE]
    orders.sort(key=lambda o: (LADDER.index(o.intent.rung), o.intent.intent_id), reverse=True)
    excess = {row.tier: row.filled + row.working + row.spent - row.target for row in tiers}
    cancels = []
    for order in orders:
        tier = order.intent.rung.tier
        reason = _unfit(case, order)
        if not reason and excess[tier] > 0 and order.remaining:
            reason = "the target no longer asks for it"
        if reason:
            excess[tier] -= order.remaining
            cancels.append(Cancel(intent_id=order.intent.intent_id, reason=reason))
    return tuple(cancels)


def _unfit(case: Case, order: Order) -> str:
    found = fit(case, order.intent.rung, order.intent.con_id)
    return found.reason if found.standing is Standing.WAITS else ""


def moved(case: Case, kept: frozenset[str], advance_usd: Decimal) -> Iterator[Reprice]:
    """Yield the purchases whose limit lies below the ask, nearer to it, within R29 and R16.

    Args:
        case: The evaluation.
        kept: Ids of the orders that stay wanted.
        advance_usd: What the emergency advance still pays, in USD.
    """
    for order in live_buys(case.inputs.book):
        if not may_move(order) or order.intent.intent_id not in kept:
            continue
        line = case.market.lines.get(order.intent.con_id)
        if line is None or guard(case, order.intent.rung, line):
            continue
        limit = _limit(case, order, line)
        rise = premium_usd(order.remaining, limit - order.limit)
        if limit <= order.limit:
            continue
        if order.intent.rule_class is RuleClass.EMERGENCY:
            if rise > advance_usd:
                continue
            advance_usd -= rise
        reason = f"the ask is {far_side(line):.2f}: from {order.limit:.2f} to {limit:.2f}"
        yield Reprice(intent_id=order.intent.intent_id, limit=limit, reason=reason)


def _limit(case: Case, order: Order, line: Line) -> Decimal:
    """Return where a working purchase may stand now: at the ask, an emergency on its walk."""
    if order.intent.rule_class is not RuleClass.EMERGENCY:
        return far_side(line)
    return walked(line.quote, Side.BUY, line.option.grid, case.policy.slippage, order.limit)
