"""A greeting without the client library: what is it that answers at an address, if anything?

The library tells a gateway that drops us from one that hangs only by the time it takes. Here the
first frame of the handshake is sent and nothing else, so that nothing is asked of whoever answers.
"""

import asyncio
import contextlib
import struct

from bot.app.doctor.gateway import Probe, Reach

_HELLO = b"v157..178"
_LENGTH = struct.Struct("!I")
_LONGEST_GREETING = 1024
_SHOWN_BYTES = 40


async def probe(host: str, port: int, limit_seconds: float) -> Probe:
    """Greet what listens at an address, and tell what it made of it."""
    reach, detail = await _greeted(host, port, limit_seconds)
    return Probe(host=host, port=port, reach=reach, detail=detail)


async def _greeted(host: str, port: int, limit_seconds: float) -> tuple[Reach, str]:
    try:
        async with asyncio.timeout(limit_seconds):
            reader, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        return Reach.ABSENT, f"no answer within {limit_seconds:g} s"
    except OSError as error:
        return Reach.ABSENT, error.strerror or str(error)
    try:
        async with asyncio.timeout(limit_seconds):
            writer.write(b"API\0" + _LENGTH.pack(len(_HELLO)) + _HELLO)
            return await _answer(reader)
    except TimeoutError:
        return Reach.SILENT, f"no greeting within {limit_seconds:g} s"
    except ConnectionError:
        return Reach.DROPPED, "it reset the connection"
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> tuple[Reach, str]:
    head = b""
    try:
        head = await reader.readexactly(_LENGTH.size)
        (length,) = _LENGTH.unpack(head)
        if length > _LONGEST_GREETING:
            more = await reader.read(_SHOWN_BYTES)
            return Reach.STRANGE, repr((head + more)[:_SHOWN_BYTES])
        frame = await reader.readexactly(length)
    except asyncio.IncompleteReadError as error:
        said = head + error.partial
        return (Reach.STRANGE, repr(said)) if said else (Reach.DROPPED, "it closed the connection")
    version, _, _ = frame.partition(b"\0")
    if not version.isdigit():
        return Reach.STRANGE, repr(frame[:_SHOWN_BYTES])
    return Reach.GREETED, f"server version {version.decode()}"
