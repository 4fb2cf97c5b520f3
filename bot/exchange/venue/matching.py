"""When an order trades, how much and at which price.

A single contract is a combination of one leg, so one rule serves both: what a unit costs is the sum
over its legs of signed ratio times the price each leg would trade at, and the leg with the least
depth for its ratio limits the size. All legs trade or none.

Two cases. An order that *arrives* (new, modified, released, or at the market's price) takes what
the far side shows, at the price it shows. An order that *rests* trades only when the market comes
to it; what happened between two steps of the market is unknown, so it gets its own limit and never
the better price the market may have moved to: what is ambiguous is settled against the client.
"""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

import msgspec

from bot.domain.money import CENT
from bot.exchange.market.quote import MarketQuote
from bot.exchange.venue.orders import BookedOrder, Leg, Side, Tif


class FarSide(msgspec.Struct, frozen=True):
    """The price and the size an order would trade against."""

    price: Decimal
    size: int


class Offer(msgspec.Struct, frozen=True):
    """What one leg would meet: its side, the price, and the contracts nobody has taken yet."""

    leg: Leg
    side: Side
    price: Decimal
    free: int


class Print(msgspec.Struct, frozen=True):
    """What one leg trades: contracts and points."""

    leg: Leg
    side: Side
    quantity: int
    price: Decimal


def far_side(side: Side, quote: MarketQuote) -> FarSide | None:
    """Return what a buy or sell would meet, None where nobody stands."""
    price, size = (quote.ask, quote.ask_size)
    if side is Side.SELL:
        price, size = (quote.bid, quote.bid_size)
    if price is None or price <= 0 or size <= 0:
        return None
    return FarSide(price, size)


def whole(offers: Sequence[Offer | None]) -> list[Offer]:
    """Return the offers if every leg meets somebody, or else nothing: all legs trade or none."""
    known = [offer for offer in offers if offer is not None]
    return known if len(known) == len(offers) else []


def net_price(offers: Sequence[Offer]) -> Decimal:
    """Return what one unit costs in points, negative for a credit (domain.md section 1.5)."""
    return sum((offer.leg.signed_ratio * offer.price for offer in offers), Decimal(0))


def match_arrival(order: BookedOrder, offers: Sequence[Offer]) -> tuple[Print, ...]:
    """Return what an arriving order trades at the far side's prices; nothing where it does not.

    Args:
        order: The order as it arrives.
        offers: What each of its legs meets; empty where one meets nobody.
    """
    size = _tradable(order, offers)
    return _prints(size, {offer.leg: offer.price for offer in offers}, offers) if size else ()


def match_resting(order: BookedOrder, offers: Sequence[Offer]) -> tuple[Print, ...]:
    """Return what a resting order trades at its own limit; see `match_arrival`."""
    size = _tradable(order, offers)
    if not size or order.working_limit is None:
        return ()
    gain = order.side.sign * (order.working_limit - net_price(offers))
    return _prints(size, worsened_prices(offers, gain), offers)


def _prints(units: int, prices: dict[Leg, Decimal], offers: Sequence[Offer]) -> tuple[Print, ...]:
    return tuple(
        Print(offer.leg, offer.side, units * offer.leg.ratio, prices[offer.leg]) for offer in offers
    )


def _tradable(order: BookedOrder, offers: Sequence[Offer]) -> int:
    if not offers or not reaches(order.side, order.working_limit, net_price(offers)):
        return 0
    size = min(order.remaining, *(offer.free // offer.leg.ratio for offer in offers))
    whole = order.all_or_none or order.tif is Tif.FOK
    return 0 if whole and size < order.remaining else max(0, size)


def reaches(side: Side, limit: Decimal | None, price: Decimal) -> bool:
    """Tell whether an order of that limit, or of none, takes `price`."""
    if limit is None:
        return True
    return limit >= price if side is Side.BUY else limit <= price


def worsened_prices(offers: Sequence[Offer], gain: Decimal) -> dict[Leg, Decimal]:
    """Return the legs' prices with `gain` per unit given up, so that their sum is the limit.

    A bought leg bears any of it; sold legs bear it down to nothing, the dearest first. Legs trade
    in cents, so where no ratio is one, what does not divide stays with the client.
    """
    prices = {offer.leg: offer.price for offer in offers}
    by_room = sorted(offers, key=lambda offer: (offer.side is Side.SELL, -offer.price))
    for offer in by_room:
        give = _cents(gain / offer.leg.ratio)
        if offer.side is Side.SELL:
            give = min(give, offer.price)
        prices[offer.leg] += offer.side.sign * give
        gain -= give * offer.leg.ratio
    return prices


def _cents(points: Decimal) -> Decimal:
    return points.quantize(CENT, rounding=ROUND_FLOOR)
