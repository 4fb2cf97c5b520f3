"""How fast a client may talk: the broker's limit on messages a second.

At the broker 50 messages a second are allowed (domain.md section 3.2). One more is refused with
error 100 and is a breach; the third breach ends the connection. Messages refused within a second of
a breach belong to it. A client that asks for pacing (`+PACEAPI` in its first line) is never
refused: its messages wait. Time is the caller's, in seconds.

The limit is a bucket of as many messages as a second allows, refilled at that rate. A window that
slides by single messages would be stricter than the broker: clients' own throttles send a second's
share in one burst, and two bursts a hair less than a second apart would both be in it.
"""

WINDOW_SECONDS = 1.0
MAX_BREACHES = 3


class RateGate:
    """Counts the messages of one client."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._room = float(limit)
        self._at = float("-inf")
        self._breached_at = float("-inf")
        self._breaches = 0

    @property
    def limit(self) -> int:
        """How many messages a second are allowed."""
        return self._limit

    @property
    def breaches(self) -> int:
        """How often the limit was passed."""
        return self._breaches

    def wait_seconds(self, now: float) -> float:
        """Return how long the next message must wait to be within the limit, 0 for not at all."""
        self._refill(now)
        return max(0.0, (1.0 - self._room) * WINDOW_SECONDS / self._limit)

    def admit(self, now: float) -> bool:
        """Count a message that came `now`; whether it is within the limit."""
        self._refill(now)
        if self._room >= 1.0:
            self._room -= 1.0
            return True
        if now - self._breached_at >= WINDOW_SECONDS:
            self._breached_at = now
            self._breaches += 1
        return False

    def _refill(self, now: float) -> None:
        room = self._room + (now - self._at) * self._limit / WINDOW_SECONDS
        self._room = min(float(self._limit), room)
        self._at = now
