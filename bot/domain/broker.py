"""What the broker says about orders, translated out of its library's terms.

Handlers put these on a queue; one task reads them (design.md section 5). `order_ref` is the intent
id where the order is ours; the broker's order may carry anything else.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain.instruments import ConId
from bot.domain.orders import ExecId, Leg, Side
from bot.domain.value import Value


class BrokerStatus(StrEnum):
    """The broker's order states (domain.md section 3.4), grouped by what they prove."""

    PENDING = "pending"
    WORKING = "working"
    PENDING_CANCEL = "pending_cancel"
    CANCELLED = "cancelled"
    FILLED = "filled"
    INACTIVE = "inactive"


class StatusHeard(Value, tag="status"):
    """The broker repeated or changed an order's status; counts in contracts."""

    order_ref: str
    order_id: int
    perm_id: int
    status: BrokerStatus
    filled: int
    remaining: int


class ExecutionHeard(Value, tag="execution"):
    """The broker reported an execution; price in points."""

    order_ref: str
    exec_id: ExecId
    perm_id: int
    con_id: ConId
    side: Side
    quantity: int
    price: Decimal
    executed_at: datetime


class CommissionHeard(Value, tag="commission"):
    """The broker reported what an execution cost, USD."""

    exec_id: ExecId
    commission_usd: Decimal


class OrderErrorHeard(Value, tag="order_error"):
    """The broker sent a code that names one of our orders."""

    order_ref: str
    order_id: int
    code: int
    text: str


class NoticeHeard(Value, tag="notice"):
    """The broker sent a code that names no order; `con_id` where it names a data line."""

    code: int
    text: str
    con_id: ConId | None = None


class LinkChanged(Value, tag="link"):
    """The socket (`socket`), what lies behind it (`upstream`) or the data farms (`farm`).

    The farms are one: up when all are, told whenever the broker speaks of one.
    """

    what: str
    up: bool
    detail: str = ""


BrokerEvent = (
    StatusHeard | ExecutionHeard | CommissionHeard | OrderErrorHeard | NoticeHeard | LinkChanged
)


class BrokerOrder(Value):
    """An order as the broker lists it, open or completed.

    Of a combination `con_id` is the number the broker gives to combinations, `quantity` and
    `filled` count them, `limit` is their net price of any sign, and `legs` are what each trades,
    whichever way the order itself is written; empty for an order in one contract.
    """

    order_ref: str
    order_id: int
    client_id: int
    perm_id: int
    con_id: ConId
    side: Side
    quantity: int
    limit: Decimal | None
    status: BrokerStatus
    filled: int
    legs: tuple[Leg, ...] = ()
