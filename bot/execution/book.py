"""The book as the strategy and the risk checks see it."""

from bot.domain.book import Book
from bot.execution.state import ExecutionState


def book_of(state: ExecutionState) -> Book:
    """Return lots, living orders, breaks and unadopted calls; ended orders are history."""
    return Book(
        lots=state.lots,
        orders=state.live_orders(),
        breaks=state.breaks,
        unadopted=state.unadopted,
    )
