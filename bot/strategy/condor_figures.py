"""What a condor earns, risks and costs to close, from its legs alone (methodology.md section 1).

Amounts per condor are in points, as they are quoted; money is for all condors of the group. What
depends on the credit is unknown where the broker's average cost of a leg is blended: where the
account holds another number of a leg than the group, the leg is shared with something else.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from bot.domain.account import Position
from bot.domain.instruments import ConId
from bot.domain.quotes import Quote
from bot.strategy.positions import Group, Leg

SPX_OPTION_USD = 100
"""USD per point of one SPX option (domain.md section 1.3)."""


class CondorFigures(NamedTuple):
    """A condor in numbers; None is unknown.

    Attributes:
        credit: What one was sold for, commissions taken off, in points.
        cost_to_close: What closing one costs now: shorts at the ask, longs at the bid, in points.
        captured: The share of the credit that is earned, (credit - cost to close) / credit.
        lower, upper: The break-evens at expiry, SPX points.
        notional_usd: Capital at risk before the credit: the wider wing of all of them.
        max_loss_usd: That less the credit.
    """

    credit: Decimal | None
    cost_to_close: Decimal | None
    captured: float | None
    lower: Decimal | None
    upper: Decimal | None
    notional_usd: Decimal
    max_loss_usd: Decimal | None


def figures_of(
    group: Group, positions: Mapping[ConId, Position], quotes: Mapping[ConId, Quote]
) -> CondorFigures:
    """Return the figures of one condor of `bot.strategy.positions`.

    Args:
        group: The condor; its legs ascend by strike, puts before calls.
        positions: The account's positions by contract.
        quotes: Quotes by contract that may be used to value it.
    """
    low_put, short_put, short_call, high_call = (leg.option.strike for leg in group.legs)
    credit = _credit(group, positions)
    closing = _cost_to_close(group, quotes)
    width = max(short_put - low_put, high_call - short_call)
    notional = width * SPX_OPTION_USD * group.quantity
    earned = None if credit is None or closing is None else credit - closing
    return CondorFigures(
        credit=credit,
        cost_to_close=closing,
        captured=float(earned / credit) if earned is not None and credit and credit > 0 else None,
        lower=None if credit is None else short_put - credit,
        upper=None if credit is None else short_call + credit,
        notional_usd=notional,
        max_loss_usd=None
        if credit is None
        else notional - credit * SPX_OPTION_USD * group.quantity,
    )


def _credit(group: Group, positions: Mapping[ConId, Position]) -> Decimal | None:
    credit = Decimal(0)
    for leg in group.legs:
        held = positions.get(leg.option.con_id)
        if held is None or held.quantity != leg.quantity:
            return None
        credit -= _sign(leg) * held.average_cost_usd / leg.option.multiplier
    return credit


def _cost_to_close(group: Group, quotes: Mapping[ConId, Quote]) -> Decimal | None:
    """Return shorts at the ask less longs at the bid; None while a leg is not quoted.

    A long leg that is offered and that nobody bids for brings nothing: far out of the money that is
    how it ends, and the cost is then told as too high rather than not at all.
    """
    cost = Decimal(0)
    for leg in group.legs:
        quote = quotes.get(leg.option.con_id)
        if quote is None or quote.ask is None:
            return None
        cost += quote.ask if leg.quantity < 0 else -(quote.bid or Decimal(0))
    return cost


def _sign(leg: Leg) -> int:
    return 1 if leg.quantity > 0 else -1
