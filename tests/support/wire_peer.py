"""The real IB client library as the other end of the wire.

Its encoder is used with the socket cut off at the rim, and its decoder with a wrapper that writes
down what it is told.
"""

import logging
from datetime import UTC
from typing import Any, cast

from typing_extensions import override

from bot.exchange.wire import NEED_DATA, Event, ServerConnection
from bot.exchange.wire.encoding import ReplyEncoder
from bot.exchange.wire.replies import Reply
from tests.support.client_library import Client, Decoder, Wrapper

GREETING = b"API\0\0\0\0\x09v157..176"


class CapturingClient(Client):
    """The real client; what it would write to the socket is collected in `sent`."""

    def __init__(self, version: int = 176) -> None:
        super().__init__(Wrapper(None))
        self._serverVersion = version
        self.connState = Client.CONNECTED
        self.sent = b""
        self.clientId = 7

    @override
    def sendMsg(self, msg: str) -> None:
        self.sent += self._prefix(msg.encode())


class RecordingWrapper:
    """Takes every call of the decoder as (method, arguments)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.ib = None
        self.defaultTimezone = UTC

    def __getattr__(self, name: str) -> Any:
        return lambda *args: self.calls.append((name, args))


class LogCollector(logging.Handler):
    """Keeps the texts of log records."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def connected(version: int = 176, client_id: int = 7) -> ServerConnection:
    """A server connection past its handshake and StartApi."""
    connection = ServerConnection(max_version=version)
    connection.receive_data(GREETING)
    client = CapturingClient(version)
    client.clientId = client_id
    client.startApi()
    connection.receive_data(client.sent)
    assert len(drain(connection)) == 2
    return connection


def drain(connection: ServerConnection) -> list[Event]:
    """All events that are ready."""
    events: list[Event] = []
    while (event := connection.next_event()) is not NEED_DATA:
        events.append(event)
    return events


def ask(method: str, *args: object, version: int = 176) -> list[Event]:
    """What our server makes of one call of the real client's request method."""
    client = CapturingClient(version)
    getattr(client, method)(*args)
    connection = connected(version)
    connection.receive_data(client.sent)
    return drain(connection)


def split_frames(data: bytes) -> list[list[str]]:
    """The fields of each frame in `data`, split independently of our own framing."""
    frames: list[list[str]] = []
    while data:
        size = int.from_bytes(data[:4], "big")
        assert len(data) >= 4 + size
        text = data[4 : 4 + size].decode()
        assert text.endswith("\0")
        frames.append(text.split("\0")[:-1])
        data = data[4 + size :]
    return frames


def interpret(
    fields: list[str], version: int
) -> tuple[list[tuple[str, tuple[Any, ...]]], list[str]]:
    """What the real decoder tells its wrapper, and what it logs."""
    wrapper, logs = RecordingWrapper(), LogCollector()
    decoder = Decoder(cast("Wrapper", wrapper), version)
    decoder.logger.addHandler(logs)
    decoder.logger.propagate = False
    try:
        decoder.interpret(fields)
    finally:
        decoder.logger.removeHandler(logs)
        decoder.logger.propagate = True
    return wrapper.calls, logs.texts


def tell(reply: Reply, version: int = 176) -> list[tuple[str, tuple[Any, ...]]]:
    """What the real client understands of one reply; fails on logged errors and on spare fields."""
    (fields,) = split_frames(ReplyEncoder(version).encode(reply))
    calls, errors = interpret(list(fields), version)
    assert not errors
    if calls[0][1]:
        # The decoder ignores fields at the end that it does not know: so the last must matter.
        shorter, complaints = interpret(fields[:-1], version)
        assert complaints or repr(shorter) != repr(calls)
    return calls
