"""Non-guaranteed combinations of two legs: each leg trades where it can, and one may be left over.

While both legs stand even, they trade only when their far sides make the net limit, but each takes
what its own book shows, so the thinner one lags behind. What lags then trades when it makes the
limit together with what the other has cost; until it does, its owner is legged (domain.md section
1.5). Prices per leg, where given, bind each leg alone and make no net.
"""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from bot.domain.money import CENT
from bot.exchange.venue.matching import Offer, Print, reaches, worsened_prices
from bot.exchange.venue.orders import BookedOrder, LegFill, Side

Offers = Sequence[Offer | None]


def match_loose(order: BookedOrder, offers: Offers, *, arriving: bool) -> tuple[Print, ...]:
    """Return what each leg trades at this moment; those that trade nothing are not among it.

    Args:
        order: A non-guaranteed combination.
        offers: What its legs meet, None for one that meets nobody.
        arriving: Whether it takes the far side's prices, or rests at its own.
    """
    limits = _leg_limits(order)
    if limits is None:
        return _match_even(order, offers, arriving=arriving)
    prints = [
        _print(order, number, offer, offer.price if arriving or limit is None else limit)
        for number, (offer, limit) in enumerate(zip(offers, limits, strict=True))
        if offer is not None and (limit is None or reaches(offer.side, limit, offer.price))
    ]
    return tuple(each for each in prints if each.quantity > 0)


def _leg_limits(order: BookedOrder) -> list[Decimal | None] | None:
    """Return the worst price of each leg now, None while both stand even under a net limit.

    A leg that is ahead has no more to trade until the other has caught up.
    """
    if order.leg_limits:
        return list(order.leg_limits)
    ahead = _ahead(order)
    if order.working_limit is None or ahead is None:
        return [None, None] if order.working_limit is None else None
    limits: list[Decimal | None] = [None, None]
    limits[1 - ahead] = _catching_up(order, 1 - ahead, ahead)
    return limits


def _ahead(order: BookedOrder) -> int | None:
    """Return which leg has traded for more units than the other, None where they are even."""
    units = [
        fill.quantity // leg.ratio for fill, leg in zip(_fills(order), order.legs, strict=True)
    ]
    if units[0] == units[1]:
        return None
    return 0 if units[0] > units[1] else 1


def _catching_up(order: BookedOrder, behind: int, ahead: int) -> Decimal:
    """Return the price at which the leg behind makes the net limit with all that was traded."""
    assert order.working_limit is not None
    leg, paid = order.legs[behind], _fills(order)
    units = paid[ahead].quantity // order.legs[ahead].ratio
    missing = units * leg.ratio - paid[behind].quantity
    spent = sum(
        (each.sign * fill.points for each, fill in zip(order.legs, paid, strict=True)), Decimal(0)
    )
    price = (order.working_limit * units - spent) / (leg.sign * missing)
    rounding = ROUND_FLOOR if order.sides(leg) is Side.BUY else ROUND_CEILING
    return max(CENT, price.quantize(CENT, rounding=rounding))


def _match_even(order: BookedOrder, offers: Offers, *, arriving: bool) -> tuple[Print, ...]:
    known = [offer for offer in offers if offer is not None]
    assert order.working_limit is not None  # a market order has limits of its own: none
    if len(known) < len(offers):
        return ()
    net = sum((offer.leg.signed_ratio * offer.price for offer in known), Decimal(0))
    if not reaches(order.side, order.working_limit, net):
        return ()
    gain = Decimal(0) if arriving else order.side.sign * (order.working_limit - net)
    prices = worsened_prices(known, gain)
    prints = [_print(order, number, offer, prices[offer.leg]) for number, offer in enumerate(known)]
    return tuple(each for each in prints if each.quantity > 0)


def _print(order: BookedOrder, number: int, offer: Offer, price: Decimal) -> Print:
    """Return what a leg trades: what its book shows, in whole units, up to what is wanted of it."""
    leg = offer.leg
    units = order.quantity
    ahead = _ahead(order)
    if ahead is not None and not order.leg_limits and order.working_limit is not None:
        units = _fills(order)[ahead].quantity // order.legs[ahead].ratio
    left = units * leg.ratio - _fills(order)[number].quantity
    size = max(0, min(left, offer.free)) // leg.ratio * leg.ratio
    return Print(leg, offer.side, size, price)


def _fills(order: BookedOrder) -> tuple[LegFill, ...]:
    return order.leg_fills or tuple(LegFill() for _ in order.legs)
