"""`alvh book` and `alvh adopt` as the running bot answers them."""

from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from bot.adapters.control import ControlError, UnavailableError
from bot.app.adoption import Adopt, Ignore, Request
from bot.app.engine import Engine
from bot.app.ports import BrokerTimeoutError
from bot.app.service import HostPace, Service
from bot.bootstrap.choices import deeds_of
from bot.domain.account import Position
from bot.review.holding_rows import AdoptAnswer, BookView
from tests.support import strategy_world as world
from tests.support.app_world import AppWorld

MARCH = world.call_id("mar", 16)


class Bot:
    """A bot that has just started, with three calls nobody knows."""

    def __init__(self, app: AppWorld, engine: Engine) -> None:
        self.app = app
        self.engine = engine
        service = Service(engine, app.broker, app.clock, HostPace(app.clock))
        self._deeds = deeds_of(engine, service)

    async def book(self) -> BookView:
        return msgspec.convert(await self._deeds["book"]({}), BookView)

    async def adopt(self, arguments: Mapping[str, object] | None = None) -> AdoptAnswer:
        return msgspec.convert(await self._deeds["adopt"](arguments or {}), AdoptAnswer)

    async def choose(self, request: Request) -> AdoptAnswer:
        return await self.adopt(msgspec.to_builtins(request))


@pytest_asyncio.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    app = AppWorld(path=tmp_path / "journal.sqlite")
    app.broker.hold([Position(con_id=MARCH, quantity=3, average_cost_usd=Decimal(140))])
    engine = app.engine()
    await engine.open()
    yield Bot(app, engine)
    app.journal.close()


async def test_the_book_needs_no_evaluation(bot: Bot) -> None:
    """A bot of the night knows its positions, though it has decided nothing yet."""
    view = await bot.book()
    assert [row.con_id for row in view.nobodys] == [MARCH]
    assert len(view.condors) == 1
    assert view.v_star_usd is None


async def test_without_a_choice_the_calls_are_listed(bot: Bot) -> None:
    answer = await bot.adopt()
    assert answer.done == ()
    assert [(row.con_id, row.quantity) for row in answer.nobodys] == [(MARCH, 3)]


async def test_a_choice_is_told_with_what_is_left(bot: Bot) -> None:
    given = await bot.choose(Adopt(contract=str(MARCH), rung="S2", quantity=2))
    assert len(given.done) == 1
    assert [(row.con_id, row.quantity) for row in given.nobodys] == [(MARCH, 1)]
    (rung,) = (await bot.book()).rungs
    assert (rung.rung, rung.quantity, rung.adopted) == ("S2", 2, 2)
    ignored = await bot.choose(Ignore(contract=str(MARCH)))
    assert ignored.nobodys == ()
    assert [(row.con_id, row.quantity) for row in ignored.ignored] == [(MARCH, 1)]


async def test_a_refusal_is_the_control_sockets(bot: Bot) -> None:
    with pytest.raises(ControlError, match="3 of it can be adopted, not 4"):
        await bot.choose(Adopt(contract=str(MARCH), rung="S2", quantity=4))


@pytest.mark.parametrize("arguments", [{"type": "sell"}, {"type": "adopt"}, {"rung": "S2"}])
async def test_what_is_no_request_is_refused(bot: Bot, arguments: Mapping[str, object]) -> None:
    with pytest.raises(ControlError, match="adopt: "):
        await bot.adopt(arguments)


async def test_without_the_broker_it_is_not_to_be_had_now(bot: Bot) -> None:
    bot.app.broker.fail("account", BrokerTimeoutError("no answer"))
    with pytest.raises(UnavailableError, match="no answer"):
        await bot.book()
