"""What a new process knows is what the old one wrote down, and no more."""

from typing import Any

from bot.domain.account import Mode
from bot.domain.canonical import ContentHash
from bot.domain.decision import GENESIS
from bot.domain.events import (
    ConnectionChanged,
    CycleMissed,
    JournalEvent,
    RunId,
    RunStarted,
    StoredEvent,
)
from bot.domain.orders import OrderState
from bot.execution.restore import FOLDED, KINDS, restore
from bot.execution.state import ExecutionState, apply, forget_the_line
from tests.support.execution import Desk, view
from tests.support.orders import (
    NOW,
    OTHER_CALL,
    commission,
    error,
    execution,
    intent,
    listed,
    roll,
    status,
)


def stored(events: list[JournalEvent]) -> list[StoredEvent]:
    return [
        StoredEvent(
            sequence=number, at=NOW, kind="k", event=event, previous=GENESIS, hash=ContentHash("h")
        )
        for number, event in enumerate(events, start=1)
    ]


def test_the_fold_of_the_journal_is_the_state() -> None:
    desk = Desk(ready=False).reconcile(view())
    desk.sent().feed(status(), execution(), commission()).reprice("1.60")
    desk.sent("i-2").feed(error(201, "i-2")).sent("i-3").cancel("i-3")
    folded = ExecutionState()
    for event in desk.journal:
        folded = apply(folded, event, NOW)
    assert folded == desk.state


def test_the_restored_state_is_that_of_applying_event_by_event() -> None:
    desk = Desk(ready=False).reconcile(view())
    desk.sent().feed(status(), execution("a.1.01"), commission("a.1.01"), execution("a.1.02"))
    desk.want(roll()).feed(execution("b.1.01", "r-1", con_id=OTHER_CALL))
    assert desk.state.lots
    assert restore(stored(desk.journal)) == forget_the_line(desk.state)


def test_the_events_that_need_not_be_read_change_nothing() -> None:
    """The fold looks into no event it does not know: one without content passes it."""
    others: list[Any] = [kind for kind in JournalEvent.__args__ if kind not in FOLDED]
    assert {kind.__name__ for kind in others} >= {"InputsTaken", "DecisionMade"}
    state = Desk().sent().feed(status()).state
    for kind in others:
        empty: Any = kind(**dict.fromkeys(kind.__struct_fields__))
        assert apply(state, empty, NOW) is state


def test_every_event_that_is_read_is_of_a_kind_by_that_name() -> None:
    assert len(set(KINDS)) == len(FOLDED)
    assert {"order_intended", "fill_received", "run_started"} <= set(KINDS)


def test_after_a_restart_every_living_order_is_in_doubt_and_nothing_is_ready() -> None:
    desk = Desk().want(intent("i-0")).sent("i-1").feed(status()).sent("i-2").feed(error(201, "i-2"))
    restored = restore(stored(desk.journal))
    states = [order.state for order in restored.orders.values()]
    assert states == [OrderState.IN_DOUBT, OrderState.IN_DOUBT, OrderState.REJECTED]
    assert not restored.ready


def test_a_restart_with_the_exchange_alive_goes_on_without_a_second_order() -> None:
    """Killed while one order works and another had been written down but never left."""
    desk = Desk().sent("i-1").feed(status()).want(intent("i-2"))
    again = Desk(ready=False)
    again.state = restore(stored(desk.journal))
    again.reconcile(view(open_orders=(listed(),)), NOW).want(intent("i-1"), intent("i-2"))
    assert again.order("i-1").state is OrderState.WORKING
    assert again.order("i-2").state is OrderState.IN_DOUBT
    assert not again.commands


def test_a_started_run_in_the_journal_is_a_restart() -> None:
    desk = Desk().sent().feed(status())
    started = RunStarted(
        run_id=RunId("r"), mode=Mode.SIM, account_id=None, version="1", policy=ContentHash("p")
    )
    assert apply(desk.state, started, NOW) == forget_the_line(desk.state)


def test_events_of_other_rooms_change_nothing() -> None:
    desk = Desk().sent()
    for event in (CycleMissed(due_at=NOW, reason="late"), ConnectionChanged(state="tuned")):
        assert apply(desk.state, event, NOW) == desk.state
