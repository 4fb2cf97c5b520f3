"""What the market says of one contract at one time, and of one day."""

from datetime import date
from decimal import Decimal

import msgspec

from bot.domain.instruments import ConId


class MarketQuote(msgspec.Struct, frozen=True, kw_only=True):
    """A contract's line: prices in points on its grid, sizes and volume in contracts.

    An index has a last price only. A bid of None with size 0 is a worthless option's empty side;
    both sides are None when the contract no longer trades. `close` is the middle at the previous
    close. The model fields are None for an index or future, but `underlying_price`, which is the
    VIX future of the same settlement for a VIX option and the index otherwise: `iv` as a yearly
    fraction, `delta` and `gamma` per point of it, `vega` per volatility point, `theta` per day.
    """

    con_id: ConId
    bid: Decimal | None
    ask: Decimal | None
    bid_size: int
    ask_size: int
    last: Decimal | None
    volume: int
    close: Decimal | None
    iv: float | None = None
    delta: float | None = None
    gamma: float | None = None
    vega: float | None = None
    theta: float | None = None
    underlying_price: float | None = None


class DailyBar(msgspec.Struct, frozen=True, kw_only=True):
    """One session of an index or future in points; the running session's bar ends at its now."""

    date: date
    open: float
    high: float
    low: float
    close: float
