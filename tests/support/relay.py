"""A line between the bot and the exchange that a test can listen to, hold up and cut.

It passes whole messages on and knows of the protocol only how they are framed; what is done about
them is the business of a `Warden`. It outlives the exchange behind it: each connection of the bot
gets a new one there, and is ended where there is none.
"""

import contextlib
import socket
import threading
from typing import Protocol, Self

GREETING = b"API\0"
PREFIX_SIZE = 4


class Warden(Protocol):
    """Told of each message on the line, as its fields, before it is passed on."""

    def asked(self, fields: list[str]) -> None:
        """Hear a message of the bot; it, and all behind it, waits until this returns."""
        ...

    def answered(self, fields: list[str]) -> bool:
        """Hear a message of the exchange; false: nothing of this connection is passed on."""
        ...


class Relay:
    """Listens on `port` and passes on to the exchange's port; use as a context manager."""

    def __init__(self, exchange_port: int, warden: Warden) -> None:
        self._exchange_port = exchange_port
        self._warden = warden
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port = int(self._listener.getsockname()[1])
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        _end(self._listener)
        for one in self._open:
            _end(one)
        self._accepting.join(5)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener was closed
            while True:
                bot, _ = self._listener.accept()
                self._connect(bot)

    def _connect(self, bot: socket.socket) -> None:
        try:
            exchange = socket.create_connection(("127.0.0.1", self._exchange_port), timeout=5)
        except OSError:
            _end(bot)
            return
        exchange.settimeout(None)
        self._open += [bot, exchange]
        for target in (self._pass_requests, self._pass_answers):
            threading.Thread(target=target, args=(bot, exchange), daemon=True).start()

    def _pass_requests(self, bot: socket.socket, exchange: socket.socket) -> None:
        with contextlib.suppress(OSError, EOFError):
            exchange.sendall(_exactly(bot, len(GREETING)))
            while True:
                message = _message(bot)
                self._warden.asked(_fields(message))
                exchange.sendall(message)
        _end(bot, exchange)

    def _pass_answers(self, bot: socket.socket, exchange: socket.socket) -> None:
        with contextlib.suppress(OSError, EOFError):
            while True:
                message = _message(exchange)
                if not self._warden.answered(_fields(message)):
                    break
                bot.sendall(message)
        _end(bot, exchange)


def _message(source: socket.socket) -> bytes:
    prefix = _exactly(source, PREFIX_SIZE)
    return prefix + _exactly(source, int.from_bytes(prefix, "big"))


def _exactly(source: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = source.recv(size - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def _fields(message: bytes) -> list[str]:
    return message[PREFIX_SIZE:].decode().removesuffix("\0").split("\0")


def _end(*ends: socket.socket) -> None:
    for end in ends:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
