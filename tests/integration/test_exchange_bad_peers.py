"""Whatever one client does, a healthy one beside it notices nothing."""

import asyncio
import os
import signal
import socket
import struct
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.adapters.ib.broker import IbBroker
from bot.adapters.ib.conversation import Address, Limits
from bot.domain.broker import NoticeHeard
from bot.exchange import peer as peers
from bot.exchange.assembly import ExchangePlan, open_exchange
from bot.exchange.reference.underlyings import VIX_ID
from bot.exchange.server import ExchangeServer, open_server
from bot.exchange.store import MemoryStore
from bot.exchange.wire.framing import frame
from tests.support.client_library import api
from tests.support.ib_client import assert_decoded, connected, until
from tests.support.raw_client import CURRENT_TIME, OFFER, RawClient, message, raw_client
from tests.support.session_tables import index_option_sessions
from tests.support.standing_clock import StandingClock

DEAF_REQUESTS = 1000
CHAIN = message(9, 8, 1, 0, "VIX", "OPT", *[""] * 13)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[ExchangeServer]:
    exchange = open_exchange(ExchangePlan(), index_option_sessions, MemoryStore())
    async with open_server(exchange.venue, exchange.store) as server:
        yield server


@pytest_asyncio.fixture
async def healthy(
    server: ExchangeServer, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[api.IB]:
    """A client that works before, during and after, and is told no error."""
    async with connected(server.port, client_id=1) as ib:
        errors: list[int] = []
        ib.errorEvent += lambda _id, code, *_: errors.append(code)
        line = ib.reqMktData(api.Index("VIX", "CBOE", conId=VIX_ID))
        await until(lambda: line.last > 0)
        yield ib
        async with asyncio.timeout(10):
            await ib.reqCurrentTimeAsync()
        assert ib.isConnected()
        assert errors == []
        assert_decoded(caplog)


async def alone(server: ExchangeServer) -> None:
    """Wait until only the healthy client is left."""
    await until(lambda: server.client_count == 1)


async def well(ib: api.IB) -> None:
    """See that the healthy client is served now."""
    async with asyncio.timeout(10):
        await ib.reqCurrentTimeAsync()


# -- not our protocol


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"63\x00",
        b"\x00" * 64,
        b"\r\nAPI\x00" + frame(OFFER),
    ],
    ids=["http", "tls", "old client", "zeros", "blank before the prefix"],
)
async def test_another_protocol_is_hung_up_on(
    server: ExchangeServer, healthy: api.IB, garbage: bytes
) -> None:
    async with raw_client(server.port) as stranger:
        stranger.send(garbage)
        if len(garbage) < 4:
            stranger.send(b"\n")
        assert await stranger.heard_to_the_end() == []
    await alone(server)


@pytest.mark.parametrize("offer", [b"v1..100", b"v300..400", b"hello", b"v157..178\xff"])
async def test_a_version_nobody_speaks_is_hung_up_on(
    server: ExchangeServer, healthy: api.IB, offer: bytes
) -> None:
    async with raw_client(server.port) as stranger:
        stranger.send(b"API\0", frame(offer))
        assert await stranger.heard_to_the_end() == []
    await alone(server)


# -- bad messages


@pytest.mark.parametrize(
    "bad",
    [
        message(999, 1),
        message("x"),
        message(49),
        message(49, 1, 2, 3),
        message(2, 2, "9" * 30),
        message(1, 11, "1e400", *[""] * 20),
        message(9, 8, 1, 0, "VIX", "OPT", "", "1e200", *[""] * 11),
        frame(b"\xff\xfe\x00"),
        frame(b"49\x001"),
        frame(b"\x00"),
        message(71, 2, 5, ""),
    ],
)
async def test_a_message_that_cannot_be_read_is_answered_and_the_client_stays(
    server: ExchangeServer, healthy: api.IB, bad: bytes
) -> None:
    async with raw_client(server.port) as clumsy:
        clumsy.greet(2)
        clumsy.send(bad, CURRENT_TIME)
        told = await clumsy.heard_until("49")
        assert [one[3] for one in told if one[0] == "4" and one[3] == "320"] == ["320"]
    await alone(server)


async def test_a_request_before_the_name_is_told_and_ends(
    server: ExchangeServer, healthy: api.IB
) -> None:
    async with raw_client(server.port) as hasty:
        hasty.send(b"API\0", frame(OFFER), CURRENT_TIME)
        hello, refusal = await hasty.heard_to_the_end()
        assert hello[0] == "178"
        assert refusal[3] == "320"
    await alone(server)


@pytest.mark.parametrize(("client_id", "code"), [(1, "326"), (-1, "321")])
async def test_a_name_that_cannot_be_taken_is_told_and_ends(
    server: ExchangeServer, healthy: api.IB, client_id: int, code: str
) -> None:
    async with raw_client(server.port) as other:
        other.greet(client_id)
        _, refusal = await other.heard_to_the_end()
        assert refusal[3] == code
    await alone(server)


async def test_a_client_that_never_says_its_name_is_hung_up_on(
    server: ExchangeServer, healthy: api.IB, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "START_SECONDS", 0.05)
    async with raw_client(server.port) as silent, raw_client(server.port) as half:
        half.send(b"API\0", frame(OFFER))
        assert await silent.heard_to_the_end() == []
        assert [told[0] for told in await half.heard_to_the_end()] == ["178"]
    await alone(server)


async def test_a_frame_that_is_too_long_ends_the_connection_unread(
    server: ExchangeServer, healthy: api.IB
) -> None:
    async with raw_client(server.port) as loud:
        loud.greet(2)
        await loud.heard_until("15")
        loud.send((10 << 20).to_bytes(4, "big"))
        told = await loud.heard_to_the_end()
        assert told[-1][3] == "320"
        assert "frame of 10485760 bytes" in told[-1][4]
    await alone(server)


# -- pace


async def test_one_byte_at_a_time_is_served_as_any(server: ExchangeServer, healthy: api.IB) -> None:
    async with raw_client(server.port) as slow:
        for byte in b"API\0" + frame(OFFER) + message(71, 2, 2, "") + CURRENT_TIME:
            slow.send(bytes([byte]))
            await slow.writer.drain()
            await asyncio.sleep(0)
        await slow.heard_until("49")
    await alone(server)


async def test_thousands_of_requests_at_once_leave_the_others_their_turn(
    server: ExchangeServer, healthy: api.IB
) -> None:
    count = 3000
    async with raw_client(server.port) as greedy:
        greedy.greet(2)
        await greedy.heard_until("15")
        greedy.send(CURRENT_TIME * count)
        before = server.traffic.received
        await well(healthy)
        assert server.traffic.received - before < count
        for _ in range(count):
            await greedy.heard_until("49")
    await alone(server)


async def test_a_client_that_does_not_read_is_not_read_either(
    server: ExchangeServer, healthy: api.IB
) -> None:
    """Of its requests only those are served whose answers the buffers can hold."""
    deaf = socket.create_connection(("127.0.0.1", server.port))
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.sendall(b"API\0" + frame(OFFER) + message(71, 2, 2, ""))
    await until(lambda: server.client_count == 2)
    before = server.traffic.received
    deaf.sendall(CHAIN * DEAF_REQUESTS)
    for _ in range(50):
        await well(healthy)
        await asyncio.sleep(0.005)
    assert server.traffic.received - before < DEAF_REQUESTS
    deaf.close()
    await alone(server)


async def test_a_slow_reader_gets_everything_in_the_end(
    server: ExchangeServer, healthy: api.IB, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is served on when it has caught up."""
    monkeypatch.setattr(peers, "PAUSE_UNREAD_BYTES", 50_000)
    async with raw_client(server.port) as slow:
        slow.greet(2)
        slow.send(CHAIN * 3, CURRENT_TIME)
        for _ in range(20):
            await well(healthy)
            await asyncio.sleep(0.005)
        told = await slow.heard_until("49")
        assert len([one for one in told if one[0] == "52"]) == 3
    await alone(server)


async def test_a_client_that_is_killed_frees_its_id(
    server: ExchangeServer, healthy: api.IB
) -> None:
    """Its unread messages make the system reset the connection instead of ending it."""
    for _ in range(2):
        async with raw_client(server.port) as doomed:
            doomed.greet(2)
            told = await doomed.heard_until("15")
            assert [one[3] for one in told if one[0] == "4"] == []
            end = doomed.writer.get_extra_info("socket")
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            doomed.writer.transport.abort()
        await alone(server)


async def test_a_client_that_vanishes_is_found_out_by_probes(
    server: ExchangeServer, healthy: api.IB
) -> None:
    """Half a minute of silence, then three probes; a frozen program still answers them."""
    ends: list[socket.socket] = [
        one._transport.get_extra_info("socket")
        for one in server._clients.values()
        if one._transport is not None
    ]
    (end,) = ends
    assert end.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    for name, seconds in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, name):
            assert end.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) == seconds


FROZEN = """
import os, signal, socket, sys
end = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
end.sendall(bytes.fromhex(sys.argv[2]))
end.recv(1)
os.kill(os.getpid(), signal.SIGSTOP)
"""


async def test_a_frozen_program_is_no_burden(server: ExchangeServer, healthy: api.IB) -> None:
    greeting = b"API\0" + frame(OFFER) + message(71, 2, 2, "")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", FROZEN, str(server.port), greeting.hex()
    )
    try:
        await until(lambda: server.client_count == 2)
        for _ in range(20):
            await well(healthy)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
    await alone(server)


# -- rate


@pytest_asyncio.fixture
async def strict() -> AsyncIterator[ExchangeServer]:
    exchange = open_exchange(ExchangePlan(), index_option_sessions, MemoryStore())
    async with open_server(exchange.venue, exchange.store, max_rate=50) as server:
        yield server


async def greeted(client: RawClient, offer: bytes = OFFER) -> None:
    client.greet(2, offer)
    await client.heard_until("15")


async def test_too_fast_is_refused_and_slow_again_is_served(strict: ExchangeServer) -> None:
    async with raw_client(strict.port) as fast:
        await greeted(fast)
        fast.send(CURRENT_TIME * 90)
        told = [await fast.heard() for _ in range(90 + 5)]
        refused = [one for one in told if one[0] == "4" and one[3] == "100"]
        assert len(refused) >= 20
        assert refused[0][2] == "-1"
        assert refused[0][4] == (
            "Max rate of messages per second has been exceeded:max=50 rec=51 (1)"
        )
        await asyncio.sleep(1.05)
        fast.send(CURRENT_TIME)
        assert (await fast.heard())[0] == "49"


async def test_the_third_breach_ends_the_connection(strict: ExchangeServer) -> None:
    async with raw_client(strict.port) as fast:
        await greeted(fast)
        for _ in range(3):
            fast.send(CURRENT_TIME * 120)
            await asyncio.sleep(1.05)
        told = await fast.heard_to_the_end()
        assert told[-1][4].endswith("(3)")
    await until(lambda: strict.client_count == 0)


async def test_a_client_that_asks_for_pacing_waits_and_is_not_refused(
    strict: ExchangeServer,
) -> None:
    async with raw_client(strict.port) as patient:
        await greeted(patient, OFFER + b" +PACEAPI")
        patient.send(CURRENT_TIME * 110)
        told = [await patient.heard() for _ in range(110 + 5)]
        assert [one for one in told if one[0] == "4" and one[3] == "100"] == []


async def test_the_library_with_its_own_throttle_stays_within(
    strict: ExchangeServer, caplog: pytest.LogCaptureFixture
) -> None:
    ib = api.IB()
    errors: list[int] = []
    ib.errorEvent += lambda _id, code, *_: errors.append(code)
    await ib.connectAsync("127.0.0.1", strict.port, clientId=3, timeout=10)
    for _ in range(120):
        ib.client.reqCurrentTime()
    async with asyncio.timeout(20):
        while ib.client._msgQ:  # noqa: ASYNC110 - the library has no event for it
            await asyncio.sleep(0.05)
        await ib.reqCurrentTimeAsync()
    ib.disconnect()
    assert 100 not in errors


async def test_the_bot_that_reads_its_account_again_and_again_stays_within(
    strict: ExchangeServer,
) -> None:
    """Each reading is four messages: two questions and their ends, which cannot wait."""
    address = Address(host="127.0.0.1", port=strict.port, client_id=4)
    broker = IbBroker(address, StandingClock(), limits=Limits(answer=2))
    await broker.connect()
    for _ in range(30):
        await broker.account()
        await broker.positions()
    await broker.disconnect()
    heard = [broker._heard._queue.get_nowait() for _ in range(broker._heard._queue.qsize())]
    assert [event for event in heard if isinstance(event, NoticeHeard)] == []
