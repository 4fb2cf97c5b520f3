"""The slow parts of an input, stored once each.

History, calendars, the universe and the policy are the same object from cycle to cycle; each is
encoded and hashed when it changes, not each time it is used.
"""

from bot.app.ports import JournalPort
from bot.domain.canonical import ContentHash, encode
from bot.domain.value import Value


class BlobStore:
    """Puts values into the journal by content and remembers the last of each kind."""

    def __init__(self, journal: JournalPort) -> None:
        self._journal = journal
        self._last: dict[type[Value], tuple[Value, ContentHash]] = {}

    def keep(self, value: Value) -> ContentHash:
        """Store `value` unless it is the object stored last, and return its hash."""
        known = self._last.get(type(value))
        if known is not None and known[0] is value:
            return known[1]
        key = self._journal.put_blob(encode(value))
        self._last[type(value)] = (value, key)
        return key
