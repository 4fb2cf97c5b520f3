"""Assembles the daily history the indicators look back on, from the broker's daily bars.

512 completed sessions of VIX, SPX and every monthly VX future that lived in them. What is known is
kept from day to day; each morning only the newest closes are asked for, unless a gap shows.
"""

from collections.abc import Sequence
from datetime import date

from bot.app.ports import Broker, BrokerRefusedError, DailyClose
from bot.app.universe import Listings
from bot.domain.history import WINDOW, FutureCloses, History
from bot.domain.instruments import ConId, Future, Instrument
from bot.domain.sessions import NEW_YORK, SessionTable
from bot.signals.front import front_series

NO_DATA = 162
"""What the broker answers when it has no bars for the time asked (domain.md section 3.6)."""


class HistoryKeeper:
    """Keeps the closes already heard and asks the broker for the missing ones."""

    def __init__(self, broker: Broker, sessions: SessionTable) -> None:
        self._broker = broker
        self._sessions = sessions
        self._closes: dict[ConId, dict[date, float]] = {}

    async def assemble(self, day: date, listed: Listings) -> History:
        """Return the history of the 512 sessions before `day`.

        A close the broker does not have is None. Futures settled before the first session of the
        window are left out.
        """
        dates = completed_dates(self._sessions, day)
        needed = [f for f in listed.futures if f.settlement.astimezone(NEW_YORK).date() > dates[0]]
        curve: list[FutureCloses] = []
        for future in needed:
            closes = await self._aligned(future, _life(future, dates))
            spread = dict(closes)
            curve.append(
                FutureCloses(
                    settlement=future.settlement, closes=tuple(spread.get(d) for d in dates)
                )
            )
        return History(
            dates=dates,
            vix=tuple(c for _, c in await self._aligned(listed.vix, dates)),
            spx=tuple(c for _, c in await self._aligned(listed.spx, dates)),
            vix_front=front_series(dates, tuple(curve)),
            futures=tuple(curve),
        )

    async def _aligned(
        self, instrument: Instrument, dates: Sequence[date]
    ) -> list[tuple[date, float | None]]:
        known = self._closes.setdefault(instrument.con_id, {})
        missing = _missing(known, dates)
        if missing:
            known.update(
                {close.date: close.close for close in await self._ask(instrument, missing)}
            )
        return [(day, known.get(day)) for day in dates]

    async def _ask(self, instrument: Instrument, sessions: int) -> Sequence[DailyClose]:
        try:
            return await self._broker.daily_closes(instrument, sessions)
        except BrokerRefusedError as error:
            if error.code == NO_DATA:
                return ()  # a future listed after these sessions has none; the gap stays a gap
            raise


def _missing(known: dict[date, float], dates: Sequence[date]) -> int:
    """Return how many newest sessions to ask for: all at first, then those since the last known.

    A close the broker did not have when all were asked for is not asked for again: a future has
    none before its listing.
    """
    if not known:
        return len(dates)
    newest = max(known)
    return sum(1 for day in dates if day > newest)


def completed_dates(sessions: SessionTable, day: date) -> tuple[date, ...]:
    """Return the dates of the 512 sessions before `day`, oldest first."""
    first = sessions.on_or_after(day).date
    return tuple(sessions.shift(first, -back).date for back in range(WINDOW, 0, -1))


def _life(future: Future, dates: Sequence[date]) -> list[date]:
    last = future.settlement.astimezone(NEW_YORK).date()
    return [day for day in dates if day < last]
