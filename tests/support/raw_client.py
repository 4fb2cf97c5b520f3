"""A client without manners: raw bytes on a socket of the exchange."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bot.exchange.wire.framing import frame
from tests.support.wire_peer import split_frames

OFFER = b"v157..178"


def message(*fields: object) -> bytes:
    """Return a framed request."""
    return frame("".join(f"{field}\0" for field in fields).encode())


CURRENT_TIME = message(49, 1)


class RawClient:
    """One connection, with what it is told cut into fields."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    def send(self, *pieces: bytes) -> None:
        """Hand bytes to the socket."""
        self.writer.write(b"".join(pieces))

    def greet(self, client_id: int, offer: bytes = OFFER) -> None:
        """Say all that a client says until it may ask."""
        self.send(b"API\0", frame(offer), message(71, 2, client_id, ""))

    async def heard(self) -> list[str]:
        """Return the next message's fields."""
        size = int.from_bytes(await self._reader.readexactly(4), "big")
        return (await self._reader.readexactly(size)).decode().removesuffix("\0").split("\0")

    async def heard_until(self, message_id: str) -> list[list[str]]:
        """Return all messages up to and with the first of a kind."""
        told: list[list[str]] = []
        async with asyncio.timeout(10):
            while not told or told[-1][0] != message_id:
                told.append(await self.heard())
        return told

    async def heard_to_the_end(self) -> list[list[str]]:
        """Return all messages until the server closes."""
        async with asyncio.timeout(10):
            return split_frames(await self._reader.read())


@contextlib.asynccontextmanager
async def raw_client(port: int) -> AsyncIterator[RawClient]:
    """Connect without a word."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    try:
        yield RawClient(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
