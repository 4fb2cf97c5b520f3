"""The script of forty steps passes with the installed library at each version that it speaks."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.exchange.assembly import ExchangePlan, open_exchange
from bot.exchange.server import open_server
from bot.exchange.store import MemoryStore
from tests.compat.script import STEPS
from tests.compat.session import Session
from tests.support.client_library import VERSIONS
from tests.support.session_tables import index_option_sessions

STORM = datetime(2018, 2, 5, 15, 0, tzinfo=UTC)


def test_the_script_has_forty_steps() -> None:
    assert [step.number for step in STEPS] == list(range(1, 41))


@pytest.fixture(params=VERSIONS)
async def session(request: pytest.FixtureRequest) -> AsyncIterator[Session]:
    exchange = open_exchange(ExchangePlan(start=STORM), index_option_sessions, MemoryStore())
    async with open_server(exchange.venue, exchange.store) as server:
        session = Session(server, request.param)
        session.complaints.listen()
        try:
            yield session
        finally:
            session.complaints.leave()
            await session.close()


async def test_every_step_passes_and_nothing_is_complained_of(
    session: Session, subtests: pytest.Subtests
) -> None:
    for step in STEPS:
        with subtests.test(f"{step.number} {step.title}"):
            await step.take(session)
