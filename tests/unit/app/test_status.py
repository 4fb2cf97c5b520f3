"""What a running bot says of itself."""

from decimal import Decimal

import msgspec
import pytest

from bot.app.service import HostPace, Service
from bot.app.status import Publishing, PublishingState, Status, status_of
from bot.cli.status import lines_of
from bot.domain.account import Position
from bot.domain.broker import LinkChanged
from bot.domain.decision import DecisionId
from bot.domain.inputs import Farm
from bot.domain.orders import Intent, IntentId, Side
from bot.domain.rungs import RuleClass, Rung
from bot.domain.value import replace
from bot.execution.stimuli import Wanted
from tests.support import strategy_world as world
from tests.support.app_world import ACCOUNT, TEN, AppWorld, bought, caught_up, pumping, slot


async def test_before_it_opened_it_is_not_healthy(app: AppWorld) -> None:
    engine = app.engine()
    service = Service(engine, app.broker, app.clock, HostPace(app.clock))
    status = status_of(engine, service, app.broker, app.clock)
    assert (status.account_id, status.ready, status.farm) == (None, False, Farm.DOWN)
    assert (status.last, status.next_due, status.cover_ratio) == (None, None, None)
    assert "the broker is not connected, or not compared with yet" in status.ills()
    assert "the market data farm is down" in status.ills()


async def test_a_bot_that_has_bought_says_what_it_holds(app: AppWorld) -> None:
    engine = app.engine()
    service = Service(engine, app.broker, app.clock, HostPace(app.clock))
    async with pumping(engine):
        await bought(app, engine)
        await service.wake()
        status = status_of(engine, service, app.broker, app.clock)
    assert status.now == app.clock.now()
    assert (status.mode, status.account_id, status.ready) == ("sim", ACCOUNT, True)
    assert status.stage == 3
    assert status.rungs == {
        rung: engine.desk.book.in_rung(rung) for rung in Rung if engine.desk.book.in_rung(rung)
    }
    assert sum(status.rungs.values()) == sum(lot.quantity for lot in engine.desk.book.lots)
    assert status.decisions == 2
    assert status.lines == len(app.broker.watched)
    assert status.last is not None
    assert status.last.at == app.clock.now()
    assert status.last.summary.startswith("Stages 1 and 2 and 3 entered")
    assert status.cover_ratio is not None
    assert status.next_due == world.moment("2018-02-05 10:10")
    assert status.ills() == ()


async def test_it_survives_the_way_over_the_control_socket(app: AppWorld) -> None:
    engine = app.engine()
    service = Service(engine, app.broker, app.clock, HostPace(app.clock))
    async with pumping(engine):
        await bought(app, engine)
        status = status_of(engine, service, app.broker, app.clock)
    assert msgspec.convert(msgspec.to_builtins(status), Status) == status


async def test_every_ill_is_named(app: AppWorld) -> None:
    app.slow = replace(app.slow, max_lines=10)
    engine = app.engine()
    service = Service(engine, app.broker, app.clock, HostPace(app.clock))
    async with pumping(engine):
        await engine.open()
        app.broker.say(LinkChanged(what="upstream", up=False))
        app.broker.farm_state = Farm.DOWN
        await caught_up(app)
        status = status_of(engine, service, app.broker, app.clock)
    assert status.lines == 10
    assert status.ills() == (
        "the broker is not connected, or not compared with yet",
        "down: upstream",
        "the market data farm is down",
        f"{status.lines_left_out} needed lines have no room in the line budget",
    )
    assert status.lines_left_out > 0


async def test_a_break_is_an_ill(app: AppWorld) -> None:
    engine = app.engine()
    service = Service(engine, app.broker, app.clock, HostPace(app.clock))
    async with pumping(engine):
        await bought(app, engine)
        con_id = engine.desk.book.lots[0].con_id
        app.broker.hold([Position(con_id=con_id, quantity=1, average_cost_usd=Decimal(200))])
        app.clock.advance(300)
        await engine.run_slot(slot("2018-02-05 10:10"))
        status = status_of(engine, service, app.broker, app.clock)
    assert status.breaks == (con_id,)
    assert f"locked by a break: {con_id}" in status.ills()


async def test_a_call_nobody_adopted_is_shown(app: AppWorld) -> None:
    call = world.call_id("mar", 20)
    app.broker.hold([Position(con_id=call, quantity=2, average_cost_usd=Decimal(100))])
    engine = app.engine()
    service = Service(engine, app.broker, app.clock, HostPace(app.clock))
    await engine.open()
    status = status_of(engine, service, app.broker, app.clock)
    assert (status.now, status.unadopted) == (TEN, (call,))
    shown = f"VIX calls that nobody bought, left alone: {call}; see alvh adopt"
    assert shown in lines_of(status)


async def test_a_working_roll_is_one_order_with_two_legs(app: AppWorld) -> None:
    near, far = world.call_id("mar", 20), world.call_id("apr", 20)
    engine = app.engine()
    service = Service(engine, app.broker, app.clock, HostPace(app.clock))
    async with pumping(engine):
        await engine.open()
        roll = Intent(
            intent_id=IntentId("d-1/roll"),
            side=Side.BUY,
            con_id=far,
            closes=near,
            quantity=3,
            limit=Decimal("-9.00"),
            rung=Rung.S1,
            rule="R14",
            rule_class=RuleClass.ROLL,
        )
        engine.desk.want(Wanted(decision_id=DecisionId("d-1"), intents=(roll,)))
        await caught_up(app)
        status = status_of(engine, service, app.broker, app.clock)
    (order,) = status.working
    assert status.working_orders == 1
    assert [(leg.con_id, leg.side) for leg in order.legs] == [(far, Side.BUY), (near, Side.SELL)]
    assert order.legs[0].name == world.UNIVERSE.by_id()[far].local_symbol  # type: ignore[union-attr]
    assert (order.quantity, order.filled, order.limit) == (3, 0, Decimal("-9.00"))
    assert msgspec.convert(msgspec.to_builtins(status), Status) == status
    (line,) = (line for line in lines_of(status) if line.startswith("order for S1"))
    assert line == (
        f"order for S1: BUY 3 {order.legs[0].name}, SELL 3 {order.legs[1].name} "
        "at -9.00 net, 0 filled, working"
    )


@pytest.mark.parametrize(
    ("acknowledged", "trouble", "line"),
    [
        (12, "", "MQTT broker h:1 connected; all 12 events acknowledged"),
        (7, "refused", "MQTT broker h:1 connected: refused; event 7 of 12 acknowledged"),
    ],
)
async def test_it_says_how_publishing_stands_and_takes_it_for_no_ill(
    app: AppWorld, acknowledged: int, trouble: str, line: str
) -> None:
    engine = app.engine()
    service = Service(engine, app.broker, app.clock, HostPace(app.clock))
    publishing = Publishing(
        state=PublishingState.CONNECTED,
        broker="h:1",
        acknowledged=acknowledged,
        newest=12,
        reconnects=0,
        overflowed=0,
        trouble=trouble,
    )
    status = status_of(engine, service, app.broker, app.clock, publishing)
    assert lines_of(status)[-1] == line
    assert status.ills() == status_of(engine, service, app.broker, app.clock).ills()
