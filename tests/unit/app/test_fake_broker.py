"""The fake broker is a true one, as far as the port promises."""

from decimal import Decimal

import pytest

from bot.app.ports import BrokerRefusedError, BrokerUnreachableError
from bot.domain.broker import BrokerEvent, BrokerStatus, ExecutionHeard, StatusHeard
from bot.domain.inputs import Farm
from bot.domain.instruments import ConId
from bot.domain.orders import Intent, IntentId, Side
from bot.domain.rungs import RuleClass, Rung
from tests.support import strategy_world as world
from tests.support.app_world import ACCOUNT, DAY, AppWorld
from tests.support.fake_broker import FakeBroker

CALL = world.call_id("mar", 20)
KEY = IntentId("i-1")


def buy(limit: str, side: Side = Side.BUY) -> Intent:
    return Intent(
        intent_id=KEY,
        side=side,
        con_id=CALL,
        quantity=3,
        limit=Decimal(limit),
        rung=Rung.S1,
        rule="R5",
        rule_class=RuleClass.STAGE,
    )


async def heard(broker: FakeBroker) -> list[BrokerEvent]:
    await broker.current_time()
    found = []
    while broker.unheard():
        found.append(await broker.next_event())
        broker.event_done()
    await broker.events_dealt_with()
    return found


@pytest.fixture
async def broker(app: AppWorld) -> FakeBroker:
    await app.broker.connect()
    await heard(app.broker)
    return app.broker


async def test_without_a_connection_nothing_is_answered_or_sent(app: AppWorld) -> None:
    with pytest.raises(BrokerUnreachableError):
        await app.broker.positions()
    with pytest.raises(BrokerUnreachableError):
        app.broker.place(buy("1.00"), ACCOUNT)
    assert app.broker.farm() is Farm.DOWN


async def test_news_is_heard_with_the_next_answer_and_not_before(broker: FakeBroker) -> None:
    broker.place(buy("0.01"), ACCOUNT)
    assert not broker.unheard()
    assert [type(event) for event in await heard(broker)] == [StatusHeard]


async def test_a_buy_fills_at_the_ask_and_pays_for_it(app: AppWorld, broker: FakeBroker) -> None:
    ask = app.market.quotes[CALL].ask
    assert ask is not None
    broker.place(buy("9.00"), ACCOUNT)
    fills = [event for event in await heard(broker) if isinstance(event, ExecutionHeard)]
    assert [(f.quantity, f.price) for f in fills] == [(3, ask)]
    assert broker.cash_usd == Decimal(500_000) - 3 * 100 * ask - Decimal("1.95")
    held = {p.con_id: p.quantity for p in await broker.positions()}
    assert held[CALL] == 3


async def test_a_sell_fills_at_the_bid(app: AppWorld, broker: FakeBroker) -> None:
    app.broker.move([world.quote(CALL, app.clock.now(), "1.00", "1.10")])
    broker.place(buy("0.90", Side.SELL), ACCOUNT)
    assert [e.price for e in await broker.executions()] == [Decimal("1.00")]


async def test_an_order_rests_until_it_is_changed_cancelled_or_reached(
    broker: FakeBroker,
) -> None:
    broker.place(buy("0.01"), ACCOUNT)
    assert [order.order_ref for order in await broker.open_orders()] == [KEY]
    broker.change(KEY, Decimal("0.02"))
    assert broker.order(KEY) == (BrokerStatus.WORKING, Decimal("0.02"), 0)
    broker.cancel(KEY)
    assert [order.status for order in await broker.completed_orders()] == [BrokerStatus.CANCELLED]
    assert await broker.open_orders() == ()


async def test_it_refuses_what_it_does_not_know(broker: FakeBroker) -> None:
    with pytest.raises(BrokerRefusedError):
        await broker.index("RUT")
    with pytest.raises(BrokerRefusedError):
        await broker.instruments([ConId(5)])


async def test_closes_end_with_the_session_before_today(broker: FakeBroker) -> None:
    vix = await broker.index("VIX")
    closes = await broker.daily_closes(vix, 3)
    assert len(closes) == 3
    assert closes[-1].date < DAY


async def test_listed_futures_are_those_that_live(broker: FakeBroker) -> None:
    listed = await broker.vix_futures(include_expired=False)
    every = await broker.vix_futures(include_expired=True)
    assert set(listed) < set(every)
    assert min(f.settlement for f in listed).date() > DAY
