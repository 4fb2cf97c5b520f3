"""The wall scheduler wakes, one at a time, and dies of what a wake-up dies of."""

import asyncio

import pytest

from bot.adapters.clock import HostClock
from bot.adapters.scheduler import Wake, WallScheduler

ENOUGH = 4


class Sleeper:
    """Counts its wake-ups and says when they were enough."""

    def __init__(self, wait: float = 0.0, work_seconds: float = 0.0) -> None:
        self._wait = wait
        self._work_seconds = work_seconds
        self._awake = 0
        self.most_awake = 0
        self.wakes = 0
        self.enough = asyncio.Event()

    async def wake(self) -> float:
        self._awake += 1
        self.most_awake = max(self.most_awake, self._awake)
        await asyncio.sleep(self._work_seconds)
        self._awake -= 1
        self.wakes += 1
        if self.wakes >= ENOUGH:
            self.enough.set()
        return self._wait


async def until(enough: asyncio.Event, wake: Wake) -> None:
    """Run a scheduler until the event is set."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(WallScheduler(wake, HostClock().now).run())
        await enough.wait()
        task.cancel()


async def test_it_wakes_at_once_and_again_after_what_was_asked_for() -> None:
    sleeper = Sleeper(wait=0.01)
    await until(sleeper.enough, sleeper.wake)
    assert sleeper.wakes >= ENOUGH


async def test_a_wake_up_that_asks_for_no_wait_at_all_is_followed_by_another() -> None:
    sleeper = Sleeper(wait=0.0)
    await until(sleeper.enough, sleeper.wake)
    assert sleeper.wakes >= ENOUGH


async def test_a_wake_up_that_takes_long_is_not_overlapped_by_the_next() -> None:
    sleeper = Sleeper(wait=0.0, work_seconds=0.02)
    await until(sleeper.enough, sleeper.wake)
    assert sleeper.most_awake == 1


async def test_a_long_wait_is_one_wake_up() -> None:
    woken = asyncio.Event()
    sleeper = Sleeper(wait=3600.0)

    async def wake() -> float:
        wait = await sleeper.wake()
        asyncio.get_running_loop().call_later(0.05, woken.set)
        return wait

    await until(woken, wake)
    assert sleeper.wakes == 1


async def test_what_a_wake_up_raises_is_the_callers() -> None:
    async def fail() -> float:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        await WallScheduler(fail, HostClock().now).run()


async def test_a_wait_that_is_no_number_does_not_end_the_waking_unseen() -> None:
    async def confuse() -> float:
        return float("nan")

    with pytest.raises(ValueError, match="NaN"):
        await WallScheduler(confuse, HostClock().now).run()


async def test_a_late_failure_is_seen_too() -> None:
    sleeper = Sleeper()

    async def wake() -> float:
        if sleeper.enough.is_set():
            raise OSError("the fifth one failed")
        return await sleeper.wake()

    with pytest.raises(OSError, match="the fifth one failed"):
        await WallScheduler(wake, HostClock().now).run()
    assert sleeper.wakes == ENOUGH


async def test_cancelled_during_a_wake_up_it_cancels_that_one() -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    async def wake() -> float:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return 0.0

    await until(started, wake)
    await asyncio.sleep(0)
    assert ended.is_set()
