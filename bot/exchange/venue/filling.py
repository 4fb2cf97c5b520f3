"""What a fill makes of an order: how much of it is done, and at which price.

A single contract is done by what it trades. A combination is done by whole units: as many as all of
its legs have, at what these cost on average.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from bot.exchange.venue.matching import Print
from bot.exchange.venue.orders import BookedOrder, LegFill, Status, end
from bot.exchange.venue.records import Execution

_DIGITS = Decimal("0.00000001")


def filled_order(
    order: BookedOrder, prints: Sequence[Print], trades: Sequence[Execution], at: datetime
) -> BookedOrder:
    """Return `order` after what its legs traded and were charged."""
    fills = _leg_fills(order, prints)
    units = min(fill.quantity // leg.ratio for fill, leg in zip(fills, order.parts, strict=True))
    points = _points(order, fills, units)
    done = units - order.filled
    price = _each(points - order.filled_points, done) if done else order.last_fill_price
    after = msgspec.structs.replace(
        order,
        status=Status.SUBMITTED,
        filled=units,
        filled_points=points,
        leg_fills=fills,
        last_fill_price=price,
        commission_usd=order.commission_usd + sum((t.commission_usd for t in trades), Decimal(0)),
    )
    return after if after.remaining else end(after, Status.FILLED, at, "Filled")


def _leg_fills(order: BookedOrder, prints: Sequence[Print]) -> tuple[LegFill, ...]:
    fills = dict(zip(order.parts, order.leg_fills or (LegFill(),) * len(order.parts), strict=True))
    for each in prints:
        fills[each.leg] = fills[each.leg].plus(each.quantity, each.price)
    return tuple(fills.values())


def _points(order: BookedOrder, fills: Sequence[LegFill], units: int) -> Decimal:
    """Return what `units` have cost: of a leg that is ahead, its share at its average price."""
    total = Decimal(0)
    for leg, fill in zip(order.parts, fills, strict=True):
        share = units * leg.ratio
        part = fill.points if share == fill.quantity else _each(fill.points * share, fill.quantity)
        total += leg.sign * part
    return total


def _each(points: Decimal, quantity: int) -> Decimal:
    """Return `points` divided, to as many digits as the wire tells."""
    exact = points / quantity
    return exact if exact == exact.quantize(_DIGITS) else exact.quantize(_DIGITS)
