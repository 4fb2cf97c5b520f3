"""The trades of a contract's day, counted from what its line showed at each step."""

from datetime import datetime, timedelta
from decimal import Decimal

import msgspec
import numpy as np

from bot.domain.instruments import ConId
from bot.exchange.market.quote import MarketQuote, Samples
from bot.exchange.venue.ports import Market

STEP_SECONDS = 30
"""The market's own grid; a step in which something traded counts as one trade."""
_SHORT_TERMS = (180.0, 300.0, 600.0)
_MINUTE = 60.0
_MILLISECONDS = 1000


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """The day so far: trades and contracts, also of the last minute and the last 3, 5 and 10.

    `average` is the volume-weighted price in points, None before the first trade.
    """

    at: datetime
    trade_count: float
    trades_per_minute: float
    volume_per_minute: float
    short_term: tuple[int, int, int]
    average: float | None

    def spell(self, quote: MarketQuote) -> str | None:
        """Return the text of an RT volume tick, None before the first trade.

        Price, size, milliseconds since 1970, volume, average price, and whether one trade filled
        the whole: separated by semicolons.
        """
        if quote.last is None or self.average is None:
            return None
        stamp = int(self.at.timestamp()) * _MILLISECONDS
        average = Decimal(f"{self.average:.8f}").normalize()
        parts = (f"{quote.last:f}", f"{quote.last_size}", f"{stamp}", f"{quote.volume}")
        return ";".join((*parts, f"{average:f}", "true"))


def tally_day(market: Market, con_id: ConId, began: datetime, now: datetime) -> Tally:
    """Count the trades of a contract from the beginning of its day up to now."""
    return _tally(market.samples(con_id, began - timedelta(seconds=1), now, STEP_SECONDS), now)


def _tally(samples: Samples, now: datetime) -> Tally:
    traded = samples.volume > 0.0
    age = now.timestamp() - samples.at
    minute = traded & (age < _MINUTE)
    total = float(samples.volume[traded].sum())
    turnover = float((samples.last[traded] * samples.volume[traded]).sum())
    three, five, ten = (int(np.sum(samples.volume[traded & (age < s)])) for s in _SHORT_TERMS)
    return Tally(
        at=now,
        trade_count=float(traded.sum()),
        trades_per_minute=float(minute.sum()),
        volume_per_minute=float(samples.volume[minute].sum()),
        short_term=(three, five, ten),
        average=turnover / total if total > 0.0 else None,
    )
