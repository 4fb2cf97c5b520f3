"""At what price a held contract may be sold now, or why it cannot be.

A sale that closes walks down with the bid (R29); it needs a live, uncrossed line with somebody
bidding, and a contract that is not locked.
"""

from decimal import Decimal

from bot.domain.instruments import Option
from bot.strategy.contracts import untouchable
from bot.strategy.draft import Case
from bot.strategy.trust import is_live


def sale_price(case: Case, option: Option) -> Decimal | str:
    """Return the bid on its grid in points, or the obstacle in words."""
    if reason := untouchable(case.inputs.book, option.con_id):
        return f"it {reason}"
    quote = case.market.quotes.get(option.con_id)
    if quote is None or not is_live(quote, case.inputs.snapshot) or quote.is_crossed:
        return "it has no quote that may be trusted"
    bid = None if quote.bid is None or not quote.bid_size else option.grid.floor(quote.bid)
    return "nobody bids for it" if bid is None or bid <= 0 else bid
