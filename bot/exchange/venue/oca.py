"""One cancels all: what the fill of one order does to the others of its group.

Type 1 ends the others with any fill, types 2 and 3 take from each the share that was filled. The
broker's "block" keeps two orders of a group from filling at the same time; here each fill is
followed up before the next order is looked at, so types 2 and 3 are the same and no group overfills
(domain.md section 3.5).
"""

import msgspec

from bot.exchange.venue.books import Books
from bot.exchange.venue.orders import BookedOrder, Status
from bot.exchange.venue.refusal import Refusal, rejected

CANCEL, REDUCE = 1, 3


def left_after_fill(filled: BookedOrder, quantity: int, other: BookedOrder) -> BookedOrder | None:
    """Return what is left of another order of the group, None if it ended in the meantime.

    One that nothing is left of has its quantity down to what it has filled, and is to be cancelled.

    Args:
        filled: The order after the fill.
        quantity: What was filled.
        other: Another order of its group, as it stands.
    """
    if not other.is_open:
        return None
    before = filled.remaining + quantity
    left = 0 if ends_others(filled) else other.remaining * filled.remaining // before
    return msgspec.structs.replace(other, quantity=other.filled + left)


def ends_others(order: BookedOrder) -> bool:
    """Tell whether any fill ends the others; the broker's own groups of attached orders reduce."""
    return bool(order.oca_group) and order.oca_type in (0, CANCEL)


def told_type(order: BookedOrder) -> int:
    """Return the type that is told of an order: a group the broker made has type 3."""
    if order.group and not order.oca_group:
        return REDUCE
    return order.oca_type


def check_group(books: Books, order: BookedOrder) -> Refusal | None:
    """Refuse to join a group of which an order has filled: the group has done its work."""
    for member in books.members(order):
        if member.status is Status.FILLED or (member.filled and ends_others(member)):
            return rejected("OCA group is already filled")
    return None
