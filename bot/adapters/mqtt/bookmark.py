"""How far the journal has been published: a small file beside it, `JOURNAL.mqtt`.

The journal itself is append-only and is no place for it. The mark names the last acknowledged event
by number and hash, so that a mark of another journal is known as such, and the last event under
each topic. It is written behind the acknowledgements, never ahead: after a crash something may be
published again, but nothing is left out.
"""

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from bot.domain.canonical import ContentHash, encode
from bot.domain.decision import GENESIS
from bot.domain.events import StoredEvent
from bot.domain.value import Value


class Past(Protocol):
    """The journal, read beside the bot that writes it; may be called from another thread."""

    def events(
        self, after: int = 0, kinds: Collection[str] = (), *, newest_first: bool = False
    ) -> Iterator[StoredEvent]:
        """Yield the events after a sequence number, of all kinds or of the named ones."""
        ...

    def length(self) -> int:
        """Return the number of the last event, 0 without one."""
        ...


class Mark(Value):
    """The last acknowledged event, and the last one under each topic's last part."""

    sequence: int = 0
    hash: ContentHash = GENESIS
    topics: dict[str, int] = {}  # noqa: RUF012 - a struct copies its empty default


class BookmarkError(Exception):
    """The mark could not be written."""


class Start(NamedTuple):
    """Where publishing begins, and what is to be said about it."""

    mark: Mark
    repeat_until: int
    remark: str = ""


class Bookmark:
    """The file of one journal's mark."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def beside(cls, journal: Path) -> "Bookmark":
        """Return the bookmark that belongs to a journal file."""
        return cls(journal.with_name(f"{journal.name}.mqtt"))

    def write(self, mark: Mark) -> None:
        """Store a mark in place of the last one; half a mark is never seen.

        Raises:
            BookmarkError: the disk refuses.
        """
        fresh = self._path.with_name(f"{self._path.name}.new")
        try:
            with fresh.open("wb") as file:
                file.write(encode(mark))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            raise BookmarkError(f"cannot write {self._path}: {error.strerror}") from error

    def start(self, past: Past) -> Start:
        """Return where publishing begins.

        Without a mark that is here and now: what was stored before MQTT was first turned on is not
        published. A mark that cannot be read or is another journal's says nothing, so that all is
        published, as perhaps repeated.
        """
        length = past.length()
        try:
            mark = msgspec.json.decode(self._path.read_bytes(), type=Mark)
        except FileNotFoundError:
            return self._first(past, length)
        except (OSError, msgspec.MsgspecError) as error:
            return Start(Mark(), length, f"{self._path} cannot be read ({error})")
        if mark.sequence > length or mark.hash != _hash_of(past, mark.sequence):
            return Start(Mark(), length, f"{self._path} belongs to another journal")
        return Start(mark, length)

    def _first(self, past: Past, length: int) -> Start:
        mark = Mark(sequence=length, hash=_hash_of(past, length))
        try:
            self.write(mark)
        except BookmarkError as error:
            return Start(mark, 0, str(error))
        return Start(mark, 0)


def _hash_of(past: Past, sequence: int) -> ContentHash:
    if sequence == 0:
        return GENESIS
    return next(past.events(after=sequence - 1)).hash
