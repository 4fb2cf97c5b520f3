"""The exchanges that list anything here: their letters in a best quote, and who shows a book."""

import msgspec

SMART = "SMART"


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One exchange.

    `letter` is its mark in the exchange masks of best quotes (the tapes' own participant letters),
    empty where an exchange competes with no other. `depth` names the kinds of security whose order
    book it shows.
    """

    name: str
    letter: str = ""
    depth: tuple[str, ...]


EXCHANGES = (
    Exchange(name="ARCA", letter="P", depth=("STK",)),
    Exchange(name="CBOE", letter="C", depth=("OPT",)),
    Exchange(name="CFE", depth=("FUT",)),
    Exchange(name="CME", depth=("FUT",)),
)


def competing(bbo_exchange: str) -> tuple[Exchange, ...]:
    """Return the exchanges whose quotes may make up a line quoted at `bbo_exchange`.

    The router's own name stands for all that have a letter, another name for itself; empty if
    there is no such exchange.
    """
    if bbo_exchange == SMART:
        return tuple(one for one in EXCHANGES if one.letter)
    return tuple(one for one in EXCHANGES if one.letter and one.name == bbo_exchange)
