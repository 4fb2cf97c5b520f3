"""Generic ticks: which may be asked for, and what each tells of a contract.

A request names them by number; one that is no generic tick at all refuses the whole request (321),
one that exists but says nothing of the instrument is silently without ticks, as at the broker. What
rests on the market's slow statistics is looked up anew every few minutes, the rest as prices move.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TypeAlias

import msgspec

from bot.domain.instruments import Future, Option, Right
from bot.exchange.market.quote import MarketQuote, Statistics
from bot.exchange.reference.products import Product, Stock
from bot.exchange.venue.tally import Tally
from bot.exchange.wire.replies import Tick, TickGeneric, TickPrice, TickSize, TickString

NO_TOP = "mdoff"
NEWS = "292"
PREMIUM, LAST_REGULAR, RUNNING_VOLATILITY, DIVIDENDS = 162, 318, 411, 456

LEGAL: dict[int, str] = {
    100: "Option Volume",
    101: "Option Open Interest",
    104: "Historical Volatility",
    105: "Average Option Volume",
    106: "Implied Volatility",
    162: "Index Future Premium",
    165: "Miscellaneous Statistics",
    220: "Mark Price",
    221: "Mark Price",
    225: "Auction",
    232: "Mark Price",
    233: "RT Volume",
    236: "Shortable",
    256: "Inventory",
    258: "Fundamentals",
    293: "Trade Count",
    294: "Trade Rate",
    295: "Volume Rate",
    318: "Last RTH Trade",
    375: "RT Trade Volume",
    411: "Real-Time Historical Volatility",
    456: "IB Dividends",
    460: "Bond Factor Multiplier",
    576: "ETF NAV Bid and Ask",
    577: "ETF NAV Last",
    578: "ETF NAV Close",
    586: "IPO Prices",
    587: "Delayed Mark Price",
    588: "Futures Open Interest",
    595: "Short-Term Volume",
    614: "ETF NAV High and Low",
    619: "Slow Mark Price",
    623: "ETF Frozen NAV Last",
}

SLOW = frozenset({100, 101, 104, 105, 106, 165, 236, 411, 456, 588})
"""Those that rest on what changes over minutes or days."""

_EASY_TO_SHORT = 3.0
"""Above 2.5: at least a thousand shares can be lent."""


class IncorrectGenericTicksError(ValueError):
    """A request names something that is no generic tick."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What generic ticks are made of."""

    product: Product
    quote: MarketQuote
    statistics: Statistics = Statistics()
    running_volatility: float | None = None
    """The historical volatility with the running session taken in."""
    premium: float | None = None
    """The nearest future less the index, in points."""
    regular_last: Decimal | None = None
    yearly_dividends: float | None = None
    """What a share pays in a year, in USD."""
    tally: Tally | None = None


def parse_generics(text: str, sec_type: str) -> tuple[frozenset[int], bool]:
    """Return the generic ticks asked for, and whether the top of the book is wanted too.

    Raises:
        IncorrectGenericTicksError: A part of `text` is no generic tick.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    wanted = [part for part in parts if part != NO_TOP and part.partition(":")[0] != NEWS]
    bad = [part for part in wanted if not (part.isascii() and part.isdigit())]
    numbers = {int(part) for part in wanted if part not in bad}
    bad += [str(number) for number in sorted(numbers - LEGAL.keys())]
    if bad:
        legal = ",".join(f"{number}({name})" for number, name in LEGAL.items())
        raise IncorrectGenericTicksError(
            f"Incorrect generic tick list of {','.join(bad)}.  "
            f"Legal ones for ({sec_type}) are: {legal}"
        )
    return frozenset(numbers), NO_TOP not in parts


def generic_ticks(request_id: int, wanted: frozenset[int], facts: Facts) -> Iterator[Tick]:
    """Yield what each wanted tick tells of the contract."""
    for number in sorted(wanted & _MAKERS.keys()):
        yield from _MAKERS[number](request_id, facts)


_Maker: TypeAlias = Callable[[int, Facts], Iterator[Tick]]


def _size(request_id: int, tick_type: int, size: int | None) -> Iterator[Tick]:
    if size is not None:
        yield TickSize(request_id=request_id, tick_type=tick_type, size=Decimal(size))


def _number(request_id: int, tick_type: int, value: float | None) -> Iterator[Tick]:
    if value is not None:
        yield TickGeneric(request_id=request_id, tick_type=tick_type, value=value)


def _price(request_id: int, tick_type: int, price: Decimal | float | None) -> Iterator[Tick]:
    if price is not None:
        told = price if isinstance(price, Decimal) else Decimal(repr(price))
        yield TickPrice(request_id=request_id, tick_type=tick_type, price=told)


def _option_volume(request_id: int, facts: Facts) -> Iterator[Tick]:
    match facts.product:
        case Option(right=Right.CALL):
            yield from _size(request_id, 29, facts.quote.volume)
        case Option():
            yield from _size(request_id, 30, facts.quote.volume)
        case _:
            yield from _size(request_id, 29, facts.statistics.call_volume)
            yield from _size(request_id, 30, facts.statistics.put_volume)


def _option_interest(request_id: int, facts: Facts) -> Iterator[Tick]:
    match facts.product:
        case Option(right=Right.CALL):
            yield from _size(request_id, 27, facts.statistics.open_interest)
        case Option():
            yield from _size(request_id, 28, facts.statistics.open_interest)
        case _:
            yield from _size(request_id, 27, facts.statistics.call_open_interest)
            yield from _size(request_id, 28, facts.statistics.put_open_interest)


def _historical_volatility(request_id: int, facts: Facts) -> Iterator[Tick]:
    yield from _number(request_id, 23, facts.statistics.historical_volatility)


def _average_option_volume(request_id: int, facts: Facts) -> Iterator[Tick]:
    yield from _size(request_id, 87, facts.statistics.average_option_volume)


def _implied_volatility(request_id: int, facts: Facts) -> Iterator[Tick]:
    yield from _number(request_id, 24, facts.statistics.implied_volatility)


def _premium(request_id: int, facts: Facts) -> Iterator[Tick]:
    yield from _number(request_id, 31, facts.premium)


def _miscellaneous(request_id: int, facts: Facts) -> Iterator[Tick]:
    figures = facts.statistics
    ranges = (figures.range_13_weeks, figures.range_26_weeks, figures.range_52_weeks)
    for tick_type, found in zip((15, 17, 19), ranges, strict=True):
        if found is not None:
            yield from _price(request_id, tick_type, found[0])
            yield from _price(request_id, tick_type + 1, found[1])
    yield from _size(request_id, 21, figures.average_volume)


def _mark(request_id: int, facts: Facts) -> Iterator[Tick]:
    yield from _price(request_id, 37, mark_price(facts.quote))


def _slow_mark(request_id: int, facts: Facts) -> Iterator[Tick]:
    yield from _price(request_id, 79, mark_price(facts.quote))


def _trade_volume(tick_type: int) -> _Maker:
    def make(request_id: int, facts: Facts) -> Iterator[Tick]:
        text = None if facts.tally is None else facts.tally.spell(facts.quote)
        if text is not None:
            yield TickString(request_id=request_id, tick_type=tick_type, value=text)

    return make


def _shortable(request_id: int, facts: Facts) -> Iterator[Tick]:
    if isinstance(facts.product, Stock):
        yield from _number(request_id, 46, _EASY_TO_SHORT)


def _of_tally(tick_type: int, name: str) -> _Maker:
    def make(request_id: int, facts: Facts) -> Iterator[Tick]:
        if facts.tally is not None:
            yield from _number(request_id, tick_type, getattr(facts.tally, name))

    return make


def _last_regular(request_id: int, facts: Facts) -> Iterator[Tick]:
    yield from _price(request_id, 57, facts.regular_last)


def _running_volatility(request_id: int, facts: Facts) -> Iterator[Tick]:
    yield from _number(request_id, 58, facts.running_volatility)


def _dividends(request_id: int, facts: Facts) -> Iterator[Tick]:
    """Tell what was and will be paid in twelve months; the next single payment is not known."""
    paid = facts.yearly_dividends
    if paid is not None:
        yield TickString(request_id=request_id, tick_type=59, value=f"{paid:.2f},{paid:.2f},,")


def _futures_interest(request_id: int, facts: Facts) -> Iterator[Tick]:
    if isinstance(facts.product, Future):
        yield from _size(request_id, 86, facts.statistics.open_interest)


def _short_term_volume(request_id: int, facts: Facts) -> Iterator[Tick]:
    if facts.tally is not None:
        for tick_type, volume in zip((63, 64, 65), facts.tally.short_term, strict=True):
            yield from _size(request_id, tick_type, volume)


_MAKERS: dict[int, _Maker] = {
    100: _option_volume,
    101: _option_interest,
    104: _historical_volatility,
    105: _average_option_volume,
    106: _implied_volatility,
    PREMIUM: _premium,
    165: _miscellaneous,
    220: _mark,
    221: _mark,
    232: _mark,
    233: _trade_volume(48),
    236: _shortable,
    293: _of_tally(54, "trade_count"),
    294: _of_tally(55, "trades_per_minute"),
    295: _of_tally(56, "volume_per_minute"),
    LAST_REGULAR: _last_regular,
    375: _trade_volume(77),
    RUNNING_VOLATILITY: _running_volatility,
    DIVIDENDS: _dividends,
    588: _futures_interest,
    595: _short_term_volume,
    619: _slow_mark,
}
OF_TRADES = frozenset({233, 293, 294, 295, 375, 595})
"""Those that rest on the tally of the day's trades."""


def mark_price(quote: MarketQuote) -> Decimal | None:
    """Return the middle of bid and ask, else the last price."""
    if quote.bid is None or quote.ask is None:
        return quote.last
    return (quote.bid + quote.ask) / 2
