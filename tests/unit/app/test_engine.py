"""The trading session of one account: nothing is traded before everything is proved."""

import asyncio
from dataclasses import replace as changed
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.app.ports import (
    AccountRefusedError,
    BrokerRefusedError,
    BrokerTimeoutError,
    BrokerUnreachableError,
    JournalError,
)
from bot.app.schedule import Task
from bot.domain.account import AccountId, Mode, Position
from bot.domain.broker import LinkChanged
from bot.domain.decision import Decision
from bot.domain.events import AccountProved, CycleMissed, RunEnded, RunStarted
from bot.domain.orders import OrderState
from tests.support import strategy_world as world
from tests.support.app_world import (
    ACCOUNT,
    TEN,
    AppWorld,
    bought,
    caught_up,
    only,
    pumping,
    slot,
)

EVALUATION = slot("2018-02-05 10:00")


async def test_opening_proves_compares_and_reads_the_market_in_this_order(app: AppWorld) -> None:
    engine = app.engine()
    await engine.open()
    asked = app.broker.requests
    order = ["connect", "account", "open_orders", "completed_orders", "executions", "vix_futures"]
    assert [asked.index(request) for request in order] == sorted(map(asked.index, order))
    assert asked.index("executions") < asked.index("positions", asked.index("executions"))
    assert asked.index("daily_closes") < asked.index("watch")
    assert engine.account_id == ACCOUNT
    assert engine.is_ready
    assert engine.mode is Mode.SIM


async def test_the_run_and_the_account_stand_in_the_journal(app: AppWorld) -> None:
    engine = app.engine()
    engine.begin()
    await engine.open()
    assert app.kinds() == ["run_started", "account_proved", "connection_changed"]
    started, proved = app.told()[:2]
    assert isinstance(started, RunStarted)
    assert isinstance(proved, AccountProved)
    assert (started.account_id, proved.account_id) == (None, ACCOUNT)
    assert proved.opening.cash_usd == Decimal(500_000)
    assert len(proved.positions) == 4


async def test_a_run_begins_once(app: AppWorld) -> None:
    engine = app.engine()
    await engine.open()
    engine.begin()
    assert app.kinds().count("run_started") == 1


@pytest.mark.parametrize(
    ("mode", "allowed", "reported"),
    [
        (Mode.SIM, (), ("U1234567",)),
        (Mode.SIM, (), ("DU1234567",)),
        (Mode.PAPER, ("DU1234567",), ("U1234567",)),
        (Mode.PAPER, ("DU1234567",), ("DU7654321",)),
        (Mode.PAPER, (), ("DU1234567",)),
        (Mode.PAPER, ("DU1234567",), ("DU1234567", "U1234567")),
        (Mode.SIM, (), ()),
        (Mode.SIM, (), ("SIM000001", "SIM000002")),
    ],
)
async def test_a_foreign_account_is_refused_before_anything_is_asked(
    app: AppWorld, mode: Mode, allowed: tuple[str, ...], reported: tuple[str, ...]
) -> None:
    app.run = changed(app.run, mode=mode, allowed_accounts=tuple(map(AccountId, allowed)))
    app.broker.accounts = tuple(map(AccountId, reported))
    engine = app.engine()
    with pytest.raises(AccountRefusedError):
        await engine.open()
    assert app.broker.requests == ["connect", "disconnect"]
    assert engine.account_id is None
    assert "account_proved" not in app.kinds()


async def test_the_journal_of_another_account_is_refused(app: AppWorld) -> None:
    await app.engine().open()
    other = AccountId("SIM000002")
    app.broker.accounts = (other,)
    again = app.engine()
    app.broker.requests.clear()
    with pytest.raises(AccountRefusedError, match="belongs to account SIM000001"):
        await again.open()
    assert app.broker.requests == ["connect", "disconnect"]


async def test_another_account_after_a_reconnection_is_refused(app: AppWorld) -> None:
    engine = app.engine()
    await engine.open()
    await engine.lose("the gateway restarted")
    app.broker.accounts = (AccountId("SIM000002"),)
    with pytest.raises(AccountRefusedError):
        await engine.open()
    assert not app.broker.connected


async def test_a_decision_needs_a_proved_account(app: AppWorld) -> None:
    with pytest.raises(RuntimeError, match="before the account was proved"):
        await app.engine().run_slot(EVALUATION)


async def test_an_account_that_could_not_be_read_is_proved_at_the_next_attempt(
    app: AppWorld,
) -> None:
    engine = app.engine()
    app.broker.fail("account", BrokerTimeoutError("no answer"))
    with pytest.raises(BrokerTimeoutError):
        await engine.open()
    assert engine.account_id is None
    await engine.open()
    assert [e.account_id for e in only(app.told(), AccountProved)] == [ACCOUNT]
    assert engine.account_id == ACCOUNT


@pytest.mark.parametrize("request_name", ["executions", "vix_futures", "daily_closes", "watch"])
async def test_an_opening_that_fails_gives_the_connection_up_and_can_be_repeated(
    app: AppWorld, request_name: str
) -> None:
    engine = app.engine()
    app.broker.fail(request_name, BrokerRefusedError(321, "not now"))
    with pytest.raises(BrokerRefusedError):
        await engine.open()
    assert not app.broker.connected
    assert not engine.is_ready
    await engine.open()
    assert engine.is_ready


async def test_an_unreachable_broker_is_the_callers_to_deal_with(app: AppWorld) -> None:
    app.broker.outage = 1
    with pytest.raises(BrokerUnreachableError):
        await app.engine().open()
    assert app.kinds() == []


async def test_the_brokers_time_is_followed_before_the_clock_is_asked(app: AppWorld) -> None:
    told: list[datetime] = []

    def follow(now: datetime) -> None:
        assert app.kinds() == []
        told.append(now)

    await app.engine().open(follow)
    assert told == [TEN]


async def test_a_clock_that_cannot_be_followed_ends_the_connection(app: AppWorld) -> None:
    def follow(_now: datetime) -> None:
        raise ValueError("the clocks differ")

    with pytest.raises(ValueError, match="the clocks differ"):
        await app.engine().open(follow)
    assert not app.broker.connected


async def test_an_evaluation_leaves_its_inputs_and_its_decision(app: AppWorld) -> None:
    engine = app.engine()
    await engine.open()
    before = engine.decisions
    decision = await engine.run_slot(EVALUATION)
    assert isinstance(decision, Decision)
    assert app.kinds()[-2:] == ["inputs_taken", "decision_made"]
    assert engine.decisions == before + 1


async def test_housekeeping_compares_and_reads_again_and_decides_nothing(app: AppWorld) -> None:
    engine = app.engine()
    await engine.open()
    app.broker.requests.clear()
    assert await engine.run_slot(slot("2018-02-05 08:00", Task.HOUSEKEEPING)) is None
    assert {"open_orders", "executions", "vix_futures", "watch"} <= set(app.broker.requests)
    assert "decision_made" not in app.kinds()


async def test_after_a_stormy_evaluation_the_fills_become_rungs(app: AppWorld) -> None:
    engine = app.engine()
    async with pumping(engine):
        await bought(app, engine)
        assert engine.desk.book.lots
        assert not engine.desk.has_working_orders
        ours = {lot.con_id: 0 for lot in engine.desk.book.lots}
        for lot in engine.desk.book.lots:
            ours[lot.con_id] += lot.quantity
        held = {p.con_id: p.quantity for p in await app.broker.positions()}
        assert {con_id: held[con_id] for con_id in ours} == ours
        assert engine.desk.book.breaks == ()


async def test_each_order_is_stored_between_its_decision_and_its_sending(app: AppWorld) -> None:
    engine = app.engine()
    async with pumping(engine):
        await bought(app, engine)
    kinds = app.kinds()
    decided = len(kinds) - 1 - kinds[::-1].index("decision_made")
    assert kinds.index("order_intended") > decided
    for position, kind in enumerate(kinds):
        if kind == "order_sent":
            assert kinds[:position].count("order_intended") >= kinds[: position + 1].count(kind)


async def test_a_new_process_goes_on_where_the_old_one_stopped(app: AppWorld) -> None:
    engine = app.engine()
    async with pumping(engine):
        await bought(app, engine)
    again = app.engine()
    assert again.desk.book.lots == engine.desk.book.lots
    assert again.cycle.memory == engine.cycle.memory
    assert again.cycle.link == engine.cycle.link
    assert again.decisions == engine.decisions == 2
    assert again.account_id is None
    assert not again.is_ready
    async with pumping(again):
        await again.open()
        started = only(app.told(), RunStarted)[-1]
        assert started.account_id == ACCOUNT
        assert again.desk.book.breaks == ()
        assert again.is_ready


async def test_a_lost_line_puts_working_orders_in_doubt_and_opening_proves_them(
    app: AppWorld,
) -> None:
    engine = app.engine()
    async with pumping(engine):
        app.broker.silent = True
        await bought(app, engine)
        app.broker.drop()
        await engine.lose("no answer")
        assert {o.state for o in engine.desk.state.live_orders()} == {OrderState.IN_DOUBT}
        assert not engine.is_ready
        app.broker.silent = False
        await engine.open()
        assert engine.desk.state.live_orders() == ()
        assert engine.desk.book.lots
        assert engine.desk.book.breaks == ()
        assert app.broker.counted()["place"] == len(app.broker.orders)


async def test_lines_are_started_anew_on_a_new_connection(app: AppWorld) -> None:
    engine = app.engine()
    await engine.open()
    before = app.broker.watched
    await engine.lose("gone")
    await engine.open()
    assert app.broker.watched == before
    assert before


async def test_while_the_line_is_down_an_evaluation_fails_and_sends_nothing(app: AppWorld) -> None:
    engine = app.engine()
    await engine.open()
    app.storm()
    app.broker.drop()
    with pytest.raises(BrokerUnreachableError):
        await engine.run_slot(EVALUATION)
    assert "place" not in app.broker.requests


async def test_what_is_down_behind_the_socket_leaves_a_decision_and_no_order(
    app: AppWorld,
) -> None:
    engine = app.engine()
    async with pumping(engine):
        await engine.open()
        app.storm()
        await engine.run_slot(EVALUATION)
        app.broker.say(LinkChanged(what="upstream", up=False, detail="1100: lost"))
        await caught_up(app)
        assert not engine.is_ready
        app.clock.advance(300)
        app.refresh_quotes()
        decision = await engine.run_slot(slot("2018-02-05 10:05"))
    assert decision is not None
    assert decision.intents
    assert app.broker.orders == []
    assert app.kinds()[-1] == "order_refused"


async def test_a_break_stops_orders_in_that_contract_alone(app: AppWorld) -> None:
    engine = app.engine()
    async with pumping(engine):
        await bought(app, engine)
        broken, *others = sorted({lot.con_id for lot in engine.desk.book.lots})
        app.broker.hold([Position(con_id=broken, quantity=1, average_cost_usd=Decimal(200))])
        app.clock.advance(300)
        app.refresh_quotes()
        await engine.run_slot(slot("2018-02-05 10:10"))
        assert engine.desk.book.is_locked(broken)
        assert others
        assert not any(map(engine.desk.book.is_locked, others))


async def test_an_order_unanswered_for_long_is_looked_for_before_the_next_decision(
    app: AppWorld,
) -> None:
    engine = app.engine()
    async with pumping(engine):
        app.broker.deaf = True
        await bought(app, engine)
        sent = {o.intent.intent_id for o in engine.desk.state.live_orders()}
        app.broker.deaf = False
        app.clock.advance(300)
        app.refresh_quotes()
        await engine.run_slot(slot("2018-02-05 10:10"))
        assert {engine.desk.state.orders[key].state for key in sent} == {OrderState.ABANDONED}
        assert sent.isdisjoint(intent.intent_id for intent in app.broker.orders)
        assert app.broker.orders


async def test_a_missed_slot_is_written_down_with_its_reason(app: AppWorld) -> None:
    app.engine().miss(EVALUATION, "asleep")
    assert only(app.told(), CycleMissed) == [CycleMissed(due_at=EVALUATION.due_at, reason="asleep")]


async def test_closing_leaves_working_orders_alone_and_says_why(app: AppWorld) -> None:
    engine = app.engine()
    await engine.open()
    await engine.close("stopped by a signal")
    ended = app.told()[-1]
    assert isinstance(ended, RunEnded)
    assert ended.reason == "stopped by a signal"
    assert not app.broker.connected
    assert "cancel" not in app.broker.requests


async def test_a_run_that_never_reached_the_broker_leaves_nothing(app: AppWorld) -> None:
    """With the broker's clock there would be no time to write an event at."""
    engine = app.engine()
    app.broker.fail("connect", BrokerUnreachableError("nobody listens"))
    with pytest.raises(BrokerUnreachableError):
        await engine.open()
    await engine.close("nobody listens")
    assert only(app.told(), RunEnded) == []


async def test_a_journal_that_cannot_be_written_ends_the_pump(
    app: AppWorld, tmp_path: Path
) -> None:
    engine = app.engine()
    await engine.open()
    app.broker.say(LinkChanged(what="upstream", up=False))
    app.journal.close()
    await app.broker.current_time()
    with pytest.raises(JournalError):
        await engine.pump()
    # what was taken counts as dealt with, so that nobody waits for it for ever
    async with asyncio.timeout(1):
        await app.broker.events_dealt_with()
    app.reopen()


async def test_a_position_at_a_later_hour_is_read_with_its_contract(app: AppWorld) -> None:
    engine = app.engine()
    await engine.open()
    leg = world.spx_id("C", 2600)
    app.broker.hold([Position(con_id=leg, quantity=1, average_cost_usd=Decimal(900))])
    app.clock.time += timedelta(minutes=5)
    await engine.run_slot(slot("2018-02-05 10:05"))
    assert leg in engine.market.known.listings.universe.by_id()
    assert leg in app.broker.watched
