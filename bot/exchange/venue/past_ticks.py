"""The ticks of a contract's past, read off what its line showed; pure.

A tick is a sample at which something was new. Times are whole seconds; what cannot be told (a side
that is missing) is -1 with size 0.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import isnan
from typing import TypeAlias

from bot.exchange.market.quote import Samples
from bot.exchange.venue.history_desk import number
from bot.exchange.wire.replies import PastBidAsk, PastTick, PastTrade

Tick: TypeAlias = PastTick | PastBidAsk | PastTrade
_MISSING = Decimal(-1)


def trades(samples: Samples, exchange: str, *, of_index: bool = False) -> list[PastTrade]:
    """Return the trades: where something changed hands, or where the level of an index moved."""
    before = None
    found = []
    for at, last, volume in zip(samples.at, samples.last, samples.volume, strict=True):
        if not isnan(last) and (last != before if of_index else volume > 0.0):
            size = number(float(volume))
            tick = PastTrade(time=int(at), price=number(float(last)), size=size, exchange=exchange)
            found.append(tick)
            before = last
    return found


def quotes(samples: Samples, *, ignore_size: bool = False) -> list[PastBidAsk]:
    """Return the changes of the best quote, those of a size alone unless they are ignored."""
    found: list[PastBidAsk] = []
    before: tuple[object, ...] = ()
    columns = (samples.at, samples.bid, samples.ask, samples.bid_size, samples.ask_size)
    for at, *sides in zip(*columns, strict=True):
        bid, ask = (_side(float(price)) for price in sides[:2])
        bid_size, ask_size = (number(float(size)) for size in sides[2:])
        now = (bid, ask) if ignore_size else (bid, ask, bid_size, ask_size)
        if now != before and (bid, ask) != (_MISSING, _MISSING):
            found.append(
                PastBidAsk(time=int(at), bid=bid, ask=ask, bid_size=bid_size, ask_size=ask_size)
            )
        before = now
    return found


def mid_points(samples: Samples) -> list[PastTick]:
    """Return the changes of the middle of the best quote."""
    before: Decimal | None = None
    found: list[PastTick] = []
    for at, bid, ask in zip(samples.at, samples.bid, samples.ask, strict=True):
        if isnan(bid) or isnan(ask):
            continue
        middle = number(float(bid + ask) / 2.0)
        if middle != before:
            found.append(PastTick(time=int(at), price=middle))
        before = middle
    return found


def first_of(ticks: Iterator[Tick], count: int) -> list[Tick]:
    """Return the first `count` ticks, and those of the last one's second with them."""
    found: list[Tick] = []
    for tick in ticks:
        if len(found) >= count and tick.time != found[-1].time:
            break
        found.append(tick)
    return found


def last_of(ticks: Sequence[Tick], count: int) -> list[Tick]:
    """Return the last `count` ticks, and those of the first one's second with them."""
    return first_of(reversed(ticks), count)[::-1]


def _side(price: float) -> Decimal:
    return _MISSING if isnan(price) else number(price)
