"""Whether a product trades at an instant, kept from one change to the next.

Lines ask this at every step and hours depend on the kind of product alone, so each kind's present
stretch, open or closed, is remembered.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.domain.instruments import Index
from bot.domain.sessions import SessionTable
from bot.exchange.reference.phases import Phase, session_of, stretches
from bot.exchange.reference.products import Product

_LAST_INSTANT = timedelta(seconds=1)


class Span(NamedTuple):
    """A time in one phase, from `start` up to, not including, `end`."""

    phase: Phase
    start: datetime
    end: datetime


class OpenHours:
    """When products trade, by kind."""

    def __init__(self, sessions: SessionTable) -> None:
        self._sessions = sessions
        self._spans: dict[tuple[type, str, str], Span] = {}

    def phase(self, product: Product, now: datetime) -> Phase:
        """Return what `product` is in at `now`."""
        return self._span(product, now).phase

    def is_open(self, product: Product, now: datetime) -> bool:
        """Tell whether `product` trades (an index: is published) at `now`."""
        return self._span(product, now).phase is not Phase.CLOSED

    def last_open(self, product: Product, now: datetime) -> datetime:
        """Return `now` while the product trades, else the last second in which it did."""
        span = self._span(product, now)
        return span.start - _LAST_INSTANT if span.phase is Phase.CLOSED else now

    def last_regular(self, product: Product, now: datetime) -> datetime:
        """Return `now` in regular hours, else the last second of the regular hours before."""
        session = session_of(product, self._sessions, now)
        regular = self._regular(product, session.date)
        if now < regular.start:
            regular = self._regular(product, self._sessions.shift(session.date, -1).date)
        return min(now, regular.end - _LAST_INSTANT)

    def day_began(self, product: Product, now: datetime) -> datetime:
        """Return when the trading of the session that `now` belongs to began, night included."""
        return stretches(product, session_of(product, self._sessions, now))[0].start

    def _regular(self, product: Product, day: date) -> Span:
        session = self._sessions.on_or_after(day)
        found = next(e for e in stretches(product, session) if e.phase is Phase.REGULAR)
        return Span(*found)

    def _span(self, product: Product, now: datetime) -> Span:
        trading_class = "" if isinstance(product, Index) else product.trading_class
        kind = (type(product), product.symbol, trading_class)
        found = self._spans.get(kind)
        if found is None or not found.start <= now < found.end:
            found = self._spans[kind] = self._find(product, now)
        return found

    def _find(self, product: Product, now: datetime) -> Span:
        session = session_of(product, self._sessions, now)
        before = self._sessions.shift(session.date, -1)
        closed_since = stretches(product, before)[-1].end
        # a session ends after every time that belongs to it, so one stretch is not over yet
        coming = [each for each in stretches(product, session) if now < each.end]
        over = [each.end for each in stretches(product, session) if each.end <= now]
        if coming[0].start <= now:
            return Span(*coming[0])
        return Span(Phase.CLOSED, over[-1] if over else closed_since, coming[0].start)
