"""When an order trades, how much and at which price.

Two cases. An order that *arrives* (new, modified, or released at the opening) takes what the far
side shows, at the price it shows. An order that *rests* trades only when the market comes to it;
what happened between two steps of the market is unknown, so it gets its own limit and never the
better price the market may have moved to: what is ambiguous is settled against the client.
"""

from decimal import Decimal

import msgspec

from bot.exchange.market.quote import MarketQuote
from bot.exchange.venue.orders import BookedOrder, Side


class Match(msgspec.Struct, frozen=True):
    """A fill to be booked: contracts and points."""

    quantity: int
    price: Decimal


class FarSide(msgspec.Struct, frozen=True):
    """The price and the size an order would trade against."""

    price: Decimal
    size: int


def far_side(side: Side, quote: MarketQuote) -> FarSide | None:
    """Return what a buy or sell would meet, None where nobody stands."""
    price, size = (quote.ask, quote.ask_size)
    if side is Side.SELL:
        price, size = (quote.bid, quote.bid_size)
    if price is None or price <= 0 or size <= 0:
        return None
    return FarSide(price, size)


def match_arrival(order: BookedOrder, far: FarSide | None, taken: int) -> Match | None:
    """Return the fill of an arriving order at the far side's price, or None.

    Args:
        order: The order as it arrives.
        far: What it meets.
        taken: Contracts of that size that others have taken since it was shown.
    """
    size = _tradable(order, far, taken)
    return Match(size, far.price) if far is not None and size else None


def match_resting(order: BookedOrder, far: FarSide | None, taken: int) -> Match | None:
    """Return the fill of a resting order at its own limit, or None; see `match_arrival`."""
    size = _tradable(order, far, taken)
    return Match(size, order.limit) if size else None


def _tradable(order: BookedOrder, far: FarSide | None, taken: int) -> int:
    if far is None or not _reaches(order, far.price):
        return 0
    return max(0, min(order.remaining, far.size - taken))


def _reaches(order: BookedOrder, price: Decimal) -> bool:
    return order.limit >= price if order.side is Side.BUY else order.limit <= price
