"""The subscriptions of one kind that a desk feeds at each step: by client and request id.

A client that is gone takes its subscriptions along, and each one counts among what a client may
have open at once (`Client.subscription_count`), so that its memory is bounded.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

from bot.exchange.venue.floor import Client, Floor, SessionId

S = TypeVar("S")


class Streams(Generic[S]):
    """What is open of one kind; `kind` tells it from the others of the same request id."""

    def __init__(self, floor: Floor, kind: str) -> None:
        self._floor = floor
        self._kind = kind
        self._open: dict[tuple[SessionId, int], S] = {}

    def __len__(self) -> int:
        """How many are open, of all clients together."""
        return sum(1 for _ in self.each())

    def has(self, client: Client, request_id: int) -> bool:
        """Tell whether a client has one under a request id."""
        return (client.session_id, request_id) in self._open

    def open(self, client: Client, request_id: int, stream: S) -> None:
        """Enter a subscription; one under the same id is replaced."""
        self._open[client.session_id, request_id] = stream
        client.streams.add((self._kind, request_id))

    def close(self, client: Client, request_id: int) -> bool:
        """End a subscription, and tell whether there was one."""
        client.streams.discard((self._kind, request_id))
        return self._open.pop((client.session_id, request_id), None) is not None

    def each(self) -> Iterator[tuple[Client, S]]:
        """Yield the clients and what they have open; forget what belonged to the gone."""
        for key, stream in list(self._open.items()):
            client = self._floor.clients.get(key[0])
            if client is None:
                del self._open[key]
            else:
                yield client, stream
