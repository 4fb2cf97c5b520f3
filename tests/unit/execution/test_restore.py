"""What a new process knows is what the old one wrote down, and no more."""

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
from bot.execution.restore import restore
from bot.execution.state import ExecutionState, apply, forget_the_line
from tests.support.execution import Desk, view
from tests.support.orders import NOW, commission, error, execution, intent, listed, status


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
