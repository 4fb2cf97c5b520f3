"""The broker's pacing of history requests for small bars, in the exchange's time.

For bars of 30 seconds and less: the same request not twice within 15 seconds, fewer than six for
one contract, exchange and type within two, and sixty within ten minutes, where BID_ASK counts twice
(domain.md section 3.2). A refused request does not count.
"""

from collections import deque
from collections.abc import Hashable
from datetime import datetime, timedelta

_SAME_AGAIN = timedelta(seconds=15)
_BURST, _MOST_IN_BURST = timedelta(seconds=2), 5
_WHILE, _MOST_IN_WHILE = timedelta(minutes=10), 60

VIOLATION = "Historical data request pacing violation"


class HistoryPacer:
    """Remembers what was asked for in the last ten minutes."""

    def __init__(self) -> None:
        self._asked: deque[tuple[datetime, Hashable, Hashable, int]] = deque()

    def admits(self, now: datetime, request: Hashable, series: Hashable, weight: int = 1) -> bool:
        """Tell whether a request may be served now, and count it if so.

        Args:
            now: The exchange's time.
            request: All that makes a request the same as another.
            series: Contract, exchange and type.
            weight: How many requests it counts for.
        """
        while self._asked and self._asked[0][0] <= now - _WHILE:
            self._asked.popleft()
        if sum(each[3] for each in self._asked) + weight > _MOST_IN_WHILE:
            return False
        if any(at > now - _SAME_AGAIN and same == request for at, same, _, _ in self._asked):
            return False
        burst = [each for each in self._asked if each[0] > now - _BURST and each[2] == series]
        if len(burst) >= _MOST_IN_BURST:
            return False
        self._asked.append((now, request, series, weight))
        return True
