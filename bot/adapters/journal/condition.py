"""Whether a journal can be written where it is meant to be, found out without writing to it.

What is tried is undone at once: the writer's lock is taken and let go, and a small file beside the
journal is written, brought to the disk and removed.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from bot.adapters.journal.lock import WriterLock
from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.app.doctor.findings import Finding, Matter, fault, warning, well
from bot.app.ports import JournalError
from bot.domain.account import AccountId
from bot.domain.events import AccountProved

CHECK = "journal"
_FULL = (errno.ENOSPC, errno.EDQUOT)
PROBE_BYTES = 64 * 1024
SPARSE_BYTES = 200_000_000
"""Less room than this is told of: weeks of decisions, with the log beside them."""

_ELSEWHERE = (
    "Name a journal in a folder that this user may write to, on a disk that is not read-only."
)
_READABLE = "Name another file, or move this one away: the bot makes a new journal where none is."


def journal_finding(path: Path, *, bot_answers: bool) -> Finding:
    """Return whether a bot could write the journal at `path`.

    Args:
        path: The journal, which need not exist.
        bot_answers: Whether a bot that works on this journal answers at its control socket.
    """
    folder = _nearest_folder(path)
    try:
        _try_folder(folder)
        if path.exists():
            ReadOnlyJournal(path)
        if folder == path.parent:
            with _lock(path):
                pass
    except _HeldError as error:
        return _held(path, str(error), bot_answers=bot_answers)
    except JournalError as error:
        return fault(Matter.CONFIGURATION, CHECK, str(error), _READABLE)
    except OSError as error:
        seen = f"{folder} cannot be written to: {error.strerror}"
        return fault(Matter.CONFIGURATION, CHECK, seen, fix_of(error))
    free = shutil.disk_usage(folder).free
    if free < SPARSE_BYTES:
        seen = f"the disk of {path} has {free / 1e6:.0f} MB left"
        return warning(CHECK, seen, "Make room on this disk, or name a journal on another.")
    return well(CHECK, f"{path} can be written")


def account_of(path: Path) -> AccountId | None:
    """Return the account a journal belongs to, None when it cannot be told."""
    try:
        proved = islice(
            ReadOnlyJournal(path).events(kinds=("account_proved",), newest_first=True), 1
        )
        return next(
            (one.event.account_id for one in proved if isinstance(one.event, AccountProved)), None
        )
    except JournalError:  # told by `journal_finding`, or there is none yet
        return None


class _HeldError(Exception):
    """Another process writes to the journal."""


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    try:
        lock = WriterLock.take(path)
    except JournalError as error:
        raise _HeldError(str(error)) from error
    try:
        yield
    finally:
        lock.release()


def _held(path: Path, seen: str, *, bot_answers: bool) -> Finding:
    if bot_answers:
        return well(CHECK, f"a running bot writes {path}")
    return fault(
        Matter.CONFIGURATION,
        CHECK,
        f"{seen}, and no bot answers at its control socket",
        "End that process, or name another journal: one account is traded by one bot.",
    )


def _nearest_folder(path: Path) -> Path:
    """Return the folder of the journal, or the nearest above it that exists."""
    return next(folder for folder in path.absolute().parents if folder.exists())


def _try_folder(folder: Path) -> None:
    probe = folder / f".alvh-probe-{os.getpid()}"
    try:
        with probe.open("xb") as file:
            file.write(bytes(PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    finally:
        probe.unlink(missing_ok=True)


def fix_of(error: OSError) -> str:
    """Return what to do about a folder that refuses to be written to."""
    if error.errno in _FULL:
        return "Make room on this disk, or name a journal on another."
    return _ELSEWHERE
