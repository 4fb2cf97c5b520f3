"""What goes into the stepper and what comes out of it."""

from decimal import Decimal

from bot.domain.broker import BrokerEvent
from bot.domain.decision import Cancel, DecisionId, Reprice
from bot.domain.events import JournalEvent
from bot.domain.orders import Intent, IntentId
from bot.domain.value import Value
from bot.execution.state import ExecutionState


class Wanted(Value, tag="wanted"):
    """What a decision wants, after the risk checks: only what may be done is in it."""

    decision_id: DecisionId
    intents: tuple[Intent, ...] = ()
    cancels: tuple[Cancel, ...] = ()
    reprices: tuple[Reprice, ...] = ()


class Sent(Value, tag="sent"):
    """The adapter handed an order to the broker's library under this order number."""

    intent_id: IntentId
    order_id: int


class ReplyOverdue(Value, tag="reply_overdue"):
    """The broker did not answer about an order in time, or the request could not be made."""

    intent_id: IntentId
    reason: str = "no answer in time"


Stimulus = Wanted | Sent | ReplyOverdue | BrokerEvent


class SendOrder(Value, tag="send"):
    """Send a new order, once."""

    intent: Intent


class ChangeOrder(Value, tag="change"):
    """Ask that a working order moves to `limit`, in points."""

    intent_id: IntentId
    limit: Decimal


class CancelOrder(Value, tag="cancel"):
    """Ask that a working order be cancelled."""

    intent_id: IntentId


Command = SendOrder | ChangeOrder | CancelOrder


class Step(Value):
    """The outcome of one stimulus: store `journal` first, then carry `commands` out."""

    state: ExecutionState
    journal: tuple[JournalEvent, ...] = ()
    commands: tuple[Command, ...] = ()
