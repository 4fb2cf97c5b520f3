"""What can be quoted and traded, as the broker names it.

An expiry has a last trading day and a settlement instant, and they differ: a VIX call stops trading
on Tuesday and settles on Wednesday 09:30, where its VX future settles too (domain.md sections
1.1-1.4). Options pair with futures by settlement, never by the last trading day.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import NewType

from bot.domain.money import PriceGrid
from bot.domain.value import Value

ConId = NewType("ConId", int)
"""The broker's contract number; the only key of an instrument."""


VIX3M, BREADTH, MOVE = "VIX3M", "AD-NYSE", "MOVE"
"""Indices beside VIX and SPX that a signal reads; a broker may lack any (domain.md section 2)."""


class Right(StrEnum):
    """Call or put."""

    CALL = "C"
    PUT = "P"


class Index(Value, tag="index"):
    """A cash index: it has a last price and normally no bid or ask."""

    con_id: ConId
    symbol: str
    exchange: str


class Future(Value, tag="future"):
    """A dated future; `multiplier` in USD per point."""

    con_id: ConId
    symbol: str
    trading_class: str
    exchange: str
    multiplier: int
    last_trading_day: date
    settlement: datetime
    grid: PriceGrid
    local_symbol: str


class Option(Value, tag="option"):
    """A European, cash-settled index option; `multiplier` in USD per point."""

    con_id: ConId
    symbol: str
    trading_class: str
    exchange: str
    multiplier: int
    right: Right
    strike: Decimal
    last_trading_day: date
    settlement: datetime
    grid: PriceGrid
    local_symbol: str


class Other(Value, tag="other"):
    """A holding the bot neither prices nor trades: a stock, a bond, an option on something else.

    `kind` is the broker's word for it.
    """

    con_id: ConId
    symbol: str
    exchange: str
    kind: str


Instrument = Index | Future | Option
"""What the bot reads quotes of."""

Contract = Instrument | Other
"""What an account may hold."""


def is_vix_call(instrument: Contract) -> bool:
    """Tell whether `instrument` is a VIX index call, weekly or monthly."""
    return (
        isinstance(instrument, Option)
        and instrument.symbol == "VIX"
        and instrument.right is Right.CALL
    )


def is_spx_option(instrument: Contract) -> bool:
    """Tell whether `instrument` is an option on the SPX index, AM or PM settled."""
    return isinstance(instrument, Option) and instrument.symbol == "SPX"


class Universe(Value, dict=True):
    """The contracts a decision may speak of, by contract number.

    Stored as one content-addressed blob: it changes when chains are read, not with each tick.
    """

    instruments: tuple[Contract, ...]

    def __post_init__(self) -> None:
        """Check that each contract number is named once."""
        ids = [instrument.con_id for instrument in self.instruments]
        if len(set(ids)) != len(ids):
            raise ValueError("a universe names each contract once")

    @cached_property
    def _by_id(self) -> dict[ConId, Contract]:
        return {instrument.con_id: instrument for instrument in self.instruments}

    @cached_property
    def _options(self) -> dict[tuple[str, Right], tuple[Option, ...]]:
        found: dict[tuple[str, Right], list[Option]] = {}
        for instrument in self.instruments:
            if isinstance(instrument, Option):
                found.setdefault((instrument.symbol, instrument.right), []).append(instrument)
        order = attrgetter("settlement", "trading_class", "strike")
        return {key: tuple(sorted(options, key=order)) for key, options in found.items()}

    def by_id(self) -> Mapping[ConId, Contract]:
        """Return the instruments keyed by contract number; built once per universe."""
        return self._by_id

    def options(self, symbol: str, right: Right) -> tuple[Option, ...]:
        """Return the options of `symbol` and `right`, by settlement and strike; sorted once."""
        return self._options.get((symbol, right), ())

    @cached_property
    def _futures(self) -> tuple[Future, ...]:
        found = (i for i in self.instruments if isinstance(i, Future))
        return tuple(sorted(found, key=attrgetter("settlement")))

    def futures(self, symbol: str, trading_class: str) -> list[Future]:
        """Return the futures of one class in order of settlement."""
        wanted = (symbol, trading_class)
        return [f for f in self._futures if (f.symbol, f.trading_class) == wanted]

    def index(self, symbol: str) -> Index | None:
        """Return the index called `symbol`, or None."""
        return next(
            (i for i in self.instruments if isinstance(i, Index) and i.symbol == symbol), None
        )
