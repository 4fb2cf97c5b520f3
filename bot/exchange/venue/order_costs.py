"""What an order would take from the account: cash, margin, commission.

Estimated at the order's own limit, or at the far side of the market where it has none. A sale's
proceeds count when they come.
"""

from decimal import Decimal

from bot.domain.instruments import Future, Option
from bot.exchange.venue.commission import order_commission_usd
from bot.exchange.venue.floor import Floor
from bot.exchange.venue.margin import OptionPosition, requirement_usd
from bot.exchange.venue.matching import far_side
from bot.exchange.venue.orders import BookedOrder, Leg
from bot.exchange.venue.valuation import mark_points


def expected_price(floor: Floor, order: BookedOrder) -> Decimal | None:
    """Return the points per unit that `order` is valued at, None where no price is known."""
    if order.limit is not None:
        return order.limit
    legs = [(leg, leg_price(floor, order, leg)) for leg in order.parts]
    known = [leg.signed_ratio * price for leg, price in legs if price is not None]
    return sum(known, Decimal(0)) if len(known) == len(legs) else None


def leg_price(floor: Floor, order: BookedOrder, leg: Leg) -> Decimal | None:
    """Return the points a leg would trade at now: the far side, or the mark where there is none."""
    quote = floor.board.quote(leg.con_id)
    far = far_side(order.sides(leg), quote)
    return far.price if far is not None else mark_points(quote)


def commission_usd(floor: Floor, order: BookedOrder) -> Decimal:
    """Return what filling the rest of an order would cost, each leg at its price."""
    single = order.limit if not order.legs else None
    total = Decimal(0)
    for leg in order.parts:
        price = single or leg_price(floor, order, leg) or Decimal(1)
        quantity = order.remaining * leg.ratio
        total += order_commission_usd(floor.product(leg.con_id), quantity, price)
    return total


def outlay_usd(floor: Floor, order: BookedOrder) -> Decimal | None:
    """Return the cash that the rest of an order takes, None where no price is known.

    A future is not paid for: its price moves margin and nothing else.
    """
    price = expected_price(floor, order)
    if price is None:
        return None
    commission = commission_usd(floor, order)
    lead = floor.lead(order)
    if isinstance(lead, Future):
        return commission
    cost = order.side.sign * price * order.remaining * lead.multiplier
    return max(Decimal(0), cost) + commission


def tied_usd(floor: Floor, order: BookedOrder | None) -> Decimal | None:
    """Return what the positions tie up with the rest of `order` filled, None for without limit."""
    held = floor.option_positions()
    return requirement_usd([*held, *(_as_positions(floor, order) if order else ())])


def _as_positions(floor: Floor, order: BookedOrder) -> list[OptionPosition]:
    units = order.side.sign * order.remaining
    legs = ((floor.product(leg.con_id), leg) for leg in order.parts)
    return [
        OptionPosition(product, units * leg.signed_ratio)
        for product, leg in legs
        if isinstance(product, Option)
    ]
