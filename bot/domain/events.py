"""The journal's events: each step of the flow, stored before its consequence happens.

Past tense, one sentence each. The journal adds sequence number, time and hash chain.
"""

from datetime import datetime
from decimal import Decimal
from typing import NewType

from bot.domain.account import Account, AccountId, Mode, Position
from bot.domain.adoption import Adoption
from bot.domain.book import Book, Break
from bot.domain.canonical import ContentHash
from bot.domain.decision import Decision, DecisionId
from bot.domain.inputs import InputBlobs, Snapshot
from bot.domain.instruments import ConId
from bot.domain.orders import Fill, Intent, IntentId, OrderState
from bot.domain.state import StrategyState
from bot.domain.value import Value

RunId = NewType("RunId", str)


class RunStarted(Value, tag="run_started"):
    """A bot process began to work on this journal."""

    run_id: RunId
    mode: Mode
    account_id: AccountId | None
    version: str
    policy: ContentHash
    scenario: str = ""
    seed: int | None = None


class RunEnded(Value, tag="run_ended"):
    """The process ended in order; `reason` says why."""

    run_id: RunId
    reason: str


class AccountProved(Value, tag="account_proved"):
    """The broker reported the account the mode asks for."""

    account_id: AccountId
    mode: Mode
    opening: Account
    positions: tuple[Position, ...]


class InputsTaken(Value, tag="inputs_taken"):
    """The inputs of one evaluation were frozen."""

    decision_id: DecisionId
    snapshot: Snapshot
    book: Book
    blobs: InputBlobs


class DecisionMade(Value, tag="decision_made"):
    """The strategy decided; `link` chains the digests of all decisions."""

    decision: Decision
    state: StrategyState
    link: ContentHash


class OrderRefused(Value, tag="order_refused"):
    """Risk refused an intent; nothing was sent."""

    intent: Intent
    check: str
    reason: str


class OrderIntended(Value, tag="order_intended"):
    """An order is about to be sent."""

    intent: Intent
    decision_id: DecisionId


class OrderSent(Value, tag="order_sent"):
    """The order left for the broker."""

    intent_id: IntentId
    order_id: int


class OrderChangeIntended(Value, tag="order_change_intended"):
    """A working order is about to be cancelled, or moved to `limit`."""

    intent_id: IntentId
    limit: Decimal | None
    reason: str


class OrderChanged(Value, tag="order_changed"):
    """An order moved to another state, by the broker's word or for want of it."""

    intent_id: IntentId
    state: OrderState
    limit: Decimal
    filled: int
    perm_id: int | None
    reason: str = ""
    limit_asked: Decimal | None = None


class FillReceived(Value, tag="fill_received"):
    """An execution was heard of; hearing it again changes nothing."""

    fill: Fill


class CommissionReceived(Value, tag="commission_received"):
    """The cost of an execution became known, USD."""

    exec_id: str
    commission_usd: Decimal


class BreakFound(Value, tag="break_found"):
    """Our rungs and the broker's position differ; the contract is locked."""

    broken: Break


class BreakLifted(Value, tag="break_lifted"):
    """Our rungs and the broker's position agree again."""

    con_id: int


class UnadoptedFound(Value, tag="unadopted_found"):
    """The broker holds these VIX calls, all of them, that the journal does not know."""

    con_ids: tuple[ConId, ...]


class Adopted(Value, tag="adopted"):
    """The user gave contracts to a rung that belonged to nobody; `left` more of them still do."""

    adoption: Adoption
    left: int = 0


class Ignored(Value, tag="ignored"):
    """The user wants a VIX call left alone, whatever its position does."""

    con_id: ConId


class IgnoringEnded(Value, tag="ignoring_ended"):
    """A call is no longer ignored; beside our lots the broker holds `left` of it."""

    con_id: ConId
    left: int = 0


class PositionSettled(Value, tag="position_settled"):
    """A held call settled in cash and left the broker's positions; `quantity` went with it.

    What it paid is not told; above `strike` it was something.
    """

    con_id: ConId
    quantity: int
    strike: Decimal | None = None


class ConnectionChanged(Value, tag="connection_changed"):
    """The line to the broker was lost, restored or reconciled; `what` names the part of it."""

    state: str
    detail: str = ""
    what: str = ""


class NoticeReceived(Value, tag="notice_received"):
    """The broker sent a code; `intent_id` where it names an order of ours."""

    code: int
    text: str
    con_id: int | None = None
    intent_id: IntentId | None = None


class CycleMissed(Value, tag="cycle_missed"):
    """An evaluation could not be made, or came late; `reason` says why."""

    due_at: datetime
    reason: str


class PolicyChanged(Value, tag="policy_changed"):
    """Another policy came into force."""

    before: ContentHash | None
    after: ContentHash


JournalEvent = (
    RunStarted
    | RunEnded
    | AccountProved
    | InputsTaken
    | DecisionMade
    | OrderRefused
    | OrderIntended
    | OrderSent
    | OrderChangeIntended
    | OrderChanged
    | FillReceived
    | CommissionReceived
    | BreakFound
    | BreakLifted
    | UnadoptedFound
    | Adopted
    | Ignored
    | IgnoringEnded
    | PositionSettled
    | ConnectionChanged
    | NoticeReceived
    | CycleMissed
    | PolicyChanged
)


class StoredEvent(Value):
    """A journal row: the event with its place in the hash chain."""

    sequence: int
    at: datetime
    kind: str
    event: JournalEvent
    previous: ContentHash
    hash: ContentHash
