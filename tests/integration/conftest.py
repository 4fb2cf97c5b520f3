"""An exchange, its server, and the client library connected to it; a test may replace each.

Modules that ask for `everything_is_decoded` fail on any message the library could not read.
"""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from bot.exchange.assembly import Exchange, ExchangePlan, open_exchange
from bot.exchange.server import ExchangeServer, open_server
from bot.exchange.store import MemoryStore
from tests.support.client_library import api
from tests.support.ib_client import assert_decoded, connected
from tests.support.session_tables import index_option_sessions


@pytest.fixture
def everything_is_decoded(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert_decoded(caplog)


@pytest.fixture
def exchange() -> Exchange:
    return open_exchange(ExchangePlan(), index_option_sessions, MemoryStore())


@pytest_asyncio.fixture
async def server(exchange: Exchange) -> AsyncIterator[ExchangeServer]:
    async with open_server(exchange.venue, exchange.store) as server:
        yield server


@pytest_asyncio.fixture
async def ib(server: ExchangeServer) -> AsyncIterator[api.IB]:
    async with connected(server.port) as ib:
        yield ib
