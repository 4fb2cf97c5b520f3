"""Dates and last trades: what the clock says in New York, and when a contract stops trading.

Hours come from the session table, which has to reach past every day that is asked about. When an
order trades within them is told by `order_hours`.
"""

from datetime import date, datetime, time, timedelta

from bot.domain.sessions import NEW_YORK, SessionTable, at_new_york
from bot.exchange.reference.phases import end_of_trading
from bot.exchange.reference.products import Stock, Tradable

_DAY_ENDS = time(17)


def trading_day(sessions: SessionTable, now: datetime) -> date:
    """Return the trading day that `now` belongs to; one ends, and the next begins, at 17:00.

    The curb session is the last of a trade date, the night session the first of the next one
    (domain.md section 1.1); so do the futures' days part.
    """
    local = now.astimezone(NEW_YORK)
    day = local.date() if local.time() < _DAY_ENDS else local.date() + timedelta(days=1)
    return sessions.on_or_after(day).date


def last_trade_at(sessions: SessionTable, product: Tradable) -> datetime:
    """Return when a contract stops trading: its last day's close, or its settlement if sooner.

    An expiring SPXW stops at 16:00, a quarter of an hour before its class (domain.md section 1.4);
    an expiring VX at 09:00 on the morning it settles (section 1.3). A share never stops, but the
    session table does.
    """
    if isinstance(product, Stock):
        return sessions.sessions[-1].close_at
    return end_of_trading(product, sessions.on_or_before(product.last_trading_day))


def new_york_date(now: datetime) -> date:
    """Return the calendar date in New York."""
    return now.astimezone(NEW_YORK).date()


def midnight(now: datetime) -> datetime:
    """Return when the New York day of `now` began, in UTC."""
    return at_new_york(new_york_date(now), time())
