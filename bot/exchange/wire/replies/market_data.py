"""Replies about: prices as they come."""

from decimal import Decimal

import msgspec


class MarketDataType(msgspec.Struct, frozen=True, kw_only=True):
    """Which kind of data a line now carries (1 live ... 4 delayed frozen)."""

    request_id: int
    data_type: int


class TickPrice(msgspec.Struct, frozen=True, kw_only=True):
    """A price with its size; `price` `None` means that there is none.

    `attributes` is a bit mask: 1 can auto-execute, 2 past limit, 4 pre-open.
    """

    request_id: int
    tick_type: int
    price: Decimal | None
    size: Decimal = Decimal(0)
    attributes: int = 0


class TickSize(msgspec.Struct, frozen=True, kw_only=True):
    """A size alone."""

    request_id: int
    tick_type: int
    size: Decimal


class TickString(msgspec.Struct, frozen=True, kw_only=True):
    """A text tick."""

    request_id: int
    tick_type: int
    value: str


class TickGeneric(msgspec.Struct, frozen=True, kw_only=True):
    """A number that is neither price nor size, e.g. halted (49)."""

    request_id: int
    tick_type: int
    value: float


class TickOptionComputation(msgspec.Struct, frozen=True, kw_only=True):
    """Model numbers of one option.

    Volatility is a fraction per year, prices are in contract price units, vega is per volatility
    point and theta per day. `price_based` tells whether greeks come from prices or from returns.
    """

    request_id: int
    tick_type: int
    implied_volatility: float | None = None
    delta: float | None = None
    option_price: float | None = None
    pv_dividend: float | None = None
    gamma: float | None = None
    vega: float | None = None
    theta: float | None = None
    underlying_price: float | None = None
    price_based: bool = True


class TickSnapshotEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The snapshot is complete."""

    request_id: int


class TickRequestParameters(msgspec.Struct, frozen=True, kw_only=True):
    """How a line is quoted: smallest step, exchange of the best quote, snapshot rights."""

    request_id: int
    min_tick: Decimal
    bbo_exchange: str
    snapshot_permissions: int
