"""What a line tells: the difference between what it showed and what it shows.

Only what changed is sent. A price goes with its size in one message, a size alone in another, as
the broker does; a side that empties is told as no price with size zero.
"""

from collections.abc import Iterator
from decimal import Decimal

from bot.exchange.venue.ports import OptionNumbers, TopOfBook
from bot.exchange.wire.replies import Tick, TickOptionComputation, TickPrice, TickSize

# the wire's tick types
BID_SIZE, BID, ASK, ASK_SIZE, LAST = 0, 1, 2, 3, 4
MODEL_COMPUTATION = 13


def top_ticks(request_id: int, old: TopOfBook | None, new: TopOfBook) -> Iterator[Tick]:
    """Yield what changed from `old` (None: nothing told yet) to `new`."""
    if old is None or new.bid != old.bid:
        yield _price(request_id, BID, new.bid, new.bid_size)
    elif new.bid_size != old.bid_size:
        yield TickSize(request_id=request_id, tick_type=BID_SIZE, size=Decimal(new.bid_size))
    if old is None or new.ask != old.ask:
        yield _price(request_id, ASK, new.ask, new.ask_size)
    elif new.ask_size != old.ask_size:
        yield TickSize(request_id=request_id, tick_type=ASK_SIZE, size=Decimal(new.ask_size))
    if new.last is not None and (old is None or new.last != old.last):
        yield _price(request_id, LAST, new.last, 0)


def model_tick(request_id: int, numbers: OptionNumbers) -> TickOptionComputation:
    """Return the model's numbers of an option."""
    return TickOptionComputation(
        request_id=request_id,
        tick_type=MODEL_COMPUTATION,
        implied_volatility=numbers.implied_volatility,
        delta=numbers.delta,
        option_price=numbers.price,
        pv_dividend=0.0,
        gamma=numbers.gamma,
        vega=numbers.vega,
        theta=numbers.theta,
        underlying_price=numbers.underlying,
    )


def _price(request_id: int, tick_type: int, price: Decimal | None, size: int) -> TickPrice:
    return TickPrice(
        request_id=request_id,
        tick_type=tick_type,
        price=price,
        size=Decimal(size),
        attributes=1 if tick_type != LAST else 0,
    )
