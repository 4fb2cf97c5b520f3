"""The real client library on a socket of the paper exchange, for integration tests."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable

import ib_insync
import pytest

CALL = {
    "symbol": "VIX",
    "lastTradeDateOrContractMonth": "20180213",
    "right": "C",
    "exchange": "SMART",
    "currency": "USD",
    "tradingClass": "VIX",
}


@contextlib.asynccontextmanager
async def connected(port: int, client_id: int = 1) -> AsyncIterator[ib_insync.IB]:
    """Connect, with the library's request throttle off."""
    ib = ib_insync.IB()
    ib.client.MaxRequests = 0
    await ib.connectAsync("127.0.0.1", port, clientId=client_id, timeout=10)
    try:
        yield ib
    finally:
        ib.disconnect()
        await asyncio.sleep(0)


async def vix_call(ib: ib_insync.IB, strike: float) -> ib_insync.Contract:
    """Return the February call of a strike, qualified by the exchange."""
    (contract,) = await ib.qualifyContractsAsync(ib_insync.Option(strike=strike, **CALL))
    return contract


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
        if record.name.startswith("ib_insync")
        and record.levelno >= logging.WARNING
        and (
            "handling fields" in record.getMessage()
            or "Unknown reqId" in record.getMessage()
            or "No order found" in record.getMessage()
        )
    ]
    assert faults == []
