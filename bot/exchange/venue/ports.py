"""What the venue needs of the market, in its own words.

`bot.exchange.market.market.Market` fits; so do the small true markets of the tests.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from bot.domain.instruments import ConId
from bot.exchange.market.quote import DailyBar, MarketQuote, Rates, Samples, Statistics


class Market(Protocol):
    """Where prices are at any instant up to the one asked for, and never beyond it."""

    def quotes(self, con_ids: Sequence[ConId], now: datetime) -> list[MarketQuote]:
        """Return the line of each contract, in the order asked."""
        ...

    def settlement_value(self, con_id: ConId, now: datetime) -> Decimal | None:
        """Return what an expired contract settled at in points, None before."""
        ...

    def daily_bars(self, con_id: ConId, until: datetime, count: int) -> list[DailyBar]:
        """Return up to `count` sessions begun by `until`, oldest first; none for options."""
        ...

    def samples(self, con_id: ConId, start: datetime, end: datetime, step_seconds: int) -> Samples:
        """Return what the line showed at each step in (`start`, `end`] at which it was quoted.

        Steps lie on whole multiples of `step_seconds` of the day (a multiple of five); what bars,
        real-time bars and past ticks are made of.
        """
        ...

    def rates(self, now: datetime) -> Rates:
        """Return the interest rate and the dividend yield of the S&P 500."""
        ...

    def statistics(self, con_id: ConId, now: datetime) -> Statistics:
        """Return the slow figures of a contract: they may be asked for once per line and day."""
        ...
