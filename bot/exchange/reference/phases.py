"""When a product trades: night, regular hours, curb.

A session (a regular-hours date) owns the night before it and the curb after it. Hours differ by
kind (domain.md sections 1.1, 1.3, 1.4 and 2): index options trade 20:15-09:25, 09:30-16:15 and to
17:00; futures on VIX and the S&P 500 from 18:00 on without a break; shares 04:00-20:00; VIX is
published 03:15-09:25 and in regular hours, the other indices in regular hours alone. Shares, their
indices and S&P futures end their regular hours with the stock market, a quarter of an hour before
the options. On an early close everything after the opening moves with it.

A contract ends on its last trading day: options at the regular close (SPXW when it settles, with
the stocks), futures on VIX half an hour before they settle, those on the S&P 500 when they do
(domain.md sections 1.1, 1.3 and 1.4).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from enum import Enum, auto
from typing import NamedTuple, assert_never

from bot.domain.instruments import Future, Index, Option
from bot.domain.sessions import NEW_YORK, Session, SessionTable, at_new_york
from bot.exchange.reference.conid import SPX_FUTURE_CLASSES
from bot.exchange.reference.products import Product, Stock

_AFTER_STOCKS = timedelta(minutes=15)
_VIX_FUTURES_END = timedelta(minutes=30)
_EVENING = time(16)
"""A night that begins at or after this clock time begins on the evening before."""


class Phase(Enum):
    """What kind of trading a product is in."""

    CLOSED = auto()
    NIGHT = auto()
    REGULAR = auto()
    CURB = auto()


class Stretch(NamedTuple):
    """A time of trading, from `start` up to, not including, `end`; in UTC."""

    phase: Phase
    start: datetime
    end: datetime


class _Shape(NamedTuple):
    """The times around a session, as clock times in New York and spans after its regular end."""

    night: tuple[time, time] | None
    early_end: timedelta
    """How long before the options' close the regular hours end."""
    curb: timedelta
    """How long trading goes on after the regular end."""


_NONE = timedelta(0)
_OPTIONS = _Shape((time(20, 15), time(9, 25)), _NONE, timedelta(minutes=45))
_VIX_FUTURES = _Shape((time(18), time(9, 30)), _NONE, timedelta(minutes=45))
_SP_FUTURES = _Shape((time(18), time(9, 30)), _AFTER_STOCKS, timedelta(minutes=60))
_STOCKS = _Shape((time(4), time(9, 30)), _AFTER_STOCKS, timedelta(hours=4))
_VIX_INDEX = _Shape((time(3, 15), time(9, 25)), _NONE, _NONE)
_VOLATILITY_INDICES = _Shape(None, _NONE, _NONE)
_STOCK_INDICES = _Shape(None, _AFTER_STOCKS, _NONE)
_STOCK_INDEX_SYMBOLS = frozenset({"SPX", "AD-NYSE"})
_SP_FUTURE_LABELS = frozenset(each.label for each in SPX_FUTURE_CLASSES)


def stretches(product: Product, session: Session) -> tuple[Stretch, ...]:
    """Return the times at which products of this kind trade (an index: is published).

    Whether a contract still trades by then is another question: see `contract_stretches`.
    """
    shape = _shape_of(product)
    end = session.close_at - shape.early_end
    found = []
    if shape.night is not None:
        found.append(_night(session, *shape.night))
    found.append(Stretch(Phase.REGULAR, session.open_at, end))
    if shape.curb:
        found.append(Stretch(Phase.CURB, end, end + shape.curb))
    return tuple(found)


def contract_stretches(product: Product, session: Session) -> tuple[Stretch, ...]:
    """Return the times of a session at which this contract trades: none after its last one."""
    whole = stretches(product, session)
    if isinstance(product, Index | Stock) or session.date < product.last_trading_day:
        return whole
    if session.date > product.last_trading_day:
        return ()
    return tuple(_cut(whole, end_of_trading(product, session)))


def end_of_trading(product: Future | Option, last_session: Session) -> datetime:
    """Return when a contract stops trading in the session of its last trading day, in UTC."""
    if isinstance(product, Option):
        return min(last_session.close_at, product.settlement)
    is_sp = product.trading_class in _SP_FUTURE_LABELS
    return product.settlement if is_sp else product.settlement - _VIX_FUTURES_END


def _cut(whole: Iterable[Stretch], end: datetime) -> Iterator[Stretch]:
    for each in whole:
        if each.start < end:
            yield each._replace(end=min(each.end, end))


def phase_at(product: Product, sessions: SessionTable, now: datetime) -> Phase:
    """Return what `product` is in at `now`.

    Raises:
        UnknownSessionError: The session table does not reach so far.
    """
    stretch = _stretch_at(product, session_of(product, sessions, now), now)
    return Phase.CLOSED if stretch is None else stretch.phase


def session_of(product: Product, sessions: SessionTable, now: datetime) -> Session:
    """Return the session that `now` belongs to: the running one, or else the next.

    A session is over for a product when its last stretch has ended.
    """
    day = now.astimezone(NEW_YORK).date()
    session = sessions.on_or_after(day)
    if now < stretches(product, session)[-1].end:
        return session
    return sessions.on_or_after(day + timedelta(days=1))


def _stretch_at(product: Product, session: Session, now: datetime) -> Stretch | None:
    found = (each for each in stretches(product, session) if each.start <= now < each.end)
    return next(found, None)


def _night(session: Session, start: time, end: time) -> Stretch:
    eve = session.date - timedelta(days=1) if start >= _EVENING else session.date
    return Stretch(Phase.NIGHT, at_new_york(eve, start), at_new_york(session.date, end))


def _shape_of(product: Product) -> _Shape:
    match product:
        case Option():
            return _OPTIONS
        case Future():
            is_sp = product.trading_class in _SP_FUTURE_LABELS
            return _SP_FUTURES if is_sp else _VIX_FUTURES
        case Stock():
            return _STOCKS
        case Index(symbol="VIX"):
            return _VIX_INDEX
        case Index():
            is_of_stocks = product.symbol in _STOCK_INDEX_SYMBOLS
            return _STOCK_INDICES if is_of_stocks else _VOLATILITY_INDICES
        case _:
            assert_never(product)
