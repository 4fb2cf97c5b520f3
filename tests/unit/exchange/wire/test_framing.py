"""Bytes are cut into frames, whatever the portions they come in."""

import pytest

from bot.exchange.wire.errors import FrameError
from bot.exchange.wire.framing import FrameBuffer, frame


def test_frame_has_its_length_before_it() -> None:
    """Four bytes, the most significant first."""
    assert frame(b"x" * 258) == b"\x00\x00\x01\x02" + b"x" * 258


def test_incomplete_frame_waits() -> None:
    """Neither half a length nor half a body is a frame."""
    buffer = FrameBuffer()
    for byte in frame(b"abc")[:-1]:
        buffer.feed(bytes([byte]))
        assert buffer.next_frame() is None
    buffer.feed(b"c")
    assert buffer.next_frame() == b"abc"
    assert buffer.next_frame() is None


def test_many_frames_in_one_portion() -> None:
    """All come out, in order."""
    bodies = [str(number).encode() for number in range(1000)]
    buffer = FrameBuffer()
    buffer.feed(b"".join(map(frame, bodies)))
    assert [buffer.next_frame() for _ in bodies] == bodies
    assert buffer.next_frame() is None


@pytest.mark.parametrize("size", [b"\0\0\0\0", b"\0\0\0\x0b", b"\xff\xff\xff\xff"])
def test_impossible_length_is_an_error(size: bytes) -> None:
    """It is noticed before any of the body has come."""
    buffer = FrameBuffer(max_frame=10)
    buffer.feed(size)
    with pytest.raises(FrameError, match="allowed are 1 to 10"):
        buffer.next_frame()


def test_longest_frame_is_allowed() -> None:
    """The cap belongs to what is allowed."""
    buffer = FrameBuffer(max_frame=10)
    buffer.feed(frame(b"0123456789"))
    assert buffer.next_frame() == b"0123456789"


def test_plain_bytes_can_be_taken() -> None:
    """The greeting stands before the first length."""
    buffer = FrameBuffer()
    buffer.feed(b"AP")
    assert buffer.take(4) is None
    buffer.feed(b"I\0" + frame(b"x"))
    assert buffer.take(4) == b"API\0"
    assert buffer.next_frame() == b"x"
