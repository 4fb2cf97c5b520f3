"""The pace of messages.

The broker allows half as many messages a second as there are data lines, 50 by default, and drops
the link on the third breach (domain.md section 3.2). What can wait keeps to 40 of all messages;
what cannot, orders and the ends of requests, goes at once and is counted.
"""

import asyncio
from collections import deque

REQUESTS_PER_SECOND = 40


class Pacer:
    """Lets at most so many callers through in any second of the event loop's time."""

    def __init__(self, per_second: int | None = REQUESTS_PER_SECOND) -> None:
        self._sent: deque[float] | None = None if per_second is None else deque(maxlen=per_second)
        self._lock = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for the caller's turn; without a limit it is always at once."""
        if self._sent is None:
            return
        async with self._lock:
            while (wait := self._wait()) > 0:  # noqa: ASYNC110 - time is what is waited for
                await asyncio.sleep(wait)
            self.count()

    def count(self) -> None:
        """Count a message that could not wait for a turn: those after it wait longer."""
        if self._sent is not None:
            self._sent.append(asyncio.get_running_loop().time())

    def _wait(self) -> float:
        """Return the seconds until a message more is within the limit."""
        if self._sent is None or len(self._sent) < (self._sent.maxlen or 0):
            return 0.0
        return self._sent[0] + 1.0 - asyncio.get_running_loop().time()
