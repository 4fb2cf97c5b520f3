"""When an order trades: which phases of its product it takes part in, and when they come.

Options and shares trade by night and after the close only for limit orders that ask for it
(outsideRth); all others wait for the regular opening. Futures know no such distinction: they trade
around the clock, but the futures exchange of VIX takes market orders in regular hours alone
(domain.md sections 1.3 and 3.5).
"""

from datetime import datetime, timedelta

from bot.domain.instruments import ConId, Future
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


class OrderHours:
    """Answers when orders trade, by one session table.

    The stretch that was found last for a contract and its phases is remembered with the instant it
    was asked for: it is the answer for every instant from there to its end, and asking is done for
    each open order at each step.
    """

    def __init__(self, sessions: SessionTable) -> None:
        self._sessions = sessions
        self._found: dict[tuple[ConId, frozenset[Phase]], tuple[datetime, Stretch]] = {}

    def trades_at(self, product: Tradable, order: BookedOrder, now: datetime) -> bool:
        """Tell whether `order` may trade at `now`."""
        return self._next(product, order, now).start <= now

    def opens_at(self, product: Tradable, order: BookedOrder, now: datetime) -> datetime:
        """Return when `order` trades next: `now` or earlier if it does at the moment."""
        return self._next(product, order, now).start

    def day_ends_at(self, product: Tradable, order: BookedOrder, now: datetime) -> datetime:
        """Return when a DAY order of this kind ends: with its last phase of the session.

        Raises:
            UnknownSessionError: The session table does not reach so far.
        """
        first = self._next(product, order, now)
        session = session_of(product, self._sessions, first.start)
        phases = phases_of(product, order)
        return max(each.end for each in stretches(product, session) if each.phase in phases)

    def regular_close(self, product: Tradable, now: datetime) -> datetime:
        """Return the regular close that is still to come."""
        coming = self._coming(product, now)
        return next(each.end for each in coming if each.phase is Phase.REGULAR)

    def _next(self, product: Tradable, order: BookedOrder, now: datetime) -> Stretch:
        phases = phases_of(product, order)
        since, found = self._found.get((product.con_id, phases), (None, None))
        if since is None or found is None or not since <= now < found.end:
            found = next(each for each in self._coming(product, now) if each.phase in phases)
            self._found[product.con_id, phases] = now, found
        return found

    def _coming(self, product: Tradable, now: datetime) -> list[Stretch]:
        """Return the stretches that have not ended at `now`, of this session and the next."""
        session = session_of(product, self._sessions, now)
        after = self._sessions.on_or_after(session.date + timedelta(days=1))
        both = (*stretches(product, session), *stretches(product, after))
        return [each for each in both if each.end > now]
