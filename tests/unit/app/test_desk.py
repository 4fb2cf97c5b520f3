"""The order desk: stored first, carried out then."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.app.desk import REPLY_LIMIT, Desk
from bot.app.ports import BrokerError, BrokerTimeoutError, BrokerUnreachableError, JournalError
from bot.domain.account import Position
from bot.domain.broker import BrokerStatus, LinkChanged
from bot.domain.decision import Cancel, DecisionId, Reprice
from bot.domain.events import JournalEvent, OrderChanged, OrderIntended, StoredEvent
from bot.domain.orders import Intent, IntentId, OrderState, Side
from bot.domain.rungs import RuleClass, Rung
from bot.domain.value import replace
from bot.execution.restore import restore
from bot.execution.state import ExecutionState
from bot.execution.stimuli import Wanted
from tests.support import strategy_world as world
from tests.support.app_world import ACCOUNT, AppWorld, only

CALL = world.call_id("mar", 20)
LATER_CALL = world.call_id("apr", 20)
KEY, ROLL = IntentId("d1-S1"), IntentId("d2-S1")
DECISION = DecisionId("d1")


def intent(limit: str, key: IntentId = KEY, side: Side = Side.BUY, quantity: int = 2) -> Intent:
    return Intent(
        intent_id=key,
        side=side,
        con_id=CALL,
        quantity=quantity,
        limit=Decimal(limit),
        rung=Rung.S1,
        rule="R5",
        rule_class=RuleClass.STAGE,
    )


def roll(limit: Decimal) -> Intent:
    """Roll the two of `intent` into the same strike a month later."""
    bought = replace(intent(HIGH, ROLL), con_id=LATER_CALL, closes=CALL, limit=limit)
    return replace(bought, rule="R14", rule_class=RuleClass.ROLL)


def wants(*intents: Intent) -> Wanted:
    return Wanted(decision_id=DECISION, intents=intents)


HIGH, LOW = "9.00", "0.01"
"""Limits that fill at once and that never do."""


async def opened(app: AppWorld, state: ExecutionState | None = None) -> Desk:
    desk = Desk(app.broker, app.journal, app.clock, state or ExecutionState())
    await app.broker.connect()
    desk.open_for(ACCOUNT)
    desk.hear(LinkChanged(what="socket", up=True))
    await desk.reconcile()
    return desk


async def hear_all(app: AppWorld, desk: Desk) -> None:
    """Take everything the broker said so far, as the pump does."""
    await app.broker.current_time()
    while app.broker.unheard():
        desk.hear(await app.broker.next_event())
        app.broker.event_done()


def state_of(desk: Desk, key: IntentId = KEY) -> OrderState:
    return desk.state.orders[key].state


class Witness:
    """Writes down, at each event stored, which requests the broker had heard by then."""

    def __init__(self, app: AppWorld) -> None:
        self._app = app
        self.seen: dict[str, tuple[str, ...]] = {}
        app.journal.add_reader(self)

    def __call__(self, stored: StoredEvent) -> None:
        self.seen.setdefault(stored.kind, tuple(self._app.broker.requests))


class RefusingJournal:
    """A journal whose disk is full."""

    def __init__(self, app: AppWorld) -> None:
        self.put_blob, self.blob = app.journal.put_blob, app.journal.blob
        self.events, self.last, self.count = (
            app.journal.events,
            app.journal.last,
            app.journal.count,
        )

    def append(self, events: Sequence[JournalEvent], at: datetime) -> tuple[StoredEvent, ...]:
        raise JournalError(f"the disk is full: {len(events)} events of {at} are not stored")


async def test_an_order_is_stored_before_it_is_sent(app: AppWorld) -> None:
    desk = await opened(app)
    witness = Witness(app)
    desk.want(wants(intent(LOW)))
    assert "place" not in witness.seen["order_intended"]
    assert "place" in witness.seen["order_sent"]


async def test_what_cannot_be_stored_is_not_sent(app: AppWorld) -> None:
    good = await opened(app)
    desk = Desk(app.broker, RefusingJournal(app), app.clock, good.state)
    desk.open_for(ACCOUNT)
    with pytest.raises(JournalError):
        desk.want(wants(intent(LOW)))
    assert "place" not in app.broker.requests
    assert desk.state == good.state


async def test_a_cancel_and_a_change_are_stored_before_they_are_asked(app: AppWorld) -> None:
    desk = await opened(app)
    desk.want(wants(intent(LOW), intent(LOW, IntentId("d1-S2"))))
    await hear_all(app, desk)
    witness = Witness(app)
    desk.want(
        Wanted(
            decision_id=DECISION,
            cancels=(Cancel(intent_id=KEY, reason="not wanted"),),
            reprices=(Reprice(intent_id=IntentId("d1-S2"), limit=Decimal("0.02"), reason="ask"),),
        )
    )
    before = witness.seen["order_change_intended"]
    assert "cancel" not in before
    assert app.broker.requests[-2:] == ["cancel", "change"]
    await hear_all(app, desk)
    assert state_of(desk) is OrderState.CANCELLED
    assert desk.state.orders[IntentId("d1-S2")].limit == Decimal("0.02")


async def test_a_marketable_order_becomes_lots_with_its_cost(app: AppWorld) -> None:
    desk = await opened(app)
    desk.want(wants(intent(HIGH)))
    await hear_all(app, desk)
    ask = app.market.quotes[CALL].ask
    assert state_of(desk) is OrderState.FILLED
    assert [(lot.con_id, lot.quantity, lot.price) for lot in desk.book.lots] == [(CALL, 2, ask)]
    assert [f.commission_usd for f in desk.state.fills.values()] == [Decimal("1.30")]
    assert not desk.has_working_orders
    assert not desk.awaits_reply


async def test_a_resting_order_works_until_the_market_comes_to_it(app: AppWorld) -> None:
    desk = await opened(app)
    desk.want(wants(intent(LOW)))
    awaited_at_first = desk.awaits_reply
    await hear_all(app, desk)
    assert state_of(desk) is OrderState.WORKING
    assert desk.has_working_orders
    assert (awaited_at_first, desk.awaits_reply) == (True, False)
    app.broker.move([world.quote(CALL, app.clock.now(), "0.01", "0.01")])
    await hear_all(app, desk)
    assert state_of(desk) is OrderState.FILLED


async def test_a_roll_is_one_order_whose_legs_become_lots(app: AppWorld) -> None:
    desk = await opened(app)
    desk.want(wants(intent(HIGH)))
    await hear_all(app, desk)
    ask, bid = app.market.quotes[LATER_CALL].ask, app.market.quotes[CALL].bid
    assert ask is not None
    assert bid is not None
    desk.want(wants(roll(ask - bid - Decimal("0.01"))))
    await hear_all(app, desk)
    assert state_of(desk, ROLL) is OrderState.WORKING
    move = Reprice(intent_id=ROLL, limit=ask - bid, reason="ask")
    desk.want(Wanted(decision_id=DECISION, reprices=(move,)))
    await hear_all(app, desk)
    assert state_of(desk, ROLL) is OrderState.FILLED
    assert [(lot.con_id, lot.quantity, lot.price) for lot in desk.book.lots] == [
        (LATER_CALL, 2, ask)
    ]
    await desk.settle_doubts()
    assert app.broker.counted()["open_orders"] == 1


@pytest.mark.parametrize("con_id", ["CALL", "LATER_CALL"])
async def test_positions_that_differ_in_either_contract_of_a_roll_are_compared(
    app: AppWorld, con_id: str
) -> None:
    differing = {"CALL": CALL, "LATER_CALL": LATER_CALL}[con_id]
    desk = await opened(app)
    desk.want(wants(intent(HIGH)))
    await hear_all(app, desk)
    desk.want(wants(roll(Decimal(9))))
    await hear_all(app, desk)
    app.broker.hold([Position(con_id=differing, quantity=7, average_cost_usd=Decimal(1))])
    await desk.settle_doubts()
    assert [b.con_id for b in desk.book.breaks] == [differing]


async def test_wanting_nothing_does_nothing(app: AppWorld) -> None:
    desk = await opened(app)
    before = app.kinds()
    desk.want(wants())
    assert app.kinds() == before


async def test_nothing_is_sent_before_an_account_is_proved(app: AppWorld) -> None:
    desk = Desk(app.broker, app.journal, app.clock, ExecutionState())
    await app.broker.connect()
    await desk.reconcile()
    desk.want(wants(intent(HIGH)))
    assert app.broker.orders == []
    assert state_of(desk) is OrderState.IN_DOUBT


async def test_an_intent_is_never_sent_twice(app: AppWorld) -> None:
    desk = await opened(app)
    desk.want(wants(intent(LOW)))
    desk.want(wants(intent(LOW)))
    assert app.broker.counted()["place"] == 1


async def test_an_unreachable_broker_leaves_the_order_in_doubt(app: AppWorld) -> None:
    desk = await opened(app)
    app.broker.drop()
    desk.want(wants(intent(LOW)))
    assert state_of(desk) is OrderState.IN_DOUBT
    changed = only(app.told(), OrderChanged)[-1]
    assert "not connected" in changed.reason


@pytest.mark.parametrize(
    "error",
    [BrokerUnreachableError("gone"), BrokerTimeoutError("late"), BrokerError("never looked up")],
)
async def test_whatever_the_broker_port_says_the_next_order_of_the_batch_still_goes(
    app: AppWorld, error: BrokerError
) -> None:
    desk = await opened(app)
    app.broker.fail("place", error)
    desk.want(wants(intent(LOW), intent(LOW, IntentId("d1-S2"))))
    assert state_of(desk) is OrderState.IN_DOUBT
    assert [i.intent_id for i in app.broker.orders] == ["d1-S2"]


@pytest.mark.parametrize("request_name", ["cancel", "change"])
async def test_a_change_that_could_not_be_asked_leaves_the_order_in_doubt(
    app: AppWorld, request_name: str
) -> None:
    desk = await opened(app)
    desk.want(wants(intent(LOW)))
    await hear_all(app, desk)
    app.broker.fail(request_name, BrokerError("no order of this client"))
    cancels = (Cancel(intent_id=KEY, reason="gone"),) if request_name == "cancel" else ()
    moves = (Reprice(intent_id=KEY, limit=Decimal("0.02"), reason="ask"),) if not cancels else ()
    desk.want(Wanted(decision_id=DECISION, cancels=cancels, reprices=moves))
    assert state_of(desk) is OrderState.IN_DOUBT
    await desk.settle_doubts()
    assert state_of(desk) is OrderState.WORKING
    assert desk.state.orders[KEY].limit == Decimal(LOW)


async def test_an_answer_owed_for_too_long_puts_the_order_in_doubt(app: AppWorld) -> None:
    desk = await opened(app)
    app.broker.silent = True
    desk.want(wants(intent(LOW)))
    app.clock.time += REPLY_LIMIT - timedelta(seconds=1)
    desk.doubt_overdue()
    assert state_of(desk) is OrderState.SENT
    app.clock.time += timedelta(seconds=1)
    desk.doubt_overdue()
    assert state_of(desk) is OrderState.IN_DOUBT


async def test_doubts_are_settled_by_the_brokers_lists(app: AppWorld) -> None:
    desk = await opened(app)
    app.broker.silent = True
    desk.want(wants(intent(HIGH)))
    app.clock.time += REPLY_LIMIT
    desk.doubt_overdue()
    await desk.settle_doubts()
    assert state_of(desk) is OrderState.FILLED
    assert desk.book.contracts(CALL) == 2


async def test_an_order_that_never_arrived_is_proved_dead_and_leaves_no_break(
    app: AppWorld,
) -> None:
    desk = await opened(app)
    app.broker.deaf = True
    desk.want(wants(intent(HIGH)))
    app.clock.time += REPLY_LIMIT
    desk.doubt_overdue()
    await desk.settle_doubts()
    assert state_of(desk) is OrderState.ABANDONED
    assert desk.book.breaks == ()


async def test_with_nothing_in_doubt_only_the_positions_are_compared(app: AppWorld) -> None:
    desk = await opened(app)
    app.broker.requests.clear()
    await desk.settle_doubts()
    assert app.broker.requests == ["positions"]


async def test_a_position_changed_behind_our_back_is_a_break_until_it_is_put_right(
    app: AppWorld,
) -> None:
    desk = await opened(app)
    desk.want(wants(intent(HIGH)))
    await hear_all(app, desk)
    app.broker.hold([Position(con_id=CALL, quantity=1, average_cost_usd=Decimal(100))])
    await desk.settle_doubts()
    assert [(b.con_id, b.ours, b.brokers) for b in desk.book.breaks] == [(CALL, 2, 1)]
    app.broker.hold([Position(con_id=CALL, quantity=2, average_cost_usd=Decimal(100))])
    await desk.settle_doubts()
    assert desk.book.breaks == ()
    assert app.kinds()[-2:] == ["break_found", "break_lifted"]


async def test_a_call_nobody_bought_is_found_and_not_ours(app: AppWorld) -> None:
    app.broker.hold([Position(con_id=CALL, quantity=3, average_cost_usd=Decimal(100))])
    desk = await opened(app)
    assert desk.book.unadopted == (CALL,)
    assert desk.book.lots == ()


async def test_a_call_that_comes_while_the_bot_runs_is_found_at_the_next_look(
    app: AppWorld,
) -> None:
    """The positions are read anyway; only what is new in them makes the lists worth reading."""
    desk = await opened(app)
    stranger = Position(con_id=CALL, quantity=3, average_cost_usd=Decimal(100))
    app.broker.hold([stranger])
    await desk.settle_doubts()
    assert desk.book.unadopted == (CALL,)
    app.broker.requests.clear()
    await desk.settle_doubts()
    assert app.broker.requests == ["positions"]
    app.broker.hold([replace(stranger, quantity=0)])
    await desk.settle_doubts()
    assert not desk.book.unadopted


async def test_contracts_are_looked_up_once(app: AppWorld) -> None:
    desk = await opened(app)
    app.broker.requests.clear()
    await desk.reconcile()
    assert "instruments" not in app.broker.requests


async def test_a_list_that_cannot_be_read_changes_nothing(app: AppWorld) -> None:
    desk = await opened(app)
    desk.want(wants(intent(HIGH)))
    before = desk.state
    app.broker.fail("executions", BrokerTimeoutError("no answer"))
    with pytest.raises(BrokerTimeoutError):
        await desk.reconcile()
    assert desk.state == before


async def test_after_a_lost_line_nothing_is_sent_until_the_lists_were_compared(
    app: AppWorld,
) -> None:
    desk = await opened(app)
    desk.hear(LinkChanged(what="socket", up=False))
    desk.want(wants(intent(HIGH)))
    desk.hear(LinkChanged(what="socket", up=True))
    desk.want(wants(intent(HIGH, IntentId("d2-S1"))))
    assert app.broker.orders == []
    assert app.kinds().count("order_refused") == 2
    await desk.settle_doubts()
    desk.want(wants(intent(HIGH, IntentId("d3-S1"))))
    assert [i.intent_id for i in app.broker.orders] == ["d3-S1"]


async def test_the_journal_alone_gives_the_desk_back(app: AppWorld) -> None:
    desk = await opened(app)
    desk.want(wants(intent(HIGH)))
    await hear_all(app, desk)
    again = restore(app.journal.events())
    assert again.lots == desk.state.lots
    assert again.fills == desk.state.fills
    assert len(only(app.told(), OrderIntended)) == 1


async def test_a_crash_between_intent_and_answer_sends_nothing_twice(app: AppWorld) -> None:
    desk = await opened(app)
    app.broker.silent = True
    desk.want(wants(intent(HIGH)))
    app.clock.time += timedelta(minutes=1)
    again = await opened(app, restore(app.journal.events()))
    again.want(wants(intent(HIGH)))
    assert app.broker.counted()["place"] == 1
    assert again.book.contracts(CALL) == 2
    assert app.broker.order(KEY)[0] is BrokerStatus.FILLED
    assert again.book.breaks == ()


async def test_a_sell_takes_the_lots_away(app: AppWorld) -> None:
    desk = await opened(app)
    desk.want(wants(intent(HIGH)))
    await hear_all(app, desk)
    desk.want(wants(intent(LOW, IntentId("d2-S1"), Side.SELL)))
    await hear_all(app, desk)
    assert desk.book.lots == ()
    assert await app.broker.positions() == tuple(sorted_by_id(world.condor_positions(20)))


def sorted_by_id(positions: Sequence[Position]) -> list[Position]:
    return sorted(positions, key=lambda position: position.con_id)
