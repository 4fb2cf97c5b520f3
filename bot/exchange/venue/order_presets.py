"""The account's order presets.

They bind API orders silently (domain.md section 3.5): a size limit (383) and how far a limit
price may lie beyond the market (163), which an order may override.
"""

from decimal import Decimal

from bot.exchange.venue.floor import Floor
from bot.exchange.venue.order_costs import leg_price
from bot.exchange.venue.orders import BookedOrder
from bot.exchange.venue.refusal import Refusal
from bot.exchange.wire.order import WireOrder

_HUNDRED = Decimal(100)


def check_presets(floor: Floor, order: BookedOrder, wire: WireOrder) -> Refusal | None:
    """Refuse what the presets do not let pass."""
    rules = floor.rules
    if rules.preset_size is not None and order.quantity > rules.preset_size:
        return Refusal(383, f"The order size exceeds the Size Limit of {rules.preset_size}.")
    if wire.override_percentage_constraints or rules.preset_percent is None:
        return None
    if _percent_beyond_market(floor, order) > rules.preset_percent:
        return Refusal(
            163, "The price specified would violate the percentage constraint of the order preset."
        )
    return None


def _percent_beyond_market(floor: Floor, order: BookedOrder) -> Decimal:
    """Return by how much the limit is worse than the market, zero where nothing can be said."""
    if order.limit is None or order.legs:
        return Decimal(0)
    market = leg_price(floor, order, order.parts[0])
    if not market:
        return Decimal(0)
    return order.side.sign * (order.limit - market) / market * _HUNDRED
