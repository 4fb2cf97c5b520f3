"""What a client was told is there again after the exchange was killed."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from pathlib import Path

from tests.support.client_library import api
from tests.support.ib_client import connected, until, vix_call


@contextlib.asynccontextmanager
async def exchange_process(state: Path, speed: float = 1.0) -> AsyncIterator[int]:
    """Run the exchange as a process and kill it at the end without warning."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.exchange_process",
        str(state),
        str(speed),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        yield int(await asyncio.wait_for(process.stdout.readline(), 30))
    finally:
        process.kill()
        await process.wait()


def _is_acknowledged(trade: api.Trade) -> bool:
    return trade.orderStatus.permId > 0


def limit(price: float, ref: str) -> api.LimitOrder:
    return api.LimitOrder("BUY", 1, price, tif="DAY", orderRef=ref)


async def test_orders_fills_ids_and_clock_survive_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "exchange.db"
    async with exchange_process(state, speed=60) as port, connected(port) as ib:
        contract = await vix_call(ib, 12)
        ticker = ib.reqMktData(contract)
        await until(lambda: ticker.bid > 0)
        filled = ib.placeOrder(contract, limit(round(ticker.ask + 0.20, 2), "fills"))
        resting = ib.placeOrder(contract, limit(0.01, "rests"))
        await until(lambda: filled.isDone() and resting.orderStatus.status == "Submitted")
        cash = {v.tag: v.value for v in ib.accountValues()}["TotalCashValue"]
        told = await ib.reqCurrentTimeAsync()
    async with exchange_process(state) as port, connected(port) as ib:
        (trade,) = ib.openTrades()
        assert (trade.order.orderRef, trade.order.permId) == ("rests", resting.order.permId)
        (fill,) = ib.fills()
        assert fill.execution.execId == filled.fills[0].execution.execId
        assert fill.execution.permId == filled.order.permId
        again = {v.tag: v.value for v in ib.accountValues()}["TotalCashValue"]
        assert again == cash
        assert await ib.reqCurrentTimeAsync() >= told
        assert ib.client.getReqId() > resting.order.orderId


async def test_an_acknowledged_order_is_stored_however_often_it_is_killed(tmp_path: Path) -> None:
    state = tmp_path / "exchange.db"
    refs: list[str] = []
    clock: datetime | None = None
    for round_number in range(3):
        async with exchange_process(state) as port, connected(port) as ib:
            contract = await vix_call(ib, 12)
            now = await ib.reqCurrentTimeAsync()
            assert clock is None or now >= clock
            clock = now
            trade = ib.placeOrder(contract, limit(0.01, f"intent-{round_number}"))
            refs.append(trade.order.orderRef)
            await until(partial(_is_acknowledged, trade))
            # killed here, with the acknowledgement just heard
    async with exchange_process(state) as port, connected(port) as ib:
        assert [t.order.orderRef for t in ib.openTrades()] == refs
        assert len({t.order.permId for t in ib.openTrades()}) == len(refs)
