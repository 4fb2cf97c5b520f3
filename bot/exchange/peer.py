"""One client on the socket: bytes to events, events to the host, replies to bytes.

Whatever a client does, the others must not notice: it is served a few messages at a time, is not
read while it does not read itself, and is dropped with a reason when it has fallen too far behind,
talks too fast, or never says who it is. A client that vanished without a word is found out by the
system's own probes, so that its client id becomes free.
"""

import asyncio
import logging
import socket
from typing import Protocol

from typing_extensions import override

from bot.exchange.venue.floor import SessionId
from bot.exchange.wire import (
    NEED_DATA,
    Event,
    Phase,
    ProtocolViolation,
    ServerConnection,
)
from bot.exchange.wire.rate import MAX_BREACHES, RateGate
from bot.exchange.wire.replies import ErrorMessage
from bot.exchange.wire.requests import Handshake

MAX_UNREAD_BYTES = 8 << 20
"""How far a client may fall behind before it is dropped."""
PAUSE_UNREAD_BYTES = 1 << 20
"""How far it may fall behind before it is no longer read."""
HOLD_BYTES = 1 << 16
"""How much of one turn's output is held back to leave in one piece."""
MESSAGES_AT_ONCE = 64
"""How many messages of one client are served before the others have their turn."""
START_SECONDS = 30.0
"""How long a client may take to say who it is."""
LINGER_SECONDS = 5.0
"""How long a dropped client may take to read its last messages."""
PACED = "+PACEAPI"
# Idle for half a minute, then three probes: a vanished client is gone in a minute.
_PROBES = {
    "TCP_KEEPIDLE": 30,
    "TCP_KEEPINTVL": 10,
    "TCP_KEEPCNT": 3,
    "TCP_USER_TIMEOUT": 60_000,
}

_log = logging.getLogger(__name__)


class Tap(Protocol):
    """Hears what passes on one connection."""

    def received(self, data: bytes) -> None:
        """Take note of bytes from the client."""
        ...

    def sent(self, data: bytes) -> None:
        """Take note of bytes to the client, whole frames always."""
        ...


class Host(Protocol):
    """Whom a peer serves."""

    def admits(self, address: str) -> bool:
        """Tell whether programs of an address may connect at all."""
        ...

    def enter(self, peer: "Peer") -> SessionId:
        """Give a new connection its session."""
        ...

    def leave(self, session_id: SessionId) -> None:
        """Forget a connection that is gone."""
        ...

    def serve(self, session_id: SessionId, event: Event) -> None:
        """Answer one event."""
        ...

    def tap(self, session_id: SessionId) -> Tap | None:
        """Return who listens to a connection, if anybody."""
        ...


class Peer(asyncio.Protocol):
    """The server's end of one connection; without `max_rate` a client may talk as it likes."""

    def __init__(self, host: Host, max_rate: int | None) -> None:
        self._host = host
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._session_id: SessionId | None = None
        self._gate = None if max_rate is None else RateGate(max_rate)
        self._paced = False
        self._clogged = False
        self._turn: asyncio.TimerHandle | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._tap: Tap | None = None
        self._end_of_turn: asyncio.Handle | None = None
        self._held = bytearray()
        self.connection = ServerConnection()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if not self._host.admits(transport.get_extra_info("peername")[0]):
            transport.close()
            return
        transport.set_write_buffer_limits(high=PAUSE_UNREAD_BYTES)
        _probe(transport.get_extra_info("socket"))
        self._transport = transport
        self._session_id = self._host.enter(self)
        self._tap = self._host.tap(self._session_id)
        self._deadline = self._loop.call_later(START_SECONDS, self.drop, "it did not say who it is")

    @override
    def data_received(self, data: bytes) -> None:
        if self._tap is not None:
            self._tap.received(data)
        self.connection.receive_data(data)
        if self._turn is None and not self._clogged:
            self._serve_some()

    @override
    def pause_writing(self) -> None:
        self._clogged = True
        self._pause()

    @override
    def resume_writing(self) -> None:
        self._clogged = False
        self._take_turn(0.0)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None:
            _log.warning("a client's connection broke: %s", exc)
        self._cancel_timers()
        if self._session_id is not None:
            self._host.leave(self._session_id)
        self._session_id = None
        self._transport = None

    def write(self, data: bytes) -> None:
        """Hand `data` to the socket; a client that does not read is dropped.

        What is written first in a turn of the loop leaves at once; what follows in the same turn
        leaves together at its end, since a call of the system costs more than a message.
        """
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if self._tap is not None:
            self._tap.sent(data)
        if self._clogged and transport.get_write_buffer_size() + len(data) > MAX_UNREAD_BYTES:
            self._forget("it does not read what it is sent")
            transport.abort()
            return
        if self._end_of_turn is None:
            self._end_of_turn = self._loop.call_soon(self._flush)
            transport.write(data)
            return
        self._held += data
        if len(self._held) > HOLD_BYTES:
            self._send_held()

    def drop(self, reason: str) -> None:
        """Close the connection for a fault of the client, once what was written has left."""
        self._forget(reason)
        self.close()

    def close(self) -> None:
        """Close the connection once what was written has left, or after a while without that."""
        transport = self._transport
        if transport is not None:
            self._cancel_timers()
            self._send_held()
            transport.close()
            self._deadline = self._loop.call_later(LINGER_SECONDS, transport.abort)

    def _flush(self) -> None:
        self._end_of_turn = None
        self._send_held()

    def _send_held(self) -> None:
        if self._held and self._transport is not None:
            self._transport.write(bytes(self._held))
            self._held.clear()

    # -- serving

    def _serve_some(self) -> None:
        """Serve what has come, up to a fair share, and go on when it is this client's turn."""
        for _ in range(MESSAGES_AT_ONCE):
            if self._clogged:
                return
            wait = self._wait_seconds()
            if wait > 0:
                self._take_turn(wait)
                return
            event = None if self._session_id is None else self.connection.next_event()
            if event is None or event is NEED_DATA:
                self._read_on()
                return
            self._serve(event)
        self._take_turn(0.0)

    def _serve(self, event: Event) -> None:
        assert self._session_id is not None
        if self._gate is not None and not self._admit(self._gate, event):
            return
        if isinstance(event, Handshake):
            self._paced = PACED in event.options.split()
        self._host.serve(self._session_id, event)
        self._call_off_deadline()

    def _call_off_deadline(self) -> None:
        """A client that has named itself, and was taken, may stay as long as it likes."""
        started = self._session_id is not None and self.connection.phase is Phase.READY
        if started and self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _admit(self, gate: RateGate, event: Event) -> bool:
        """Count a message, and refuse what is too fast; a broken connection ends in any case."""
        fits = gate.admit(self._loop.time())
        if fits or (isinstance(event, ProtocolViolation) and event.fatal):
            return True
        text = (
            "Max rate of messages per second has been exceeded:"
            f"max={gate.limit} rec={gate.limit + 1} ({gate.breaches})"
        )
        self.write(self.connection.send(ErrorMessage(code=100, text=text)))
        if gate.breaches >= MAX_BREACHES:
            self.drop(text)
        return False

    def _wait_seconds(self) -> float:
        if self._gate is None or not self._paced:
            return 0.0
        return self._gate.wait_seconds(self._loop.time())

    # -- taking turns

    def _take_turn(self, wait_seconds: float) -> None:
        """Serve the rest later; what is not served yet is bounded, as nothing more is read."""
        self._pause()
        if self._turn is None and self._session_id is not None:
            self._turn = self._loop.call_later(wait_seconds, self._begin_turn)

    def _begin_turn(self) -> None:
        self._turn = None
        try:
            self._serve_some()
        except BaseException:
            if self._transport is not None:
                self._transport.abort()
            raise

    def _pause(self) -> None:
        if self._transport is not None:
            self._transport.pause_reading()

    def _read_on(self) -> None:
        if self._transport is not None and not self._clogged:
            self._transport.resume_reading()

    def _forget(self, reason: str) -> None:
        _log.warning("client dropped: %s", reason)
        self._cancel_timers()
        if self._session_id is not None:
            self._host.leave(self._session_id)
            self._session_id = None

    def _cancel_timers(self) -> None:
        for timer in (self._turn, self._deadline):
            if timer is not None:
                timer.cancel()
        self._turn = self._deadline = None


def _probe(end: socket.socket) -> None:
    """Let the system find out a peer that is gone; not every system has every option."""
    end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _PROBES.items():
        option = getattr(socket, name, None)
        if option is not None:
            end.setsockopt(socket.IPPROTO_TCP, option, value)
