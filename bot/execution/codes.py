"""What an error code that names one of our orders proves about it.

The broker sends errors, warnings and plain notices through one door (domain.md section 3.6). Only
the codes listed here prove anything; every other one leaves the order in doubt until the broker's
lists are read. The library's own reading of a code ("Cancelled") is never used (domain.md
section 4).
"""

from bot.domain.orders import Order
from bot.execution.lifecycle import Heard

WARNINGS = frozenset({399, 404, 10349, *range(2100, 2200)})
"""The order lives, new or changed: held, filled in from a preset, or partly ignored."""

OFF_GRID = 110
"""A price is not a multiple of the increment that holds for the contract or combination."""

CHANGE_REFUSALS = frozenset({OFF_GRID, 321, 329, 2102})
"""A change was not taken: the order lives on at its old price."""

NOT_FOR_COMBINATIONS = frozenset({356, 387, 411, 412, 442, 10058})
"""Something of the order is not available for its kind, routing or session."""

REFUSALS = frozenset({OFF_GRID, 200, 201, 203, 392, 434, 460, 478}) | NOT_FOR_COMBINATIONS
"""A new order was not accepted; nothing of it can fill."""

ENDINGS = frozenset({202})
"""Over for the balance, by us, the exchange or a price check; a status brings the count."""

CANCEL_REFUSALS = frozenset({135, 161, 10147, 10148})
"""Not found, or not cancellable in its state: perhaps filled, perhaps gone."""


def meaning(code: int, order: Order) -> Heard:
    """Return what `code` proves about `order`.

    The same code kills a new order and spares a changed one, so it depends on what was asked.
    """
    if code in WARNINGS or refuses_change(code, order):
        return Heard.LIVES
    if code in ENDINGS:
        return Heard.ENDING
    if code in CANCEL_REFUSALS:
        return Heard.CANCEL_REFUSED
    if code in REFUSALS and order.limit_asked is None:
        return Heard.REFUSED
    return Heard.DOUBTFUL


def refuses_change(code: int, order: Order) -> bool:
    """Tell whether `code` says that the limit asked for was not taken."""
    return order.limit_asked is not None and code in CHANGE_REFUSALS
