"""One evaluation: read, decide, journal, act."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
import pytest

from bot.app.cycle import Cycle, Fence, Ports
from bot.app.engine import Engine
from bot.app.ports import BrokerTimeoutError, JournalError
from bot.app.schedule import Task
from bot.domain.account import Position
from bot.domain.decision import GENESIS, Decision, DecisionId, Reprice, next_link
from bot.domain.events import (
    DecisionMade,
    InputsTaken,
    JournalEvent,
    OrderChangeIntended,
    OrderIntended,
    OrderRefused,
    StoredEvent,
)
from bot.domain.history import History
from bot.domain.inputs import EvaluationKind, Inputs
from bot.domain.instruments import ConId, Universe, is_vix_call
from bot.domain.orders import Intent, IntentId, OrderState, Side
from bot.domain.policy import Policy
from bot.domain.rungs import RuleClass, Rung
from bot.domain.sessions import SessionTable
from bot.domain.state import StrategyState
from bot.domain.value import replace
from bot.execution.stimuli import Wanted
from bot.risk.limits import RiskLimits
from bot.strategy.decide import decide
from tests.support import strategy_world as world
from tests.support.app_world import ACCOUNT, AppWorld, bought, caught_up, only, pumping, slot

FIRST, SECOND, THIRD = (slot(f"2018-02-05 10:{minute}") for minute in ("00", "05", "10"))


async def stormy(app: AppWorld) -> Engine:
    """Return an engine that has seen the storm once and buys at its next evaluation."""
    engine = app.engine()
    await engine.open()
    app.storm()
    await engine.run_slot(FIRST)
    app.clock.advance(300)
    app.refresh_quotes()
    return engine


async def test_inputs_and_decision_are_stored_together_before_any_order(app: AppWorld) -> None:
    engine = await stormy(app)
    stored = len(app.kinds())
    await engine.run_slot(SECOND)
    kinds = app.kinds()[stored:]
    assert kinds[:2] == ["inputs_taken", "decision_made"]
    assert kinds[2] == "order_intended"


class FullDisk:
    """A journal that stores nothing any more."""

    def __init__(self, app: AppWorld) -> None:
        self.put_blob, self.blob = app.journal.put_blob, app.journal.blob
        self.events, self.last, self.count = (
            app.journal.events,
            app.journal.last,
            app.journal.count,
        )

    def append(self, events: Sequence[JournalEvent], at: datetime) -> tuple[StoredEvent, ...]:
        raise JournalError(f"the disk is full: {len(events)} events of {at} are not stored")


async def test_what_cannot_be_stored_is_not_acted_on_and_not_remembered(app: AppWorld) -> None:
    engine = await stormy(app)
    ports = Ports(broker=app.broker, journal=FullDisk(app), clock=app.clock)
    cycle = Cycle(ports, engine.market, engine.desk, engine.cycle.memory, engine.cycle.link)
    fence = Fence(mode=app.mode, account_id=ACCOUNT, allowed_accounts=(), limits=RiskLimits())
    with pytest.raises(JournalError):
        await cycle.evaluate(SECOND, fence)
    assert app.broker.orders == []
    assert cycle.memory == engine.cycle.memory
    assert cycle.link == engine.cycle.link
    assert cycle.last is None


async def test_a_broker_that_does_not_answer_leaves_no_decision(app: AppWorld) -> None:
    engine = await stormy(app)
    before = app.kinds()
    app.broker.fail("account", BrokerTimeoutError("nothing came"))
    with pytest.raises(BrokerTimeoutError):
        await engine.run_slot(SECOND)
    assert app.kinds() == before


async def test_each_decision_is_linked_to_the_one_before(app: AppWorld) -> None:
    engine = await stormy(app)
    await engine.run_slot(SECOND)
    link = GENESIS
    for made in only(app.told(), DecisionMade):
        link = next_link(link, made.decision.digest())
        assert made.link == link
    assert engine.cycle.link == link


async def test_the_memory_of_one_decision_is_the_nexts_beginning(app: AppWorld) -> None:
    engine = await stormy(app)
    await engine.run_slot(SECOND)
    first, second = only(app.told(), DecisionMade)
    assert first.state != StrategyState()
    assert second.state == engine.cycle.memory
    assert engine.cycle.last == second.decision


async def test_a_stored_decision_can_be_made_again_from_what_was_stored(app: AppWorld) -> None:
    engine = await stormy(app)
    await engine.run_slot(SECOND)
    before, made = only(app.told(), DecisionMade)
    taken = only(app.told(), InputsTaken)[-1]
    assert taken.decision_id == made.decision.decision_id
    blobs = taken.blobs
    inputs = Inputs(
        snapshot=taken.snapshot,
        book=taken.book,
        history=msgspec.json.decode(app.journal.blob(blobs.history), type=History),
        calendar=app.slow.calendar,
        sessions=msgspec.json.decode(app.journal.blob(blobs.sessions), type=SessionTable),
        universe=msgspec.json.decode(app.journal.blob(blobs.universe), type=Universe),
        policy=msgspec.json.decode(app.journal.blob(blobs.policy), type=Policy),
        blobs=blobs,
    )
    again, memory = decide(inputs, before.state)
    assert again.digest() == made.decision.digest()
    assert memory == made.state


async def test_the_evaluation_at_the_close_sends_nothing(app: AppWorld) -> None:
    engine = await stormy(app)
    app.clock.time = world.moment("2018-02-05 16:20")
    app.refresh_quotes()
    await engine.run_slot(slot("2018-02-05 16:20", Task.CLOSE))
    taken = only(app.told(), InputsTaken)[-1]
    assert taken.snapshot.kind is EvaluationKind.CLOSE
    assert app.broker.orders == []


# ---------------------------------------------------------------- risk


async def test_what_risk_refuses_is_stored_with_its_check_and_not_sent(app: AppWorld) -> None:
    app.limit(max_contracts_per_order=6)
    engine = await stormy(app)
    decision = await engine.run_slot(SECOND)
    assert decision is not None
    large = {i.intent_id for i in decision.intents if i.quantity > 6}
    small = {i.intent_id for i in decision.intents} - large
    refused = only(app.told(), OrderRefused)
    assert {event.intent.intent_id for event in refused} == large
    assert {event.check for event in refused} == {"quantity"}
    assert "at most 6" in refused[0].reason
    assert {intent.intent_id for intent in app.broker.orders} == small
    assert large
    assert small


async def test_a_refusal_is_stored_after_the_decision_and_before_the_next_order(
    app: AppWorld,
) -> None:
    app.limit(max_contracts_per_order=6)
    engine = await stormy(app)
    stored = len(app.kinds())
    await engine.run_slot(SECOND)
    kinds = app.kinds()[stored:]
    assert kinds[:4] == ["inputs_taken", "decision_made", "order_refused", "order_intended"]


async def test_when_all_is_refused_nothing_is_sent(app: AppWorld) -> None:
    app.limit(max_contracts_per_order=1)
    engine = await stormy(app)
    await engine.run_slot(SECOND)
    assert app.broker.orders == []
    assert only(app.told(), OrderIntended) == []


# ---------------------------------------------------------------- old quotes


async def test_quotes_an_order_would_be_priced_from_are_asked_again_when_old(
    app: AppWorld,
) -> None:
    engine = await stormy(app)
    app.age_options(31)
    app.broker.requests.clear()
    decision = await engine.run_slot(SECOND)
    assert app.broker.counted()["ask_again"] == 1
    assert decision is not None
    assert {i.con_id for i in app.broker.orders} == {i.con_id for i in decision.intents}
    snapshot = only(app.told(), InputsTaken)[-1].snapshot
    ages = [
        quote.age_seconds(snapshot.now)
        for quote in snapshot.quotes
        if quote.con_id in {i.con_id for i in decision.intents}
    ]
    assert max(ages) <= 30.0


async def test_young_quotes_are_not_asked_again(app: AppWorld) -> None:
    engine = await stormy(app)
    app.age_options(30)
    app.broker.requests.clear()
    await engine.run_slot(SECOND)
    assert "ask_again" not in app.broker.requests
    assert app.broker.orders


async def test_quotes_that_moved_while_they_were_asked_again_decide(app: AppWorld) -> None:
    engine = await stormy(app)
    app.age_options(31)
    app.broker.meanwhile("ask_again", lambda: app.dearer("0.10"))
    decision = await engine.run_slot(SECOND)
    assert decision is not None
    for intent in decision.intents:
        assert intent.limit == app.market.quotes[intent.con_id].ask


async def test_only_one_decision_is_stored_when_quotes_were_asked_again(app: AppWorld) -> None:
    engine = await stormy(app)
    app.age_options(31)
    before = len(only(app.told(), DecisionMade))
    await engine.run_slot(SECOND)
    assert len(only(app.told(), DecisionMade)) == before + 1


# ---------------------------------------------------------------- working orders


async def with_working_orders(app: AppWorld, engine: Engine) -> None:
    """Let the halted exchange hold the ladder's orders, five minutes ago."""
    app.broker.halted = True
    await bought(app, engine)
    assert {o.state for o in engine.desk.state.live_orders()} == {OrderState.WORKING}
    app.clock.advance(300)
    app.refresh_quotes()


async def test_a_working_order_follows_the_market(app: AppWorld) -> None:
    engine = app.engine()
    async with pumping(engine):
        await with_working_orders(app, engine)
        app.dearer("0.10")
        decision = await engine.run_slot(THIRD)
    moves = {r.intent_id: r.limit for r in changes(decision)}
    intended = only(app.told(), OrderChangeIntended)
    assert {event.intent_id: event.limit for event in intended} == moves
    assert {key: app.broker.order(key)[1] for key in moves} == moves
    assert moves


def changes(decision: Decision | None) -> tuple[Reprice, ...]:
    assert decision is not None
    return decision.reprices


async def test_old_quotes_of_working_orders_are_asked_again_too(app: AppWorld) -> None:
    engine = app.engine()
    async with pumping(engine):
        await with_working_orders(app, engine)
        app.dearer("0.10")
        app.age_options(31)
        app.broker.requests.clear()
        decision = await engine.run_slot(THIRD)
    assert app.broker.counted()["ask_again"] == 1
    assert app.broker.counted()["change"] == len(changes(decision)) > 0
    assert only(app.told(), OrderRefused) == []


async def test_a_change_risk_refuses_is_stored_and_the_order_stays(app: AppWorld) -> None:
    app.limit(max_premium_points=Decimal("2.15"))
    engine = app.engine()
    async with pumping(engine):
        await with_working_orders(app, engine)
        before = {i.intent_id: app.broker.order(i.intent_id)[1] for i in app.broker.orders}
        app.dearer("0.10")
        decision = await engine.run_slot(THIRD)
    dear = {r.intent_id for r in changes(decision) if r.limit > Decimal("2.15")}
    refused = only(app.told(), OrderRefused)
    assert {event.intent.intent_id for event in refused} == dear
    assert {event.check for event in refused} == {"premium"}
    assert "its limit stays at 2.11, not 2.21" in refused[0].reason
    assert {key: app.broker.order(key)[1] for key in dear} == {key: before[key] for key in dear}
    moved = {r.intent_id for r in changes(decision)} - dear
    assert app.broker.counted()["change"] == len(moved)
    assert dear
    assert moved


async def test_a_purchase_no_longer_wanted_is_cancelled(app: AppWorld) -> None:
    engine = app.engine()
    async with pumping(engine):
        await with_working_orders(app, engine)
        gone = [
            Position(con_id=p.con_id, quantity=0, average_cost_usd=p.average_cost_usd)
            for p in world.condor_positions()
        ]
        app.broker.hold(gone)
        decision = await engine.run_slot(THIRD)
        assert decision is not None
        assert decision.cancels
        await caught_up(app)
        cancelled = {engine.desk.state.orders[c.intent_id].state for c in decision.cancels}
    assert cancelled == {OrderState.CANCELLED}


# ---------------------------------------------------------------- rolls


NEAR = world.call_id("mar", 20)


def rolling(far: ConId, limit: str) -> Callable[..., tuple[Decision, StrategyState]]:
    """Return a strategy that wants nothing but one roll of the near call."""
    wanted = Intent(
        intent_id=IntentId("d-1/roll"),
        side=Side.BUY,
        con_id=far,
        closes=NEAR,
        quantity=1,
        limit=Decimal(limit),
        rung=Rung.S1,
        rule="R14",
        rule_class=RuleClass.ROLL,
    )

    def decided(inputs: Inputs, state: StrategyState) -> tuple[Decision, StrategyState]:
        decision, memory = decide(inputs, state)
        return replace(decision, intents=(wanted,), cancels=(), reprices=()), memory

    return decided


async def hold_two(app: AppWorld, engine: Engine) -> None:
    """Let the engine, on the quiet day, hold two of the near call and watch both calls."""
    await engine.open()
    bought_before = Intent(
        intent_id=IntentId("d-0/S1"),
        side=Side.BUY,
        con_id=NEAR,
        quantity=2,
        limit=Decimal(9),
        rung=Rung.S1,
        rule="R5",
        rule_class=RuleClass.STAGE,
    )
    engine.desk.want(Wanted(decision_id=DecisionId("d-0"), intents=(bought_before,)))
    await caught_up(app)
    await engine.market.refresh(app.clock.now(), FIRST.session, engine.desk.book)


def later_call(engine: Engine) -> ConId:
    """Return a watched call of a later month than the near one's."""
    calls = (world.UNIVERSE.by_id()[c] for c in engine.market.lines.watched)
    month = world.SETTLEMENTS["mar"]
    return next(
        c.con_id
        for c in calls
        if is_vix_call(c) and c.last_trading_day > month  # type: ignore[union-attr]
    )


async def test_a_roll_passes_risk_and_becomes_one_order(
    app: AppWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = app.engine()
    async with pumping(engine):
        await hold_two(app, engine)
        far = later_call(engine)
        ask, bid = app.market.quotes[far].ask, app.market.quotes[NEAR].bid
        assert ask is not None
        assert bid is not None
        monkeypatch.setattr("bot.app.cycle.decide", rolling(far, str(ask - bid)))
        await engine.run_slot(FIRST)
        await caught_up(app)
    assert [i.closes for i in app.broker.orders] == [None, NEAR]
    book = engine.desk.book
    assert (book.contracts(NEAR), book.contracts(far)) == (1, 1)


@pytest.mark.parametrize("quiet", ["near", "far"])
async def test_old_quotes_of_both_contracts_of_a_roll_are_asked_again(
    app: AppWorld, monkeypatch: pytest.MonkeyPatch, quiet: str
) -> None:
    engine = app.engine()
    async with pumping(engine):
        await hold_two(app, engine)
        far = later_call(engine)
        monkeypatch.setattr("bot.app.cycle.decide", rolling(far, "-9.00"))
        app.clock.advance(31)
        silent = {"near": NEAR, "far": far}[quiet]
        app.broker.move([q for con_id, q in app.market.quotes.items() if con_id != silent])
        app.broker.requests.clear()
        await engine.run_slot(FIRST)
    assert app.broker.counted()["ask_again"] == 1
    assert app.broker.counted()["place"] == 1
    assert only(app.told(), OrderRefused) == []


async def test_a_roll_risk_refuses_is_stored_with_both_contracts(
    app: AppWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = await stormy(app)
    far = later_call(engine)
    monkeypatch.setattr("bot.app.cycle.decide", rolling(far, "0.30"))
    await engine.run_slot(SECOND)
    (refused,) = only(app.told(), OrderRefused)
    assert (refused.intent.con_id, refused.intent.closes) == (far, NEAR)
    assert refused.check == "live_quote"
    assert f"contract {NEAR} has no quote" in refused.reason
    assert "place" not in app.broker.counted()
