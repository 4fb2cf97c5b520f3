"""One position and what a trade makes of it.

The cost is kept as a total in USD, commissions included as the broker does, and never as an
average: an average of cents does not come out even, and the books must balance to the cent. What a
partial close cannot divide evenly stays with what is left.
"""

from decimal import Decimal

import msgspec

from bot.domain.instruments import ConId
from bot.domain.money import to_cents


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """A position; `quantity` is negative when short.

    Attributes:
        multiplier: USD per point.
        cost_usd: What is in it: paid for a long, minus what was received for a short.
        realized_usd: What its closed part has earned so far, net of commissions.
    """

    con_id: ConId
    multiplier: int
    quantity: int = 0
    cost_usd: Decimal = Decimal(0)
    realized_usd: Decimal = Decimal(0)

    @property
    def average_cost_usd(self) -> Decimal:
        """USD per contract, multiplier and commissions included; zero when flat."""
        return self.cost_usd / self.quantity if self.quantity else Decimal(0)

    @property
    def average_price_points(self) -> Decimal:
        """What one unit cost in points, commissions included; zero when flat."""
        return self.average_cost_usd / self.multiplier


class Trade(msgspec.Struct, frozen=True, kw_only=True):
    """A fill as the position sees it: signed contracts, points, USD."""

    quantity: int
    price: Decimal
    commission_usd: Decimal


class Traded(msgspec.Struct, frozen=True, kw_only=True):
    """What a trade did: the new position, the cash that moved, and what it realized.

    `realized_usd` is None where nothing was closed.
    """

    holding: Holding
    cash_usd: Decimal
    realized_usd: Decimal | None


def trade(holding: Holding, done: Trade) -> Traded:
    """Return what `done` makes of `holding`; cash + cost - realized stays what it was."""
    closing = _closing_quantity(holding, done)
    if closing == 0:
        return _open(holding, done)
    share = to_cents(done.commission_usd * closing / done.quantity)
    closed = _close(holding, Trade(quantity=closing, price=done.price, commission_usd=share))
    rest = done.quantity - closing
    if rest == 0:
        return closed
    opened = _open(
        closed.holding,
        Trade(quantity=rest, price=done.price, commission_usd=done.commission_usd - share),
    )
    return msgspec.structs.replace(
        opened, cash_usd=closed.cash_usd + opened.cash_usd, realized_usd=closed.realized_usd
    )


def _closing_quantity(holding: Holding, done: Trade) -> int:
    if holding.quantity * done.quantity >= 0:
        return 0
    size = min(abs(holding.quantity), abs(done.quantity))
    return size if done.quantity > 0 else -size


def _open(holding: Holding, done: Trade) -> Traded:
    paid = done.quantity * done.price * holding.multiplier + done.commission_usd
    grown = msgspec.structs.replace(
        holding, quantity=holding.quantity + done.quantity, cost_usd=holding.cost_usd + paid
    )
    return Traded(holding=grown, cash_usd=-paid, realized_usd=None)


def _close(holding: Holding, done: Trade) -> Traded:
    left = holding.quantity + done.quantity
    released = holding.cost_usd
    if left:
        released = to_cents(holding.cost_usd * -done.quantity / holding.quantity)
    received = -done.quantity * done.price * holding.multiplier - done.commission_usd
    realized = received - released
    shrunk = msgspec.structs.replace(
        holding,
        quantity=left,
        cost_usd=holding.cost_usd - released,
        realized_usd=holding.realized_usd + realized,
    )
    return Traded(holding=shrunk, cash_usd=received, realized_usd=realized)
