"""The book as the strategy and the risk checks see it."""

from bot.domain.book import Aside, Book
from bot.domain.orders import Order, OrderState
from bot.execution.codes import OFF_GRID
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
        ignored=tuple(sorted(state.ignored)),
        aside=tuple(
            Aside(con_id=con_id, quantity=left) for con_id, left in sorted(state.aside.items())
        ),
        failed_rolls=_failed_rolls(state),
        roll_grid=state.roll_grid,
    )


def _failed_rolls(state: ExecutionState) -> tuple[Order, ...]:
    held = {lot.con_id for lot in state.lots if lot.quantity > 0}
    return tuple(
        order
        for order in state.orders.values()
        if order.state is OrderState.REJECTED and order.intent.closes in held
        if not _was_only_off_grid(state, order)
    )


def _was_only_off_grid(state: ExecutionState, order: Order) -> bool:
    """Tell whether the price alone was refused, on a grid that is known to be another by now."""
    code = state.refused.get(order.intent.intent_id)
    return code == OFF_GRID and not state.roll_grid.is_legal(order.limit)
