"""At what price a held contract may be sold now, or why it cannot be.

A sale that closes is not bound by R29's spread: it walks down to the bid, as far as its hard limit
(`bot.strategy.walk`). It needs a live, uncrossed line with somebody bidding, and a contract that is
not locked.
"""

from decimal import Decimal

from bot.domain.instruments import Option
from bot.domain.orders import Side
from bot.strategy.contracts import untouchable
from bot.strategy.draft import Case
from bot.strategy.trust import is_live
from bot.strategy.walk import hard_limit, walked


def sale_price(case: Case, option: Option, working: Decimal | None = None) -> Decimal | str:
    """Return where a sale may stand now, in points on the grid, or the obstacle in words.

    At the bid where the spread is an ordinary one, else on its walk from `working`, the limit at
    which it works already. A line without an ask has no middle to walk from: then it is the bid.
    """
    if reason := untouchable(case.inputs.book, option.con_id):
        return f"it {reason}"
    quote = case.market.quotes.get(option.con_id)
    if quote is None or not is_live(quote, case.inputs.snapshot) or quote.is_crossed:
        return "it has no quote that may be trusted"
    bid = None if quote.bid is None or not quote.bid_size else option.grid.floor(quote.bid)
    if bid is None or bid <= 0:
        return "nobody bids for it"
    if not quote.is_two_sided:
        return bid
    return walked(quote, Side.SELL, option.grid, case.policy.slippage, working)


def out_of_reach(case: Case, option: Option) -> str:
    """Return that the bid lies behind the hard limit of the walk, empty where it does not.

    Only of a contract that has a sale price.
    """
    quote = case.market.quotes[option.con_id]
    if quote.mid is None or quote.bid is None:
        return ""
    mid = float(quote.mid)
    lowest = mid - hard_limit(mid, case.policy.slippage)
    behind = float(quote.bid) < lowest
    return f"the bid of {quote.bid:.2f} lies behind the hard limit {lowest:.2f}" if behind else ""
