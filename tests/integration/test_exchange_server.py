"""The server's duties towards clients that misbehave and a disk that fails."""

import asyncio
import contextlib
import socket
from collections.abc import Iterable
from datetime import timedelta

import pytest
from typing_extensions import override

from bot.exchange import peer
from bot.exchange.assembly import Exchange, ExchangePlan, open_exchange
from bot.exchange.reference.underlyings import VIX_ID
from bot.exchange.server import ExchangeServer, open_server
from bot.exchange.store import MemoryStore, StoreError
from bot.exchange.venue.records import Record
from bot.exchange.wire.framing import frame
from tests.support.client_library import api
from tests.support.ib_client import connected, until, vix_call
from tests.support.raw_client import message, raw_client
from tests.support.session_tables import index_option_sessions
from tests.support.wire_peer import CapturingClient


class FullDisk(MemoryStore):
    """A store that takes nothing more from a moment on."""

    full = False

    @override
    def append(self, records: Iterable[Record]) -> None:
        if self.full:
            raise StoreError(f"no space left for {records}")


@pytest.fixture
def store() -> FullDisk:
    return FullDisk()


@pytest.fixture
def exchange(store: FullDisk) -> Exchange:
    return open_exchange(ExchangePlan(), index_option_sessions, store)


async def test_a_client_that_does_not_read_is_dropped_alone(
    server: ExchangeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its requests wait while it is behind; what it subscribed to goes on and fills its line."""
    monkeypatch.setattr(peer, "MAX_UNREAD_BYTES", 100_000)
    monkeypatch.setattr(peer, "PAUSE_UNREAD_BYTES", 50_000)
    deaf = socket.create_connection(("127.0.0.1", server.port))
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.sendall(b"API\0" + frame(b"v157..176") + message(71, 2, 9, ""))
    async with connected(server.port) as ib:
        await until(lambda: server.client_count == 2)
        deaf.sendall(message(1, 11, 1, VIX_ID, *[""] * 6, "CBOE", *[""] * 4, 0, "", 0, 0, ""))
        deaf.sendall(message(9, 8, 1, 0, "VIX", "OPT", *[""] * 13) * 100)
        for _ in range(2000):
            await server.advance(server.now + timedelta(seconds=15))
            if server.client_count == 1:
                break
        assert server.client_count == 1
        await ib.reqCurrentTimeAsync()
    deaf.close()


async def test_an_oversized_frame_drops_its_client_alone(server: ExchangeServer) -> None:
    async with connected(server.port) as ib:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"API\0\xff\xff\xff\xff")
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
        await ib.reqCurrentTimeAsync()


async def test_a_version_nobody_speaks_is_refused(server: ExchangeServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    offer = b"v100..110"
    writer.write(b"API\0" + len(offer).to_bytes(4, "big") + offer)
    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()


async def test_a_readable_frame_of_nonsense_is_answered_and_the_client_stays(
    server: ExchangeServer,
) -> None:
    async with connected(server.port) as ib:
        errors: list[int] = []
        ib.errorEvent += lambda _id, code, *_: errors.append(code)
        ib.client.sendMsg("nonsense\0")
        await ib.reqCurrentTimeAsync()
        assert errors == [320]


async def test_nothing_is_told_that_could_not_be_stored(
    server: ExchangeServer, store: FullDisk
) -> None:
    loop = asyncio.get_running_loop()
    faults: list[object] = []
    loop.set_exception_handler(lambda _loop, context: faults.append(context.get("exception")))
    async with connected(server.port) as ib:
        contract = await vix_call(ib, 12)
        store.full = True
        trade = ib.placeOrder(contract, api.LimitOrder("BUY", 1, 0.01, tif="DAY"))
        await until(lambda: not ib.isConnected())
        assert trade.orderStatus.permId == 0
    assert isinstance(faults[0], StoreError)
    store.full = False
    with pytest.raises(StoreError):
        await server.advance(server.now + timedelta(minutes=1))


async def test_a_failing_disk_drops_a_client_in_the_middle_of_its_turn(
    server: ExchangeServer, store: FullDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its messages are served one at a time here, so the order comes in a turn of its own."""
    monkeypatch.setattr(peer, "MESSAGES_AT_ONCE", 1)
    faults: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: faults.append(context.get("exception")))
    library = CapturingClient(176)
    library.startApi()
    library.reqCurrentTime()
    call = api.Option("VIX", "20180213", 12, "C", "SMART", currency="USD", tradingClass="VIX")
    library.placeOrder(1, call, api.LimitOrder("BUY", 1, 0.01, tif="DAY"))
    store.full = True
    async with raw_client(server.port) as client:
        client.send(b"API\0", frame(b"v157..176"), library.sent)
        with contextlib.suppress(ConnectionError):
            await client.heard_to_the_end()
        await until(lambda: server.client_count == 0)
    assert isinstance(faults[0], StoreError)


async def test_a_running_clock_moves_the_market(exchange: Exchange, server: ExchangeServer) -> None:
    before = server.now
    async with connected(server.port) as ib, asyncio.TaskGroup() as tasks:
        (index,) = await ib.qualifyContractsAsync(api.Index("VIX", "CBOE"))
        vix = ib.reqMktData(index)
        clock = tasks.create_task(server.run_clock(exchange.running_clock(3600)))
        await until(lambda: vix.last > 0 and server.now > before + timedelta(minutes=5))
        clock.cancel()
    assert server.traffic.received > 0
    assert server.traffic.sent > server.traffic.received


async def test_a_closed_server_has_no_port_and_no_clients(exchange: Exchange) -> None:
    async with open_server(exchange.venue, exchange.store) as server:
        async with connected(server.port) as ib:
            await server.close()
            await until(lambda: not ib.isConnected())
            await until(lambda: server.client_count == 0)
        with pytest.raises(RuntimeError):
            _ = server.port
        await server.close()
