"""A small true exchange for random lives: it keeps its own books of what was sent and filled.

The stepper hears of it only through the messages that its methods return, which a test may double,
reorder or lose.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.broker import BrokerStatus, ExecutionHeard
from bot.domain.orders import Leg
from bot.execution.reconcile import BrokerView
from bot.execution.stimuli import CancelOrder, ChangeOrder, Command, SendOrder, Stimulus
from tests.support.orders import (
    NOW,
    commission,
    error,
    execution,
    listed,
    position,
    status,
    vix_call,
)

CALLS = tuple(
    vix_call(101 + n, settlement=datetime(2018, 3 + n, 21, 13, 30, tzinfo=UTC)) for n in range(3)
)
"""Three calls, each a month later than the one before."""


class SmallExchange:
    """Keeps each order by its own rules; an order is open, filled, cancelled or rejected."""

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()
        self.orders: dict[str, dict[str, Any]] = {}
        self.executions: list[Any] = []

    def take(self, command: Command) -> list[Stimulus]:
        match command:
            case SendOrder(intent=wanted):
                self.sent[wanted.intent_id] += 1
                number = len(self.orders) + 1
                self.orders[wanted.intent_id] = {
                    "intent": wanted,
                    "limit": wanted.limit,
                    "filled": 0,
                    "perm_id": number,
                    "word": BrokerStatus.WORKING,
                }
                return [self.status(wanted.intent_id)]
            case ChangeOrder(intent_id=key) | CancelOrder(intent_id=key) if key not in self.orders:
                return [error(10147, key)]
            case ChangeOrder(intent_id=key, limit=limit):
                if self.orders[key]["word"] is BrokerStatus.WORKING:
                    self.orders[key]["limit"] = limit
                return [self.status(key)]
            case CancelOrder(intent_id=key):
                if self.orders[key]["word"] is not BrokerStatus.WORKING:
                    return [error(10148, key)]
                self.orders[key]["word"] = BrokerStatus.CANCELLED
                return [error(202, key), self.status(key)]

    def status(self, key: str) -> Stimulus:
        order = self.orders[key]
        return status(order["word"], key, filled=order["filled"], perm_id=order["perm_id"])

    def fill(self, key: str) -> list[Stimulus]:
        """Fill one unit: all legs of it, each with an execution of its own."""
        order = self.orders[key]
        order["filled"] += 1
        if order["filled"] == order["intent"].quantity:
            order["word"] = BrokerStatus.FILLED
        legs = [self._leg(key, leg) for leg in order["intent"].legs]
        return [*legs, *(commission(leg.exec_id) for leg in legs), self.status(key)]

    def _leg(self, key: str, leg: Leg) -> ExecutionHeard:
        number = len(self.executions) + 1
        heard = execution(
            f"x.{number}.01",
            key,
            con_id=leg.con_id,
            side=leg.side,
            price=Decimal("1.40"),
            executed_at=NOW + timedelta(seconds=number),
        )
        self.executions.append(heard)
        return heard

    def correct(self, number: int) -> Stimulus:
        before = self.executions[number]
        root, _, corrections = before.exec_id.rpartition(".")
        corrected = execution(
            f"{root}.{int(corrections) + 1:02}",
            before.order_ref,
            con_id=before.con_id,
            side=before.side,
            price=before.price + Decimal("0.01"),
            executed_at=before.executed_at,
        )
        self.executions[number] = corrected
        return corrected

    def open_keys(self) -> list[str]:
        return [key for key, o in self.orders.items() if o["word"] is BrokerStatus.WORKING]

    def position(self, con_id: int) -> int:
        return sum(e.side.sign * e.quantity for e in self.executions if e.con_id == con_id)

    def view(self) -> BrokerView:
        def row(key: str) -> Any:
            order = self.orders[key]
            return listed(
                order["word"],
                key,
                perm_id=order["perm_id"],
                con_id=order["intent"].con_id,
                limit=order["limit"],
                filled=order["filled"],
                legs=order["intent"].legs if order["intent"].is_roll else (),
            )

        opened = self.open_keys()
        return BrokerView(
            open_orders=tuple(row(key) for key in opened),
            completed_orders=tuple(row(key) for key in self.orders if key not in opened),
            executions=tuple(self.executions),
            positions=tuple(position(self.position(call.con_id), call.con_id) for call in CALLS),
            instruments=CALLS,
        )
