"""The real client library, whichever is installed, on a socket of the paper exchange."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable

import pytest

from tests.support.client_library import NAME, api

CALL = {
    "symbol": "VIX",
    "lastTradeDateOrContractMonth": "20180213",
    "right": "C",
    "exchange": "SMART",
    "currency": "USD",
    "tradingClass": "VIX",
}


@contextlib.asynccontextmanager
async def connected(port: int, client_id: int = 1) -> AsyncIterator[api.IB]:
    """Connect, with the library's request throttle off."""
    ib = api.IB()
    ib.client.MaxRequests = 0
    await ib.connectAsync("127.0.0.1", port, clientId=client_id, timeout=10)
    try:
        yield ib
    finally:
        ib.disconnect()
        await asyncio.sleep(0)


async def vix_call(ib: api.IB, strike: float) -> api.Contract:
    """Return the February call of a strike, qualified by the exchange."""
    (contract,) = await ib.qualifyContractsAsync(api.Option(strike=strike, **CALL))
    return contract


async def quoted(ib: api.IB, contract: api.Contract) -> api.Ticker:
    """Return the line of a contract once both its sides are there."""
    ticker = ib.reqMktData(contract)
    await until(lambda: ticker.bid > 0 and ticker.ask > 0)
    return ticker


async def until(true: Callable[[], bool]) -> None:
    """Wait, bounded, until `true` holds."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - the library tells only some of it by events
            await asyncio.sleep(0.002)


def assert_decoded(caplog: pytest.LogCaptureFixture) -> None:
    """Fail if the client library could not read something: it logs that and drops the message."""
    faults = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith(NAME)
        and record.levelno >= logging.WARNING
        and (
            "handling fields" in record.getMessage()
            or "Unknown reqId" in record.getMessage()
            or "No order found" in record.getMessage()
        )
    ]
    assert faults == []
