"""Builders for orders, broker words and instruments; every default can be overridden."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.account import Position
from bot.domain.adoption import Adoption, CostSource
from bot.domain.broker import (
    BrokerOrder,
    BrokerStatus,
    CommissionHeard,
    ExecutionHeard,
    OrderErrorHeard,
    StatusHeard,
)
from bot.domain.decision import DecisionId
from bot.domain.instruments import ConId, Index, Option, Right
from bot.domain.money import price_grid
from bot.domain.orders import ExecId, Fill, Intent, IntentId, Label, Order, OrderState, Side
from bot.domain.rungs import RuleClass, Rung

NOW = datetime(2018, 2, 5, 15, 0, tzinfo=UTC)
CALL = ConId(101)
OTHER_CALL = ConId(102)
DECISION = DecisionId("d-1")


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def vix_call(con_id: int = 101, **changes: Any) -> Option:
    fields: dict[str, Any] = {
        "con_id": ConId(con_id),
        "symbol": "VIX",
        "trading_class": "VIX",
        "exchange": "SMART",
        "multiplier": 100,
        "right": Right.CALL,
        "strike": Decimal(20),
        "last_trading_day": date(2018, 3, 20),
        "settlement": datetime(2018, 3, 21, 13, 30, tzinfo=UTC),
        "grid": price_grid(("0", "0.01"), ("3", "0.05")),
        "local_symbol": "VIX   180321C00020000",
    }
    return Option(**(fields | changes))


def vix_index() -> Index:
    return Index(con_id=ConId(1), symbol="VIX", exchange="CBOE")


def intent(key: str = "i-1", **changes: Any) -> Intent:
    fields: dict[str, Any] = {
        "intent_id": IntentId(key),
        "side": Side.BUY,
        "con_id": CALL,
        "quantity": 2,
        "limit": Decimal("1.50"),
        "rung": Rung.S1,
        "rule": "R5",
        "rule_class": RuleClass.STAGE,
    }
    return Intent(**(fields | changes))


def roll(key: str = "r-1", **changes: Any) -> Intent:
    """A roll of two contracts from CALL into OTHER_CALL for a net debit of 0.30."""
    fields = {
        "con_id": OTHER_CALL,
        "closes": CALL,
        "limit": Decimal("0.30"),
        "rule": "R14",
        "rule_class": RuleClass.ROLL,
        "keeps": Label(rule="R5", rule_class=RuleClass.STAGE),
    }
    return intent(key, **(fields | changes))


def order(state: OrderState = OrderState.WORKING, key: str = "i-1", **changes: Any) -> Order:
    of_intent = {
        name: changes.pop(name) for name in ("side", "con_id", "quantity") if name in changes
    }
    wanted = intent(key, **of_intent)
    fields: dict[str, Any] = {"intent": wanted, "state": state, "limit": wanted.limit}
    return Order(**(fields | changes))


def status(
    word: BrokerStatus = BrokerStatus.WORKING, key: str = "i-1", filled: int = 0, perm_id: int = 9
) -> StatusHeard:
    return StatusHeard(
        order_ref=key, order_id=1, perm_id=perm_id, status=word, filled=filled, remaining=2 - filled
    )


def execution(exec_id: str = "a.1.01", key: str = "i-1", **changes: Any) -> ExecutionHeard:
    fields: dict[str, Any] = {
        "order_ref": key,
        "exec_id": ExecId(exec_id),
        "perm_id": 9,
        "con_id": CALL,
        "side": Side.BUY,
        "quantity": 1,
        "price": Decimal("1.40"),
        "executed_at": NOW,
    }
    return ExecutionHeard(**(fields | changes))


def fill(exec_id: str = "a.1.01", key: str = "i-1", **changes: Any) -> Fill:
    fields: dict[str, Any] = {
        "exec_id": ExecId(exec_id),
        "intent_id": IntentId(key),
        "con_id": CALL,
        "side": Side.BUY,
        "quantity": 1,
        "price": Decimal("1.40"),
        "executed_at": NOW,
    }
    return Fill(**(fields | changes))


def commission(exec_id: str = "a.1.01", usd: str = "0.65") -> CommissionHeard:
    return CommissionHeard(exec_id=ExecId(exec_id), commission_usd=Decimal(usd))


def error(code: int, key: str = "i-1") -> OrderErrorHeard:
    return OrderErrorHeard(order_ref=key, order_id=1, code=code, text="words")


def listed(
    word: BrokerStatus = BrokerStatus.WORKING, key: str = "i-1", **changes: Any
) -> BrokerOrder:
    fields: dict[str, Any] = {
        "order_ref": key,
        "order_id": 1,
        "client_id": 7,
        "perm_id": 9,
        "con_id": CALL,
        "side": Side.BUY,
        "quantity": 2,
        "limit": Decimal("1.50"),
        "status": word,
        "filled": 0,
    }
    return BrokerOrder(**(fields | changes))


def position(quantity: int, con_id: int = 101) -> Position:
    return Position(con_id=ConId(con_id), quantity=quantity, average_cost_usd=Decimal(140))


def adoption(con_id: int = 101, **changes: Any) -> Adoption:
    """Return two contracts given to S2 as R5's, at 1.40 each."""
    fields: dict[str, Any] = {
        "adoption_id": IntentId(f"adopted/{con_id}/1"),
        "con_id": ConId(con_id),
        "rung": Rung.S2,
        "quantity": 2,
        "price": Decimal("1.40"),
        "cost_usd": Decimal("280.00"),
        "source": CostSource.BROKER,
        "label": Label(rule="R5", rule_class=RuleClass.STAGE),
        "adopted_at": NOW,
    }
    return Adoption(**(fields | changes))
