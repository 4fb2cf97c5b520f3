"""What an order has traded of one contract so far: the sums that its next commission depends on."""

from decimal import Decimal
from typing import NamedTuple

from bot.exchange.venue.records import Execution


class Charges(NamedTuple):
    """Contracts, points and USD of one contract in one order."""

    quantity: int = 0
    points: Decimal = Decimal(0)
    value_usd: Decimal = Decimal(0)
    by_rate_usd: Decimal = Decimal(0)
    charged_usd: Decimal = Decimal(0)

    def plus(self, done: Execution) -> "Charges":
        """Return the sums after one more fill."""
        points = done.quantity * done.price
        return Charges(
            self.quantity + done.quantity,
            self.points + points,
            self.value_usd + abs(points * done.multiplier),
            self.by_rate_usd + done.by_rate_usd,
            self.charged_usd + done.commission_usd,
        )
