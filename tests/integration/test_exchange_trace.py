"""A session of the real client, written down and held against the codec."""

import asyncio
import os
from pathlib import Path

import pytest

from bot.exchange.assembly import ExchangePlan, open_exchange
from bot.exchange.reference.underlyings import VIX_ID
from bot.exchange.server import open_server
from bot.exchange.store import MemoryStore
from bot.exchange.trace import TraceFile, TraceFileError
from bot.exchange.wire.replay import replay
from bot.exchange.wire.trace import parse_lines
from tests.support.client_library import api
from tests.support.ib_client import connected, until, vix_call
from tests.support.session_tables import index_option_sessions


async def trade(port: int, client_id: int) -> None:
    """Do a little of everything."""
    async with connected(port, client_id) as ib:
        line = ib.reqMktData(api.Index("VIX", "CBOE", conId=VIX_ID))
        await ib.reqContractDetailsAsync(api.Option("VIX", "20180213", exchange="SMART"))
        call = await vix_call(ib, 12)
        ib.reqMktData(call)
        await ib.reqSecDefOptParamsAsync("VIX", "", "IND", 13455763)
        await ib.reqHistoricalDataAsync(
            api.Index("VIX", "CBOE", conId=VIX_ID), "", "5 D", "1 day", "TRADES", useRTH=True
        )
        await ib.reqMatchingSymbolsAsync("VI")
        await ib.whatIfOrderAsync(call, api.LimitOrder("BUY", 1, 5, tif="DAY"))
        placed = ib.placeOrder(call, api.LimitOrder("BUY", 1, 0.05, tif="DAY"))
        await until(lambda: placed.orderStatus.status in {"Submitted", "PreSubmitted"})
        ib.cancelOrder(placed.order)
        await until(placed.isDone)
        bought = ib.placeOrder(call, api.LimitOrder("BUY", 1, 9, tif="DAY"))
        await until(bought.isDone)
        await ib.reqCompletedOrdersAsync(apiOnly=False)
        await ib.accountSummaryAsync()
        await until(lambda: line.last > 0)


async def test_a_session_is_written_down_and_the_codec_agrees(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    exchange = open_exchange(ExchangePlan(), index_option_sessions, MemoryStore())
    with TraceFile(path) as trace:
        async with open_server(exchange.venue, exchange.store, trace=trace) as server:
            await asyncio.gather(trade(server.port, 1), trade(server.port, 2))
            sent, received = server.traffic.sent, server.traffic.received
    lines = list(parse_lines(path.read_bytes().splitlines()))
    found = replay(lines)
    assert found.difference is None
    assert found.passed_over == {}
    assert found.requests == received
    assert found.replies == sent + 2  # the hellos are no replies of the venue
    assert {one.session for one in lines} == {1, 2}
    assert {one.name for one in lines} >= {"ContractDetails", "OpenOrder", "ExecDetails"}


def test_a_trace_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    with pytest.raises(TraceFileError, match="nowhere"):
        TraceFile(tmp_path / "nowhere" / "trace.jsonl")


def test_a_trace_that_can_no_longer_be_written_ends(caplog: pytest.LogCaptureFixture) -> None:
    """The disk may be full, the exchange goes on."""
    if not Path("/dev/full").exists():
        assert "CI" not in os.environ, "no device that is always full"
        pytest.skip("no device that is always full")
    with TraceFile(Path("/dev/full")) as trace:
        trace.write(b"one\n")
        trace.write(b"two\n")
    assert [record.getMessage() for record in caplog.records] == ["the trace ends here"]
