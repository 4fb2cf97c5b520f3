"""The two chains are plain SHA-256, taken from the bytes that are stored."""

import hashlib

from bot.adapters.journal.chain import decision_chain, decision_digest, event_hash
from bot.adapters.journal.codec import body_of
from bot.domain.decision import GENESIS
from bot.domain.value import replace
from tests.support import story


def test_a_rows_hash_covers_every_part_of_it() -> None:
    parts = ("a" * 64, 7, "2018-02-05T15:00:00.000000+00:00", "cycle_missed", b"{}")
    material = b"a" * 64 + b"\n7\n2018-02-05T15:00:00.000000+00:00\ncycle_missed\n{}"
    assert event_hash(*parts) == hashlib.sha256(material).hexdigest()


def test_the_digest_of_the_stored_bytes_is_the_decisions_own() -> None:
    decision = story.stress_decision()
    assert decision_digest(body_of(story.decision_made(decision))) == decision.digest()


def test_a_whole_number_in_a_float_field_keeps_its_digest() -> None:
    """The live decision holds an int there; read back as a type it would be a float."""
    base = story.quiet_decision(story.MORNING, 1)
    ladder = base.ladder
    assert ladder is not None
    decision = replace(base, ladder=replace(ladder, u=1))
    assert decision_digest(body_of(story.decision_made(decision))) == decision.digest()


def test_the_chain_ends_with_the_link_of_the_last_decision() -> None:
    first = story.decision_made(story.quiet_decision(story.MORNING, 1))
    second = story.decision_made(story.stress_decision(), first.link)
    chain = decision_chain([body_of(first), body_of(second)])
    assert (chain.decisions, chain.last) == (2, second.link)


def test_no_decision_ends_at_the_beginning() -> None:
    assert decision_chain([]).last == GENESIS
