"""What is published of a journal event, and under which topic.

A message is the event as the journal holds it, with its place: `sequence` orders all messages of an
account, `previous` is the sequence number of the message before it under the same topic, so that a
consumer of one topic sees a gap, and `hash` is the event's link of the journal's chain, so that a
message heard twice is known as one. `repeat` says that it may have been delivered before.
"""

from typing import get_args

from bot.domain.account import AccountId
from bot.domain.canonical import canonical
from bot.domain.events import InputsTaken, JournalEvent, StoredEvent

ONLINE, OFFLINE = b"online", b"offline"

OTHER = "events"
_LEAVES = {
    "decision_made": "decisions",
    "order_refused": "orders",
    "order_intended": "orders",
    "order_sent": "orders",
    "order_change_intended": "orders",
    "order_changed": "orders",
    "fill_received": "fills",
    "commission_received": "fills",
    "position_settled": "fills",
}

_NOT_PUBLISHED = {InputsTaken}
"""Whole market snapshots: large, and of use only beside the journal's blobs."""

PUBLISHED_KINDS = frozenset(
    str(kind.__struct_config__.tag) for kind in get_args(JournalEvent) if kind not in _NOT_PUBLISHED
)


def leaf_of(kind: str) -> str:
    """Return the last part of the topic for a kind of event."""
    return _LEAVES.get(kind, OTHER)


def topic_of(prefix: str, account: AccountId, leaf: str) -> str:
    """Return the topic of an account's messages."""
    return f"{prefix}/{account}/{leaf}"


def payload_of(stored: StoredEvent, previous: int, *, repeat: bool) -> bytes:
    """Return an event's message as canonical JSON."""
    return canonical(
        {
            "sequence": stored.sequence,
            "previous": previous,
            "at": stored.at,
            "hash": stored.hash,
            "repeat": repeat,
            "event": stored.event,
        }
    )
