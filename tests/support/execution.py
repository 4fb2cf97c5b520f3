"""Drive the stepper by hand: feed stimuli in turn, keep what it wrote and asked for."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.decision import Cancel, Reprice
from bot.domain.events import JournalEvent
from bot.domain.orders import Intent, IntentId, Order
from bot.execution.reconcile import BrokerView, reconcile
from bot.execution.state import ExecutionState, apply, forget_the_line
from bot.execution.step import step
from bot.execution.stimuli import Command, Sent, Step, Stimulus, Wanted
from tests.support.orders import DECISION, NOW, intent

EMPTY_VIEW = BrokerView(
    open_orders=(), completed_orders=(), executions=(), positions=(), instruments=()
)


def view(**changes: Any) -> BrokerView:
    fields = dict.fromkeys(BrokerView.__struct_fields__, ())
    return BrokerView(**(fields | changes))


class Desk:
    """A stepper with its journal and its commands; `state` is where it stands."""

    def __init__(self, *, ready: bool = True) -> None:
        self.state = ExecutionState()
        self.journal: list[JournalEvent] = []
        self.commands: list[Command] = []
        if ready:
            self.reconcile(EMPTY_VIEW)
            self.journal.clear()

    def feed(self, *stimuli: Stimulus, at: datetime = NOW) -> "Desk":
        for stimulus in stimuli:
            self._take(step(self.state, stimulus, at))
        return self

    def reconcile(self, seen: BrokerView, at: datetime = NOW) -> "Desk":
        self._take(reconcile(self.state, seen, at))
        return self

    def want(self, *intents: Intent, at: datetime = NOW) -> "Desk":
        return self.feed(Wanted(decision_id=DECISION, intents=intents), at=at)

    def cancel(self, key: str = "i-1") -> "Desk":
        cancels = (Cancel(intent_id=IntentId(key), reason="not wanted"),)
        return self.feed(Wanted(decision_id=DECISION, cancels=cancels))

    def reprice(self, limit: str, key: str = "i-1") -> "Desk":
        change = Reprice(intent_id=IntentId(key), limit=Decimal(limit), reason="walk")
        return self.feed(Wanted(decision_id=DECISION, reprices=(change,)))

    def sent(self, key: str = "i-1", **changes: Any) -> "Desk":
        return self.want(intent(key, **changes)).feed(Sent(intent_id=IntentId(key), order_id=1))

    def restarted(self) -> "Desk":
        """Return the desk of a process that knows no more than what this one wrote."""
        other = Desk(ready=False)
        other.journal = list(self.journal)
        for event in self.journal:
            other.state = apply(other.state, event, NOW)
        other.state = forget_the_line(other.state)
        return other

    def order(self, key: str = "i-1") -> Order:
        return self.state.orders[IntentId(key)]

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.journal]

    def _take(self, done: Step) -> None:
        self.state = done.state
        self.journal += done.journal
        self.commands += done.commands
