"""Blobs of a journal as values, read once while they are in use."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from bot.domain.canonical import ContentHash
from bot.domain.value import Value

KEPT_BLOBS = 12
"""Decoded blobs kept: the five parts of an input on both sides of the change of a session."""

BlobT = TypeVar("BlobT", bound=Value)


class RecordError(Exception):
    """Something stored is not there, or this version cannot read it."""


class Shelf:
    """Blobs as values; one that was read lately is the same object again.

    The signals remember what they computed of a slow part by its identity, as in a running bot.
    """

    def __init__(self, read: Callable[[ContentHash], bytes]) -> None:
        """Take a reader that returns a blob's bytes or raises `KeyError`."""
        self._read = read
        self._kept: dict[tuple[type[Value], ContentHash], Value] = {}

    def take(self, kind: type[BlobT], key: ContentHash) -> BlobT:
        """Return the blob `key`; raises `RecordError` when it is not there or not a `kind`."""
        known = self._kept.pop((kind, key), None)
        value = known if isinstance(known, kind) else self._decoded(kind, key)
        self._kept[(kind, key)] = value
        if len(self._kept) > KEPT_BLOBS:
            del self._kept[next(iter(self._kept))]
        return value

    def _decoded(self, kind: type[BlobT], key: ContentHash) -> BlobT:
        try:
            return msgspec.json.decode(self._read(key), type=kind)
        except KeyError as error:
            raise RecordError(f"the {kind.__name__} {key[:12]} is not stored") from error
        except (msgspec.MsgspecError, ValueError) as error:
            what = f"the stored {kind.__name__} {key[:12]}"
            raise RecordError(f"{what} cannot be read by this version: {error}") from error
