"""The Unix socket beside the journal: how the command line speaks to a running bot.

One JSON object a line in, one a line out; mode 0600, so that only the bot's own user may speak.
The bot's side serves commands it was handed: handlers tell at once what is known, deeds take
arguments and may wait for the broker. The client's side tells "not running" apart from "running,
but says no" and from "running, but cannot now".
"""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path

OWNER_ONLY = 0o600
MAX_LINE = 64 * 1024
ANSWER_SECONDS = 5.0
SOCKET_PATH_BYTES = 103
"""The shortest limit on a Unix socket's path among the systems we run on, its end not counted."""

Handler = Callable[[], object]
"""Answers one command with something JSON can carry; raises as a deed does."""


class ControlError(Exception):
    """The bot could not be asked, or refused the command."""


Deed = Callable[[Mapping[str, object]], Awaitable[object]]
"""Does what a command with arguments asks for, and answers with something JSON can carry.

It raises `ControlError` where it refuses, `UnavailableError` where it cannot be done now.
"""


class UnavailableError(ControlError):
    """The bot runs, but what it needs for the command is not there."""


class NotRunningError(ControlError):
    """No bot answers at the socket."""


class NoAnswerError(NotRunningError):
    """Something serves the socket, but gave no answer: what became of the command is unknown."""


def socket_path(journal: Path) -> Path:
    """Return the control socket that belongs to a journal file."""
    return journal.with_name(journal.name + ".sock")


@contextlib.asynccontextmanager
async def serving(
    path: Path,
    handlers: Mapping[str, Handler],
    deeds: Mapping[str, Deed] | None = None,
    *,
    patience_seconds: float = ANSWER_SECONDS,
) -> AsyncIterator[None]:
    """Serve commands at `path` while the block runs; a client silent for too long is dropped.

    A deed that has begun is done to its end, whether or not its client still listens.

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
                    line = await _line_of(reader)
                await _reply(writer, await _answer(line, handlers, deeds or {}), patience_seconds)
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


async def ask(
    path: Path,
    command: str,
    arguments: Mapping[str, object] | None = None,
    *,
    patience_seconds: float = ANSWER_SECONDS,
) -> object:
    """Send one command and return the bot's answer.

    Raises:
        NotRunningError: nobody serves `path`; as `NoAnswerError`: somebody does, but did not
            answer, or not in time.
        UnavailableError: the bot cannot do it now.
        ControlError: the bot refused the command, or the answer is not a bot's.
    """
    asked = {"command": command} | ({} if arguments is None else {"arguments": dict(arguments)})
    try:
        async with asyncio.timeout(patience_seconds):
            line = await _reply_to(asked, path)
    except TimeoutError as error:
        raise NoAnswerError(f"no bot answers at {path} within {patience_seconds:.0f} s") from error
    except OSError as error:
        raise NotRunningError(f"no bot answers at {path}") from error
    except ValueError as error:
        raise ControlError(f"the answer at {path} is longer than {MAX_LINE} bytes") from error
    if not line:
        raise NoAnswerError(f"the bot at {path} closed the line without an answer")
    return _content(line, path)


async def _reply_to(asked: Mapping[str, object], path: Path) -> bytes:
    reader, writer = await asyncio.open_unix_connection(path, limit=MAX_LINE)
    try:
        writer.write(json.dumps(asked).encode() + b"\n")
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
        case {"unavailable": reason}:
            raise UnavailableError(str(reason))
        case {"answer": answer}:
            return answer
        case _:
            raise ControlError(f"what answers at {path} is not a bot")


async def _reply(
    writer: asyncio.StreamWriter, answer: Mapping[str, object], patience_seconds: float
) -> None:
    async with asyncio.timeout(patience_seconds):
        writer.write(json.dumps(answer).encode() + b"\n")
        await writer.drain()


async def _line_of(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readline()
    except ValueError:  # longer than any command
        return b""


async def _answer(
    line: bytes, handlers: Mapping[str, Handler], deeds: Mapping[str, Deed]
) -> dict[str, object]:
    try:
        asked = json.loads(line)
        command, arguments = asked["command"], asked.get("arguments", {})
    except (ValueError, TypeError, KeyError, AttributeError):
        return {"error": 'expected one JSON object {"command": NAME} on a line'}
    if isinstance(command, str) and command in handlers:
        return await _done(_handled(handlers[command]))
    if not isinstance(command, str) or command not in deeds:
        known = ", ".join(sorted([*handlers, *deeds]))
        return {"error": f"unknown command {command!r}, known: {known}"}
    if not isinstance(arguments, dict):
        return {"error": f"expected the arguments of {command} as one JSON object"}
    return await _done(deeds[command](arguments))


async def _handled(handler: Handler) -> object:
    return handler()


async def _done(work: Awaitable[object]) -> dict[str, object]:
    try:
        return {"answer": await work}
    except UnavailableError as error:
        return {"unavailable": str(error)}
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
