"""One client's conversation, without I/O: bytes in, typed events out, replies to bytes.

The shell around it reads a socket, feeds `receive_data`, drains `next_event`, lets the venue
answer, and writes what `send` returns. A connection passes through these phases and never back:

    PREFIX   wait for the four bytes "API" + NUL
    VERSION  wait for the version line; then the caller sends `Hello`
    START    the client must name itself with `StartApi`
    READY    any request
    CLOSED   after a violation that leaves nothing to talk about
"""

from collections.abc import Iterable
from enum import Enum, auto
from typing import Final, Literal, TypeAlias

import msgspec

from bot.exchange.wire.decoding import RequestDecoder, decoder_of
from bot.exchange.wire.encoding import ReplyEncoder, encode_hello, encoder_of
from bot.exchange.wire.errors import FrameError, ProtocolError, SendError
from bot.exchange.wire.framing import DEFAULT_MAX_FRAME, FrameBuffer
from bot.exchange.wire.replies import Hello, Reply
from bot.exchange.wire.requests import Handshake, PlaceOrder, Request, StartApi
from bot.exchange.wire.versions import (
    MAX_VERSION,
    MIN_VERSION,
    negotiate,
    parse_offer,
)

_PREFIX = b"API\0"


class NeedData(Enum):
    """Nothing more to tell until more bytes arrive."""

    NEED_DATA = auto()


NEED_DATA: Final = NeedData.NEED_DATA


class Phase(Enum):
    """How far the conversation has come."""

    PREFIX = auto()
    VERSION = auto()
    START = auto()
    READY = auto()
    CLOSED = auto()


class ProtocolViolation(msgspec.Struct, frozen=True, kw_only=True):
    """The client broke the protocol; after a fatal violation the connection must be closed."""

    reason: str
    fatal: bool


Event: TypeAlias = Handshake | Request | ProtocolViolation


class ServerConnection:
    """The server's end of one conversation."""

    def __init__(
        self,
        *,
        max_version: int = MAX_VERSION,
        max_frame: int = DEFAULT_MAX_FRAME,
    ) -> None:
        if not MIN_VERSION <= max_version <= MAX_VERSION:
            raise ValueError(
                f"versions {MIN_VERSION} to {MAX_VERSION} are known, not {max_version}"
            )
        self._max_version = max_version
        self._buffer = FrameBuffer(max_frame=max_frame)
        self._phase = Phase.PREFIX
        self._version: int | None = None
        self._client_id: int | None = None
        self._decoder: RequestDecoder | None = None
        self._encoder: ReplyEncoder | None = None

    @property
    def phase(self) -> Phase:
        """How far the conversation has come."""
        return self._phase

    @property
    def server_version(self) -> int | None:
        """The negotiated version, None before the handshake."""
        return self._version

    @property
    def client_id(self) -> int | None:
        """The client's own id, None before it named itself."""
        return self._client_id

    def receive_data(self, data: bytes) -> None:
        """Take in received bytes; after a fatal violation they are thrown away."""
        if self._phase is not Phase.CLOSED:
            self._buffer.feed(data)

    def next_event(self) -> Event | Literal[NeedData.NEED_DATA]:
        """Return the next event, or NEED_DATA; nothing a peer sends makes it raise."""
        try:
            return self._advance()
        except ProtocolError as error:
            # Nothing good can follow a broken greeting, and nothing at all a broken frame.
            fatal = self._phase is not Phase.READY or isinstance(error, FrameError)
            if fatal:
                self._phase = Phase.CLOSED
            return ProtocolViolation(reason=str(error), fatal=fatal)

    def send(self, reply: Reply) -> bytes:
        """Encode one reply for the negotiated version.

        Raises:
            SendError: There is no version yet, or the reply holds something that cannot be sent.
        """
        if isinstance(reply, Hello):
            return self._send_hello(reply)
        return self._ready_encoder().encode(reply)

    def send_all(self, replies: Iterable[Reply]) -> bytes:
        """Encode many replies (`Hello` excepted) into one piece of bytes; raises as `send` does."""
        return self._ready_encoder().encode_all(replies)

    def _advance(self) -> Event | Literal[NeedData.NEED_DATA]:
        if self._phase is Phase.PREFIX and not self._take_prefix():
            return NEED_DATA
        if self._phase is Phase.CLOSED:
            return NEED_DATA
        payload = self._buffer.next_frame()
        if payload is None:
            return NEED_DATA
        if self._decoder is None:
            return self._negotiate(payload)
        request = self._decoder.decode(payload)
        return self._enter(request) if self._client_id is None else self._admit(request)

    def _take_prefix(self) -> bool:
        prefix = self._buffer.take(len(_PREFIX))
        if prefix is None:
            return False
        if prefix != _PREFIX:
            raise FrameError(f"the conversation must begin with {_PREFIX!r}, not {prefix!r}")
        self._phase = Phase.VERSION
        return True

    def _negotiate(self, payload: bytes) -> Handshake:
        offer = parse_offer(payload.decode("ascii", "replace"))
        self._version = negotiate(offer, self._max_version)
        self._decoder = decoder_of(self._version)
        self._encoder = encoder_of(self._version)
        self._phase = Phase.START
        return Handshake(
            min_version=offer.min_version,
            max_version=offer.max_version,
            options=offer.options,
        )

    def _enter(self, request: Request) -> StartApi:
        if not isinstance(request, StartApi):
            raise ProtocolError(f"{type(request).__name__} before StartApi")
        self._client_id = request.client_id
        self._phase = Phase.READY
        return request

    def _admit(self, request: Request) -> Request:
        if isinstance(request, StartApi):
            raise ProtocolError("a second StartApi")
        if isinstance(request, PlaceOrder):
            # The wire leaves the client out of its own orders, since the connection implies it.
            order = msgspec.structs.replace(request.order, client_id=self._client_id)
            return msgspec.structs.replace(request, order=order)
        return request

    def _send_hello(self, hello: Hello) -> bytes:
        if self._version is None:
            raise SendError("the versions are not negotiated yet")
        return encode_hello(self._version, hello.connection_time)

    def _ready_encoder(self) -> ReplyEncoder:
        if self._encoder is None:
            raise SendError("the versions are not negotiated yet")
        return self._encoder
