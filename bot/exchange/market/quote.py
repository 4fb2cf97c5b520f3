"""What the market says of one contract at one time, and of one day."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import msgspec

from bot.domain.instruments import ConId, Index, Option
from bot.exchange.reference.products import Product
from bot.exchange.reference.underlyings import AD_NYSE_ID
from bot.pricing.arrays import FloatArray

_PRICES_KEPT = 1 << 16


class MarketQuote(msgspec.Struct, frozen=True, kw_only=True):
    """A contract's line: prices in points on its grid, sizes and volume in contracts.

    An index has a last price only, but for the breadth of the market, which has its advances as
    bid and its declines as ask. Outside a product's hours there are no sides; a stale index keeps
    its last level. A bid of None with size 0 is a worthless option's empty side;
    both sides and the last price are None when the contract trades no more. `last_size` is what
    changed hands at the last price. `close` is the middle at the previous close; `open`, `high`
    and `low` are those of the last prices since the opening, as `volume` is; a night counts by
    itself until the opening. The model fields are told of options
    only: `iv` as a yearly fraction, `delta` and `gamma` per point of `underlying_price`, `vega` per
    volatility point, `theta` per calendar day. The underlying is the VIX future of the same
    settlement for VIX options.
    """

    con_id: ConId
    bid: Decimal | None = None
    ask: Decimal | None = None
    bid_size: int = 0
    ask_size: int = 0
    last: Decimal | None = None
    last_size: int = 0
    volume: int = 0
    close: Decimal | None = None
    open: Decimal | None = None
    high: Decimal | None = None
    low: Decimal | None = None
    iv: float | None = None
    delta: float | None = None
    gamma: float | None = None
    vega: float | None = None
    theta: float | None = None
    underlying_price: float | None = None


class Rates(NamedTuple):
    """What discounting takes, as continuous yearly fractions."""

    rate: float
    dividend_yield: float


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """Slow figures of one contract; None where it has none.

    Volatilities are yearly fractions over 30 days, of the contract's own price (of an option: of
    its underlying); ranges are the lowest and highest prices, in points, of the sessions of the
    last 13, 26 and 52 weeks; average volumes are per session over the last 63. Option totals belong
    to what options are written on: today's volume and the open interest of all its options.
    """

    open_interest: int | None = None
    historical_volatility: float | None = None
    implied_volatility: float | None = None
    average_volume: int | None = None
    average_option_volume: int | None = None
    call_volume: int | None = None
    put_volume: int | None = None
    call_open_interest: int | None = None
    put_open_interest: int | None = None
    range_13_weeks: tuple[float, float] | None = None
    range_26_weeks: tuple[float, float] | None = None
    range_52_weeks: tuple[float, float] | None = None


class DailyBar(msgspec.Struct, frozen=True, kw_only=True):
    """One session in points; the running session's bar ends at its now.

    `volume` is what traded in it, in contracts or shares: zero for what nobody can trade.
    """

    date: date
    open: float
    high: float
    low: float
    close: float
    volume: int = 0


class Samples(NamedTuple):
    """What one line showed at successive times, as columns, oldest first.

    `at` in seconds since 1970; prices in points, nan where a side or a trade is missing; `volume`
    is what traded since the sample before (since the step before, for the first).
    """

    at: FloatArray
    bid: FloatArray
    ask: FloatArray
    bid_size: FloatArray
    ask_size: FloatArray
    last: FloatArray
    volume: FloatArray


class ModelRow(NamedTuple):
    """One contract's model values, as in `bot.exchange.market.valuation.Values`."""

    value: float
    days: float
    underlying: float
    volatility: float
    delta: float
    gamma: float
    vega: float
    theta: float


class BookRow(NamedTuple):
    """One contract's book, as in `bot.exchange.market.quoting.Book`: cents and contracts."""

    bid: int
    ask: int
    bid_size: int
    ask_size: int
    volume: int
    last_size: int


class DaySoFar(NamedTuple):
    """The close before, and the extremes of the last prices up to a moment."""

    close: Decimal | None
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None


def make_quote(
    instrument: Product, model: ModelRow, book: BookRow, day: DaySoFar, *, is_open: bool = True
) -> MarketQuote:
    """Return the line of one contract; where nobody trades it has no sides."""
    if isinstance(instrument, Index):
        return _index_quote(instrument, model, book, day)
    last = last_price(book)
    low, high = _range(day, last)
    greeks = model if isinstance(instrument, Option) else None
    return MarketQuote(
        con_id=instrument.con_id,
        bid=cents(book.bid) if is_open and book.bid > 0 else None,
        ask=cents(book.ask) if is_open else None,
        bid_size=book.bid_size if is_open else 0,
        ask_size=book.ask_size if is_open else 0,
        last=last,
        last_size=book.last_size,
        volume=book.volume,
        close=day.close,
        open=last if day.open is None else day.open,
        high=high,
        low=low,
        iv=greeks and greeks.volatility,
        delta=greeks and greeks.delta,
        gamma=greeks and greeks.gamma,
        vega=greeks and greeks.vega,
        theta=greeks and greeks.theta,
        underlying_price=greeks and greeks.underlying,
    )


def _index_quote(index: Index, model: ModelRow, book: BookRow, day: DaySoFar) -> MarketQuote:
    """Return an index's level, or of breadth the counts as sides (domain.md section 2)."""
    if index.con_id == AD_NYSE_ID:
        return MarketQuote(
            con_id=index.con_id,
            bid=Decimal(book.bid_size),
            ask=Decimal(book.ask_size),
            bid_size=book.bid_size,
            ask_size=book.ask_size,
        )
    level = index_price(model)
    low, high = _range(day, level)
    opened = level if day.open is None else day.open
    return MarketQuote(
        con_id=index.con_id, last=level, close=day.close, open=opened, high=high, low=low
    )


def last_price(book: BookRow) -> Decimal:
    """Return the price last dealt at: the bid, or the ask where nobody bids."""
    return cents(book.bid or book.ask)


def _range(day: DaySoFar, last: Decimal) -> tuple[Decimal, Decimal]:
    """Return low and high, the present price taken in."""
    low, high = day.low, day.high
    return last if low is None else min(low, last), last if high is None else max(high, last)


def make_mark(instrument: Product, model: ModelRow, book: BookRow) -> Decimal | None:
    """Return the middle of bid and ask, an index's level, or None for a settled contract.

    An empty bid counts as zero; of breadth it is the advances less the declines.
    """
    if isinstance(instrument, Index):
        is_breadth = instrument.con_id == AD_NYSE_ID
        return Decimal(book.bid_size - book.ask_size) if is_breadth else index_price(model)
    return None if model.days <= 0.0 else cents(book.bid + book.ask) / 2


def index_price(model: ModelRow) -> Decimal:
    """Return an index's level to the cent."""
    return cents(round(model.value * 100.0))


@lru_cache(maxsize=_PRICES_KEPT)
def cents(count: int) -> Decimal:
    """Return `count` hundredths as a price in points."""
    return Decimal(count).scaleb(-2)
