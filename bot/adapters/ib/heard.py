"""The queue between the library's callbacks and the application.

Callbacks translate and put; one task takes. A failure inside a callback is put here too and comes
out of `take` as an exception, because the library would only log it (domain.md section 4).
"""

import asyncio

from bot.app.ports import BrokerError
from bot.domain.broker import BrokerEvent


class MessageLostError(BrokerError):
    """Something the broker said could not be read or translated; it may have been a fill."""


class Heard:
    """Events in the order in which the broker said them."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[BrokerEvent | MessageLostError] = asyncio.Queue()

    def put(self, event: BrokerEvent) -> None:
        """Add an event."""
        self._queue.put_nowait(event)

    def fail(self, what: str, cause: BaseException | None) -> None:
        """Add a failure, which `take` will raise."""
        error = MessageLostError(what)
        error.__cause__ = cause
        self._queue.put_nowait(error)

    async def take(self) -> BrokerEvent:
        """Wait for the next event; `done` must follow once it has been dealt with.

        Raises:
            MessageLostError: in place of an event that could not be translated.
        """
        item = await self._queue.get()
        if isinstance(item, MessageLostError):
            self._queue.task_done()
            raise item
        return item

    def done(self) -> None:
        """Say that the event last taken has been dealt with."""
        self._queue.task_done()

    async def all_done(self) -> None:
        """Wait until everything put so far has been dealt with."""
        await self._queue.join()
