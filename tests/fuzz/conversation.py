"""What a fuzzer does with its bytes: a conversation, cut into portions, and what must hold of it.

The first two bytes of an input choose the version offered and how the rest is cut; the rest is what
a client sends. Inputs are of any length, so the same function serves the coverage-guided fuzzer,
the small one of the test suite, and an input kept from either.
"""

from bot.exchange.wire import (
    NEED_DATA,
    FrameError,
    Phase,
    ProtocolError,
    ProtocolViolation,
    ServerConnection,
)
from bot.exchange.wire.decoding import decoder_of
from bot.exchange.wire.framing import frame
from bot.exchange.wire.trace import SessionTrace, parse_lines
from bot.exchange.wire.versions import MAX_VERSION, MIN_VERSION

VERSIONS = MAX_VERSION - MIN_VERSION + 1
MAX_FRAME = 1 << 16


class BrokenPromiseError(AssertionError):
    """The codec did what it promises not to do."""


def converse(data: bytes) -> int:
    """Play one input; return how many events came of it.

    Raises:
        BrokenPromiseError: The codec broke a promise; any other error is a finding too.
    """
    if len(data) < 2:
        return 0
    version, step, sent = MIN_VERSION + data[0] % VERSIONS, 1 + data[1], data[2:]
    _decode_alone(version, sent)
    _write_down(sent, step)
    greeted = (
        b"API\0" + frame(f"v{MIN_VERSION}..{version}".encode()) + frame(b"71\x002\x007\x00\x00")
    )
    return _feed(sent, step) + _feed(greeted + sent, step)


def _feed(sent: bytes, step: int) -> int:
    connection = ServerConnection(max_frame=MAX_FRAME)
    events = 0
    for start in range(0, len(sent), step):
        connection.receive_data(sent[start : start + step])
        while (event := connection.next_event()) is not NEED_DATA:
            events += 1
            fatal = isinstance(event, ProtocolViolation) and event.fatal
            if fatal != (connection.phase is Phase.CLOSED):
                raise BrokenPromiseError("a fatal violation closes, and nothing else does")
    if events > len(sent):
        raise BrokenPromiseError("more events than bytes")
    if len(connection._buffer._buffer) > 2 * len(sent):
        raise BrokenPromiseError("more is kept than was sent")
    return events


def _decode_alone(version: int, payload: bytes) -> None:
    """Read the input as one message without its frame."""
    try:
        decoder_of(version).decode(payload)
    except FrameError as error:
        raise BrokenPromiseError("a message has no framing") from error
    except ProtocolError:
        return


def _write_down(sent: bytes, step: int) -> None:
    """The trace writes down whatever comes, in lines that can be read again."""
    trace = SessionTrace(1)
    for start in range(0, len(sent), step):
        portion = sent[start : start + step]
        written = trace.received(portion, "") + trace.sent(portion, "")
        list(parse_lines(written.splitlines()))
