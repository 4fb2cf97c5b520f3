"""The newest events in memory, so that the journal need not be read for each of them.

Bounded: when it is full the oldest leaves, and is read from the journal when its turn comes. So
nothing is lost, however long the broker is away, and the bot's memory does not grow.
"""

from collections import deque
from itertools import islice

from bot.adapters.mqtt.messages import PUBLISHED_KINDS
from bot.domain.events import StoredEvent


class Outbox:
    """Events after `floor`, all of them; `limit` is how many are kept."""

    def __init__(self, limit: int, floor: int) -> None:
        self._limit = limit
        self._events: deque[StoredEvent] = deque()
        self.floor = floor
        self.newest = floor
        self.overflowed = 0

    def __len__(self) -> int:
        """Return how many events are in memory."""
        return len(self._events)

    def add(self, stored: StoredEvent) -> None:
        """Take an event the journal has just stored."""
        self.newest = stored.sequence
        if stored.kind not in PUBLISHED_KINDS:
            return
        if len(self._events) == self._limit:
            self.floor = self._events.popleft().sequence
            self.overflowed += 1
        self._events.append(stored)

    def reaches_back_to(self, sequence: int) -> bool:
        """Tell whether all events after `sequence` are here."""
        return sequence >= self.floor

    def first(self, count: int) -> list[StoredEvent]:
        """Return the oldest events."""
        return list(islice(self._events, count))

    def forget(self, sequence: int) -> None:
        """Let go of the events up to `sequence`: they need not be published any more."""
        while self._events and self._events[0].sequence <= sequence:
            self._events.popleft()
