"""The two chains of a journal: over its rows, and over its decisions.

A row's hash covers the row and the hash before it, so that no byte changes unseen. A decision's
link covers only what was decided and why: two runs over the same inputs end with the same last
link, however their orders were filled.
"""

from collections.abc import Iterable

import msgspec

from bot.domain.canonical import ContentHash, content_hash
from bot.domain.decision import GENESIS, digest_of, next_link
from bot.domain.value import Value


def event_hash(previous: str, sequence: int, at: str, kind: str, body: bytes) -> ContentHash:
    """Return the hash of one row; `at` is the stored text of its time."""
    head = f"{previous}\n{sequence}\n{at}\n{kind}\n".encode()
    return content_hash(head + body)


class DecisionChain(Value):
    """How many decisions there are and the link that stands for them all."""

    decisions: int
    last: ContentHash


def decision_digest(body: bytes) -> ContentHash:
    """Return the digest of the decision in a stored `DecisionMade`, from its bytes alone.

    The same as `Decision.digest` of the decision that was stored. It is taken from the plain JSON,
    since reading a whole number into a float field would write it another way.
    """
    return digest_of(msgspec.json.decode(body)["decision"])


def decision_chain(bodies: Iterable[bytes]) -> DecisionChain:
    """Recompute the chain of decision links from the stored `DecisionMade` bodies, in order."""
    link, count = GENESIS, 0
    for body in bodies:
        link = next_link(link, decision_digest(body))
        count += 1
    return DecisionChain(decisions=count, last=link)
