"""However the mornings are spread, the kept history is the one a fresh reading gives."""

import asyncio
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.history import HistoryKeeper
from bot.app.universe import Listings
from bot.domain.history import History
from bot.domain.instruments import Index, Universe
from tests.support import strategy_world as world
from tests.support.app_world import EXPIRED, expired_future, market
from tests.support.fake_broker import FakeBroker
from tests.support.signal_inputs import SESSIONS
from tests.support.standing_clock import StandingClock

FIRST = date(2018, 1, 10)
LISTED = Listings(
    vix=Index(con_id=world.VIX_ID, symbol="VIX", exchange="CBOE"),
    spx=Index(con_id=world.SPX_ID, symbol="SPX", exchange="CBOE"),
    futures=(*map(expired_future, EXPIRED), *map(world.vx_future, ("feb", "mar"))),
    universe=Universe(instruments=()),
)


async def read(days: list[date]) -> History:
    """Return the history of the last day after reading on each."""
    clock = StandingClock()
    broker = FakeBroker(clock, market())
    await broker.connect()
    keeper = HistoryKeeper(broker, SESSIONS)
    histories = []
    for day in days:
        clock.time = world.moment(f"{day} 08:00")
        histories.append(await keeper.assemble(day, LISTED))
    return histories[-1]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=5))
def test_many_mornings_give_what_one_gives(gaps: list[int]) -> None:
    days = [FIRST + timedelta(days=sum(gaps[:n])) for n in range(len(gaps) + 1)]
    assert asyncio.run(read(days)) == asyncio.run(read(days[-1:]))
