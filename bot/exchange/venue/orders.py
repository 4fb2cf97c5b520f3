"""The exchange's own order table.

It shares nothing with the table of the bot that trades here: were both one, an error in it would be
mirrored instead of found. An order is a frozen value; each change is a new value, booked whole, so
that replaying the bookings rebuilds the table. What an order waits for (its parent, an hour, a
price) stands in its fields; its status is the wire's word for the sum of them.
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
    def opposite(self) -> "Side":
        """The side that takes the other end."""
        return Side.SELL if self is Side.BUY else Side.BUY

    @property
    def execution_word(self) -> str:
        """How an execution of this side is called on the wire."""
        return "BOT" if self is Side.BUY else "SLD"


class OrderType(StrEnum):
    """At which price an order trades, in the wire's words."""

    MARKET = "MKT"
    LIMIT = "LMT"
    STOP = "STP"
    STOP_LIMIT = "STP LMT"
    MARKET_ON_CLOSE = "MOC"
    LIMIT_ON_CLOSE = "LOC"

    @property
    def has_limit(self) -> bool:
        """Whether it names the worst price it takes."""
        return self in _LIMITED

    @property
    def has_stop(self) -> bool:
        """Whether it sleeps until a price is reached."""
        return self in _STOPPED

    @property
    def is_closing(self) -> bool:
        """Whether it trades at the close alone."""
        return self in _CLOSING


_LIMITED = frozenset({OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.LIMIT_ON_CLOSE})
_STOPPED = frozenset({OrderType.STOP, OrderType.STOP_LIMIT})
_CLOSING = frozenset({OrderType.MARKET_ON_CLOSE, OrderType.LIMIT_ON_CLOSE})


class Tif(StrEnum):
    """How long an order stands: to its day's end, until cancelled, to a date, or not at all."""

    DAY = "DAY"
    GTC = "GTC"
    GTD = "GTD"
    IOC = "IOC"
    FOK = "FOK"

    @property
    def is_immediate(self) -> bool:
        """Whether what does not trade at once is cancelled."""
        return self in _IMMEDIATE


_IMMEDIATE = frozenset({Tif.IOC, Tif.FOK})


class Priority(StrEnum):
    """How fast the Adaptive algo works its way to the far side."""

    URGENT = "Urgent"
    NORMAL = "Normal"
    PATIENT = "Patient"


class Status(StrEnum):
    """Where an order stands, in the wire's words (domain.md section 3.4).

    `PENDING_SUBMIT` is an order with transmit off: known here, not yet sent anywhere. Partly filled
    orders stay `SUBMITTED`. `INACTIVE` is an order refused for margin or permission.
    """

    PENDING_SUBMIT = "PendingSubmit"
    PRE_SUBMITTED = "PreSubmitted"
    SUBMITTED = "Submitted"
    FILLED = "Filled"
    CANCELLED = "Cancelled"
    INACTIVE = "Inactive"


_OPEN = frozenset({Status.PENDING_SUBMIT, Status.PRE_SUBMITTED, Status.SUBMITTED})

# A held order may be filled at once when the market opens, so it need not pass through SUBMITTED.
# A modified order that waits for the next session goes back to PRE_SUBMITTED.
_WORKING = frozenset({Status.PRE_SUBMITTED, Status.SUBMITTED, Status.FILLED, Status.CANCELLED})
MOVES: dict[Status, frozenset[Status]] = {
    Status.PENDING_SUBMIT: frozenset(
        {Status.PENDING_SUBMIT, Status.PRE_SUBMITTED, Status.SUBMITTED, Status.CANCELLED}
    ),
    Status.PRE_SUBMITTED: _WORKING,
    Status.SUBMITTED: _WORKING,
    Status.FILLED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.INACTIVE: frozenset(),
}


class IllegalMoveError(Exception):
    """An order was to leave a state that it cannot leave that way: a bug of the venue."""


class Leg(msgspec.Struct, frozen=True):
    """What buying one unit of an order brings: contracts, negative where they are sold."""

    con_id: ConId
    signed_ratio: int
    exchange: str

    @property
    def ratio(self) -> int:
        """Contracts per unit, whichever way they go."""
        return abs(self.signed_ratio)

    @property
    def sign(self) -> int:
        """One where buying the order buys this, minus one where it sells it."""
        return 1 if self.signed_ratio > 0 else -1


class LegFill(msgspec.Struct, frozen=True):
    """What a leg has traded: contracts, and the sum of quantity times price."""

    quantity: int = 0
    points: Decimal = Decimal(0)

    def plus(self, quantity: int, price: Decimal) -> "LegFill":
        """Return the sums after one more fill."""
        return LegFill(self.quantity + quantity, self.points + quantity * price)


class BookedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order; quantities in contracts (units of a combination), prices in points, times in UTC.

    Attributes:
        perm_id: The account-wide key; the order id is unique within its client only.
        con_id: The contract, or the number that all combinations share.
        legs: What a combination consists of; empty for a single contract.
        leg_fills: What each leg has traded; empty before the first fill.
        leg_limits: The worst price of each leg, empty where the net price is limited.
        limit: The worst price it takes, None where the market's is taken.
        stop: The price that wakes it.
        good_until: When it ends by itself: a DAY order at the close, any with its contract.
        good_after: Until when it sleeps.
        oca_group: The group its client put it in; see `group` for the one it is in.
        parent_id: The order id of the order it is attached to, 0 for none.
        waits_for_parent: Whether that order has yet to fill.
        trigger_hits: How many steps in a row have met its stop price.
        triggered: Whether its stop price has been reached.
        walked_to: Where the Adaptive algo has its price now.
        walks_since: When it began to walk there.
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
    order_type: OrderType = OrderType.LIMIT
    limit: Decimal | None
    stop: Decimal | None = None
    tif: Tif
    outside_rth: bool
    order_ref: str
    status: Status
    placed_at: datetime
    good_until: datetime
    legs: tuple[Leg, ...] = ()
    leg_fills: tuple[LegFill, ...] = ()
    leg_limits: tuple[Decimal, ...] = ()
    guaranteed: bool = True
    all_or_none: bool = False
    good_till_date: str = ""
    good_after_time: str = ""
    good_after: datetime | None = None
    oca_group: str = ""
    oca_type: int = 0
    parent_id: int = 0
    parent_perm_id: int = 0
    waits_for_parent: bool = False
    trigger_method: int = 0
    trigger_hits: int = 0
    triggered: bool = False
    priority: Priority | None = None
    walked_to: Decimal | None = None
    walks_since: datetime | None = None
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
    def is_live(self) -> bool:
        """Whether nothing but the market keeps it from trading: it is sent and its parent done."""
        return (
            self.is_open and self.status is not Status.PENDING_SUBMIT and not self.waits_for_parent
        )

    @property
    def parts(self) -> tuple[Leg, ...]:
        """The legs, or the single contract as the only one."""
        return self.legs or (Leg(self.con_id, 1, self.exchange),)

    @property
    def group(self) -> str:
        """The one-cancels-all group it is in, empty for none.

        Orders attached to one parent exit the same position, so they are a group unless their
        client says otherwise; the broker names it by the parent's permanent id.
        """
        return self.oca_group or (str(self.parent_perm_id) if self.parent_perm_id else "")

    @property
    def is_asleep(self) -> bool:
        """Whether it has a stop price that has not been reached."""
        return self.order_type.has_stop and not self.triggered

    @property
    def working_limit(self) -> Decimal | None:
        """The worst price it takes at the moment, None for the market's."""
        return self.limit if self.priority is None else self.walked_to

    @property
    def why_held(self) -> str:
        """What keeps it from working, in the wire's words; empty where nothing of these does."""
        if not self.is_open:
            return ""
        if self.waits_for_parent:
            return "child"
        return "trigger" if self.is_asleep else ""

    @property
    def average_price(self) -> Decimal:
        """Average fill price in points, zero while nothing is filled."""
        return self.filled_points / self.filled if self.filled else Decimal(0)

    def sides(self, leg: Leg) -> Side:
        """Return which way a leg trades when this order fills."""
        return self.side if leg.signed_ratio > 0 else self.side.opposite


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
