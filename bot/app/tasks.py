"""Runs the tasks of a service together: each has a name, one that dies ends them all in order."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager

CANCEL_AGAIN_SECONDS = 5.0


class TaskEndedError(Exception):
    """A task that should run for ever came to its end."""


async def run_together(
    tasks: Mapping[str, Coroutine[None, None, None]], stop: asyncio.Event
) -> None:
    """Run named tasks until `stop` is set, then cancel them.

    Raises:
        Exception: what the first task that failed died of, with a note that names the task; the
            others were cancelled.
        TaskEndedError: a task ended without being asked to.
    """
    try:
        async with asyncio.TaskGroup() as group:
            started = [
                group.create_task(_for_ever(name, task), name=name) for name, task in tasks.items()
            ]
            await stop.wait()
            await _end(*started)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    finally:
        for task in tasks.values():
            task.close()  # one that was cancelled before its first step was never awaited


@asynccontextmanager
async def beside(name: str, task: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run a task for as long as the block; a failure of either ends the other, and comes out bare.

    Raises:
        Exception: what the block or the task failed of.
        TaskEndedError: the task ended before the block.
    """
    try:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(_for_ever(name, task), name=name)
            yield
            await _end(running)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    finally:
        task.close()  # one that was cancelled before its first step would never have been awaited


async def _end(*tasks: asyncio.Task[None]) -> None:
    """Cancel until they are over: `asyncio.wait_for` can lose a cancellation before Python 3.12."""
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=CANCEL_AGAIN_SECONDS)


async def _for_ever(name: str, task: Coroutine[None, None, None]) -> None:
    try:
        await task
    except Exception as error:
        error.add_note(f"in the task {name!r}")
        raise
    raise TaskEndedError(f"the task {name!r} ended, which it never should")
