"""The Adaptive algo: an order that works from the near side to the far side.

It starts at the near side and moves in legal ticks, so that after a time set by its priority it
stands at the far side, following the quote wherever it goes, and never past its limit. The times
are ours: the broker publishes the idea and not the pace.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.money import PriceGrid
from bot.exchange.market.quote import MarketQuote
from bot.exchange.venue.orders import BookedOrder, Priority, Side

ADAPTIVE = "Adaptive"
PRIORITY_TAG = "adaptivePriority"
REACHES_FAR_SIDE_IN: dict[Priority, timedelta] = {
    Priority.URGENT: timedelta(seconds=30),
    Priority.NORMAL: timedelta(minutes=2),
    Priority.PATIENT: timedelta(minutes=5),
}


def walk_to(
    order: BookedOrder, quote: MarketQuote, grid: PriceGrid, since: datetime, now: datetime
) -> Decimal | None:
    """Return the price the algo has at `now`, having begun `since`; None where nobody asks or bids.

    An option nobody bids for is begun at nothing's next tick.
    """
    assert order.priority is not None  # only algo orders walk
    near, far = quote.bid, quote.ask
    if order.side is Side.SELL:
        near, far = quote.ask, quote.bid
    if far is None or (near is None and order.side is Side.SELL):
        return None
    near = near or Decimal(0)
    share = min(Decimal(1), _share(now - since, REACHES_FAR_SIDE_IN[order.priority]))
    target = near + (far - near) * share
    if order.side is Side.BUY:
        price = max(grid.floor(target), grid.increment_at(Decimal(0)))
        return price if order.limit is None else min(price, order.limit)
    price = grid.ceil(target)
    return price if order.limit is None else max(price, order.limit)


def _share(passed: timedelta, whole: timedelta) -> Decimal:
    return Decimal(passed // timedelta(seconds=1)) / Decimal(whole // timedelta(seconds=1))
