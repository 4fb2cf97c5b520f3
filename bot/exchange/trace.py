"""Writes the trace of all connections to a file; its form is told in `bot.exchange.wire.trace`."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.exchange.venue.floor import SessionId
from bot.exchange.wire.trace import SessionTrace


class TraceFileError(OSError):
    """The file cannot be written; the message names it."""


class TraceFile:
    """A trace file that is open for appending; use as a context manager.

    Each line is handed to the system as soon as its message has passed, so that a trace tells all
    up to a crash.
    """

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            TraceFileError: It cannot be opened.
        """
        try:
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            raise TraceFileError(f"cannot write the trace {path}: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def tap(self, session_id: SessionId, now: Callable[[], datetime]) -> "FileTap":
        """Return the listener of one connection; `now` tells the exchange's time."""
        return FileTap(self._file.write, SessionTrace(session_id), now)


class FileTap:
    """Writes down what passes on one connection."""

    def __init__(
        self,
        write: Callable[[bytes], object],
        session: SessionTrace,
        now: Callable[[], datetime],
    ) -> None:
        self._write = write
        self._session = session
        self._now = now

    def received(self, data: bytes) -> None:
        """Write the messages that bytes from the client complete."""
        self._write(self._session.received(data, self._now().isoformat()))

    def sent(self, data: bytes) -> None:
        """Write the messages to the client."""
        self._write(self._session.sent(data, self._now().isoformat()))
