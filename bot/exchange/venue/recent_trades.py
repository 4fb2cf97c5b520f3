"""What the account's latest trades still decide: unsettled proceeds and day trades.

A sale is paid one business day later for options, and for shares two business days later, one from
28 May 2024 (SEC rule 15c6-1); futures are paid at once. A day trade opens and closes a security on
one day; an account worth less than 25,000 USD may do three in five business days (FINRA rule
4210(f)(8)(B)).
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from bot.domain.money import to_cents
from bot.domain.sessions import SessionTable
from bot.exchange.reference.conid import is_future
from bot.exchange.reference.underlyings import STOCKS
from bot.exchange.venue.books import Books
from bot.exchange.venue.contracts import BAG_CON_ID
from bot.exchange.venue.hours import new_york_date
from bot.exchange.venue.orders import Side
from bot.exchange.venue.records import Execution

UNLIMITED = -1
"""What the broker says where day trades are not counted."""
_COUNTED_BELOW_USD = Decimal(25_000)
_DAY_TRADES = 3
_WINDOW_SESSIONS = 5
_SHORTER_FROM = date(2024, 5, 28)
_LONGEST_SETTLEMENT = 2


def unsettled_sales_usd(books: Books, sessions: SessionTable, today: date) -> Decimal:
    """Return the proceeds of sales that are in cash but not yet paid."""
    since = sessions.shift(today, -_LONGEST_SETTLEMENT).date
    return to_cents(
        sum(
            (
                done.quantity * done.price * done.multiplier
                for done in _securities_since(books, since)
                if done.side is Side.SELL and _paid_on(done, sessions) > today
            ),
            Decimal(0),
        )
    )


def _paid_on(done: Execution, sessions: SessionTable) -> date:
    traded = new_york_date(done.at)
    days = 2 if done.con_id in STOCKS and traded < _SHORTER_FROM else 1
    return sessions.shift(traded, days).date


def day_trades_remaining(
    books: Books, sessions: SessionTable, today: date, worth_usd: Decimal
) -> list[int]:
    """Return how many day trades are left today and on each of the next four business days."""
    if worth_usd >= _COUNTED_BELOW_USD:
        return [UNLIMITED] * _WINDOW_SESSIONS
    starts = [sessions.shift(today, n + 1 - _WINDOW_SESSIONS).date for n in range(_WINDOW_SESSIONS)]
    done = _day_trades(books, starts[0])
    return [max(_DAY_TRADES - sum(day >= start for day in done), 0) for start in starts]


def _day_trades(books: Books, since: date) -> list[date]:
    """Return the day of each contract that was both bought and sold on it."""
    sides: dict[tuple[date, int], set[Side]] = {}
    for done in _securities_since(books, since):
        sides.setdefault((new_york_date(done.at), done.con_id), set()).add(done.side)
    return [day for (day, _), both in sides.items() if len(both) == len(Side)]


def _securities_since(books: Books, since: date) -> Iterator[Execution]:
    """Yield the latest executions of securities, newest first; combinations by their legs."""
    for done in reversed(books.executions):
        if new_york_date(done.at) < since:
            return
        if done.con_id != BAG_CON_ID and not is_future(done.con_id):
            yield done
