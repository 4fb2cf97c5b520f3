"""What is listed, and what of it the bot asks for."""

from datetime import date

import pytest

from bot.app.ports import BrokerRefusedError, BrokerTimeoutError
from bot.app.universe import Listings, UniverseFinder
from bot.domain.instruments import ConId, Option
from bot.domain.policy import LadderPolicy, TierPolicy
from bot.domain.rungs import Tier
from tests.support import strategy_world as world
from tests.support.app_world import EXPIRED, AppWorld, expired_future

NOW = world.moment("2018-02-05 08:00")


@pytest.fixture
async def finder(app: AppWorld) -> UniverseFinder:
    app.clock.time = NOW
    await app.broker.connect()
    return UniverseFinder(app.broker, LadderPolicy())


def option_months(listed: Listings) -> set[date]:
    options = (i for i in listed.universe.instruments if isinstance(i, Option))
    return {o.last_trading_day for o in options if o.symbol == "VIX"}


async def test_indices_futures_and_every_option_of_the_tiers_expiries_are_found(
    finder: UniverseFinder,
) -> None:
    listed = await finder.find(NOW, [])
    assert (listed.vix.symbol, listed.spx.symbol) == ("VIX", "SPX")
    # 14 to 150 days from 5 February: March to June; the 14th of February is 9 days away
    months = {date(2018, 3, 20), date(2018, 4, 17), date(2018, 5, 15), date(2018, 6, 19)}
    assert option_months(listed) == months
    assert world.put_id("mar", 20) in listed.universe.by_id()


async def test_what_signals_read_beside_is_listed_where_the_broker_offers_it(
    app: AppWorld, finder: UniverseFinder
) -> None:
    app.offer("VIX3M", "AD-NYSE")
    listed = await finder.find(NOW, [])
    assert [index.symbol for index in listed.sisters] == ["VIX3M", "AD-NYSE"]
    assert {index.con_id for index in listed.sisters} <= listed.universe.by_id().keys()


async def test_an_index_the_broker_does_not_offer_is_left_out(
    app: AppWorld, finder: UniverseFinder
) -> None:
    assert (await finder.find(NOW, [])).sisters == ()
    app.offer("AD-NYSE")
    listed = await finder.find(NOW, [])
    assert [index.symbol for index in listed.sisters] == ["AD-NYSE"]
    assert listed.universe.index("VIX3M") is None


async def test_nor_does_a_silent_answer_about_it_stop_anything(
    app: AppWorld, finder: UniverseFinder
) -> None:
    app.offer("VIX3M", "AD-NYSE")
    app.broker.fail("index", BrokerTimeoutError("no answer"), after=2)
    listed = await finder.find(NOW, [])
    assert [index.symbol for index in listed.sisters] == ["AD-NYSE"]


async def test_expired_futures_are_listed_but_not_spoken_of(finder: UniverseFinder) -> None:
    listed = await finder.find(NOW, [])
    gone = {expired_future(settles).con_id for settles in EXPIRED}
    assert gone <= {f.con_id for f in listed.futures}
    assert not gone & listed.universe.by_id().keys()
    assert world.future_id("feb") in listed.universe.by_id()


async def test_what_is_held_is_looked_up_where_it_is_not_listed(
    app: AppWorld, finder: UniverseFinder
) -> None:
    leg, known = world.spx_id("P", 2500), world.call_id("mar", 20)
    listed = await finder.find(NOW, [known, leg])
    assert leg in listed.universe.by_id()
    assert app.broker.counted()["instruments"] == 1


async def test_without_unknown_holdings_nothing_is_looked_up(
    app: AppWorld, finder: UniverseFinder
) -> None:
    await finder.find(NOW, [world.call_id("mar", 20)])
    assert "instruments" not in app.broker.requests


async def test_a_held_contract_nobody_knows_is_an_error(finder: UniverseFinder) -> None:
    with pytest.raises(BrokerRefusedError, match="200"):
        await finder.find(NOW, [ConId(77)])


async def test_the_universe_stands_in_order_of_contract_numbers(finder: UniverseFinder) -> None:
    listed = await finder.find(NOW, [])
    numbers = [i.con_id for i in listed.universe.instruments]
    assert numbers == sorted(numbers)


async def test_days_are_counted_in_new_york(app: AppWorld) -> None:
    """At 20:00 on the 6th UTC has the 7th already, from which the 13th would be too near."""
    tier = TierPolicy(tier=Tier.S, target_dte=15, min_dte=11, max_dte=20, roll_dte=1)
    evening = world.moment("2018-02-06 20:00")
    app.clock.time = evening
    await app.broker.connect()
    listed = await UniverseFinder(app.broker, LadderPolicy(tiers=(tier,))).find(evening, [])
    assert option_months(listed) == {date(2018, 2, 13)}
