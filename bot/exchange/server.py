"""The exchange on a socket: the only place where it meets the network.

The server lets the venue answer what its peers (`bot.exchange.peer`) have read, stores what was
booked, and writes what is to be told. It decides nothing. All requests of all clients are served
one at a time in order of arrival, and replies are written in the order the venue gave them: whoever
gets an answer has all that was sent before it.

Time comes from outside: in virtual time the driver calls `advance`; in real time `run_clock` does.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection
from datetime import datetime

import msgspec

from bot.exchange.clock import RunningClock
from bot.exchange.peer import Peer
from bot.exchange.store import Store, StoreError
from bot.exchange.trace import FileTap, TraceFile
from bot.exchange.venue.floor import Outbox, SessionId
from bot.exchange.venue.venue import Venue
from bot.exchange.wire import Event, ProtocolViolation
from bot.exchange.wire.requests import Handshake

LOCALHOST = "127.0.0.1"
LONGEST_TICK_SECONDS = 1.0
SHORTEST_TICK_SECONDS = 0.1
MARKET_STEP_SECONDS = 15.0
"""Exchange seconds between two steps of a running clock, within the wall seconds above."""


class PortUnavailableError(OSError):
    """The address cannot be listened on; the message names it."""


class Traffic(msgspec.Struct):
    """How many messages went each way."""

    received: int = 0
    sent: int = 0


class ExchangeServer:
    """Serves one venue to any number of clients; use as `async with open_server(...)`."""

    def __init__(
        self,
        venue: Venue,
        store: Store,
        *,
        max_rate: int | None = None,
        trace: TraceFile | None = None,
        trusted: Collection[str] = (),
    ) -> None:
        self._venue = venue
        self._max_rate = max_rate
        self._trusted = frozenset(trusted)
        self._trace = trace
        self._store = store
        self._clients: dict[SessionId, Peer] = {}
        self._server: asyncio.Server | None = None
        self._failure: StoreError | None = None
        self.traffic = Traffic()

    @property
    def now(self) -> datetime:
        """The exchange's time."""
        return self._venue.now

    @property
    def port(self) -> int:
        """The port it listens on; raises `RuntimeError` while it does not."""
        if self._server is None:
            raise RuntimeError("the exchange does not listen")
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def host(self) -> str:
        """The address it listens on; raises `RuntimeError` while it does not."""
        if self._server is None:
            raise RuntimeError("the exchange does not listen")
        return str(self._server.sockets[0].getsockname()[0])

    @property
    def client_count(self) -> int:
        """How many connections are open."""
        return len(self._clients)

    async def listen(self, host: str, port: int) -> None:
        """Start to accept clients; port 0 takes any free one.

        Raises:
            PortUnavailableError: The address is in use or not ours.
        """
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(lambda: Peer(self, self._max_rate), host, port)
        except OSError as error:
            raise PortUnavailableError(f"cannot listen on {host}:{port}: {error}") from error

    async def close(self) -> None:
        """Stop listening and close every connection."""
        if self._server is not None:
            self._server.close()
        for client in list(self._clients.values()):
            client.close()
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    async def advance(self, now: datetime) -> None:
        """Move the exchange to `now` and push what changed to its clients.

        Raises:
            ValueError: `now` lies before the exchange's time.
        """
        self.publish(self._venue.advance(now))
        await asyncio.sleep(0)

    async def run_clock(self, clock: RunningClock) -> None:
        """Advance with the wall clock, from now on and until cancelled.

        Raises:
            StoreError: The state file can no longer be written.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        tick = MARKET_STEP_SECONDS / clock.speed
        tick = min(max(tick, SHORTEST_TICK_SECONDS), LONGEST_TICK_SECONDS)
        while True:
            now = clock.now(loop.time() - began)
            if now > self._venue.now:
                await self.advance(now)
            await asyncio.sleep(tick)

    # -- for the client protocols

    def admits(self, address: str) -> bool:
        """Tell whether programs of an address may connect at all: all may where none is named."""
        return not self._trusted or address in self._trusted

    def enter(self, client: Peer) -> SessionId:
        """Give a new connection its session."""
        session_id = self._venue.open_session()
        self._clients[session_id] = client
        return session_id

    def leave(self, session_id: SessionId) -> None:
        """Forget a connection that is gone."""
        self._clients.pop(session_id, None)
        self._venue.close_session(session_id)

    def tap(self, session_id: SessionId) -> FileTap | None:
        """Return who writes down what passes on a connection, if anybody does."""
        return None if self._trace is None else self._trace.tap(session_id, lambda: self.now)

    def serve(self, session_id: SessionId, event: Event) -> None:
        """Let the venue answer one event of a client, and publish what it caused."""
        self.traffic.received += 1
        client = self._clients[session_id]
        if isinstance(event, Handshake):
            client.write(client.connection.send(self._venue.greet()))
        elif isinstance(event, ProtocolViolation):
            if client.connection.server_version is not None:
                self.publish(self._venue.refuse(session_id, event.reason))
            if event.fatal:
                client.drop(event.reason)
        else:
            self.publish(self._venue.handle(session_id, event))

    def publish(self, outbox: Outbox) -> None:
        """Store, then write, then drop: in this order nothing told can be lost."""
        self._keep(outbox)
        for session_id, replies in outbox.replies.items():
            client = self._clients.get(session_id)
            if client is not None:
                self.traffic.sent += len(replies)
                client.write(client.connection.send_all(replies))
        for session_id, reason in outbox.drops.items():
            client = self._clients.get(session_id)
            if client is not None:
                client.drop(reason)

    def _keep(self, outbox: Outbox) -> None:
        """Store what was booked; once that failed, books and file differ and nothing is served."""
        if self._failure is not None:
            raise self._failure
        if not outbox.records:
            return
        try:
            self._store.append(outbox.records)
        except StoreError as error:
            self._failure = error
            raise


@contextlib.asynccontextmanager
async def open_server(  # noqa: PLR0913 - one parameter per option of the command
    venue: Venue,
    store: Store,
    *,
    host: str = LOCALHOST,
    port: int = 0,
    max_rate: int | None = None,
    trace: TraceFile | None = None,
    trusted: Collection[str] = (),
) -> AsyncIterator[ExchangeServer]:
    """Listen for as long as the block runs.

    A client that sends more than `max_rate` messages a second is refused (None for no limit);
    what passes on all connections is written to `trace`. With addresses in `trusted`, a connection
    from any other is closed at once and without a word, as a gateway does.

    Raises:
        PortUnavailableError: The address is in use or not ours.
    """
    server = ExchangeServer(venue, store, max_rate=max_rate, trace=trace, trusted=trusted)
    await server.listen(host, port)
    try:
        yield server
    finally:
        await server.close()
