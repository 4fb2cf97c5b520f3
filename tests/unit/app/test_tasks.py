"""Tasks that live and end together."""

import asyncio
import inspect

import pytest

from bot.app.tasks import TaskEndedError, beside, run_together


class Life:
    """A task that lives until it is cancelled, and remembers that it was."""

    def __init__(self) -> None:
        self.started = asyncio.Event()
        self.cancelled = False

    async def live(self) -> None:
        self.started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise


async def die(after: asyncio.Event) -> None:
    await after.wait()
    raise ValueError("the disk is full")


async def end_early() -> None:
    await asyncio.sleep(0)


async def test_one_that_dies_ends_them_all_and_is_named() -> None:
    life = Life()
    with pytest.raises(ValueError, match="the disk is full") as caught:
        await run_together({"pump": life.live(), "link": die(life.started)}, asyncio.Event())
    assert life.cancelled
    assert caught.value.__notes__ == ["in the task 'link'"]


async def test_one_that_ends_without_being_asked_is_an_error() -> None:
    life = Life()
    with pytest.raises(TaskEndedError, match="'scheduler'"):
        await run_together({"pump": life.live(), "scheduler": end_early()}, asyncio.Event())
    assert life.cancelled


async def test_a_stop_ends_them_all_without_an_error() -> None:
    lives, stop = (Life(), Life()), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(run_together({"a": lives[0].live(), "b": lives[1].live()}, stop))
        await lives[0].started.wait()
        await lives[1].started.wait()
        stop.set()
    assert all(life.cancelled for life in lives)


async def test_a_stop_before_they_begin_leaves_none_behind() -> None:
    """A service may be told to end while it is still getting ready."""
    life, stop = Life(), asyncio.Event()
    stop.set()
    task = life.live()
    await run_together({"pump": task}, stop)
    assert not life.started.is_set()
    assert inspect.getcoroutinestate(task) == inspect.CORO_CLOSED


async def test_a_task_that_fails_while_it_is_stopped_is_still_told() -> None:
    async def fail_late() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise OSError("could not close")

    stop = asyncio.Event()
    asyncio.get_running_loop().call_soon(stop.set)
    with pytest.raises(OSError, match="could not close"):
        await run_together({"log": fail_late()}, stop)


async def test_being_cancelled_from_outside_cancels_the_tasks() -> None:
    life = Life()
    async with asyncio.TaskGroup() as group:
        together = group.create_task(run_together({"a": life.live()}, asyncio.Event()))
        await life.started.wait()
        together.cancel()
    assert life.cancelled


async def test_a_task_beside_a_block_ends_with_it() -> None:
    life = Life()
    async with beside("pump", life.live()):
        await life.started.wait()
        assert not life.cancelled
    assert life.cancelled


async def test_what_a_block_fails_of_comes_out_bare_and_ends_the_task() -> None:
    life = Life()

    async def block() -> None:
        async with beside("pump", life.live()):
            await life.started.wait()
            raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        await block()
    assert life.cancelled


async def test_a_task_that_dies_beside_a_block_ends_it() -> None:
    life, begun = Life(), asyncio.Event()

    async def block() -> None:
        async with beside("clock", die(begun)):
            begun.set()
            await life.live()

    with pytest.raises(ValueError, match="the disk is full") as caught:
        await block()
    assert life.cancelled
    assert caught.value.__notes__ == ["in the task 'clock'"]


async def test_a_task_that_ends_before_its_block_is_an_error() -> None:
    with pytest.raises(TaskEndedError, match="'clock'"):
        async with beside("clock", end_early()):
            await asyncio.Event().wait()


async def test_a_block_that_fails_at_once_leaves_no_task_behind() -> None:
    """Nothing was awaited yet: a coroutine left so would be warned of when it is collected."""
    life = Life()

    async def block() -> None:
        async with beside("pump", life.live()):
            raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        await block()
    assert not life.started.is_set()


async def test_a_cancellation_that_is_lost_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that turns the first one into an error of its own does not keep the bot alive."""
    monkeypatch.setattr("bot.app.tasks.CANCEL_AGAIN_SECONDS", 0.01)
    life, lost = Life(), asyncio.Event()

    async def loses_one() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            lost.set()
        await life.live()

    async with asyncio.timeout(5), beside("the deaf one", loses_one()):
        await asyncio.sleep(0)
    assert lost.is_set()
    assert life.cancelled
