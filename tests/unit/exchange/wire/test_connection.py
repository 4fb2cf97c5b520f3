"""The phases of a conversation: greeting, version, start, requests."""

import pytest

from bot.exchange.wire import NEED_DATA, Phase, ProtocolViolation, SendError, ServerConnection
from bot.exchange.wire.framing import frame
from bot.exchange.wire.replies import CurrentTime, Hello, NextValidId, Reply
from bot.exchange.wire.requests import Handshake, RequestCurrentTime, StartApi
from tests.support.wire_peer import GREETING, CapturingClient, connected, drain, split_frames


def greeted(line: bytes, max_version: int = 176) -> ServerConnection:
    connection = ServerConnection(max_version=max_version)
    connection.receive_data(b"API\0" + frame(line))
    return connection


def test_handshake_settles_the_version() -> None:
    """The lower maximum is spoken, and the hello says so."""
    connection = ServerConnection()
    assert (connection.phase, connection.server_version) == (Phase.PREFIX, None)
    connection.receive_data(GREETING)
    assert connection.next_event() == Handshake(min_version=157, max_version=176)
    assert connection.next_event() is NEED_DATA
    assert (connection.phase, connection.server_version) == (Phase.START, 176)
    hello = connection.send(Hello(connection_time="20180205 09:30:00 EST"))
    assert split_frames(hello) == [["176", "20180205 09:30:00 EST"]]


@pytest.mark.parametrize(
    ("line", "max_version", "version", "options"),
    [
        (b"v100..157", 176, 157, ""),
        (b"v157..178", 176, 176, ""),
        (b"v157..178 +PACEAPI", 178, 178, "+PACEAPI"),
        (b"v170", 176, 170, ""),
        (b"v100..203", 178, 178, ""),
        (b"v100..222 +PACEAPI", 178, 178, "+PACEAPI"),
        (b"v157..178 ", 178, 178, ""),
        (b"v100..200\0", 160, 160, ""),
        (b"v157..176", 157, 157, ""),
    ],
)
def test_lower_maximum_wins(line: bytes, max_version: int, version: int, options: str) -> None:
    """Every client is served in its best version."""
    connection = greeted(line, max_version)
    event = connection.next_event()
    assert isinstance(event, Handshake)
    assert (connection.server_version, event.options) == (version, options)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"v100..156", "the client speaks versions 100..156, this server 157..176"),
        (b"v177..200", "the client speaks versions 177..200, this server 157..176"),
        (b"63", "not a version line: '63'"),
        (b"v1..x", "not a version line: 'v1..x'"),
        (b"v\xb2", "not a version line"),
    ],
)
def test_client_without_common_version_is_refused(line: bytes, reason: str) -> None:
    """One clear reason, and the conversation is over."""
    connection = greeted(line)
    event = connection.next_event()
    assert isinstance(event, ProtocolViolation)
    assert event.fatal
    assert event.reason.startswith(reason)
    assert connection.phase is Phase.CLOSED
    connection.receive_data(GREETING)
    assert connection.next_event() is NEED_DATA


def test_stranger_is_refused() -> None:
    """Another protocol on our port is told from ours by its first four bytes."""
    connection = ServerConnection()
    connection.receive_data(b"GE")
    assert connection.next_event() is NEED_DATA
    connection.receive_data(b"T / HTTP/1.1\r\n")
    event = connection.next_event()
    assert isinstance(event, ProtocolViolation)
    assert event.fatal
    assert "not b'GET '" in event.reason


def test_client_names_itself() -> None:
    """Only then other requests are taken."""
    connection = greeted(b"v157..176")
    client = CapturingClient()
    client.optCapab = "x"
    client.startApi()
    client.reqCurrentTime()
    connection.receive_data(client.sent)
    assert drain(connection)[1:] == [
        StartApi(client_id=7, optional_capabilities="x"),
        RequestCurrentTime(),
    ]
    assert (connection.client_id, connection.phase) == (7, Phase.READY)


def test_request_before_the_start_ends_the_conversation() -> None:
    """A client without a name cannot be answered."""
    connection = greeted(b"v157..176")
    client = CapturingClient()
    client.reqCurrentTime()
    connection.receive_data(client.sent)
    event = drain(connection)[1]
    assert event == ProtocolViolation(reason="RequestCurrentTime before StartApi", fatal=True)


def test_lost_framing_ends_the_conversation() -> None:
    """After a broken length no later byte has a meaning."""
    connection = connected()
    client = CapturingClient()
    client.reqCurrentTime()
    connection.receive_data(b"\0\0\0\0" + client.sent)
    assert drain(connection) == [
        ProtocolViolation(reason="frame of 0 bytes, allowed are 1 to 1048576", fatal=True)
    ]


def test_frame_cap_is_the_callers_choice() -> None:
    """A smaller cap refuses what the default takes."""
    connection = ServerConnection(max_frame=8)
    connection.receive_data(GREETING)
    event = connection.next_event()
    assert event == ProtocolViolation(reason="frame of 9 bytes, allowed are 1 to 8", fatal=True)


@pytest.mark.parametrize("reply", [Hello(connection_time=""), NextValidId(order_id=1)])
def test_nothing_is_sent_before_the_handshake(reply: Hello | NextValidId) -> None:
    """Without a version there is no spelling."""
    with pytest.raises(SendError, match="not negotiated"):
        ServerConnection().send(reply)


def test_replies_are_sent_singly_or_together() -> None:
    """Both ways give the same bytes."""
    connection = connected()
    replies: list[Reply] = [NextValidId(order_id=1), CurrentTime(epoch_seconds=2)]
    assert connection.send_all(replies) == b"".join(map(connection.send, replies))


@pytest.mark.parametrize("version", [156, 179])
def test_unknown_own_version_is_refused(version: int) -> None:
    """The server cannot offer what its tables do not know."""
    with pytest.raises(ValueError, match=r"157.*178"):
        ServerConnection(max_version=version)
