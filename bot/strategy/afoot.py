"""Orders that may still fill, told apart by what they are for.

A purchase adds to the ladder. A roll replaces what is held: as one combination (`closes`), or as
the purchase half of a roll in two steps (class ROLL), so neither counts as more contracts. A sale
takes away. Whatever sells a contract, also the sold leg of a combination, counts against what may
still be sold of it.
"""

from bot.domain.book import Book
from bot.domain.instruments import ConId
from bot.domain.orders import Order, OrderState, Side
from bot.domain.rungs import RuleClass, Rung

CANCELLABLE = frozenset({OrderState.INTENDED, OrderState.SENT, OrderState.WORKING})


def live_buys(book: Book) -> tuple[Order, ...]:
    """Return the purchases that may still fill; rolls are none."""
    return tuple(
        order
        for order in book.live_orders()
        if order.intent.side is Side.BUY and not _replaces(order)
    )


def live_rolls(book: Book) -> tuple[Order, ...]:
    """Return the rolls that may still fill: combinations, and purchases of rolls in two steps."""
    return tuple(order for order in book.live_orders() if _replaces(order))


def live_sells(book: Book) -> tuple[Order, ...]:
    """Return the sales in one contract that may still fill."""
    return tuple(order for order in book.live_orders() if order.intent.side is Side.SELL)


def selling(book: Book, rung: Rung, con_id: ConId) -> int:
    """Return the contracts of one rung that may still be sold, by sales and by combinations."""
    sales = (o for o in live_sells(book) if o.intent.con_id == con_id)
    combinations = (o for o in live_rolls(book) if o.intent.closes == con_id)
    return sum(o.remaining for o in (*sales, *combinations) if o.intent.rung is rung)


def is_rolling(book: Book, rung: Rung) -> bool:
    """Tell whether a rung is between two contracts, so that nothing is added to it now."""
    held = {lot.con_id for lot in book.lots if lot.rung is rung}
    return len(held) > 1 or any(order.intent.rung is rung for order in live_rolls(book))


def may_move(order: Order) -> bool:
    """Tell whether the broker works `order` and owes no answer to an earlier change of it."""
    return order.state is OrderState.WORKING and not order.awaits_reply


def _replaces(order: Order) -> bool:
    is_half = order.intent.side is Side.BUY and order.intent.rule_class is RuleClass.ROLL
    return order.intent.is_roll or is_half
