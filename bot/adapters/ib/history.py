"""Daily closes from the broker's bars.

Only completed sessions count: a bar dated today in New York is dropped, whatever the hour, because
the broker goes on changing it after the close. An empty answer is an error, never an empty truth.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.adapters.ib.contracts import contract_of, day_of
from bot.adapters.ib.conversation import Conversation
from bot.adapters.ib.numbers import is_set
from bot.app.ports import BrokerRefusedError, BrokerTimeoutError, DailyClose
from bot.domain.instruments import BREADTH, Instrument
from bot.domain.sessions import NEW_YORK

NO_DATA = 162
_DAYS_PER_SESSION = 1.5
_SPARE_DAYS = 7
_YEAR = 365
_UNTIL_NOW = ""


def duration_of(sessions: int) -> str:
    """Return a span that surely holds so many sessions; above 365 days the broker takes years."""
    days = int(sessions * _DAYS_PER_SESSION) + _SPARE_DAYS
    return f"{days} D" if days <= _YEAR else f"{-(-days // _YEAR)} Y"


def completed_closes(
    bars: Iterable[Any], now: datetime, sessions: int, *, signed: bool = False
) -> tuple[DailyClose, ...]:
    """Return the last `sessions` closes before the New York day of `now`, oldest first.

    A bar whose close is unset is left out, and one that is not positive: it is missing, not zero.
    `signed` closes, of advances less declines, may be zero or negative.
    """
    today = now.astimezone(NEW_YORK).date()
    known = (bar for bar in bars if is_set(bar.close) and (signed or bar.close > 0))
    closes = {day_of(bar.date): bar.close for bar in known}
    days = sorted(day for day in closes if day < today)[-sessions:]
    return tuple(DailyClose(date=day, close=closes[day]) for day in days)


async def ask_daily_closes(
    talk: Conversation, instrument: Instrument, sessions: int, now: datetime
) -> tuple[DailyClose, ...]:
    """Ask for daily trade bars of regular hours and return the completed closes.

    Raises:
        BrokerRefusedError: the broker refused, or sent no bar at all.
        BrokerTimeoutError: no answer in time.
    """
    number = talk.next_number()
    try:
        bars = await talk.ask(
            lambda client, number: client.reqHistoricalData(
                number,
                contract_of(instrument),
                _UNTIL_NOW,
                duration_of(sessions),
                "1 day",
                "TRADES",
                useRTH=1,
                formatDate=1,
                keepUpToDate=False,
                chartOptions=[],
            ),
            talk.limits.history,
            number=number,
        )
    except BrokerTimeoutError:
        talk.tell(lambda client: client.cancelHistoricalData(number))
        raise
    if not bars:
        raise BrokerRefusedError(NO_DATA, f"no bars came for {instrument.symbol}")
    return completed_closes(bars, now, sessions, signed=instrument.symbol == BREADTH)
