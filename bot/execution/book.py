"""The book as the strategy and the risk checks see it."""

from bot.domain.book import Book
from bot.domain.orders import Order, OrderState
from bot.execution.state import ExecutionState


def book_of(state: ExecutionState) -> Book:
    """Return lots, living orders, breaks and unadopted calls; ended orders are history.

    Of those only the rolls that the broker rejected are told, for as long as what they were to sell
    is held: the strategy then goes the other way.
    """
    return Book(
        lots=state.lots,
        orders=state.live_orders(),
        breaks=state.breaks,
        unadopted=state.unadopted,
        failed_rolls=_failed_rolls(state),
    )


def _failed_rolls(state: ExecutionState) -> tuple[Order, ...]:
    held = {lot.con_id for lot in state.lots if lot.quantity > 0}
    return tuple(
        order
        for order in state.orders.values()
        if order.state is OrderState.REJECTED and order.intent.closes in held
    )
