"""The small fuzzer: real requests, damaged at random, through the same checks as the large one."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fuzz.conversation import VERSIONS, converse
from tests.fuzz.seeds import seeds

SEEDS = list(seeds())


def test_every_seed_is_an_event() -> None:
    """Whole messages of the real client, so the damage below begins where the code does."""
    assert len(SEEDS) > 300
    assert all(converse(seed) >= 3 for seed in SEEDS[:-1])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A few real messages with pieces cut, doubled, and overwritten."""
    pieces = draw(st.lists(st.sampled_from(SEEDS), min_size=1, max_size=3))
    sent = bytearray(b"".join(piece[2:] for piece in pieces))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(sent)))
        end = draw(st.integers(start, min(len(sent), start + 12)))
        new = draw(st.binary(max_size=6) | st.just(bytes(sent[start:end] * 2)))
        sent[start:end] = new
    head = draw(st.tuples(st.integers(0, VERSIONS - 1), st.integers(0, 255)))
    return bytes(head) + bytes(sent)


@settings(max_examples=400)
@given(damaged())
@example(b"")
@example(b"\x00")
@example(b"\x05\x01API\x00\x00\x00\x00\x01v")
def test_damaged_messages_break_no_promise(data: bytes) -> None:
    """No error but the typed ones, no event without bytes, nothing kept beyond what was sent."""
    converse(data)
