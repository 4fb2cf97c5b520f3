"""The seam to the MQTT client library: asyncio-mqtt, or its successor aiomqtt where installed.

One connection is one client: neither library reconnects, and both keep nothing while down. What
they get wrong is put right here: a client whose greeting failed keeps its socket; leaving one that
was lost raises once more; connecting blocks a thread, so that its TLS handshake must not last as
long as the keep-alive; a message that was sent and not acknowledged in time is only known to be in
doubt. The library is loaded when it is first needed, since a bot that publishes nothing needs none.
"""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from typing_extensions import override

NAMES = ("asyncio_mqtt", "aiomqtt")
GREETING_SECONDS = 9.0
"""How long connecting and the greeting may take; less than the library's own limit."""
ANSWER_SECONDS = 10.0
"""How long an acknowledgement may take."""
HANDSHAKE_SECONDS = 4.0
AT_LEAST_ONCE = 1

_REFUSALS = {
    1: "it does not speak this version of the protocol",
    2: "it does not take the client id",
    3: "it is not ready to serve",
    4: "user name or password is wrong",
    5: "user name or password is wrong, or this user may not connect",
}
# MQTT 5 numbers the same refusals anew, and the successor library translates into them.
_REFUSALS |= {132: _REFUSALS[1], 133: _REFUSALS[2], 136: _REFUSALS[3]}
_REFUSALS |= {134: _REFUSALS[4], 135: _REFUSALS[5]}


class LinkError(Exception):
    """The broker could not be reached, refused us, or the connection to it ended."""


class LibraryMissingError(Exception):
    """No MQTT library is installed."""


class Retained(NamedTuple):
    """A message that the broker keeps for those who come later."""

    topic: str
    payload: bytes


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the MQTT broker listens and who we are to it; the password is never shown."""

    host: str
    port: int
    client_id: str
    keepalive_seconds: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    @override
    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Link:
    """A standing connection."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Publish at least once, and return when the broker has acknowledged it.

        Raises:
            LinkError: it is not known whether the broker has the message.
        """
        try:
            await self._client.publish(
                topic, payload, AT_LEAST_ONCE, retain, timeout=ANSWER_SECONDS
            )
        except (_library().MqttError, OSError, ValueError) as error:
            raise LinkError(f"not acknowledged: {error}") from error

    async def lost(self) -> None:
        """Wait until the connection is lost.

        Raises:
            LinkError: it was; nothing else ends this.
        """
        try:
            await _listen(self._client)
        except _library().MqttError as error:
            raise LinkError("the connection was lost") from error


@asynccontextmanager
async def connected(address: Address, will: Retained) -> AsyncIterator[Link]:
    """Connect for as long as the block; the broker publishes `will` if we vanish.

    Raises:
        LinkError: nothing answers, or not as a broker would, or it refused us.
    """
    client = _new_client(address, will)
    try:
        await _open(client)
        yield Link(client)
        await _leave(client)
    finally:
        _let_go(client)


def client_tls(ca_file: str | None) -> ssl.SSLContext:
    """Return how to prove the broker: by the authority in `ca_file`, or by those of the system.

    Raises:
        OSError: the file cannot be read or holds no certificate (then it is an `ssl.SSLError`).
    """
    context = ssl.create_default_context(cafile=ca_file)
    context.sslsocket_class = _PromptSocket
    return context


class _PromptSocket(ssl.SSLSocket):
    """Shakes hands within seconds; asyncio-mqtt would let a silent peer block a thread for long."""

    @override
    def do_handshake(self, block: bool = False) -> None:
        self.settimeout(HANDSHAKE_SECONDS)
        try:
            super().do_handshake(block)
        except OSError:
            self.close()  # the library forgets it
            raise


@cache
def _library() -> Any:
    """Load the library that is installed; raises `LibraryMissingError`."""
    name = next((name for name in NAMES if find_spec(name)), None)
    if name is None:
        raise LibraryMissingError(f"none of {' and '.join(NAMES)} is installed")
    # its own advertisement of the successor; everything else it says is heard
    logger = logging.getLogger("mqtt")
    logger.disabled = True
    try:
        return import_module(name)
    finally:
        logger.disabled = False


def library_name() -> str:
    """Return the name of the library in use; raises `LibraryMissingError`."""
    return str(_library().__name__)


def _new_client(address: Address, will: Retained) -> Any:
    library = _library()
    identifier = "client_id" if library_name() == NAMES[0] else "identifier"
    return library.Client(
        address.host,
        address.port,
        username=address.username,
        password=address.password,
        tls_context=address.tls,
        keepalive=address.keepalive_seconds,
        clean_session=True,
        will=library.Will(will.topic, will.payload, AT_LEAST_ONCE, True),  # noqa: FBT003
        **{identifier: address.client_id},
    )


async def _open(client: Any) -> None:
    try:
        async with asyncio.timeout(GREETING_SECONDS):
            await client.__aenter__()
    except TimeoutError as error:
        raise LinkError(f"no greeting within {GREETING_SECONDS:g} s") from error
    except (_library().MqttError, OSError, ValueError) as error:
        raise LinkError(_reason(error)) from error


async def _leave(client: Any) -> None:
    try:
        await client.__aexit__(None, None, None)
    except (_library().MqttError, OSError) as error:
        raise LinkError(f"lost while leaving: {error}") from error


async def _listen(client: Any) -> None:
    """Take whatever comes, which is nothing as we subscribe to nothing, until the line is lost."""
    if library_name() == NAMES[0]:
        async with client.messages() as messages:
            async for _ in messages:
                pass
    else:
        async for _ in client.messages:
            pass


def _let_go(client: Any) -> None:
    """Close what a client still holds; one that ended in order holds nothing."""
    loop, end = asyncio.get_running_loop(), client._client.socket()  # noqa: SLF001 - see the module
    if end is not None:
        with suppress(ValueError):  # closed already
            loop.remove_reader(end)
            loop.remove_writer(end)
        end.close()
    task, fate = client._misc_task, client._disconnected  # noqa: SLF001 - the same
    if task is not None:
        task.cancel()
    if fate.done() and not fate.cancelled():
        fate.exception()  # or asyncio says that nobody asked; `lost` and `publish` have told of it


def _reason(error: Exception) -> str:
    if type(error).__name__ != "MqttConnectError":  # asyncio-mqtt does not export the class
        return str(error)
    code = error.rc  # type: ignore[attr-defined]
    number = getattr(code, "value", code)
    return f"the broker refused us: {_REFUSALS.get(number, error)}"
