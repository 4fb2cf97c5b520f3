"""Writes the trace of all connections to a file; its form is told in `bot.exchange.wire.trace`."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from bot.exchange.venue.floor import SessionId
from bot.exchange.wire.trace import SessionTrace

_log = logging.getLogger(__name__)


class TraceFileError(OSError):
    """The file cannot be written; the message names it."""


class TraceFile:
    """A trace file that is open for appending; use as a context manager.

    Each line is handed to the system as soon as its message has passed, so that a trace tells all
    up to a crash. A trace that can no longer be written ends, and the exchange goes on without.
    """

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            TraceFileError: It cannot be opened.
        """
        try:
            self._file: BinaryIO | None = path.open("ab", buffering=0)
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
        self._close()

    def write(self, lines: bytes) -> None:
        """Append whole lines."""
        if self._file is None:
            return
        try:
            self._file.write(lines)
        except OSError:
            _log.exception("the trace ends here")
            self._close()

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def tap(self, session_id: SessionId, now: Callable[[], datetime]) -> "FileTap":
        """Return the listener of one connection; `now` tells the exchange's time."""
        return FileTap(self.write, SessionTrace(session_id), now)


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
