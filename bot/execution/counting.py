"""How far an order has come, counted from its executions.

An order counts in units: contracts, or for a roll pairs of them. A pair is done when both its legs
are; executions of the legs arrive one by one, in any order, and one of them may be corrected later.
"""

from collections.abc import Iterable

from bot.domain.orders import Fill, Intent, Order
from bot.domain.value import replace


def executed_by_leg(intent: Intent, fills: Iterable[Fill]) -> tuple[int, ...]:
    """Return how many contracts of each leg of `intent` its `fills`, each once, have traded."""
    own = [fill for fill in fills if fill.intent_id == intent.intent_id]
    return tuple(
        sum(fill.quantity for fill in own if (fill.con_id, fill.side) == (leg.con_id, leg.side))
        for leg in intent.legs
    )


def counted(order: Order, fills: Iterable[Fill]) -> Order:
    """Return `order` with what `fills`, each execution once, have done of it.

    An execution in a contract that is no leg of the order does nothing of it; it is in the lots all
    the same (`bot.execution.attribution`).
    """
    legs = executed_by_leg(order.intent, fills)
    return replace(order, filled=min(legs), ahead=max(legs) - min(legs))
