"""What has happened to the account, one frozen record per event.

The venue decides, the records say what it decided, and `Books.apply` is the only thing that changes
the books. A record is stored before the reply it causes leaves, so whatever a client was told is
there again after a crash; replaying the records in order rebuilds the books.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

import msgspec

from bot.domain.instruments import ConId
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.orders import BookedOrder, Side


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """One fill; price in points, `multiplier` in USD per point, `at` in UTC.

    Attributes:
        by_rate_usd: The commission before any minimum.
        realized_usd: None for a fill that closed nothing, and for a combination as a whole.
        rested: Whether the order waited in the book, rather than take what stood there.
        cum_quantity: What the order, or this leg of it, has filled with this fill.
        average_price: At what price on average.
    """

    exec_id: str
    perm_id: int
    order_id: int
    client_id: int
    con_id: ConId
    exchange: str
    side: Side
    quantity: int
    price: Decimal
    multiplier: int
    at: datetime
    by_rate_usd: Decimal
    commission_usd: Decimal
    realized_usd: Decimal | None
    rested: bool = False
    order_ref: str
    cum_quantity: int
    average_price: Decimal


class AccountOpened(msgspec.Struct, frozen=True, kw_only=True, tag="account_opened"):
    """The account began with this cash and these positions."""

    account: str
    at: datetime
    cash_usd: Decimal
    holdings: tuple[Holding, ...] = ()


class OrderIdSpent(msgspec.Struct, frozen=True, kw_only=True, tag="order_id_spent"):
    """A client used an order id; refused orders use theirs up too."""

    client_id: int
    order_id: int


class OrderBooked(msgspec.Struct, frozen=True, kw_only=True, tag="order_booked"):
    """An order is new or has changed, without trading."""

    order: BookedOrder


class FillBooked(msgspec.Struct, frozen=True, kw_only=True, tag="fill_booked"):
    """An order traded: the executions and the order after them, in one record, never one alone.

    Attributes:
        trades: What moved cash and positions: one execution, or one per leg that traded.
        whole: For a combination, the units that its legs completed; it moves nothing. None where
            they completed none, and for a single contract.
    """

    trades: tuple[Execution, ...]
    order: BookedOrder
    whole: Execution | None = None

    @property
    def told(self) -> tuple[Execution, ...]:
        """Every execution a client is told of, the whole first."""
        return self.trades if self.whole is None else (self.whole, *self.trades)


class PositionSettled(msgspec.Struct, frozen=True, kw_only=True, tag="position_settled"):
    """An expired position was paid out at `value_points` per unit."""

    con_id: ConId
    at: datetime
    value_points: Decimal


class VariationSettled(msgspec.Struct, frozen=True, kw_only=True, tag="variation_settled"):
    """A future was marked at `price_points` by the daily settlement, the move paid in cash."""

    con_id: ConId
    at: datetime
    price_points: Decimal


class Interest(msgspec.Struct, frozen=True, kw_only=True):
    """USD to the cent, negative where the account owes; by segment."""

    securities_usd: Decimal = Decimal(0)
    commodities_usd: Decimal = Decimal(0)

    @property
    def total_usd(self) -> Decimal:
        """Both segments together."""
        return self.securities_usd + self.commodities_usd

    def plus(self, other: "Interest") -> "Interest":
        """Return the sum of two."""
        return Interest(
            securities_usd=self.securities_usd + other.securities_usd,
            commodities_usd=self.commodities_usd + other.commodities_usd,
        )


class InterestAccrued(msgspec.Struct, frozen=True, kw_only=True, tag="interest_accrued"):
    """The cash earned or owed interest over the night after `day`."""

    day: date
    interest: Interest


class InterestPaid(msgspec.Struct, frozen=True, kw_only=True, tag="interest_paid"):
    """What had accrued before the month that begins on `before` was paid into or from cash."""

    before: date
    at: datetime


class DayOpened(msgspec.Struct, frozen=True, kw_only=True, tag="day_opened"):
    """A new trading day: profit and loss of the day count from these marks, in points.

    `equity_with_loan_usd` is that of the securities segment as the day before left it.
    """

    day: date
    equity_with_loan_usd: Decimal
    marks: dict[ConId, Decimal]


class ClockNoted(msgspec.Struct, frozen=True, kw_only=True, tag="clock_noted"):
    """The exchange's clock stood here."""

    at: datetime


Settlement: TypeAlias = PositionSettled | VariationSettled | InterestAccrued | InterestPaid
"""What moves cash without an order."""

Record: TypeAlias = (
    AccountOpened | OrderIdSpent | OrderBooked | FillBooked | Settlement | DayOpened | ClockNoted
)
