"""One position and what a trade makes of it.

The cost is kept as a total in USD, commissions included as the broker does, and never as an
average: an average of cents does not come out even, and the books must balance to the cent. What a
partial close cannot divide evenly stays with what is left.

A future costs no cash but its commission; each day's settlement pays what its price moved, and a
close pays the move since then. Its cost nevertheless stands at the full value at which it was
entered, settlements or not: that is what the broker's average cost and unrealized profit mean.
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
        is_future: Whether it is settled to cash every day.
        settled_usd: For a future, the value up to which cash has been paid; zero for the others.
    """

    con_id: ConId
    multiplier: int
    quantity: int = 0
    cost_usd: Decimal = Decimal(0)
    realized_usd: Decimal = Decimal(0)
    is_future: bool = False
    settled_usd: Decimal = Decimal(0)

    @property
    def invested_usd(self) -> Decimal:
        """The cash that is in it: of a future only the commissions and what settlements paid."""
        return self.cost_usd - self.settled_usd

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
    """Return what `done` makes of `holding`; cash + invested - realized stays what it was."""
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


def settle_daily(holding: Holding, price: Decimal) -> Traded:
    """Return what a daily settlement of a future at `price` points pays; nothing is realized."""
    value = _value_usd(holding, holding.quantity, price)
    moved = msgspec.structs.replace(holding, settled_usd=value)
    return Traded(holding=moved, cash_usd=value - holding.settled_usd, realized_usd=None)


def _value_usd(holding: Holding, quantity: int, price: Decimal) -> Decimal:
    return to_cents(quantity * price * holding.multiplier)


def _open(holding: Holding, done: Trade) -> Traded:
    value = done.quantity * done.price * holding.multiplier
    unpaid = value if holding.is_future else Decimal(0)
    paid = value + done.commission_usd
    grown = msgspec.structs.replace(
        holding,
        quantity=holding.quantity + done.quantity,
        cost_usd=holding.cost_usd + paid,
        settled_usd=holding.settled_usd + unpaid,
    )
    return Traded(holding=grown, cash_usd=unpaid - paid, realized_usd=None)


def _close(holding: Holding, done: Trade) -> Traded:
    released = _share(holding.cost_usd, holding, done)
    unsettled = _share(holding.settled_usd, holding, done)
    received = -done.quantity * done.price * holding.multiplier - done.commission_usd
    realized = received - released
    shrunk = msgspec.structs.replace(
        holding,
        quantity=holding.quantity + done.quantity,
        cost_usd=holding.cost_usd - released,
        realized_usd=holding.realized_usd + realized,
        settled_usd=holding.settled_usd - unsettled,
    )
    return Traded(holding=shrunk, cash_usd=received - unsettled, realized_usd=realized)


def _share(amount: Decimal, holding: Holding, done: Trade) -> Decimal:
    """Return the part of `amount` that belongs to what `done` closes; all of it at the end."""
    if holding.quantity + done.quantity == 0:
        return amount
    return to_cents(amount * -done.quantity / holding.quantity)
