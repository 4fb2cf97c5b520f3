"""What a line tells: the difference between what it showed and what it shows.

Only what changed is sent; the volume is told with the trade that moved it. A price goes with its
size in one message, a size alone in another, as the broker does; a side that empties is told as no
price with size zero.
"""

from collections.abc import Iterator
from decimal import Decimal

from bot.exchange.market.quote import MarketQuote
from bot.exchange.wire.replies import Tick, TickOptionComputation, TickPrice, TickSize

# the wire's tick types
BID_SIZE, BID, ASK, ASK_SIZE, LAST, VOLUME, CLOSE = 0, 1, 2, 3, 4, 8, 9
MODEL_COMPUTATION = 13
_CAN_AUTO_EXECUTE = 1


def line_ticks(request_id: int, old: MarketQuote | None, new: MarketQuote) -> Iterator[Tick]:
    """Yield what changed from `old` (None: nothing told yet) to `new`."""
    yield from _sides(request_id, old, new)
    if new.last is not None and (old is None or new.last != old.last):
        yield TickPrice(request_id=request_id, tick_type=LAST, price=new.last)
        yield _size(request_id, VOLUME, new.volume)
    if new.close is not None and (old is None or new.close != old.close):
        yield TickPrice(request_id=request_id, tick_type=CLOSE, price=new.close)
    if new.iv is not None and (old is None or _model(new) != _model(old)):
        yield _computation(request_id, new)


def _sides(request_id: int, old: MarketQuote | None, new: MarketQuote) -> Iterator[Tick]:
    if old is None or new.bid != old.bid:
        yield _price(request_id, BID, new.bid, new.bid_size)
    elif new.bid_size != old.bid_size:
        yield _size(request_id, BID_SIZE, new.bid_size)
    if old is None or new.ask != old.ask:
        yield _price(request_id, ASK, new.ask, new.ask_size)
    elif new.ask_size != old.ask_size:
        yield _size(request_id, ASK_SIZE, new.ask_size)


def _model(quote: MarketQuote) -> tuple[float | None, ...]:
    return (quote.iv, quote.delta, quote.gamma, quote.vega, quote.theta, quote.underlying_price)


def _computation(request_id: int, quote: MarketQuote) -> TickOptionComputation:
    return TickOptionComputation(
        request_id=request_id,
        tick_type=MODEL_COMPUTATION,
        implied_volatility=quote.iv,
        delta=quote.delta,
        pv_dividend=0.0,
        gamma=quote.gamma,
        vega=quote.vega,
        theta=quote.theta,
        underlying_price=quote.underlying_price,
    )


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
