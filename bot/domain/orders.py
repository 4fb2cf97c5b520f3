"""Orders: what is wanted, what was sent, and the legal moves of an order's life.

An `Intent` is one wanted order; it is stored before it is sent and sent at most once. Its id is the
order reference the broker carries. The broker's words come in as events; an unknown outcome is a
state (`IN_DOUBT`), not an exception: the order stays alive until the broker proves otherwise
(design.md section 5, domain.md section 3.4).
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from bot.domain.instruments import ConId
from bot.domain.rungs import RuleClass, Rung
from bot.domain.value import Value

IntentId = NewType("IntentId", str)
"""Derived from the decision id; travels as the order reference."""

ExecId = NewType("ExecId", str)
"""The broker's id of one execution; a correction changes only what follows its last dot."""


class Side(StrEnum):
    """Buy or sell."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def sign(self) -> int:
        """+1 for a buy, -1 for a sell."""
        return 1 if self is Side.BUY else -1


class Label(Value):
    """Which rule bought a contract, as its lot carries it through every roll (section 1)."""

    rule: str
    rule_class: RuleClass


class Leg(Value):
    """One contract of an order: which way, and how many of it, each unit of the order trades."""

    con_id: ConId
    side: Side
    ratio: int = 1


class Intent(Value):
    """One wanted DAY limit order: in one contract, or a roll as one guaranteed combination.

    A roll (`closes` is set) buys `con_id` and sells as many of `closes`; `limit` is then the net
    price of the pair in points, paid when positive, received when negative. `rule` and `rule_class`
    are the order's; what it buys carries them too, unless `keeps` hands an older label on. A sale
    takes contracts labelled `keeps` first, where that is set.
    """

    intent_id: IntentId
    side: Side
    con_id: ConId
    quantity: int
    limit: Decimal
    rung: Rung
    rule: str
    rule_class: RuleClass
    closes: ConId | None = None
    keeps: Label | None = None

    def __post_init__(self) -> None:
        """Check that there is something to trade, at a price that means something."""
        if self.quantity < 1:
            raise ValueError(f"{self.intent_id}: needs a positive quantity")
        if self.closes is None and self.limit <= 0:
            raise ValueError(f"{self.intent_id}: needs a positive limit")
        if self.closes is not None and (self.side is Side.SELL or self.closes == self.con_id):
            raise ValueError(f"{self.intent_id}: a roll buys one contract and sells another")

    @property
    def is_roll(self) -> bool:
        """Whether it is a combination of two contracts."""
        return self.closes is not None

    @property
    def legs(self) -> tuple[Leg, ...]:
        """What is traded with each unit: one contract, or the bought one before the sold one."""
        first = Leg(con_id=self.con_id, side=self.side)
        return (first,) if self.closes is None else (first, Leg(con_id=self.closes, side=Side.SELL))

    @property
    def con_ids(self) -> tuple[ConId, ...]:
        """The contracts it trades."""
        return tuple(leg.con_id for leg in self.legs)

    @property
    def label(self) -> Label:
        """What a lot bought by this order carries."""
        return self.keeps or Label(rule=self.rule, rule_class=self.rule_class)


class OrderState(StrEnum):
    """Where an order is in its life."""

    INTENDED = "intended"
    SENT = "sent"
    WORKING = "working"
    CANCELLING = "cancelling"
    IN_DOUBT = "in_doubt"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    ABANDONED = "abandoned"

    @property
    def is_terminal(self) -> bool:
        """Whether nothing more is expected; executions may still arrive and are taken."""
        return self in _TERMINAL

    @property
    def awaits_reply(self) -> bool:
        """Whether the broker owes an answer."""
        return self in {OrderState.SENT, OrderState.CANCELLING}


_TERMINAL = frozenset(
    {OrderState.FILLED, OrderState.CANCELLED, OrderState.REJECTED, OrderState.ABANDONED}
)


class Order(Value):
    """An intent and what became of it.

    `filled` counts contracts from executions alone, of a roll its complete pairs; `ahead` are those
    of one leg that the other has not matched yet: the pair is guaranteed, so the rest of it is on
    its way. `limit` is the price now working, which a
    change may have moved away from the intent's; `limit_asked` is a change the broker has not
    answered yet, so that until then either price may fill.
    """

    intent: Intent
    state: OrderState
    limit: Decimal
    limit_asked: Decimal | None = None
    filled: int = 0
    perm_id: int | None = None
    reason: str = ""
    ahead: int = 0

    @property
    def remaining(self) -> int:
        """Contracts, of a roll pairs, that may still fill."""
        return 0 if self.state.is_terminal else max(self.intent.quantity - self.filled, 0)

    @property
    def awaits_reply(self) -> bool:
        """Whether the broker owes an answer, to the order itself or to a change of its limit."""
        return self.state.awaits_reply or (
            self.limit_asked is not None and not self.state.is_terminal
        )


class Fill(Value):
    """One execution in one contract, attributed by its order reference; price in points."""

    exec_id: ExecId
    intent_id: IntentId
    con_id: ConId
    side: Side
    quantity: int
    price: Decimal
    executed_at: datetime
    commission_usd: Decimal | None = None

    @property
    def root(self) -> str:
        """The id without its correction number: what identifies the execution."""
        return execution_root(self.exec_id)


def execution_root(exec_id: ExecId) -> str:
    """Return what identifies an execution: its id without the correction number."""
    return exec_id.rpartition(".")[0] or exec_id


def correction_number(exec_id: ExecId) -> int:
    """Return how often an execution was corrected: the digits after the last dot, else 0."""
    digits = exec_id.rpartition(".")[2]
    return int(digits) if digits.isdecimal() and digits != exec_id else 0
