"""The trace: one readable line per message, whatever portions the bytes come in."""

import json

import pytest

from bot.exchange.wire.encoding import ReplyEncoder, encode_hello
from bot.exchange.wire.framing import frame
from bot.exchange.wire.replies import CurrentTime
from bot.exchange.wire.reply_fields import kind_of
from bot.exchange.wire.request_fields import MESSAGE_NAMES as REQUEST_NAMES
from bot.exchange.wire.trace import SessionTrace, TraceError, TraceLine, parse_lines, spell_line
from tests.support.wire_samples import reply_kinds, sample

AT = "2018-02-05T09:34:00-05:00"
GREETING = b"API\0" + frame(b"v157..180") + frame(b"71\x002\x007\x00\x00")


def lines(data: bytes) -> list[TraceLine]:
    return list(parse_lines(data.splitlines()))


def test_a_conversation_is_written_down() -> None:
    trace = SessionTrace(4)
    encoder = ReplyEncoder(178)
    written = trace.received(GREETING, AT)
    written += trace.sent(encode_hello(178, "now"), AT)
    written += trace.received(frame(b"49\x001\x00"), AT)
    written += trace.sent(encoder.encode(CurrentTime(epoch_seconds=5)), AT)
    told = lines(written)
    assert [(one.way, one.version, one.id, one.name) for one in told] == [
        ("in", 0, -1, "Handshake"),
        ("in", 178, 71, "StartApi"),
        ("out", 0, -1, "Hello"),
        ("in", 178, 49, "RequestCurrentTime"),
        ("out", 178, 49, "CurrentTime"),
    ]
    assert {(one.session, one.at) for one in told} == {(4, AT)}
    assert told[0].fields == ("v157..180",)
    assert told[1].fields == ("71", "2", "7", "")
    assert told[4].fields == ("49", "1", "5")


def test_a_line_is_plain_json() -> None:
    (line,) = SessionTrace(1).received(b"API\0" + frame(b"v170"), AT).splitlines()
    assert json.loads(line) == {
        "at": AT,
        "session": 1,
        "way": "in",
        "version": 0,
        "id": -1,
        "name": "Handshake",
        "fields": ["v170"],
    }


def test_any_split_of_the_bytes_gives_the_same_lines() -> None:
    whole = SessionTrace(1).received(GREETING, AT)
    trace = SessionTrace(1)
    assert b"".join(trace.received(bytes([byte]), AT) for byte in GREETING) == whole


def test_broken_framing_is_told_once() -> None:
    trace = SessionTrace(1)
    told = lines(trace.received(b"API\0" + frame(b"v170") + b"\0\0\0\0" + frame(b"49\0"), AT))
    assert told[0].name == "Handshake"
    assert told[1].name.startswith("broken: frame of 0 bytes")
    assert len(told) == 2
    assert trace.received(frame(b"49\0"), AT) == b""
    assert lines(trace.sent(encode_hello(170, "now"), AT))[0].name == "Hello"


@pytest.mark.parametrize("payload", [b"999\0", b"x\0", b"\0", b"9" * 5000 + b"\0", b"\xff\0"])
def test_what_is_no_message_is_written_down_too(payload: bytes) -> None:
    trace = SessionTrace(1)
    trace.received(GREETING, AT)
    (told,) = lines(trace.received(frame(payload), AT))
    assert told.name == "unknown"
    assert told.fields[0] == payload[:-1].decode("utf-8", "backslashreplace")


def test_a_version_nobody_speaks_stays_unknown() -> None:
    told = lines(SessionTrace(1).received(b"API\0" + frame(b"hello") + frame(b"49\x001\0"), AT))
    assert [(one.version, one.name) for one in told] == [
        (0, "Handshake"),
        (0, "RequestCurrentTime"),
    ]


def test_every_message_has_its_name() -> None:
    for kind in reply_kinds():
        fields = ReplyEncoder(178).encode(sample(kind))[4:].decode().split("\0")
        assert kind_of(int(fields[0]), fields) is kind
    assert kind_of(99, ["99", "1", "7"]) is None
    assert kind_of(99, ["99"]) is None
    assert REQUEST_NAMES[9] == "RequestContractDetails"


@pytest.mark.parametrize("line", [b"", b"x", b"{}", b'{"at": 5}', b"[]"])
def test_a_strange_line_is_named(line: bytes) -> None:
    good = spell_line(lines(SessionTrace(1).received(GREETING, AT))[0])
    with pytest.raises(TraceError, match="line 2"):
        list(parse_lines([good, line]))
