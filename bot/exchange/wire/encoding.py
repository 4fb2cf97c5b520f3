"""Turns reply structs into frames."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from bot.exchange.wire.errors import SendError
from bot.exchange.wire.framing import frame
from bot.exchange.wire.replies import Reply
from bot.exchange.wire.reply_fields import REPLIES
from bot.exchange.wire.reply_plan import SEPARATOR, ReplyField, compile_spells, spell_text
from bot.exchange.wire.ticks import tick_encoders


class _Encoders(dict[type, Callable[[Any], bytes]]):
    """One encoder a kind of reply; asking for another kind is our own fault, and said so."""

    def __missing__(self, kind: type) -> Callable[[Any], bytes]:
        raise SendError(f"{kind.__name__} is not a reply")


class ReplyEncoder:
    """Encodes replies of one negotiated version."""

    def __init__(self, version: int) -> None:
        self._encoders = _Encoders(tick_encoders(version))
        self._encoders |= {key: _table_encoder(table, version) for key, table in REPLIES.items()}

    def encode(self, reply: Reply) -> bytes:
        """Return the frame of `reply`.

        Raises:
            SendError: It holds something that cannot be sent, such as an infinite price.
        """
        return self._encoders[type(reply)](reply)

    def encode_all(self, replies: Iterable[Reply]) -> bytes:
        """Return the frames of all `replies`, in order, as one piece for one write."""
        encoders = self._encoders
        return b"".join([encoders[type(reply)](reply) for reply in replies])


@cache
def encoder_of(version: int) -> ReplyEncoder:
    """Return the encoder of a version; it keeps no state, so all connections share it."""
    return ReplyEncoder(version)


def encode_hello(version: int, connection_time: str) -> bytes:
    """Return the frame that ends the handshake."""
    return frame(f"{version}\0{spell_text(connection_time)}\0".encode())


def _table_encoder(table: tuple[ReplyField, ...], version: int) -> Callable[[Any], bytes]:
    spells = compile_spells(table, version)

    def encode(reply: Any) -> bytes:
        fields = SEPARATOR.join([spell(reply) for spell in spells])
        return frame(f"{fields}\0".encode())

    return encode
