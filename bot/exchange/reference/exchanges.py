"""The exchanges that products name, and the letters under which one feed shows several.

A quote routed by SMART says where its best price stands in a string of letters; which letter means
which exchange depends on the group of the contract, and a client asks for the table of a group
(`reqSmartComponents`). The letters of the share exchanges are those of the consolidated tape.
"""

from typing import NamedTuple

SMART = "SMART"
"""The broker's own router: not an exchange, yet a destination."""

IBUSOPT = "IBUSOPT"
"""The broker's own destination for US options."""


class Exchange(NamedTuple):
    """One exchange as the API names it; `letter` is empty where no shared feed shows it."""

    code: str
    letter: str
    description: str


EXCHANGES: dict[str, Exchange] = {
    each.code: each
    for each in (
        Exchange("AMEX", "A", "NYSE American"),
        Exchange("ARCA", "P", "NYSE Arca"),
        Exchange("BATS", "Z", "Cboe BZX"),
        Exchange("BEX", "B", "Nasdaq BX"),
        Exchange("BYX", "Y", "Cboe BYX"),
        Exchange("CBOE", "C", "Cboe Options Exchange"),
        Exchange("CFE", "", "Cboe Futures Exchange"),
        Exchange("CHX", "M", "NYSE Chicago"),
        Exchange("CME", "", "Chicago Mercantile Exchange"),
        Exchange("DRCTEDGE", "K", "Cboe EDGX"),
        Exchange("EDGEA", "J", "Cboe EDGA"),
        Exchange("IBUSOPT", "", "IB destination for US options"),
        Exchange("IEX", "V", "Investors Exchange"),
        Exchange("ISLAND", "Q", "Nasdaq"),
        Exchange("MEMX", "U", "Members Exchange"),
        Exchange("NYSE", "N", "New York Stock Exchange"),
        Exchange("NYSENAT", "C", "NYSE National"),
        Exchange("PEARL", "H", "MIAX Pearl"),
        Exchange("PSX", "X", "Nasdaq PSX"),
    )
}

SHARE_EXCHANGES = (
    *("AMEX", "NYSE", "CHX", "ARCA", "ISLAND", "DRCTEDGE", "BEX", "BATS", "EDGEA", "BYX"),
    *("IEX", "PEARL", "NYSENAT", "MEMX", "PSX"),
)
"""Where US shares trade, in the order contract details name them."""

INDEX_OPTION_EXCHANGES = ("CBOE", IBUSOPT)

SMART_GROUPS: dict[str, tuple[str, ...]] = {
    "a60001": SHARE_EXCHANGES,
    "9c0001": ("CBOE",),
}
"""The exchanges behind each group of SMART quotes; a tick's parameters name its group."""


class SmartComponent(NamedTuple):
    """One line of a group: bit `bit` of an exchange mask and `letter` stand for `exchange`."""

    bit: int
    exchange: str
    letter: str


def smart_components(group: str) -> tuple[SmartComponent, ...]:
    """Return the exchanges behind a group of SMART quotes, empty for an unknown group."""
    codes = SMART_GROUPS.get(group, ())
    return tuple(
        SmartComponent(bit, code, EXCHANGES[code].letter) for bit, code in enumerate(codes)
    )
