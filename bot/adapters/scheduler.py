"""Wakes the bot on the wall clock, with APScheduler.

One wake-up is scheduled at a time, by date: the bot says how long until its next one, so there is
neither overlap nor drift, and a run the machine slept through is one late run, not several. What
is due at a wake-up the bot asks of its session clock; that is where missed slots are found.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from bot.domain.sessions import NEW_YORK

Wake = Callable[[], Awaitable[float]]
"""One wake-up; returns the wall seconds until the next."""


class WallScheduler:
    """Calls `wake` now and then again after as many seconds as it asked for."""

    def __init__(self, wake: Wake, now: Callable[[], datetime]) -> None:
        self._wake = wake
        self._now = now
        self._scheduler = AsyncIOScheduler(timezone=NEW_YORK)
        self._ended: asyncio.Future[float] | None = None

    async def run(self) -> None:
        """Keep waking until cancelled.

        Raises:
            Exception: whatever a wake-up raised; the scheduler stops and the error is the caller's.
        """
        self._scheduler.add_listener(self._on_end, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        self._scheduler.start()
        seconds = 0.0
        try:
            while True:
                self._ended = asyncio.get_running_loop().create_future()
                self._schedule(seconds)
                seconds = await self._ended
        finally:
            self._scheduler.shutdown(wait=False)

    def _schedule(self, seconds: float) -> None:
        self._scheduler.add_job(
            self._wake,
            trigger=DateTrigger(self._now() + timedelta(seconds=seconds), timezone=UTC),
            id="wake",
            replace_existing=True,
            misfire_grace_time=None,
        )

    def _on_end(self, event: JobExecutionEvent) -> None:
        if self._ended is None or self._ended.done():
            return
        if event.exception is None:
            self._ended.set_result(event.retval)
        else:
            self._ended.set_exception(event.exception)
