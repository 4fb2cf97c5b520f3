"""The pace of data requests.

The broker allows half as many requests a second as there are data lines, 50 by default, and drops
the link on the third breach (domain.md section 3.2). Requests for data keep to 40; orders and
cancels bypass this and use what is left.
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
            now = asyncio.get_running_loop().time()
            if len(self._sent) == self._sent.maxlen:
                await asyncio.sleep(max(0.0, self._sent[0] + 1.0 - now))
            self._sent.append(asyncio.get_running_loop().time())
