"""The bot in real time: keep connected, keep the clock, do what is due.

Three tasks with one owner: the pump takes what the broker says, the link task asks the broker's
time and reconnects with growing waits when nothing answers, and the scheduler wakes the cycle. One
lock keeps an evaluation and a reconnection apart. A task that dies ends the service in order.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.app.engine import Engine
from bot.app.ports import Broker, BrokerError, BrokerUnreachableError, Clock, ClockSkewError
from bot.app.schedule import CADENCE, GRACE, Slot, due, next_slot
from bot.app.waits import growing_waits

HEARTBEAT_SECONDS = 1.0
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
SHORTEST_WAKE_SECONDS = 1.0
LATE_WALL_SECONDS = 15.0
"""How long, on the wall, a slot may be due and not begun before the bot counts as overdue."""
TURN_SECONDS = 20.0
"""How long, on the wall, who asks for a turn waits for one."""
ASLEEP = "the bot was not awake in time"
MAX_SKEW = timedelta(seconds=5)


T = TypeVar("T")

Sleep = Callable[[float], Awaitable[None]]
"""Waits so many wall seconds."""


class Pace(Protocol):
    """The clock's relation to the broker's."""

    @property
    def speed(self) -> float:
        """Seconds of this clock per wall second."""
        ...

    @property
    def is_settled(self) -> bool:
        """Whether the speed is known, rather than assumed to be that of the wall."""
        ...

    def follow(self, told: datetime) -> None:
        """Take the broker's time, just received.

        Raises:
            ClockSkewError: the host's clock is followed and the broker's differs too much.
        """
        ...


class HostPace:
    """The host's clock leads; the broker's may differ by five seconds (design.md section 3)."""

    speed = 1.0
    is_settled = True

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def follow(self, told: datetime) -> None:
        """Compare the broker's time with the host's."""
        skew = told - self._clock.now()
        if abs(skew) > MAX_SKEW:
            raise ClockSkewError(
                f"the broker's clock differs by {skew.total_seconds():.1f} s from this host's, "
                f"at most {MAX_SKEW.total_seconds():.0f} s is allowed: set the host's clock, or "
                f'follow the paper exchange\'s with clock = "broker"'
            )


class Service:
    """Runs one engine in real time."""

    def __init__(
        self,
        engine: Engine,
        broker: Broker,
        clock: Clock,
        pace: Pace,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._engine = engine
        self._broker = broker
        self._clock = clock
        self._pace = pace
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._done_until: datetime | None = None
        self._sessions = engine.sessions
        self._why_missed = ASLEEP
        self.reconnects = 0
        self.next_due: datetime | None = None

    @property
    def is_overdue(self) -> bool:
        """Whether a slot fell due longer ago than any delay in good health explains."""
        if self.next_due is None:
            return False
        allowed = max(GRACE, timedelta(seconds=LATE_WALL_SECONDS * self._pace.speed))
        return self._clock.now() - self.next_due > allowed

    async def open(self) -> None:
        """Connect for the first time; errors are the caller's."""
        async with self._turn:
            await self._engine.open(self._pace.follow)
            self._done_until = self._clock.now()

    async def keep_connected(self) -> None:
        """Ask the broker's time every second; when it does not answer, reconnect."""
        while True:
            try:
                await self._follow_clock()
            except BrokerError as error:
                async with self._turn:
                    self._why_missed = f"the broker was not connected: {error}"
                    await self._engine.lose(str(error))
                    await self._reconnect()
            await self._sleep(HEARTBEAT_SECONDS)

    async def wake(self) -> float:
        """Do what is due and return the wall seconds until the next wake-up."""
        async with self._turn:
            now = self._clock.now()
            what = due(self._sessions, now, self._done_until or now)
            for slot in what.missed:
                self._engine.miss(slot, self._why_missed)
            if what.slot is not None:
                await self._run(what.slot)
            self._done_until = what.done_until
            self._why_missed = ASLEEP
        return self._wait()

    async def in_turn(self, act: Callable[[], Awaitable[T]]) -> T:
        """Do something between evaluations, when no reconnection is under way.

        Raises:
            BrokerUnreachableError: the turn did not come in time: the broker is being looked for.
        """
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self._turn.acquire()
        except TimeoutError as error:
            raise BrokerUnreachableError("the bot is busy reconnecting to the broker") from error
        try:
            return await act()
        finally:
            self._turn.release()

    async def _run(self, slot: Slot) -> None:
        try:
            await self._engine.run_slot(slot)
        except BrokerError as error:
            self._engine.miss(slot, f"the broker did not answer: {error}")

    def _wait(self) -> float:
        now = self._clock.now()
        self.next_due = next_slot(self._sessions, now).due_at
        waiting = due(self._sessions, now, self._done_until or now)
        if waiting.slot is not None or waiting.missed:  # it fell due while the last slot ran
            return SHORTEST_WAKE_SECONDS
        if (
            not self._pace.is_settled
        ):  # a wait at an assumed speed could last for hours of a fast clock
            return SHORTEST_WAKE_SECONDS
        wait = min(self.next_due - now, CADENCE).total_seconds() / self._pace.speed
        return max(wait, SHORTEST_WAKE_SECONDS)

    async def _reconnect(self) -> None:
        for wait in growing_waits(FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS):
            try:
                await self._engine.open(self._pace.follow)
            except BrokerError:
                await self._sleep(wait)
            else:
                self.reconnects += 1
                return

    async def _follow_clock(self) -> None:
        self._pace.follow(await self._broker.current_time())
