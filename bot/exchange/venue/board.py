"""The quotes of the present step, asked of the market once and together.

A line that nothing changed keeps its very object, so that "nothing new" is told by identity and a
displayed size that was taken stays taken.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.instruments import ConId
from bot.exchange.market.quote import MarketQuote
from bot.exchange.venue.ports import Market


class Board:
    """What every line shows at one instant."""

    def __init__(self, market: Market, now: datetime) -> None:
        self._market = market
        self._now = now
        self._shown: dict[ConId, MarketQuote] = {}

    @property
    def now(self) -> datetime:
        """The instant that is shown."""
        return self._now

    def step(self, con_ids: Iterable[ConId], now: datetime) -> None:
        """Move on to `now` and look the contracts up that somebody watches or holds."""
        wanted = list(dict.fromkeys(con_ids))
        shown = self._shown
        self._now = now
        self._shown = {
            quote.con_id: _same_if_equal(shown.get(quote.con_id), quote)
            for quote in self._market.quotes(wanted, now)
        }

    def quote(self, con_id: ConId) -> MarketQuote:
        """Return what a line shows."""
        found = self._shown.get(con_id)
        if found is None:
            found = self._shown[con_id] = self._market.quotes([con_id], self._now)[0]
        return found


def _same_if_equal(old: MarketQuote | None, new: MarketQuote) -> MarketQuote:
    return old if old is not None and (old is new or old == new) else new
