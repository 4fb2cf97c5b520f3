"""Attached orders: a child waits for its parent to fill, and ends when the parent ends unfilled.

A client sends the parent and all children but the last with transmit off; the last one sends them
all. What follows from fills and ends is done by the matching desk; here is what may be attached.
"""

from bot.exchange.venue.orders import BookedOrder, Status
from bot.exchange.venue.refusal import Refusal, rejected
from bot.exchange.wire.order import WireOrder


def check_parent(wire: WireOrder, parent: BookedOrder | None) -> Refusal | None:
    """Refuse to attach an order to one that this client does not have, or that came to nothing."""
    if not wire.parent_id:
        return None
    if parent is None:
        return Refusal(135, f"Can't find order with ID ={wire.parent_id}")
    if parent.is_open or parent.status is Status.FILLED:
        return None
    return rejected("The parent order is cancelled")
