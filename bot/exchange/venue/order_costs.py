"""What an order would take from the account: premium, margin, commission.

Estimated at the order's own limit, or at the far side of the market where it has none. A sale's
proceeds count when they come.
"""

from decimal import Decimal

from bot.domain.instruments import ConId, Option
from bot.exchange.reference.products import Stock
from bot.exchange.venue.commission import order_commission_usd
from bot.exchange.venue.floor import Floor
from bot.exchange.venue.margin import HeldPosition, Requirement, requirement
from bot.exchange.venue.matching import far_side
from bot.exchange.venue.orders import BookedOrder, Leg
from bot.exchange.venue.valuation import futures_pnl_usd, mark_points


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
    """Return the equity that the rest of an order takes, None where no price is known.

    Premium has no loan value and is gone; a future is not paid for, and a share is worth what was
    paid for it: both tie up margin instead.
    """
    price = expected_price(floor, order)
    if price is None:
        return None
    return max(Decimal(0), premium_usd(floor, order, price)) + commission_usd(floor, order)


def premium_usd(floor: Floor, order: BookedOrder, price: Decimal) -> Decimal:
    """Return what filling the rest of an order pays for options, negative for a credit."""
    lead = floor.lead(order)
    if not isinstance(lead, Option):
        return Decimal(0)
    return order.side.sign * price * order.remaining * lead.multiplier


def equity_usd(floor: Floor) -> Decimal:
    """Return what margin may be met with: cash, the day's move of futures, and shares.

    Options have no loan value (domain.md section 3.5).
    """
    shares = (
        held.quantity * held.mark_points
        for held in floor.held_positions()
        if isinstance(held.product, Stock) and held.mark_points is not None
    )
    cash = floor.books.cash_usd + futures_pnl_usd(floor.books, floor.marks)
    return cash + sum(shares, Decimal(0))


def requirement_before(floor: Floor) -> Requirement:
    """Return what the positions tie up."""
    tied = requirement(floor.held_positions(), floor.levels(), naked_calls=True)
    assert tied is not None  # every position has a mark, and naked calls have a charge
    return tied


def requirement_after(floor: Floor, order: BookedOrder, *, naked_calls: bool) -> Requirement | None:
    """Return what they tie up with the rest of `order` filled.

    None where a share or future has no price, or the loss no limit while `naked_calls` is off.
    """
    units = order.side.sign * order.remaining
    added = [
        HeldPosition(floor.product(leg.con_id), units * leg.signed_ratio, _mark(floor, order, leg))
        for leg in order.parts
    ]
    together = _together([*floor.held_positions(), *added])
    return requirement(together, floor.levels(), naked_calls=naked_calls)


def _mark(floor: Floor, order: BookedOrder, leg: Leg) -> Decimal | None:
    price = leg_price(floor, order, leg)
    return order.limit if price is None and not order.legs else price


def _together(positions: list[HeldPosition]) -> list[HeldPosition]:
    """Return one position for each product: what is sold offsets what is held."""
    found: dict[ConId, HeldPosition] = {}
    for each in positions:
        held = found.get(each.product.con_id)
        found[each.product.con_id] = each if held is None else _sum(held, each)
    return [each for each in found.values() if each.quantity]


def _sum(held: HeldPosition, added: HeldPosition) -> HeldPosition:
    mark = held.mark_points if added.mark_points is None else added.mark_points
    return HeldPosition(held.product, held.quantity + added.quantity, mark)
