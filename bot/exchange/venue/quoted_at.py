"""Where the quotes of a line come from: the code of the best-quote exchange and its letters.

The broker names the set of exchanges behind a line with a short code (`bboExchange`); asked for its
smart components it tells which letter stands for which exchange in the exchange ticks of that line.
"""

from typing import NamedTuple, assert_never

from bot.domain.instruments import Future, Index, Option
from bot.exchange.reference.products import Product, Stock

OPTIONS_CODE, STOCKS_CODE = "a20001", "9c0001"


class Component(NamedTuple):
    """One exchange of a set: its place in bit masks, its name and its letter."""

    bit: int
    exchange: str
    letter: str


COMPONENTS: dict[str, tuple[Component, ...]] = {
    OPTIONS_CODE: (Component(2, "CBOE", "C"),),
    STOCKS_CODE: (Component(15, "ARCA", "P"),),
}


def best_quote_code(product: Product) -> str:
    """Return the code of the set a line's best quote is taken from; empty for a single exchange."""
    match product:
        case Option():
            return OPTIONS_CODE
        case Stock():
            return STOCKS_CODE
        case Index() | Future():
            return ""
        case _:
            assert_never(product)


def exchange_letters(product: Product) -> str:
    """Return the letters of the exchanges at the best bid, the best ask and the last trade."""
    return "".join(each.letter for each in COMPONENTS.get(best_quote_code(product), ()))
