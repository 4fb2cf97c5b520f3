"""What is listed here: the instruments of the bot's domain, and stocks, which it does not know."""

from typing import TypeAlias

import msgspec

from bot.domain.instruments import ConId, Future, Index, Option
from bot.domain.money import PriceGrid


class Stock(msgspec.Struct, frozen=True, kw_only=True, tag="stock"):
    """A share; `exchange` is its primary one, prices and dividends are in USD."""

    con_id: ConId
    symbol: str
    exchange: str
    grid: PriceGrid
    multiplier: int = 1

    @property
    def local_symbol(self) -> str:
        """The symbol: a share has no month."""
        return self.symbol

    @property
    def trading_class(self) -> str:
        """The broker names no class of a share but its symbol."""
        return self.symbol


Product: TypeAlias = Index | Future | Option | Stock
"""What the exchange quotes."""

Tradable: TypeAlias = Future | Option | Stock
"""What can be bought: nobody trades an index."""
