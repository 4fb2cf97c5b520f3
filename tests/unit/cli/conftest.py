"""A told journal for the commands to read."""

import signal
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.adapters.journal.store import Journal
from bot.domain.account import Position
from tests.support import story
from tests.support.app_world import AppWorld, pumping, slot
from tests.support.strategy_world import call_id


@pytest.fixture(autouse=True)
def handler_put_back() -> Iterator[None]:
    """A command arranges what SIGTERM means to its process, which is the tests' here."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a closed journal of one short day; not to be changed."""
    path = tmp_path_factory.mktemp("told") / "journal.sqlite"
    with Journal.open(path) as journal:
        story.tell(journal)
    return path


@pytest.fixture
async def strange(tmp_path: Path) -> Path:
    """Return the closed journal of a bot that saw three calls nobody bought and a condor."""
    app = AppWorld(path=tmp_path / "j.sqlite")
    calls = (call_id("mar", 30), call_id("jun", 30))
    app.broker.hold(
        Position(con_id=con_id, quantity=quantity, average_cost_usd=Decimal(140))
        for con_id, quantity in zip(calls, (3, -1), strict=True)
    )
    engine = app.engine()
    async with pumping(engine):
        await engine.open()
        await engine.run_slot(slot("2018-02-05 10:00"))
    await engine.close("done")
    app.journal.close()
    return app.path
