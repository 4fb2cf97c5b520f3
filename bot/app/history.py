"""Assembles the daily history the indicators look back on, from the broker's daily bars.

512 completed sessions of VIX, SPX, every monthly VX future that lived in them, and of the
advance-decline figures where the broker has them. What is known is kept from day to day; each
morning only the newest closes are asked for, unless a gap shows.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.app.ports import Broker, BrokerRefusedError, BrokerTimeoutError
from bot.app.universe import Listings
from bot.domain.history import WINDOW, FutureCloses, History, IndexCloses
from bot.domain.instruments import BREADTH, ConId, Future, Instrument
from bot.domain.sessions import NEW_YORK, SessionTable
from bot.signals.front import front_series

LOOKED_BACK_ON = frozenset({BREADTH})
"""Optional indices with a signal that needs their past (G5)."""

NO_DATA = 162
"""What the broker answers when it has no bars for the time asked (domain.md section 3.6)."""


@dataclass(kw_only=True)
class _Heard:
    """The closes heard of one instrument, and the last session of the window last asked for."""

    closes: dict[date, float] = field(default_factory=dict)
    asked_until: date = date.min


class HistoryKeeper:
    """Keeps the closes already heard and asks the broker for the missing ones."""

    def __init__(self, broker: Broker, sessions: SessionTable) -> None:
        self._broker = broker
        self._sessions = sessions
        self._heard: dict[ConId, _Heard] = {}

    async def assemble(self, day: date, listed: Listings) -> History:
        """Return the history of the 512 sessions before `day`.

        A close the broker does not have is None. Futures settled before the first session of the
        window are left out.

        Raises:
            BrokerError: an answer was refused for another reason than want of data, or did not
                come.
        """
        dates = completed_dates(self._sessions, day)
        curve = tuple(
            [
                FutureCloses(
                    settlement=future.settlement,
                    closes=await self._closes(future, dates, _settlement_day(future)),
                )
                for future in listed.futures
                if _settlement_day(future) > dates[0]
            ]
        )
        return History(
            dates=dates,
            vix=await self._closes(listed.vix, dates, date.max),
            spx=await self._closes(listed.spx, dates, date.max),
            vix_front=front_series(dates, curve),
            futures=curve,
            indices=tuple([known async for known in self._optional(listed, dates)]),
        )

    async def _optional(
        self, listed: Listings, dates: Sequence[date]
    ) -> AsyncIterator[IndexCloses]:
        """Yield the closes of what a signal looks back on, as far as the broker has them.

        Whatever keeps them away, a missing permission or an answer that does not come, leaves a
        signal without its past and stops nothing; each morning they are asked for again.
        """
        for index in listed.sisters:
            if index.symbol not in LOOKED_BACK_ON:
                continue
            try:
                closes = await self._closes(index, dates, date.max)
            except (BrokerRefusedError, BrokerTimeoutError):
                continue
            if any(close is not None for close in closes):
                yield IndexCloses(symbol=index.symbol, closes=closes)

    async def _closes(
        self, instrument: Instrument, dates: Sequence[date], end: date
    ) -> tuple[float | None, ...]:
        heard = self._heard.setdefault(instrument.con_id, _Heard())
        missing = _missing(heard, dates, end)
        if missing:
            try:
                closes = await self._broker.daily_closes(instrument, missing)
            except BrokerRefusedError as error:
                if error.code != NO_DATA:
                    raise  # without data the gap stays a gap, and is asked for again
            else:
                heard.closes.update({close.date: close.close for close in closes})
                heard.asked_until = dates[-1]
        return tuple(heard.closes.get(day) if day < end else None for day in dates)


def _missing(heard: _Heard, dates: Sequence[date], end: date) -> int:
    """Return how many sessions, counted back from the newest date, to ask for.

    All at first, then those since the last known close. A close the broker did not have among them
    is not asked for again: a future has none before its listing. Nor is anything of a contract
    that was asked for after its `end`.
    """
    newest = max(heard.closes, default=date.min)
    wanted = [day for day in dates if newest < day < end]
    if not wanted or heard.asked_until > wanted[-1]:
        return 0
    return len(dates) - dates.index(wanted[0])


def completed_dates(sessions: SessionTable, day: date) -> tuple[date, ...]:
    """Return the dates of the 512 sessions before `day`, oldest first."""
    first = sessions.on_or_after(day).date
    return tuple(sessions.shift(first, -back).date for back in range(WINDOW, 0, -1))


def _settlement_day(future: Future) -> date:
    return future.settlement.astimezone(NEW_YORK).date()
