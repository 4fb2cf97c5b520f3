"""The bot in real time, in a time the test plays."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.adapters.clock import BrokerClock
from bot.app.cycle import Ports
from bot.app.engine import Engine
from bot.app.ports import (
    AccountRefusedError,
    BrokerTimeoutError,
    BrokerUnreachableError,
    ClockSkewError,
    JournalError,
)
from bot.app.service import HostPace, Service
from bot.domain.account import AccountId
from bot.domain.events import ConnectionChanged, CycleMissed, DecisionMade
from bot.domain.sessions import NEW_YORK
from tests.support import strategy_world as world
from tests.support.app_world import TEN, AppWorld, only, pumping
from tests.support.fake_broker import FakeBroker


class Waits:
    """Sleeps no time at all, writes down how long it should have, and ends the task at last."""

    def __init__(self, after: int, then: Callable[[int], None] = lambda _count: None) -> None:
        self._after = after
        self._then = then
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self._then(len(self.seconds))
        await asyncio.sleep(0)
        if len(self.seconds) >= self._after:
            raise asyncio.CancelledError


class FastPace(HostPace):
    """A clock that runs sixty times as fast as the wall's."""

    speed = 60.0


def service_of(
    app: AppWorld, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> tuple[Engine, Service]:
    engine = app.engine()
    return engine, Service(engine, app.broker, app.clock, HostPace(app.clock), sleep)


def at(app: AppWorld, text: str) -> None:
    app.clock.time = world.moment(text)
    app.refresh_quotes()


def missed(app: AppWorld) -> list[tuple[str, str]]:
    return [
        (f"{e.due_at.astimezone(NEW_YORK):%d %H:%M}", e.reason)
        for e in only(app.told(), CycleMissed)
    ]


async def keep(service: Service) -> None:
    with pytest.raises(asyncio.CancelledError):
        await service.keep_connected()


# ---------------------------------------------------------------- waking


async def test_it_evaluates_what_is_due_and_waits_for_the_next_slot(app: AppWorld) -> None:
    engine, service = service_of(app)
    async with pumping(engine):
        at(app, "2018-02-05 10:00:30")
        await service.open()
        assert await service.wake() == 270.0
        assert engine.decisions == 0
        at(app, "2018-02-05 10:05:00")
        assert await service.wake() == 300.0
        assert engine.decisions == 1
        assert service.next_due == world.moment("2018-02-05 10:10")
    assert missed(app) == []


async def test_a_slot_is_done_once(app: AppWorld) -> None:
    engine, service = service_of(app)
    async with pumping(engine):
        await service.open()
        at(app, "2018-02-05 10:05:00")
        await service.wake()
        at(app, "2018-02-05 10:05:01")
        assert await service.wake() == 299.0
    assert engine.decisions == 1


async def test_slots_slept_through_are_written_down_and_the_latest_is_done(app: AppWorld) -> None:
    engine, service = service_of(app)
    async with pumping(engine):
        await service.open()
        at(app, "2018-02-05 10:16:00")
        await service.wake()
    reason = "the bot was not awake in time"
    assert missed(app) == [("05 10:05", reason), ("05 10:10", reason)]
    assert engine.decisions == 1


async def test_late_housekeeping_does_not_swallow_the_evaluation_that_waits(app: AppWorld) -> None:
    engine, service = service_of(app)
    async with pumping(engine):
        at(app, "2018-02-05 07:50")
        await service.open()
        app.broker.requests.clear()
        at(app, "2018-02-05 09:41")
        assert await service.wake() == 1.0
        assert "vix_futures" in app.broker.requests
        assert engine.decisions == 0
        await service.wake()
    assert engine.decisions == 1
    assert missed(app) == [("05 09:35", "the bot was not awake in time")]


async def test_what_falls_due_during_an_evaluation_is_done_right_after_it(app: AppWorld) -> None:
    engine, service = service_of(app)
    async with pumping(engine):
        await service.open()
        at(app, "2018-02-05 10:05")
        app.broker.meanwhile("account", lambda: app.clock.advance(360))
        assert await service.wake() == 1.0
        assert await service.wake() > 1.0
    assert engine.decisions == 2
    assert missed(app) == []


async def test_a_long_night_is_slept_in_pieces_of_five_minutes(app: AppWorld) -> None:
    engine, service = service_of(app)
    async with pumping(engine):
        at(app, "2018-02-05 18:00")
        await service.open()
        assert await service.wake() == 300.0
        assert service.next_due == world.moment("2018-02-06 08:00")


async def test_a_fast_clock_wakes_sooner_but_not_more_than_once_a_second(app: AppWorld) -> None:
    engine = app.engine()
    service = Service(engine, app.broker, app.clock, FastPace(app.clock))
    async with pumping(engine):
        at(app, "2018-02-05 10:00:00")
        await service.open()
        assert await service.wake() == 5.0
        at(app, "2018-02-05 10:04:30")
        assert await service.wake() == 1.0


async def test_while_the_speed_is_unknown_it_wakes_every_second(app: AppWorld) -> None:
    """A wait of five minutes by the wall would be hours of a fast exchange."""
    pace = HostPace(app.clock)
    pace.is_settled = False
    engine = app.engine()
    service = Service(engine, app.broker, app.clock, pace)
    async with pumping(engine):
        at(app, "2018-02-05 10:00:30")
        await service.open()
        assert await service.wake() == 1.0
        pace.is_settled = True
        assert await service.wake() == 270.0


async def test_a_slot_that_does_not_begin_makes_it_overdue(app: AppWorld) -> None:
    engine, service = service_of(app)
    seen = []
    async with pumping(engine):
        at(app, "2018-02-05 10:00:30")
        await service.open()
        seen.append(service.is_overdue)
        await service.wake()
        for text in ("2018-02-05 10:09:00", "2018-02-05 10:09:01"):
            at(app, text)
            seen.append(service.is_overdue)
        await service.wake()
        seen.append(service.is_overdue)
    assert seen == [False, False, True, False]


async def test_a_broker_that_does_not_answer_costs_the_slot_and_nothing_else(
    app: AppWorld,
) -> None:
    engine, service = service_of(app)
    async with pumping(engine):
        await service.open()
        at(app, "2018-02-05 10:05")
        app.broker.fail("positions", BrokerTimeoutError("nothing came"))
        assert await service.wake() == 300.0
        at(app, "2018-02-05 10:10")
        await service.wake()
    assert missed(app) == [("05 10:05", "the broker did not answer: nothing came")]
    assert engine.decisions == 1


async def test_housekeeping_that_failed_is_made_up_for_before_the_first_decision(
    app: AppWorld,
) -> None:
    engine, service = service_of(app)
    async with pumping(engine):
        await service.open()
        at(app, "2018-02-06 08:00")
        app.broker.fail("vix_futures", BrokerTimeoutError("nothing came"))
        await service.wake()
        assert engine.market.known.day.day == 5
        at(app, "2018-02-06 09:35")
        await service.wake()
    assert engine.market.known.day.day == 6
    assert engine.market.known.history.dates[-1].day == 5


async def test_a_journal_that_fails_ends_the_waking(app: AppWorld) -> None:
    engine, service = service_of(app)
    await service.open()
    at(app, "2018-02-05 10:05")
    app.journal.close()
    with pytest.raises(JournalError):
        await service.wake()
    app.reopen()
    assert engine.decisions == 0


# ---------------------------------------------------------------- the link


async def test_while_the_broker_answers_nothing_is_reconnected(app: AppWorld) -> None:
    waits = Waits(after=3)
    engine, service = service_of(app, waits)
    async with pumping(engine):
        await service.open()
        await keep(service)
    assert waits.seconds == [1.0, 1.0, 1.0]
    assert service.reconnects == 0
    assert app.broker.counted()["connect"] == 1


async def test_a_lost_broker_is_found_again_with_growing_waits_up_to_a_minute(
    app: AppWorld,
) -> None:
    waits = Waits(after=9)
    engine, service = service_of(app, waits)
    async with pumping(engine):
        await service.open()
        app.broker.drop()
        app.broker.outage = 8
        await keep(service)
        assert service.reconnects == 1
        assert engine.is_ready
    assert waits.seconds == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 1.0]
    states = [(e.what, e.state) for e in only(app.told(), ConnectionChanged)]
    assert states.count(("socket", "lost")) == 1
    assert states[-1][1] == "reconciled"


async def test_the_waits_begin_anew_with_each_outage(app: AppWorld) -> None:
    def fall(count: int) -> None:
        if count == 3:
            app.broker.drop()
            app.broker.outage = 1

    waits = Waits(after=5, then=fall)
    engine, service = service_of(app, waits)
    async with pumping(engine):
        await service.open()
        app.broker.drop()
        app.broker.outage = 2
        await keep(service)
    assert waits.seconds == [1.0, 2.0, 1.0, 1.0, 1.0]
    assert service.reconnects == 2


async def test_a_connection_that_stands_but_cannot_be_read_is_tried_again(app: AppWorld) -> None:
    waits = Waits(after=2)
    engine, service = service_of(app, waits)
    async with pumping(engine):
        await service.open()
        app.broker.drop()
        app.broker.fail("executions", BrokerTimeoutError("no answer"))
        await keep(service)
        assert engine.is_ready
    assert service.reconnects == 1
    assert app.broker.counted()["connect"] == 3


async def test_no_evaluation_runs_while_the_bot_reconnects(app: AppWorld) -> None:
    asleep, back = asyncio.Event(), asyncio.Event()

    async def sleep(_seconds: float) -> None:
        asleep.set()
        await back.wait()

    engine, service = service_of(app, sleep)
    async with pumping(engine), asyncio.TaskGroup() as group:
        await service.open()
        app.broker.drop()
        app.broker.outage = 1
        link = group.create_task(service.keep_connected())
        await asleep.wait()
        at(app, "2018-02-05 10:05")
        woken = group.create_task(service.wake())
        for _ in range(20):
            await asyncio.sleep(0)
        assert not woken.done()
        back.set()
        await woken
        link.cancel()
    assert engine.decisions == 1
    assert missed(app) == []


async def test_slots_missed_in_an_outage_are_put_down_to_it(app: AppWorld) -> None:
    engine, service = service_of(app, Waits(after=2))
    async with pumping(engine):
        await service.open()
        app.broker.drop()
        app.broker.outage = 1
        await keep(service)
        for text in ("2018-02-05 10:16:00", "2018-02-05 10:30:00"):
            at(app, text)
            await service.wake()
    outage, asleep = "the broker was not connected", "the bot was not awake in time"
    assert [(due, reason.partition(":")[0]) for due, reason in missed(app)] == [
        ("05 10:05", outage),
        ("05 10:10", outage),
        ("05 10:20", asleep),
        ("05 10:25", asleep),
    ]


async def test_another_account_behind_the_same_address_ends_the_service(app: AppWorld) -> None:
    engine, service = service_of(app, Waits(after=9))
    await service.open()
    app.broker.drop()
    app.broker.accounts = (AccountId("SIM000002"),)
    with pytest.raises(AccountRefusedError):
        await service.keep_connected()
    assert not engine.is_ready


async def test_the_first_opening_does_not_retry(app: AppWorld) -> None:
    app.broker.outage = 1
    _, service = service_of(app)
    with pytest.raises(BrokerUnreachableError):
        await service.open()


# ---------------------------------------------------------------- the clocks


@pytest.mark.parametrize("lead", [-5.0, 0.0, 5.0])
async def test_clocks_may_differ_by_five_seconds(app: AppWorld, lead: float) -> None:
    app.broker.time_lead_seconds = lead
    _, service = service_of(app)
    await service.open()


@pytest.mark.parametrize("lead", [-6.0, 6.0, 3600.0])
async def test_beyond_five_seconds_the_bot_stops_before_it_begins(
    app: AppWorld, lead: float
) -> None:
    app.broker.time_lead_seconds = lead
    _, service = service_of(app)
    with pytest.raises(ClockSkewError, match=f"differs by {lead:.1f} s"):
        await service.open()
    assert app.kinds() == []
    assert not app.broker.connected


async def test_clocks_that_drift_apart_later_stop_the_bot_too(app: AppWorld) -> None:
    def drift(count: int) -> None:
        app.broker.time_lead_seconds = 2.0 * count

    engine, service = service_of(app, Waits(after=9, then=drift))
    async with pumping(engine):
        await service.open()
        with pytest.raises(ClockSkewError, match=r"6\.0 s"):
            await service.keep_connected()


class ExchangeTime:
    """The time at the exchange, which the bot learns from its answers alone."""

    def __init__(self) -> None:
        self.time = TEN

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


async def test_a_clock_that_follows_the_broker_is_told_before_it_is_read(app: AppWorld) -> None:
    exchange = ExchangeTime()
    clock = BrokerClock(monotonic=exchange.monotonic)
    broker = FakeBroker(exchange, app.market)
    engine = Engine(Ports(broker=broker, journal=app.journal, clock=clock), app.run, app.slow)
    service = Service(engine, broker, clock, clock)
    with pytest.raises(RuntimeError):
        clock.now()
    async with pumping(engine):
        await service.open()
        assert clock.now() == TEN
        exchange.time += timedelta(minutes=5)
        clock.follow(await broker.current_time())
        await service.wake()
    assert len(only(app.told(), DecisionMade)) == 1
    assert next(app.journal.events()).at == TEN


# ---------------------------------------------------------------- turns


async def test_what_is_done_in_turn_waits_for_the_evaluation(app: AppWorld) -> None:
    engine, service = service_of(app)
    async with pumping(engine):
        await service.open()
        at(app, "2018-02-05 10:05:00")
        waking = asyncio.ensure_future(service.wake())  # noqa: TID251 - two at once
        await asyncio.sleep(0)
        assert await service.in_turn(lambda: counted(engine)) == 1
        await waking


async def counted(engine: Engine) -> int:
    return engine.decisions


async def test_what_fails_in_turn_gives_the_turn_back(app: AppWorld) -> None:
    engine, service = service_of(app)

    async def failing() -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError):
        await service.in_turn(failing)
    assert await service.in_turn(lambda: counted(engine)) == 0


async def test_a_turn_is_not_waited_for_while_the_broker_is_being_looked_for(
    app: AppWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.service.TURN_SECONDS", 0.01)
    engine, service = service_of(app)
    async with service._turn:
        with pytest.raises(BrokerUnreachableError, match="busy reconnecting"):
            await service.in_turn(lambda: counted(engine))
