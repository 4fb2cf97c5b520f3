"""Whether the holdings bear an order: nothing is sold that is not held, nor too much bought.

Broker and our own lots each lag the other for a moment after a fill; what is sold must be in both.
What works already counts as if it had filled.
"""

from bot.domain.instruments import ConId, is_vix_call
from bot.domain.orders import Intent, Side
from bot.risk.context import Reason, RiskContext
from bot.risk.contract_checks import option_of


def check_short(intent: Intent, context: RiskContext) -> Reason:
    """Refuse to sell more than is held, less what working sales and rolls sell already."""
    sold = (leg.con_id for leg in intent.legs if leg.side is Side.SELL)
    found = (_check_sold(con_id, intent.quantity, context) for con_id in sold)
    return next((reason for reason in found if reason is not None), None)


def _check_sold(con_id: ConId, quantity: int, context: RiskContext) -> Reason:
    broker = context.held(con_id) or 0
    ours = sum(lot.quantity for lot in context.book.lots if lot.con_id == con_id)
    working = context.working(Side.SELL, con_id)
    free = min(broker, ours) - working
    if quantity > free:
        return (
            f"sells {quantity} of {con_id}, held {broker} (ours {ours}), {working} selling already"
        )
    return None


def check_later(intent: Intent, context: RiskContext) -> Reason:
    """Refuse a roll that does not lead into a later month (methodology.md R14)."""
    if intent.closes is None:
        return None
    bought, sold = option_of(intent.con_id, context), option_of(intent.closes, context)
    if bought.settlement <= sold.settlement:
        return f"rolls from {sold.local_symbol} into {bought.local_symbol}, which is not later"
    return None


def check_holding(intent: Intent, context: RiskContext) -> Reason:
    """Refuse to hold too much; a roll counts as the purchase it contains.

    What its other leg sells is not credited: the limit holds even if the pair came apart.
    """
    if intent.side is Side.SELL:
        return None
    calls = {i.con_id for i in context.universe.instruments if is_vix_call(i)}
    held = sum(max(p.quantity, 0) for p in context.positions or () if p.con_id in calls)
    ours = sum(lot.quantity for lot in context.book.lots)
    total = max(held, ours) + context.working(Side.BUY) + intent.quantity
    most = context.limits.max_contracts_held
    return f"{total} VIX calls held and working, at most {most}" if total > most else None
