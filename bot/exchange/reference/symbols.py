"""The search for symbols: what a user types into a box, by symbol or by name."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.domain.instruments import ConId, Index
from bot.exchange.reference.products import Stock
from bot.exchange.reference.sheets import sheet_of
from bot.exchange.reference.underlyings import INDICES, STOCKS

MOST_MATCHES = 16
"""The broker sends no more."""

_DERIVED = {"VIX": ("FUT", "OPT", "BAG"), "SPX": ("FUT", "OPT", "BAG")}
"""What is listed on an index, in the wire's words."""


class SymbolMatch(NamedTuple):
    """One index or share that was found."""

    con_id: ConId
    symbol: str
    sec_type: str
    primary_exchange: str
    name: str
    derivatives: tuple[str, ...]


def match_symbols(pattern: str) -> tuple[SymbolMatch, ...]:
    """Return the indices and shares whose symbol, or a word of whose name, begins with `pattern`.

    Those found by symbol come first, each kind in order of symbols; an empty pattern finds nothing.
    """
    wanted = pattern.strip().upper()
    if not wanted:
        return ()
    found = (_match(each) for each in _fitting(wanted))
    return tuple(sorted(found, key=lambda one: _rank(one, wanted))[:MOST_MATCHES])


def _fitting(wanted: str) -> Iterator[Index | Stock]:
    undated: tuple[Index | Stock, ...] = (*INDICES.values(), *STOCKS.values())
    for each in undated:
        name = sheet_of(each).long_name.upper()
        if each.symbol.startswith(wanted) or f" {wanted}" in f" {name}":
            yield each


def _rank(match: SymbolMatch, wanted: str) -> tuple[bool, str]:
    return not match.symbol.startswith(wanted), match.symbol


def _match(product: Index | Stock) -> SymbolMatch:
    sheet = sheet_of(product)
    return SymbolMatch(
        con_id=product.con_id,
        symbol=product.symbol,
        sec_type=sheet.sec_type,
        primary_exchange=product.exchange,
        name=sheet.long_name,
        derivatives=_DERIVED.get(product.symbol, ()),
    )
