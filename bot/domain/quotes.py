"""Quotes as the broker sent them, with the time and kind of what was sent.

Whether a quote may price an order is judged where it is used (design.md section 6): the strategy's
data-trust step and, independently, the risk checks. Here a missing number is `None`, never -1 or 0.
"""

from datetime import datetime
from decimal import Decimal
from enum import IntEnum

from bot.domain.instruments import ConId
from bot.domain.value import Value


class DataType(IntEnum):
    """The kind of market data of a line, read from the broker per instrument."""

    LIVE = 1
    FROZEN = 2
    DELAYED = 3
    DELAYED_FROZEN = 4


class Quote(Value, array_like=True):
    """The top of book of one line; prices in points, sizes in contracts.

    `as_of` is when the last value of this line arrived, by the clock port; `data_type` is None
    until the broker has said what it sends.
    """

    con_id: ConId
    as_of: datetime
    data_type: DataType | None = None
    bid: Decimal | None = None
    ask: Decimal | None = None
    bid_size: int | None = None
    ask_size: int | None = None
    last: Decimal | None = None

    @property
    def is_two_sided(self) -> bool:
        """Whether both sides stand with a positive size and do not cross.

        A bid of zero with no size is a worthless option's empty bid, not a side.
        """
        if self.bid is None or self.ask is None or not self.bid_size or not self.ask_size:
            return False
        return 0 < self.bid <= self.ask

    @property
    def is_crossed(self) -> bool:
        """Whether the bid stands above the ask."""
        return self.bid is not None and self.ask is not None and self.bid > self.ask

    @property
    def mid(self) -> Decimal | None:
        """The middle of a two-sided quote in points, else None."""
        if not self.is_two_sided or self.bid is None or self.ask is None:
            return None
        return (self.bid + self.ask) / 2

    @property
    def mark(self) -> Decimal | None:
        """What a holding is valued at in points: the middle, where an empty bid counts as zero.

        For books only; an order is never priced from it.
        """
        if self.ask is None or not self.ask_size or self.is_crossed:
            return None
        return ((self.bid or Decimal(0)) + self.ask) / 2

    @property
    def spread(self) -> Decimal | None:
        """Ask less bid of a two-sided quote in points, else None."""
        if not self.is_two_sided or self.bid is None or self.ask is None:
            return None
        return self.ask - self.bid

    def age_seconds(self, now: datetime) -> float:
        """Return how old the line's last value is at `now`."""
        return (now - self.as_of).total_seconds()
