"""Requests that await an answer.

Most carry a number that the answer repeats. Some do not (current time, positions, open and
completed orders): their key is a word, and their answers come in the order of the questions. A
question that was given up therefore stays in line and takes its late answer with it; otherwise the
next question would be answered with what was true before it was asked.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from bot.app.ports import BrokerError, BrokerTimeoutError

Key = int | str | tuple[str, int]
"""A request number, the word for a question without one, or a word with a number (market rules)."""


class _Pending:
    """One question: the rows so far and the future of their end."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self.answer: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()


class Requests:
    """The questions of one connection."""

    def __init__(self) -> None:
        self._waiting: defaultdict[Key, deque[_Pending]] = defaultdict(deque)

    def __contains__(self, key: Key) -> bool:
        """Tell whether an answer to `key` is awaited."""
        return key in self._waiting

    async def ask(self, key: Key, send: Callable[[], None], limit_seconds: float) -> list[Any]:
        """Send a question and wait for the rows of its answer.

        Raises:
            BrokerTimeoutError: no answer came within `limit_seconds` of the event loop's time.
            BrokerError: the broker refused, or the connection ended.
        """
        pending = _Pending()
        send()
        self._waiting[key].append(pending)
        try:
            async with asyncio.timeout(limit_seconds):
                return await pending.answer
        except TimeoutError:
            raise BrokerTimeoutError(
                f"no answer to request {key} within {limit_seconds:g} s: the outcome is unknown"
            ) from None
        finally:
            self._give_up(key, pending)

    def row(self, key: Key, row: Any) -> None:
        """Add a row to the answer of the oldest question of `key`, if one is open."""
        if key in self._waiting:
            self._waiting[key][0].rows.append(row)

    def end(self, key: Key) -> None:
        """Complete the oldest question of `key` with its rows."""
        pending = self._take(key)
        if pending is not None and not pending.answer.done():
            pending.answer.set_result(pending.rows)

    def refuse(self, key: Key, error: BrokerError) -> None:
        """Complete the oldest question of `key` with an error."""
        pending = self._take(key)
        if pending is not None and not pending.answer.done():
            pending.answer.set_exception(error)

    def refuse_all(self, error: BrokerError) -> None:
        """Complete every question with an error: nothing will be answered any more."""
        for key in list(self._waiting):
            while key in self._waiting:
                self.refuse(key, error)

    def _take(self, key: Key) -> _Pending | None:
        if key not in self._waiting:
            return None
        line = self._waiting[key]
        pending = line.popleft()
        if not line:
            del self._waiting[key]
        return pending

    def _give_up(self, key: Key, pending: _Pending) -> None:
        told_apart = not isinstance(key, str)  # by its number, a late answer is known as such
        if told_apart and pending in self._waiting.get(key, ()):
            del self._waiting[key]
