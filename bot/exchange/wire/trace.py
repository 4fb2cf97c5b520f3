"""The trace of a session: each message as one JSON line, in the order in which it passed the wire.

A line is an object with these members:

    at       the exchange's time, ISO 8601
    session  which connection, counted from 1
    way      "in" from the client, "out" to it
    version  the negotiated protocol version; 0 for the two messages of the handshake
    id       the message id, -1 for a message that has none
    name     what the message is called here; for readers only
    fields   all fields of the message as texts, the message id first

So a capture of the broker's own software can be written down in the same form and compared with our
codec (`bot.exchange.wire.replay`). There are no secrets in it: the protocol carries no password.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from bot.exchange.wire.errors import FrameError, VersionError
from bot.exchange.wire.framing import FrameBuffer
from bot.exchange.wire.reply_fields import kind_of
from bot.exchange.wire.request_fields import MESSAGE_NAMES
from bot.exchange.wire.versions import MAX_VERSION, negotiate, parse_offer

Way = Literal["in", "out"]

_PREFIX = b"API\0"
NO_ID = -1
_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)


class TraceError(ValueError):
    """A line is not one of a trace; the message says which and why."""


class TraceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One message."""

    at: str
    session: int
    way: Way
    version: int
    id: int
    name: str
    fields: tuple[str, ...]


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(TraceLine)


def spell_line(line: TraceLine) -> bytes:
    """Return the line with its end."""
    return _ENCODER.encode(line) + b"\n"


def parse_lines(lines: Iterable[bytes]) -> Iterator[TraceLine]:
    """Yield the messages of a trace.

    Raises:
        TraceError: A line has another form.
    """
    for number, line in enumerate(lines, start=1):
        try:
            yield _DECODER.decode(line)
        except msgspec.DecodeError as error:
            raise TraceError(f"line {number}: {error}") from error


class SessionTrace:
    """Turns the bytes of one connection into lines, whatever portions they come in.

    It stops reading a direction whose framing is broken, with one last line that says so.
    """

    def __init__(self, session: int) -> None:
        self._session = session
        self._version = 0
        self._buffers: dict[Way, FrameBuffer | None] = {"in": FrameBuffer(), "out": FrameBuffer()}
        self._greeted: set[Way] = set()
        self._prefix = bytearray()

    def received(self, data: bytes, at: str) -> bytes:
        """Return the lines that bytes from the client complete."""
        missing = len(_PREFIX) - len(self._prefix)
        self._prefix += data[:missing]
        return self._lines("in", data[missing:], at)

    def sent(self, data: bytes, at: str) -> bytes:
        """Return the lines that bytes to the client complete."""
        return self._lines("out", data, at)

    def _lines(self, way: Way, data: bytes, at: str) -> bytes:
        buffer = self._buffers[way]
        if buffer is None:
            return b""
        buffer.feed(data)
        spelled: list[bytes] = []
        try:
            while (payload := buffer.next_frame()) is not None:
                spelled.append(spell_line(self._line(way, payload, at)))
        except FrameError as error:
            self._buffers[way] = None
            spelled.append(spell_line(self._named(way, at, NO_ID, f"broken: {error}", ())))
        return b"".join(spelled)

    def _line(self, way: Way, payload: bytes, at: str) -> TraceLine:
        fields = tuple(payload.decode("utf-8", "backslashreplace").removesuffix("\0").split("\0"))
        if way not in self._greeted:
            return self._greeting(way, fields, at)
        number = int(fields[0]) if _NUMBER.fullmatch(fields[0]) else NO_ID
        return self._named(way, at, number, _name(way, number, fields), fields)

    def _greeting(self, way: Way, fields: tuple[str, ...], at: str) -> TraceLine:
        """Name a direction's first message, and settle the version as the server does."""
        self._greeted.add(way)
        line = TraceLine(
            at=at,
            session=self._session,
            way=way,
            version=0,
            id=NO_ID,
            name="Handshake" if way == "in" else "Hello",
            fields=fields,
        )
        if way == "in":
            with contextlib.suppress(VersionError):
                self._version = negotiate(parse_offer(fields[0]), MAX_VERSION)
        return line

    def _named(
        self, way: Way, at: str, number: int, name: str, fields: tuple[str, ...]
    ) -> TraceLine:
        return TraceLine(
            at=at,
            session=self._session,
            way=way,
            version=self._version,
            id=number,
            name=name,
            fields=fields,
        )


def _name(way: Way, number: int, fields: tuple[str, ...]) -> str:
    if way == "in":
        return MESSAGE_NAMES.get(number, "unknown")
    kind = kind_of(number, fields)
    return "unknown" if kind is None else kind.__name__
