"""Whether an order's price is one that may stand: on its grid, near the market, not too dear.

A roll is held against both legs' quotes: bought at the ask of the one, sold at the bid of the
other. Its net price may be zero or negative.
"""

from bot.domain.instruments import ConId
from bot.domain.orders import Intent, Side
from bot.risk.context import Reason, RiskContext
from bot.risk.contract_checks import bid_and_ask, tick_at


def check_grid(intent: Intent, context: RiskContext) -> Reason:
    """Refuse a price the contract's market rule, or the grid of rolls, does not allow."""
    if intent.is_roll:
        tick = max(row.increment for row in context.book.roll_grid.steps)
    else:
        tick = tick_at(intent.con_id, context, intent.limit)
    if intent.limit % tick != 0:
        return f"limit {intent.limit} is not a multiple of {tick}"
    return None


def check_band(intent: Intent, context: RiskContext) -> Reason:
    """Refuse to pay or to give up more than some ticks beyond what is quoted."""
    if intent.closes is not None:
        return _check_roll_band(intent, intent.closes, context)
    bid, ask = bid_and_ask(intent.con_id, context)
    ticks = context.limits.max_ticks_through
    if intent.side is Side.BUY:
        highest = ask + ticks * tick_at(intent.con_id, context, ask)
        return f"buy limit {intent.limit} above {highest}" if intent.limit > highest else None
    lowest = bid - ticks * tick_at(intent.con_id, context, bid)
    return f"sell limit {intent.limit} below {lowest}" if intent.limit < lowest else None


def _check_roll_band(intent: Intent, sold: ConId, context: RiskContext) -> Reason:
    """A pair has one allowance, in the coarser of its legs' ticks."""
    _, ask = bid_and_ask(intent.con_id, context)
    bid, _ = bid_and_ask(sold, context)
    tick = max(tick_at(intent.con_id, context, ask), tick_at(sold, context, bid))
    highest = ask - bid + context.limits.max_ticks_through * tick
    if intent.limit > highest:
        return f"roll limit {intent.limit} above {highest} (ask {ask}, bid {bid} of what is sold)"
    return None


def check_premium(intent: Intent, context: RiskContext) -> Reason:
    """Refuse to buy too dear a call; in a roll, it costs the net price and what the sold brings."""
    dearest = context.limits.max_premium_points
    premium = intent.limit
    if intent.closes is not None:
        premium += bid_and_ask(intent.closes, context)[0]
    if intent.side is Side.BUY and premium > dearest:
        return f"premium {premium} above {dearest} points"
    return None
