"""The clocks tell the time they promise."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.clock import BrokerClock, HostClock, VirtualClock

START = datetime(2018, 2, 5, 14, 34, tzinfo=UTC)


class Wall:
    """A monotonic clock moved by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_the_host_clock_is_aware_and_runs() -> None:
    before = HostClock().now()
    assert before.tzinfo is UTC
    assert HostClock().now() >= before


async def test_the_host_clock_sleeps() -> None:
    before = HostClock().now()
    await HostClock().sleep(0.01)
    assert HostClock().now() - before >= timedelta(milliseconds=9)


async def test_virtual_sleepers_wake_in_order_of_their_time() -> None:
    clock, woken = VirtualClock(START), list[str]()

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(name)

    async with asyncio.TaskGroup() as group:
        for name, seconds in (("late", 60), ("soon", 10), ("far", 600), ("at once", 0)):
            group.create_task(sleeper(name, seconds), name=name)
        await asyncio.sleep(0.01)
        assert woken == ["at once"]
        clock.set(START + timedelta(seconds=60))
        await asyncio.sleep(0.01)
        assert woken == ["at once", "soon", "late"]
        clock.set(START + timedelta(seconds=600))
    assert woken[-1] == "far"
    assert clock.now() == START + timedelta(seconds=600)


def test_virtual_time_never_runs_backwards() -> None:
    clock = VirtualClock(START)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.set(START - timedelta(seconds=1))


def test_the_broker_clock_is_unknown_before_the_first_answer() -> None:
    with pytest.raises(RuntimeError, match="before the broker told"):
        BrokerClock().now()


@pytest.mark.parametrize("speed", [1, 60])
def test_the_broker_clock_runs_on_at_the_speed_it_saw(speed: int) -> None:
    wall = Wall()
    clock = BrokerClock(wall)
    for second in range(11):
        wall.at = 100.0 + second
        clock.follow(START + timedelta(seconds=second * speed))
        assert clock.is_settled is (second * speed > 2)
    assert clock.speed == pytest.approx(speed)
    wall.at += 0.5
    assert clock.now() == START + timedelta(seconds=10.5 * speed)


def test_two_answers_too_close_to_tell_leave_the_speed_at_one() -> None:
    wall = Wall()
    clock = BrokerClock(wall)
    clock.follow(START)
    clock.follow(START)
    assert clock.speed == 1.0
    wall.at += 3
    assert clock.now() == START + timedelta(seconds=3)


def test_a_leap_over_the_night_does_not_count_as_speed() -> None:
    wall = Wall()
    clock = BrokerClock(wall)
    for second in range(5):
        wall.at = 100.0 + second
        clock.follow(START + timedelta(seconds=second * 60))
    wall.at += 1
    morning = START + timedelta(hours=17)
    clock.follow(morning)
    assert clock.now() == morning
    wall.at += 1
    assert clock.now() == morning + timedelta(seconds=60)


def test_an_outage_does_not_count_as_slowness() -> None:
    """An exchange that was restarted goes on where it stood, at the speed it had."""
    wall = Wall()
    clock = BrokerClock(wall)
    for second in (*range(5), *range(25, 27)):
        wall.at = 100.0 + second
        lived = second if second < 5 else second - 20
        clock.follow(START + timedelta(seconds=lived * 60))
        assert second == 0 or clock.speed == pytest.approx(60)


def test_the_broker_clock_never_runs_backwards() -> None:
    wall = Wall()
    clock = BrokerClock(wall)
    clock.follow(START + timedelta(seconds=5))
    assert clock.now() == START + timedelta(seconds=5)
    clock.follow(START)
    assert clock.now() == START + timedelta(seconds=5)


async def test_sleeping_on_a_fast_broker_clock_is_short() -> None:
    wall = Wall()
    clock = BrokerClock(wall)
    for second in range(4):
        wall.at = 100.0 + second
        clock.follow(START + timedelta(seconds=second * 600))
    async with asyncio.timeout(5):
        await clock.sleep(60)


def test_the_broker_clock_stands_when_the_broker_is_silent() -> None:
    wall = Wall()
    clock = BrokerClock(wall)
    clock.follow(START)
    wall.at += 3600
    assert clock.now() == START + timedelta(seconds=3)
