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
from bot.domain.instruments import Instrument
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


def completed_closes(bars: Iterable[Any], now: datetime, sessions: int) -> tuple[DailyClose, ...]:
    """Return the last `sessions` closes before the New York day of `now`, oldest first.

    A bar whose close is unset or not positive is left out: it is missing, not zero.
    """
    today = now.astimezone(NEW_YORK).date()
    closes = {day_of(bar.date): bar.close for bar in bars if is_set(bar.close) and bar.close > 0}
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
        talk.send(lambda client: client.cancelHistoricalData(number))
        raise
    if not bars:
        raise BrokerRefusedError(NO_DATA, f"no bars came for {instrument.symbol}")
    return completed_closes(bars, now, sessions)
