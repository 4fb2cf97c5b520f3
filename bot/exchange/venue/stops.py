"""When a stop order wakes.

The trigger methods of the API: 0 the product's own (double bid/ask for US options and combinations
of them, last for futures and shares), 1 double bid/ask, 2 last, 3 double last, 4 bid/ask, 7 last
or bid/ask, 8 the middle. "Double" wants the price at two steps in a row, so that one stray quote
wakes nobody. A buy looks at the ask, a sell at the bid.
"""

from decimal import Decimal

import msgspec

from bot.domain.instruments import Option
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.products import Tradable
from bot.exchange.venue.orders import BookedOrder, Side

DEFAULT, DOUBLE_BID_ASK, LAST, DOUBLE_LAST, BID_ASK, LAST_OR_BID_ASK, MIDDLE = 0, 1, 2, 3, 4, 7, 8
TRIGGER_METHODS = frozenset(
    {DEFAULT, DOUBLE_BID_ASK, LAST, DOUBLE_LAST, BID_ASK, LAST_OR_BID_ASK, MIDDLE}
)
_DOUBLE = frozenset({DOUBLE_BID_ASK, DOUBLE_LAST})
_LAST = frozenset({LAST, DOUBLE_LAST, LAST_OR_BID_ASK})
_BID_ASK = frozenset({DOUBLE_BID_ASK, BID_ASK, LAST_OR_BID_ASK})


def watch_stop(order: BookedOrder, product: Tradable, quote: MarketQuote) -> BookedOrder:
    """Return `order` after a step that showed `quote`: awake, or with its hits counted."""
    method = order.trigger_method or (DOUBLE_BID_ASK if isinstance(product, Option) else LAST)
    if not any(_is_beyond(order, price) for price in _prices(order, quote, method)):
        return msgspec.structs.replace(order, trigger_hits=0)
    hits = order.trigger_hits + 1
    needed = 2 if method in _DOUBLE else 1
    return msgspec.structs.replace(order, trigger_hits=hits, triggered=hits >= needed)


def _prices(order: BookedOrder, quote: MarketQuote, method: int) -> list[Decimal]:
    """Return the prices that the method looks at, of those that there are."""
    found = []
    if method in _LAST:
        found.append(quote.last)
    if method in _BID_ASK:
        found.append(quote.ask if order.side is Side.BUY else quote.bid)
    if method == MIDDLE and quote.bid is not None and quote.ask is not None:
        found.append((quote.bid + quote.ask) / 2)
    return [price for price in found if price is not None]


def _is_beyond(order: BookedOrder, price: Decimal) -> bool:
    assert order.stop is not None  # its type has one
    return price >= order.stop if order.side is Side.BUY else price <= order.stop
