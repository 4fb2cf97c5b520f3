"""One writer at a time, across processes.

The lock stands on a file beside the journal, not on the journal itself: closing any handle of an
SQLite file drops that process's own SQLite locks on it. The kernel releases the lock when the
process dies, so a crash needs no cleaning up.
"""

import fcntl
import os
from pathlib import Path

from bot.app.ports import JournalError


class WriterLock:
    """Held from `take` to `release`; the file is gone afterwards."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle = handle

    @classmethod
    def take(cls, journal: Path) -> "WriterLock":
        """Take the lock of `journal`.

        Raises:
            JournalError: another writer has it, or the folder cannot be written.
        """
        path = journal.with_name(f"{journal.name}.lock")
        while True:
            handle = _open_locked(path, journal)
            if _is_current(handle, path):
                return cls(path, handle)
            os.close(handle)  # its last holder removed the file between our opening and locking

    def release(self) -> None:
        """Let the next writer in."""
        self._path.unlink(missing_ok=True)
        os.close(self._handle)


def _open_locked(path: Path, journal: Path) -> int:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise JournalError(f"cannot write beside {journal}: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise JournalError(f"another process is writing to {journal}") from error
    return handle


def _is_current(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
