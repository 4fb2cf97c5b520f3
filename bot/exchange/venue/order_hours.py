"""When an order trades: which phases of its product it takes part in, and when they come.

Options and shares trade by night and after the close only for limit orders that ask for it
(outsideRth); all others wait for the regular opening. Futures know no such distinction: they trade
around the clock, but the futures exchange of VIX takes market orders in regular hours alone
(domain.md sections 1.3 and 3.5).
"""

from datetime import datetime, timedelta

from bot.domain.instruments import Future
from bot.domain.sessions import SessionTable
from bot.exchange.reference.phases import Phase, Stretch, session_of, stretches
from bot.exchange.reference.products import Tradable
from bot.exchange.venue.orders import BookedOrder, OrderType

_REGULAR = frozenset({Phase.REGULAR})
_ALL = frozenset({Phase.NIGHT, Phase.REGULAR, Phase.CURB})
_LIMITED = frozenset({OrderType.LIMIT, OrderType.STOP_LIMIT})
CFE = "CFE"


def heeds_outside_rth(product: Tradable, order_type: OrderType, *, is_algo: bool) -> bool:
    """Tell whether the flag makes a difference; where it does not, it is ignored (2109)."""
    return not isinstance(product, Future) and order_type in _LIMITED and not is_algo


def phases_of(product: Tradable, order: BookedOrder) -> frozenset[Phase]:
    """Return the phases of `product` in which `order` trades."""
    if isinstance(product, Future):
        is_market = order.order_type not in _LIMITED
        return _REGULAR if product.exchange == CFE and is_market else _ALL
    return _ALL if order.outside_rth else _REGULAR


def trades_at(product: Tradable, order: BookedOrder, sessions: SessionTable, now: datetime) -> bool:
    """Tell whether `order` may trade at `now`."""
    stretch = _next(product, order, sessions, now)
    return stretch.start <= now


def opens_at(
    product: Tradable, order: BookedOrder, sessions: SessionTable, now: datetime
) -> datetime:
    """Return when `order` trades next: `now` or earlier if it does at the moment."""
    return _next(product, order, sessions, now).start


def day_ends_at(
    product: Tradable, order: BookedOrder, sessions: SessionTable, now: datetime
) -> datetime:
    """Return when a DAY order of this kind ends: with the last phase of its session that it has."""
    first = _next(product, order, sessions, now)
    session = session_of(product, sessions, first.start)
    phases = phases_of(product, order)
    return max(each.end for each in stretches(product, session) if each.phase in phases)


def regular_close(product: Tradable, sessions: SessionTable, now: datetime) -> datetime:
    """Return the regular close that is still to come."""
    return next(each.end for each in _coming(product, sessions, now) if each.phase is Phase.REGULAR)


def _next(product: Tradable, order: BookedOrder, sessions: SessionTable, now: datetime) -> Stretch:
    phases = phases_of(product, order)
    return next(each for each in _coming(product, sessions, now) if each.phase in phases)


def _coming(product: Tradable, sessions: SessionTable, now: datetime) -> list[Stretch]:
    """Return the stretches that have not ended at `now`, of this session and the next."""
    session = session_of(product, sessions, now)
    after = sessions.on_or_after(session.date + timedelta(days=1))
    both = (*stretches(product, session), *stretches(product, after))
    return [each for each in both if each.end > now]
