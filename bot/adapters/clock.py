"""The clocks: the host's, a virtual one set by a driver, and one that follows the broker.

The only module that asks the machine what time it is. Everything else is handed a clock.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

SPEED_SAMPLES = 30
"""How many answers of the broker the speed is judged from."""

LEAP_SECONDS = 1800.0
"""A step between two answers beyond what the speed explains by so much is a leap of the clock."""

SILENCE_SECONDS = 5.0
"""After so many wall seconds without an answer the speed is judged anew: an outage is no speed."""

RESOLUTION_SECONDS = 1.0
"""The broker tells whole seconds."""

LONGEST_CARRY_SECONDS = 3.0
"""Wall seconds the clock runs on without an answer; then it stands until the broker speaks."""


class HostClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait so many seconds."""
        await asyncio.sleep(seconds)


class VirtualClock:
    """A clock that moves only when a driver sets it; its sleepers wake in order of their time."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._order = count()
        self._sleepers: list[tuple[datetime, int, asyncio.Event]] = []

    def now(self) -> datetime:
        """Return the instant last set."""
        return self._now

    def set(self, now: datetime) -> None:
        """Move to `now` and wake those whose time has come.

        Raises:
            ValueError: time would run backwards.
        """
        if now < self._now:
            raise ValueError(f"the virtual clock stands at {self._now}, cannot go back to {now}")
        self._now = now
        awake = [sleeper for sleeper in self._sleepers if sleeper[0] <= now]
        self._sleepers = [sleeper for sleeper in self._sleepers if sleeper[0] > now]
        for _, _, event in sorted(awake, key=lambda sleeper: sleeper[:2]):
            event.set()

    async def sleep(self, seconds: float) -> None:
        """Wait until the driver has moved the clock by so many seconds."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        event = asyncio.Event()
        self._sleepers.append((self._now + timedelta(seconds=seconds), next(self._order), event))
        await event.wait()


class BrokerClock:
    """Follows the broker's time, at whatever speed it runs.

    The paper exchange may run many times faster than the wall clock and leaps over the night, so
    each answer to a time request is taken as true at the moment it came, and between answers the
    clock runs on at the speed seen over the last ones. It never runs backwards.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._samples: deque[tuple[float, datetime]] = deque(maxlen=SPEED_SAMPLES)
        self._last: datetime | None = None
        self._speed = 1.0
        self._is_settled = False

    def follow(self, told: datetime) -> None:
        """Take the broker's answer, received now."""
        at = self._monotonic()
        if self._samples and (self._was_silent(at) or self._is_leap(at, told)):
            self._samples.clear()
        self._samples.append((at, told))
        first_at, first = self._samples[0]
        wall = at - first_at
        seconds = (told - first).total_seconds()
        if wall > 0 and seconds > 2 * RESOLUTION_SECONDS:
            self._speed = seconds / wall
            self._is_settled = True

    @property
    def is_settled(self) -> bool:
        """Whether answers were far enough apart to tell the speed."""
        return self._is_settled

    @property
    def speed(self) -> float:
        """Broker seconds per wall second; 1 until two answers are far enough apart to tell."""
        return self._speed

    def now(self) -> datetime:
        """Return the broker's time, carried on from its last answer.

        Raises:
            RuntimeError: the broker has not told its time yet.
        """
        if not self._samples:
            raise RuntimeError("the broker's clock was asked before the broker told its time")
        at, told = self._samples[-1]
        carried = min(self._monotonic() - at, LONGEST_CARRY_SECONDS)
        reading = told + timedelta(seconds=carried * self.speed)
        self._last = reading if self._last is None else max(self._last, reading)
        return self._last

    async def sleep(self, seconds: float) -> None:
        """Wait so many broker seconds, as long as they take on the wall at the present speed."""
        await asyncio.sleep(seconds / self.speed)

    def _was_silent(self, at: float) -> bool:
        return at - self._samples[-1][0] > SILENCE_SECONDS

    def _is_leap(self, at: float, told: datetime) -> bool:
        before_at, before = self._samples[-1]
        expected = (at - before_at) * self.speed
        return abs((told - before).total_seconds() - expected) > LEAP_SECONDS
