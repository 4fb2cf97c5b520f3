"""The Unix socket beside the journal: how the command line speaks to a running bot.

One JSON object a line in, one a line out; mode 0600, so that only the bot's own user may speak.
The bot's side serves commands it was handed; the client's side tells "not running" apart from
"running, but says no".
"""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

OWNER_ONLY = 0o600
MAX_LINE = 64 * 1024
ANSWER_SECONDS = 5.0
SOCKET_PATH_BYTES = 103
"""The shortest limit on a Unix socket's path among the systems we run on, its end not counted."""

Handler = Callable[[], object]
"""Answers one command with something JSON can carry; refuses it with a `ControlError`."""


class ControlError(Exception):
    """The bot could not be asked, or refused the command."""


class NotRunningError(ControlError):
    """No bot answers at the socket."""


def socket_path(journal: Path) -> Path:
    """Return the control socket that belongs to a journal file."""
    return journal.with_name(journal.name + ".sock")


@contextlib.asynccontextmanager
async def serving(
    path: Path, handlers: Mapping[str, Handler], patience_seconds: float = ANSWER_SECONDS
) -> AsyncIterator[None]:
    """Serve commands at `path` while the block runs; a client silent for too long is dropped.

    Raises:
        ControlError: another bot serves there, something else is in the way, or the path is too
            long for a Unix socket.
    """
    if len(os.fsencode(path)) > SOCKET_PATH_BYTES:
        raise ControlError(f"the control socket's path is longer than a socket allows: {path}")
    if path.exists():
        await _remove_if_dead(path)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError, TimeoutError):
                async with asyncio.timeout(patience_seconds):
                    await _serve_one(reader, writer, handlers)
        finally:
            writer.close()

    umask = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(serve, path=path, limit=MAX_LINE)
    finally:
        os.umask(umask)
    try:
        path.chmod(OWNER_ONLY)
        yield
    finally:
        server.close()
        await server.wait_closed()
        path.unlink(missing_ok=True)


async def ask(path: Path, command: str) -> object:
    """Send one command and return the bot's answer.

    Raises:
        NotRunningError: nobody answers at `path`, or not in time.
        ControlError: the bot refused the command, or the answer is not a bot's.
    """
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            line = await _answer_to(command, path)
    except (OSError, TimeoutError) as error:
        raise NotRunningError(f"no bot answers at {path}") from error
    except ValueError as error:
        raise ControlError(f"the answer at {path} is longer than {MAX_LINE} bytes") from error
    if not line:
        raise NotRunningError(f"the bot at {path} closed the line without an answer")
    return _content(line, path)


async def _answer_to(command: str, path: Path) -> bytes:
    reader, writer = await asyncio.open_unix_connection(path, limit=MAX_LINE)
    try:
        writer.write(json.dumps({"command": command}).encode() + b"\n")
        return await reader.readline()
    finally:
        writer.close()


def _content(line: bytes, path: Path) -> object:
    try:
        told = json.loads(line)
    except ValueError:
        told = None
    match told:
        case {"error": reason}:
            raise ControlError(str(reason))
        case {"answer": answer}:
            return answer
        case _:
            raise ControlError(f"what answers at {path} is not a bot")


async def _serve_one(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handlers: Mapping[str, Handler]
) -> None:
    try:
        line = await reader.readline()
    except ValueError:
        line = b""
    writer.write(json.dumps(_answer(line, handlers)).encode() + b"\n")
    await writer.drain()


def _answer(line: bytes, handlers: Mapping[str, Handler]) -> dict[str, object]:
    try:
        command = json.loads(line)["command"]
    except (ValueError, TypeError, KeyError):
        return {"error": 'expected one JSON object {"command": NAME} on a line'}
    handler = handlers.get(command) if isinstance(command, str) else None
    if handler is None:
        return {"error": f"unknown command {command!r}, known: {', '.join(sorted(handlers))}"}
    try:
        return {"answer": handler()}
    except ControlError as error:
        return {"error": str(error)}


async def _remove_if_dead(path: Path) -> None:
    """Remove a socket that nobody serves any more; anything else at `path` is not ours."""
    if not path.is_socket():
        raise ControlError(f"{path} is in the way of the control socket and is not a socket")
    try:
        _, writer = await asyncio.open_unix_connection(path)
    except (ConnectionRefusedError, FileNotFoundError):
        path.unlink(missing_ok=True)
        return
    except OSError as error:
        raise ControlError(f"the socket {path} is another's: {error}") from error
    writer.close()
    raise ControlError(f"another bot already serves {path}")
