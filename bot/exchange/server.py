"""The exchange on a socket: the only place where it meets the network.

One object per client does five things in fixed order: feed bytes to the protocol, take its events,
let the venue answer, store what was booked, write what is to be told. It decides nothing. All
requests of all clients are served one at a time in order of arrival, and replies are written in the
order the venue gave them: whoever gets an answer has all that was sent before it.

Time comes from outside: in virtual time the driver calls `advance`; in real time `run_clock` does.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import datetime

import msgspec
from typing_extensions import override

from bot.exchange.clock import RunningClock
from bot.exchange.store import Store, StoreError
from bot.exchange.venue.floor import Outbox, SessionId
from bot.exchange.venue.venue import Venue
from bot.exchange.wire import NEED_DATA, Event, ProtocolViolation, ServerConnection
from bot.exchange.wire.requests import Handshake

LOCALHOST = "127.0.0.1"
MAX_UNREAD_BYTES = 8 << 20
"""How far a client may fall behind before it is dropped."""
LONGEST_TICK_SECONDS = 1.0
SHORTEST_TICK_SECONDS = 0.1
MARKET_STEP_SECONDS = 15.0
"""Exchange seconds between two steps of a running clock, within the wall seconds above."""

_log = logging.getLogger(__name__)


class PortUnavailableError(OSError):
    """The address cannot be listened on; the message names it."""


class Traffic(msgspec.Struct):
    """How many messages went each way."""

    received: int = 0
    sent: int = 0


class ExchangeServer:
    """Serves one venue to any number of clients; use as `async with open_server(...)`."""

    def __init__(self, venue: Venue, store: Store) -> None:
        self._venue = venue
        self._store = store
        self._clients: dict[SessionId, _ClientProtocol] = {}
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
            self._server = await loop.create_server(lambda: _ClientProtocol(self), host, port)
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

    def enter(self, client: "_ClientProtocol") -> SessionId:
        """Give a new connection its session."""
        session_id = self._venue.open_session()
        self._clients[session_id] = client
        return session_id

    def leave(self, session_id: SessionId) -> None:
        """Forget a connection that is gone."""
        self._clients.pop(session_id, None)
        self._venue.close_session(session_id)

    def serve(self, session_id: SessionId, event: Event) -> None:
        """Let the venue answer one event of a client, and publish what it caused."""
        self.traffic.received += 1
        client = self._clients[session_id]
        if isinstance(event, Handshake):
            client.write(client.connection.send(self._venue.greet()))
        elif isinstance(event, ProtocolViolation):
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


class _ClientProtocol(asyncio.Protocol):
    """One connection: bytes to events, events to the server, bytes back."""

    def __init__(self, server: ExchangeServer) -> None:
        self._server = server
        self._transport: asyncio.Transport | None = None
        self._session_id: SessionId | None = None
        self.connection = ServerConnection()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._session_id = self._server.enter(self)

    @override
    def data_received(self, data: bytes) -> None:
        self.connection.receive_data(data)
        while self._session_id is not None:
            event = self.connection.next_event()
            if event is NEED_DATA:
                return
            self._server.serve(self._session_id, event)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None:
            _log.warning("a client's connection broke: %s", exc)
        if self._session_id is not None:
            self._server.leave(self._session_id)
        self._session_id = None
        self._transport = None

    def write(self, data: bytes) -> None:
        """Hand `data` to the socket; a client that does not read is dropped."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() + len(data) > MAX_UNREAD_BYTES:
            self._forget("it does not read what it is sent")
            transport.abort()
            return
        transport.write(data)

    def drop(self, reason: str) -> None:
        """Close the connection for a fault of the client, once what was written has left."""
        self._forget(reason)
        self.close()

    def close(self) -> None:
        """Close the connection once what was written has left."""
        if self._transport is not None:
            self._transport.close()

    def _forget(self, reason: str) -> None:
        _log.warning("client dropped: %s", reason)
        if self._session_id is not None:
            self._server.leave(self._session_id)
            self._session_id = None


@contextlib.asynccontextmanager
async def open_server(
    venue: Venue, store: Store, *, host: str = LOCALHOST, port: int = 0
) -> AsyncIterator[ExchangeServer]:
    """Listen for as long as the block runs.

    Raises:
        PortUnavailableError: The address is in use or not ours.
    """
    server = ExchangeServer(venue, store)
    await server.listen(host, port)
    try:
        yield server
    finally:
        await server.close()
