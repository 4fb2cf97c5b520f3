"""The exchanges that products name: their letters in a best quote, and who shows a book.

A quote routed by SMART says where its best price stands in a string of letters, those of the tapes'
participants; a client asks which letter means which exchange (`reqSmartComponents`).
"""

import msgspec

SMART = "SMART"
"""The broker's own router: not an exchange, yet a destination."""

IBUSOPT = "IBUSOPT"
"""The broker's own destination for US options."""

_SHARES, _OPTIONS, _FUTURES = ("STK",), ("OPT",), ("FUT",)


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One exchange.

    `letter` is its mark in the exchange masks of best quotes (the tapes' own participant letters),
    empty where an exchange competes with no other. `depth` names the kinds of security whose order
    book it shows.
    """

    name: str
    description: str
    letter: str = ""
    depth: tuple[str, ...] = ()


EXCHANGES = (
    Exchange(name="AMEX", letter="A", description="NYSE American", depth=_SHARES),
    Exchange(name="ARCA", letter="P", description="NYSE Arca", depth=_SHARES),
    Exchange(name="BATS", letter="Z", description="Cboe BZX", depth=_SHARES),
    Exchange(name="BEX", letter="B", description="Nasdaq BX", depth=_SHARES),
    Exchange(name="BYX", letter="Y", description="Cboe BYX", depth=_SHARES),
    Exchange(name="CBOE", letter="C", description="Cboe Options Exchange", depth=_OPTIONS),
    Exchange(name="CFE", description="Cboe Futures Exchange", depth=_FUTURES),
    Exchange(name="CHX", letter="M", description="NYSE Chicago", depth=_SHARES),
    Exchange(name="CME", description="Chicago Mercantile Exchange", depth=_FUTURES),
    Exchange(name="DRCTEDGE", letter="K", description="Cboe EDGX", depth=_SHARES),
    Exchange(name="EDGEA", letter="J", description="Cboe EDGA", depth=_SHARES),
    Exchange(name=IBUSOPT, description="IB destination for US options"),
    Exchange(name="IEX", letter="V", description="Investors Exchange", depth=_SHARES),
    Exchange(name="ISLAND", letter="Q", description="Nasdaq", depth=_SHARES),
    Exchange(name="MEMX", letter="U", description="Members Exchange", depth=_SHARES),
    Exchange(name="NYSE", letter="N", description="New York Stock Exchange", depth=_SHARES),
    Exchange(name="PEARL", letter="H", description="MIAX Pearl", depth=_SHARES),
    Exchange(name="PSX", letter="X", description="Nasdaq PSX", depth=_SHARES),
)

SHARE_EXCHANGES = (
    *("AMEX", "NYSE", "CHX", "ARCA", "ISLAND", "DRCTEDGE", "BEX", "BATS", "EDGEA", "BYX"),
    *("IEX", "PEARL", "MEMX", "PSX"),
)
"""Where US shares trade, in the order contract details name them."""

INDEX_OPTION_EXCHANGES = ("CBOE", IBUSOPT)
"""Where options on VIX and SPX trade beside SMART."""


def competing(bbo_exchange: str) -> tuple[Exchange, ...]:
    """Return the exchanges whose quotes may make up a line quoted at `bbo_exchange`.

    The router's own name stands for all that have a letter, another name for itself; empty if
    there is no such exchange.
    """
    if bbo_exchange == SMART:
        return tuple(one for one in EXCHANGES if one.letter)
    return tuple(one for one in EXCHANGES if one.letter and one.name == bbo_exchange)
