"""The exchange's own order table.

It shares nothing with the table of the bot that trades here: were both one, an error in it would be
mirrored instead of found. An order is a frozen value; each change is a new value, booked whole, so
that replaying the bookings rebuilds the table.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from bot.domain.instruments import ConId


class Side(StrEnum):
    """Which way an order trades, in the wire's words."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def sign(self) -> int:
        """One for a buy, minus one for a sell."""
        return 1 if self is Side.BUY else -1

    @property
    def execution_word(self) -> str:
        """How an execution of this side is called on the wire."""
        return "BOT" if self is Side.BUY else "SLD"


class Tif(StrEnum):
    """How long an order stands."""

    DAY = "DAY"
    GTC = "GTC"


class Status(StrEnum):
    """Where an order stands, in the wire's words (domain.md section 3.4).

    Partly filled orders stay `SUBMITTED`. `INACTIVE` is an order refused for margin or permission.
    """

    PRE_SUBMITTED = "PreSubmitted"
    SUBMITTED = "Submitted"
    FILLED = "Filled"
    CANCELLED = "Cancelled"
    INACTIVE = "Inactive"


_OPEN = frozenset({Status.PRE_SUBMITTED, Status.SUBMITTED})

# A held order may be filled at once when the market opens, so it need not pass through SUBMITTED.
# A modified order that waits for the next session goes back to PRE_SUBMITTED.
MOVES: dict[Status, frozenset[Status]] = {
    Status.PRE_SUBMITTED: frozenset(
        {Status.PRE_SUBMITTED, Status.SUBMITTED, Status.FILLED, Status.CANCELLED}
    ),
    Status.SUBMITTED: frozenset(
        {Status.PRE_SUBMITTED, Status.SUBMITTED, Status.FILLED, Status.CANCELLED}
    ),
    Status.FILLED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.INACTIVE: frozenset(),
}


class IllegalMoveError(Exception):
    """An order was to leave a state that it cannot leave that way: a bug of the venue."""


class BookedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order; quantities in contracts, prices in points, instants in UTC.

    Attributes:
        perm_id: The account-wide key; the order id is unique within its client only.
        good_until: When it ends by itself: a DAY order at the close, any with its contract.
        filled_points: Sum over its fills of quantity times price.
        commission_usd: What its fills have cost so far.
        ended_reason: Why it is no longer open, in words; empty while it is.
    """

    perm_id: int
    order_id: int
    client_id: int
    con_id: ConId
    exchange: str
    side: Side
    quantity: int
    limit: Decimal
    tif: Tif
    outside_rth: bool
    order_ref: str
    status: Status
    placed_at: datetime
    good_until: datetime
    filled: int = 0
    filled_points: Decimal = Decimal(0)
    last_fill_price: Decimal = Decimal(0)
    commission_usd: Decimal = Decimal(0)
    ended_at: datetime | None = None
    ended_reason: str = ""

    @property
    def remaining(self) -> int:
        """Contracts not yet filled."""
        return self.quantity - self.filled

    @property
    def is_open(self) -> bool:
        """Whether it can still trade."""
        return self.status in _OPEN

    @property
    def average_price(self) -> Decimal:
        """Average fill price in points, zero while nothing is filled."""
        return self.filled_points / self.filled if self.filled else Decimal(0)


def check_move(old: BookedOrder, new: BookedOrder) -> None:
    """Check that `new` may follow `old`.

    Raises:
        IllegalMoveError: The table does not allow it, or filled contracts would be unfilled.
    """
    if new.status not in MOVES[old.status]:
        raise IllegalMoveError(f"order {old.perm_id}: {old.status} cannot become {new.status}")
    if new.filled < old.filled or new.filled > new.quantity:
        raise IllegalMoveError(f"order {old.perm_id}: filled {old.filled} to {new.filled}")


def end(order: BookedOrder, status: Status, at: datetime, reason: str) -> BookedOrder:
    """Return `order` in a state it does not leave again."""
    return msgspec.structs.replace(order, status=status, ended_at=at, ended_reason=reason)
