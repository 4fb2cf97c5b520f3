"""What a line tells: the difference between what it showed and what it shows.

Only what changed is sent; volume, size and time of the last trade are told with the price that the
trade moved. A price goes with its size in one message, a size alone in another, as the broker does;
a side that empties is told as no price with size zero. Delayed data have tick types of their own
(domain.md section 2).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from bot.exchange.market.quote import MarketQuote
from bot.exchange.venue.computations import Computation, Computations
from bot.exchange.wire.replies import (
    Tick,
    TickGeneric,
    TickOptionComputation,
    TickPrice,
    TickSize,
    TickString,
)

_CAN_AUTO_EXECUTE = 1


class TickTypes(NamedTuple):
    """The wire's tick types of one kind of data."""

    bid: int
    ask: int
    bid_size: int
    ask_size: int
    last: int
    last_size: int
    last_timestamp: int
    volume: int
    open: int
    high: int
    low: int
    close: int
    halted: int
    computations: tuple[int, int, int, int]
    """Of bid, ask, last and model."""


OF_LIVE = TickTypes(
    bid=1,
    ask=2,
    bid_size=0,
    ask_size=3,
    last=4,
    last_size=5,
    last_timestamp=45,
    volume=8,
    open=14,
    high=6,
    low=7,
    close=9,
    halted=49,
    computations=(10, 11, 12, 13),
)
OF_DELAYED = TickTypes(
    bid=66,
    ask=67,
    bid_size=69,
    ask_size=70,
    last=68,
    last_size=71,
    last_timestamp=88,
    volume=74,
    open=76,
    high=72,
    low=73,
    close=75,
    halted=90,
    computations=(80, 81, 82, 83),
)


def line_ticks(
    request_id: int,
    old: MarketQuote | None,
    new: MarketQuote,
    traded_at: int,
    types: TickTypes = OF_LIVE,
) -> Iterator[Tick]:
    """Yield what changed from `old` (None: nothing told yet) to `new`.

    `traded_at` is the time of a trade that moved the last price, in seconds since 1970.
    """
    yield from _sides(request_id, old, new, types)
    if new.last is not None and (old is None or new.last != old.last):
        yield from _trade(request_id, new, traded_at, types)
    if old is None:
        yield from _day(request_id, new, types)
        yield TickGeneric(request_id=request_id, tick_type=types.halted, value=0.0)
        return
    for tick_type, price, before in (
        (types.high, new.high, old.high),
        (types.low, new.low, old.low),
        (types.open, new.open, old.open),
        (types.close, new.close, old.close),
    ):
        if price != before and price is not None:
            yield TickPrice(request_id=request_id, tick_type=tick_type, price=price)


def computation_ticks(
    request_id: int,
    old: Computations | None,
    new: Computations,
    types: TickTypes = OF_LIVE,
) -> Iterator[TickOptionComputation]:
    """Yield the computations that changed."""
    before = old or (None, None, None, None)
    for tick_type, told, now in zip(types.computations, before, new, strict=True):
        if now is not None and now != told:
            yield computation_tick(request_id, tick_type, now)


def computation_tick(request_id: int, tick_type: int, told: Computation) -> TickOptionComputation:
    """Return the message of one computation."""
    return TickOptionComputation(
        request_id=request_id,
        tick_type=tick_type,
        implied_volatility=told.implied_volatility,
        delta=told.delta,
        option_price=told.option_price,
        pv_dividend=told.pv_dividend,
        gamma=told.gamma,
        vega=told.vega,
        theta=told.theta,
        underlying_price=told.underlying_price,
    )


def _sides(
    request_id: int, old: MarketQuote | None, new: MarketQuote, types: TickTypes
) -> Iterator[Tick]:
    if old is None or new.bid != old.bid:
        yield _price(request_id, types.bid, new.bid, new.bid_size)
    elif new.bid_size != old.bid_size:
        yield _size(request_id, types.bid_size, new.bid_size)
    if old is None or new.ask != old.ask:
        yield _price(request_id, types.ask, new.ask, new.ask_size)
    elif new.ask_size != old.ask_size:
        yield _size(request_id, types.ask_size, new.ask_size)


def _trade(request_id: int, new: MarketQuote, traded_at: int, types: TickTypes) -> Iterator[Tick]:
    yield TickString(request_id=request_id, tick_type=types.last_timestamp, value=str(traded_at))
    yield TickPrice(
        request_id=request_id,
        tick_type=types.last,
        price=new.last,
        size=Decimal(new.last_size),
    )
    if new.last_size:
        yield _size(request_id, types.last_size, new.last_size)
    yield _size(request_id, types.volume, new.volume)


def _day(request_id: int, new: MarketQuote, types: TickTypes) -> Iterator[Tick]:
    for tick_type, price in (
        (types.high, new.high),
        (types.low, new.low),
        (types.open, new.open),
        (types.close, new.close),
    ):
        if price is not None:
            yield TickPrice(request_id=request_id, tick_type=tick_type, price=price)


def _price(request_id: int, tick_type: int, price: Decimal | None, size: int) -> TickPrice:
    return TickPrice(
        request_id=request_id,
        tick_type=tick_type,
        price=price,
        size=Decimal(size),
        attributes=_CAN_AUTO_EXECUTE,
    )


def _size(request_id: int, tick_type: int, size: int) -> TickSize:
    return TickSize(request_id=request_id, tick_type=tick_type, size=Decimal(size))
