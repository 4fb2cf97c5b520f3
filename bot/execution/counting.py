"""How far an order has come, counted from its executions.

An order counts in units: contracts, or for a roll pairs of them. A pair is done when both its legs
are; executions of the legs arrive one by one, in any order, and one of them may be corrected later.
"""

from collections.abc import Iterable

from bot.domain.orders import Fill, Order
from bot.domain.value import replace


def counted(order: Order, fills: Iterable[Fill]) -> Order:
    """Return `order` with what `fills`, each execution once, have done of it.

    An execution in a contract that is no leg of the order does nothing of it; it is in the lots all
    the same (`bot.execution.attribution`).
    """
    own = [fill for fill in fills if fill.intent_id == order.intent.intent_id]
    legs = [
        sum(f.quantity for f in own if (f.con_id, f.side) == (leg.con_id, leg.side))
        for leg in order.intent.legs
    ]
    return replace(order, filled=min(legs), ahead=max(legs) - min(legs))
