"""A connected adapter, the scripted TWS at its other end, and a clock that stands still."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.adapters.ib import Address, IbBroker, Limits
from bot.adapters.ib.client_library import NAME
from tests.support.scripted_tws import CLIENT_ID, ScriptedTws, scripted_tws
from tests.support.standing_clock import StandingClock


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
async def tws() -> AsyncIterator[ScriptedTws]:
    async with scripted_tws() as server:
        yield server


@pytest.fixture
async def unconnected(tws: ScriptedTws, clock: StandingClock) -> AsyncIterator[IbBroker]:
    address = Address(host="127.0.0.1", port=tws.port, client_id=CLIENT_ID)
    limits = Limits(connect=3.0, answer=0.5, list=0.5, history=0.5, refresh=0.2)
    broker = IbBroker(address, clock, limits=limits, throttle=False)
    yield broker
    await broker.disconnect()


@pytest.fixture
async def broker(unconnected: IbBroker) -> IbBroker:
    await unconnected.connect()
    await unconnected.next_event()
    unconnected.event_done()
    return unconnected


@pytest.fixture(autouse=True)
def no_lost_message(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Fail on any message the library's decoder could not read, unless the test is about one."""
    yield
    if "loses_messages" in request.fixturenames:
        return
    lost = [
        record.getMessage()
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.ERROR and record.name in {f"{NAME}.Decoder", "eventkit.event"}
    ]
    assert lost == []


@pytest.fixture
def loses_messages() -> None:
    """Say that this test makes the decoder fail on purpose."""
