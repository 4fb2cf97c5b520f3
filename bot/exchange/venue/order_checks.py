"""Whether an order may stand: what it would trade, at which price, and what the account can bear.

Each check returns a refusal or None; the order desk asks them in turn and answers with the first.
Codes and their meaning are those of domain.md section 3.6. What an order *says* is checked before,
in `order_terms`.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from bot.domain.instruments import Future, Option, is_vix_call
from bot.domain.money import PriceGrid
from bot.domain.sessions import SessionTable
from bot.exchange.reference.phases import Phase, phase_at
from bot.exchange.reference.products import Stock
from bot.exchange.venue.account_rules import AccountRules
from bot.exchange.venue.books import Books
from bot.exchange.venue.combos import net_grid
from bot.exchange.venue.contracts import BAG, SMART, sec_type
from bot.exchange.venue.floor import Floor
from bot.exchange.venue.hours import last_trade_at
from bot.exchange.venue.order_costs import (
    equity_usd,
    outlay_usd,
    requirement_after,
    requirement_before,
)
from bot.exchange.venue.order_draft import Deal, is_non_guaranteed, leg_limits
from bot.exchange.venue.order_hours import CFE
from bot.exchange.venue.orders import BookedOrder, Leg, OrderType, Side, Tif
from bot.exchange.venue.refusal import Refusal, incomplete, invalid, rejected
from bot.exchange.wire.order import WireOrder

_OFF_GRID = "The price does not conform to the minimum price variation for this contract."
_NO_TYPE = "Unsupported order type for this exchange and security type."
_NO_ALGO = "Specified algorithm is not allowed for this order."
_PER_LEG = "Invalid per-leg price: only two-leg non-guaranteed SMART combinations have them."
_UNPRICED = incomplete("the limit price")
_LEGS_OF_NON_GUARANTEED = 2


def check_deal(
    wire: WireOrder, deal: Deal, sessions: SessionTable, now: datetime
) -> Refusal | None:
    """Refuse what this kind of order cannot do with these contracts, or no longer."""
    if any(now >= last_trade_at(sessions, leg.product) for leg in deal.legs):
        return Refusal(392, "Sorry, this contract has expired.")
    kind = OrderType(wire.order_type)
    if kind.is_closing and not isinstance(deal.lead, Stock):
        return Refusal(387, _NO_TYPE)
    if deal.is_combo and kind.has_stop:
        return Refusal(387, _NO_TYPE)
    if wire.algo_strategy and not _takes_algo(wire, deal, sessions, now):
        return Refusal(442, _NO_ALGO)
    if kind is OrderType.MARKET and _is_night_at_cfe(deal, sessions, now):
        return rejected("Market orders are not accepted outside regular trading hours")
    return _check_combo(wire, deal) if deal.is_combo else check_leg_prices(wire, deal)


def _takes_algo(wire: WireOrder, deal: Deal, sessions: SessionTable, now: datetime) -> bool:
    """Adaptive: single US options and shares, routed SMART, in regular hours (section 3.5)."""
    return (
        not deal.is_combo
        and not isinstance(deal.lead, Future)
        and deal.exchange == SMART
        and not wire.outside_rth
        and phase_at(deal.lead, sessions, now) is Phase.REGULAR
    )


def _is_night_at_cfe(deal: Deal, sessions: SessionTable, now: datetime) -> bool:
    return deal.lead.exchange == CFE and phase_at(deal.lead, sessions, now) is not Phase.REGULAR


def _check_combo(wire: WireOrder, deal: Deal) -> Refusal | None:
    loose = is_non_guaranteed(wire)
    if wire.oca_group:
        return Refusal(356, "Smart combo order cannot be in an OCA group.")
    if loose and (wire.all_or_none or wire.tif == Tif.FOK):
        return invalid("a combination that may fill by leg cannot be all or none")
    if loose and len(deal.legs) != _LEGS_OF_NON_GUARANTEED:
        return rejected("A combination of more than two legs must be guaranteed")
    return check_leg_prices(wire, deal)


def check_leg_prices(wire: WireOrder, deal: Deal) -> Refusal | None:
    """Refuse prices per leg where there may be none, or that are not on the legs' grids.

    Where there are none, a limit order needs one of its own.
    """
    prices = leg_limits(wire, deal)
    if not prices:
        return None if wire.lmt_price is not None or not _is_limited(wire) else _UNPRICED
    if not is_non_guaranteed(wire):
        return Refusal(10058, _PER_LEG)
    if len(prices) != len(deal.legs):
        return invalid("either every leg has a price or none")
    legal = all(
        price > 0 and leg.product.grid.is_legal(price)
        for leg, price in zip(deal.legs, prices, strict=True)
    )
    return None if legal else Refusal(110, _OFF_GRID)


def _is_limited(wire: WireOrder) -> bool:
    return OrderType(wire.order_type).has_limit


def grid_of(deal: Deal) -> PriceGrid:
    """Return the legal prices of what is traded."""
    return net_grid(deal.legs) if deal.is_combo else deal.lead.grid


def check_prices(order: BookedOrder, deal: Deal) -> Refusal | None:
    """Refuse prices that the market rule does not allow; a combination's may be of any sign."""
    grid = grid_of(deal)
    if order.limit is not None and order.limit <= 0 and not deal.is_combo:
        return invalid("a limit order needs a limit price above zero")
    limit = order.limit if not order.leg_limits else None  # each leg's was checked on its own grid
    prices = (price for price in (limit, order.stop) if price is not None)
    return None if all(grid.is_legal(price) for price in prices) else Refusal(110, _OFF_GRID)


def check_permission(rules: AccountRules, deal: Deal) -> Refusal | None:
    """Refuse what the account may not trade."""
    kinds = {sec_type(leg.product) for leg in deal.legs} | ({BAG} if deal.is_combo else set())
    missing = sorted(kinds - rules.may_trade)
    if missing:
        return Refusal(460, f"No trading permissions: {', '.join(missing)}")
    if deal.lead.symbol in rules.barred_symbols:
        return Refusal(203, "The security is not available or allowed for this account.")
    return None


def check_account(floor: Floor, order: BookedOrder) -> Refusal | None:
    """Refuse what the account cannot bear, counting what its other working orders may do."""
    if order.quantity > floor.rules.largest_order:
        return rejected(f"Order size exceeds {floor.rules.largest_order} contracts")
    if not floor.rules.naked_calls:
        refusal = check_short(floor, order)
        if refusal is not None:
            return refusal
    return check_funds(floor, order)


def check_short(floor: Floor, order: BookedOrder) -> Refusal | None:
    """Refuse to sell VIX calls that are not held, counting what working orders already sell.

    A combination may sell calls that it buys calls of the same settlement against: all legs fill
    or none, so the short one is never alone.
    """
    if any(_is_uncovered(floor, order, leg) for leg in order.parts):
        return rejected("This account may not be short of VIX calls")
    return None


def _is_uncovered(floor: Floor, order: BookedOrder, leg: Leg) -> bool:
    option = _as_vix_call(floor, leg)
    if option is None or order.sides(leg) is Side.BUY:
        return False
    free = floor.books.quantity(leg.con_id) - _selling(floor.books, order, leg)
    uncovered = order.remaining * leg.ratio - max(0, free)
    return uncovered > 0 and (not order.guaranteed or _net_calls(floor, order, option) < 0)


def _net_calls(floor: Floor, order: BookedOrder, short: Option) -> int:
    """Return the VIX calls of the settlement of `short` that one unit of the order brings."""
    calls = ((_as_vix_call(floor, leg), leg) for leg in order.parts)
    return order.side.sign * sum(
        leg.signed_ratio for call, leg in calls if call and call.settlement == short.settlement
    )


def _as_vix_call(floor: Floor, leg: Leg) -> Option | None:
    product = floor.product(leg.con_id)
    return product if isinstance(product, Option) and is_vix_call(product) else None


def _selling(books: Books, order: BookedOrder, leg: Leg) -> int:
    """Return what other working orders may sell of a contract; of a group only one order trades."""
    alone = 0
    groups: dict[tuple[int, str], int] = defaultdict(int)
    for other, part in _parts_of_others(books, order):
        if part.con_id != leg.con_id or other.sides(part) is Side.BUY:
            continue
        size = other.remaining * part.ratio
        if not other.group:
            alone += size
        else:
            key = other.client_id, other.group
            groups[key] = max(groups[key], size)
    return alone + sum(groups.values())


def _parts_of_others(books: Books, order: BookedOrder) -> Iterable[tuple[BookedOrder, Leg]]:
    for other in others_of(books, order):
        for part in other.parts:
            yield other, part


def others_of(books: Books, order: BookedOrder) -> Iterable[BookedOrder]:
    """Yield the orders that may trade besides `order`; the rest of its group cannot do both."""
    for other in books.open_orders():
        same_group = order.group and (other.client_id, other.group) == (
            order.client_id,
            order.group,
        )
        if other.is_live and other.perm_id != order.perm_id and not same_group:
            yield other


def check_funds(floor: Floor, order: BookedOrder) -> Refusal | None:
    """Refuse what the available funds do not pay for, counting what working orders may spend.

    What frees more than it takes, as closing a short position does, is never refused.
    """
    outlay, after = outlay_usd(floor, order), requirement_after(floor, order, naked_calls=True)
    if outlay is None or after is None:
        return rejected("No market price is known that the order could be valued at")
    if outlay + after.initial_usd < requirement_before(floor).initial_usd:
        return None
    if not floor.rules.naked_calls and requirement_after(floor, order, naked_calls=False) is None:
        return rejected("The position would have unlimited risk")
    spending = sum(
        (outlay_usd(floor, o) or Decimal(0) for o in others_of(floor.books, order)), Decimal(0)
    )
    free = equity_usd(floor) - after.initial_usd - spending - outlay
    if free >= 0:
        return None
    return rejected(f"Your available funds are insufficient, short of {-free:.2f} USD")
