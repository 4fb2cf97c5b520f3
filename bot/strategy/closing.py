"""At what price a held contract may be sold now, or why it cannot be.

A sale that closes is not stopped by R29's spread; it walks the price instead, down to a hard limit.
It needs a live, uncrossed line with somebody bidding, and a contract that is not locked.
"""

from decimal import Decimal

from bot.domain.instruments import Option
from bot.domain.orders import Side
from bot.strategy.contracts import untouchable
from bot.strategy.draft import Case
from bot.strategy.trust import is_live
from bot.strategy.walk import walked


def sale_price(case: Case, option: Option, working: Decimal | None = None) -> Decimal | str:
    """Return the limit of a sale on its grid in points, or the obstacle in words.

    It is the bid where the spread is one that R29 lets pass, or where nobody offers.

    Args:
        case: The evaluation.
        option: What is sold.
        working: The limit at which it is on sale already, None for a new order.
    """
    if reason := untouchable(case.inputs.book, option.con_id):
        return f"it {reason}"
    quote = case.market.quotes.get(option.con_id)
    if quote is None or not is_live(quote, case.inputs.snapshot) or quote.is_crossed:
        return "it has no quote that may be trusted"
    bid = None if quote.bid is None or not quote.bid_size else option.grid.floor(quote.bid)
    if bid is None or bid <= 0:
        return "nobody bids for it"
    if quote.mid is None:
        return bid
    return walked(quote, Side.SELL, option.grid, case.policy.slippage, working)
