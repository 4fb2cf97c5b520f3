"""The price walk of orders that R29 does not stop: stage 3's purchases, and sales that close.

They may trade in a market too wide for others, so they do not pay at once what it asks. Where the
spread is one that R29 lets pass, the limit is the far side. Beyond, it stands at first half that
widest spread from the middle, and each evaluation that does not see it filled moves it on by as
much, up to a hard limit: what lies behind it is not paid, whatever the hurry. A call that nobody
buys at a sensible price is worth more at its settlement.
"""

from decimal import Decimal

from bot.domain.money import PriceGrid
from bot.domain.orders import Side
from bot.domain.policy import SlippagePolicy
from bot.domain.quotes import Quote
from bot.strategy.slippage import spread_limit

_DIGITS = 9


def walked(
    quote: Quote,
    side: Side,
    grid: PriceGrid,
    policy: SlippagePolicy,
    working: Decimal | None = None,
) -> Decimal:
    """Return the limit of an order now, in points on the grid.

    Args:
        quote: A quote with two sides.
        side: Whether it buys or sells.
        grid: The legal prices of its contract.
        policy: R29's numbers.
        working: The limit at which it works already, None for a new one.
    """
    assert quote.bid is not None, "a walk needs two sides"
    assert quote.ask is not None, "a walk needs two sides"
    mid = (quote.bid + quote.ask) / 2
    step = spread_limit(float(mid), policy) / 2.0
    given = 0.0 if working is None else max(float(side.sign * (working - mid)), 0.0)
    hard = hard_limit(float(mid), policy)
    wanted = mid + side.sign * _points(min(given + step, hard))
    hardest = mid + side.sign * _points(hard)
    # rounded away from the middle, so that each step moves by a tick; the hard limit is not
    if side is Side.BUY:
        return min(grid.ceil(wanted), grid.ceil(quote.ask), grid.floor(hardest))
    return max(grid.floor(wanted), grid.floor(quote.bid), grid.ceil(hardest))


def hard_limit(mid: float, policy: SlippagePolicy) -> float:
    """Return the points from the middle beyond which no order goes (R29)."""
    return max(policy.walk_of_mid * mid, policy.walk_floor)


def _points(distance: float) -> Decimal:
    return Decimal(str(round(distance, _DIGITS)))
