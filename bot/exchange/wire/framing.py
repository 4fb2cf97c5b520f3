"""Cuts the byte stream into frames: a 4-byte big-endian length, then so many bytes.

The buffer keeps an index instead of being re-sliced, and is compacted only when at least half of it
is spent, so each byte is moved a bounded number of times however the stream is split.
"""

from bot.exchange.wire.errors import FrameError

PREFIX_SIZE = 4
DEFAULT_MAX_FRAME = 1 << 20


def frame(payload: bytes) -> bytes:
    """Put the length before `payload`."""
    return len(payload).to_bytes(PREFIX_SIZE, "big") + payload


class FrameBuffer:
    """Bytes in any portions go in, whole frames come out."""

    def __init__(self, *, max_frame: int = DEFAULT_MAX_FRAME) -> None:
        self._max_frame = max_frame
        self._buffer = bytearray()
        self._start = 0

    def feed(self, data: bytes) -> None:
        """Append received bytes."""
        self._buffer += data

    def take(self, size: int) -> bytes | None:
        """Return the next `size` bytes, or None while there are fewer."""
        if len(self._buffer) - self._start < size:
            return None
        taken = bytes(self._buffer[self._start : self._start + size])
        self._spend(size)
        return taken

    def next_frame(self) -> bytes | None:
        """Return the next frame without its length, or None while it is incomplete.

        Raises:
            FrameError: The announced length is zero or above the cap.
        """
        if len(self._buffer) - self._start < PREFIX_SIZE:
            return None
        body = self._start + PREFIX_SIZE
        size = int.from_bytes(self._buffer[self._start : body], "big")
        if not 0 < size <= self._max_frame:
            raise FrameError(f"frame of {size} bytes, allowed are 1 to {self._max_frame}")
        if len(self._buffer) - body < size:
            return None
        payload = bytes(self._buffer[body : body + size])
        self._spend(PREFIX_SIZE + size)
        return payload

    def _spend(self, size: int) -> None:
        self._start += size
        if self._start * 2 >= len(self._buffer):
            del self._buffer[: self._start]
            self._start = 0
