"""The real client connects, synchronizes and trades words with a small server on our connection."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from bot.exchange.wire import NEED_DATA, ServerConnection
from bot.exchange.wire import replies as rp
from bot.exchange.wire import requests as rq
from bot.exchange.wire.order import WireOrderState
from tests.support.client_library import VERSIONS, api

ACCOUNT = "SIM1"


def accept(request: rq.PlaceOrder) -> list[rp.Reply]:
    order = request.order
    return [
        rp.OpenOrder(
            contract=request.contract, order=order, state=WireOrderState(status="Submitted")
        ),
        rp.OrderStatus(
            order_id=order.order_id,
            status="Submitted",
            filled=Decimal(0),
            remaining=order.total_quantity,
            average_fill_price=Decimal(0),
            perm_id=1,
            parent_id=0,
            last_fill_price=Decimal(0),
            client_id=order.client_id,
        ),
    ]


def account_values(request: rq.RequestAccountUpdates) -> list[rp.Reply]:
    account = request.account
    cash = rp.AccountValue(key="Cash", value="1", currency="USD", account=account)
    return [cash, rp.AccountDownloadEnd(account=account)]


# The least a broker must say.
ANSWERS: dict[type[Any], Callable[[Any], list[rp.Reply]]] = {
    rq.Handshake: lambda _: [rp.Hello(connection_time="20180205 09:30:00 EST")],
    rq.StartApi: lambda _: [rp.ManagedAccounts(accounts=(ACCOUNT,)), rp.NextValidId(order_id=1)],
    rq.RequestPositions: lambda _: [rp.PositionEnd()],
    rq.RequestOpenOrders: lambda _: [rp.OpenOrderEnd()],
    rq.RequestCompletedOrders: lambda _: [rp.CompletedOrdersEnd()],
    rq.RequestAccountUpdates: account_values,
    rq.RequestAccountUpdatesMulti: lambda request: [
        rp.AccountUpdateMultiEnd(request_id=request.request_id)
    ],
    rq.RequestExecutions: lambda request: [rp.ExecDetailsEnd(request_id=request.request_id)],
    rq.RequestCurrentTime: lambda _: [rp.CurrentTime(epoch_seconds=1517841000)],
    rq.RequestAccountSummary: lambda request: [
        rp.AccountSummary(
            request_id=request.request_id, account=ACCOUNT, tag="Cushion", value="1", currency=""
        ),
        rp.AccountSummaryEnd(request_id=request.request_id),
    ],
    rq.PlaceOrder: accept,
}


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection = ServerConnection()
    while data := await reader.read(4096):
        connection.receive_data(data)
        while (event := connection.next_event()) is not NEED_DATA:
            writer.writelines(connection.send(reply) for reply in ANSWERS[type(event)](event))
        await writer.drain()
    writer.close()
    await writer.wait_closed()


@asynccontextmanager
async def connected_client() -> AsyncIterator[api.IB]:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    ib = api.IB()
    async with server:
        port = server.sockets[0].getsockname()[1]
        await ib.connectAsync("127.0.0.1", port, clientId=7, timeout=5)
        try:
            yield ib
        finally:
            ib.disconnect()
            await asyncio.sleep(0.05)


async def test_client_connects_and_synchronizes(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing times out and the client's decoder has nothing to complain about."""
    async with connected_client() as ib:
        assert ib.client.serverVersion() == max(VERSIONS)
        assert ib.managedAccounts() == [ACCOUNT]
        assert [value.tag for value in ib.accountValues()] == ["Cash"]
        summary = await ib.accountSummaryAsync()
        assert [value.tag for value in summary] == ["Cushion"]
        assert (await ib.reqCurrentTimeAsync()).timestamp() == 1517841000
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []


async def test_client_places_an_order(caplog: pytest.LogCaptureFixture) -> None:
    """The order the client holds is the one that came back."""
    async with connected_client() as ib:
        option = api.Option("VIX", "20180417", 20.0, "C", "SMART", currency="USD")
        option.conId = 3
        trade = ib.placeOrder(option, api.LimitOrder("BUY", 2, 1.05, orderRef="r"))
        await asyncio.wait_for(trade.statusEvent, 5)
        assert trade.orderStatus.status == "Submitted"
        assert trade.orderStatus.remaining == 2
        assert ib.openTrades() == [trade]
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []
