"""Orders and executions: what they are worth before anybody moves them."""

from decimal import Decimal
from typing import Any

import pytest

from bot.domain.orders import ExecId, OrderState, Side, correction_number, execution_root
from tests.support.orders import CALL, fill, intent, order, roll

TERMINAL = {"filled", "cancelled", "rejected", "abandoned"}


@pytest.mark.parametrize("changes", [{"quantity": 0}, {"limit": Decimal(0)}])
def test_an_intent_wants_something(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="i-1"):
        intent(**changes)


@pytest.mark.parametrize("changes", [{"side": Side.SELL}, {"closes": CALL, "con_id": CALL}])
def test_a_roll_buys_one_contract_and_sells_another(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a roll buys one contract and sells another"):
        roll(**changes)


def test_signs() -> None:
    assert (Side.BUY.sign, Side.SELL.sign) == (1, -1)


@pytest.mark.parametrize("state", list(OrderState))
def test_only_living_orders_may_still_fill(state: OrderState) -> None:
    assert state.is_terminal == (state.value in TERMINAL)
    assert order(state, quantity=3, filled=1).remaining == (0 if state.is_terminal else 2)
    assert state.awaits_reply == (state.value in {"sent", "cancelling"})


def test_an_overfilled_order_has_nothing_left() -> None:
    assert order(quantity=1, filled=2).remaining == 0


@pytest.mark.parametrize(
    ("state", "asked", "awaits"),
    [
        (OrderState.SENT, None, True),
        (OrderState.WORKING, None, False),
        (OrderState.WORKING, Decimal(2), True),
        (OrderState.FILLED, Decimal(2), False),
    ],
)
def test_a_change_of_limit_awaits_a_reply(
    state: OrderState,
    asked: Decimal | None,
    awaits: bool,  # noqa: FBT001
) -> None:
    assert order(state, limit_asked=asked).awaits_reply is awaits


@pytest.mark.parametrize(
    ("exec_id", "root", "number"),
    [
        ("0000e0d5.6576fd38.01.01", "0000e0d5.6576fd38.01", 1),
        ("0000e0d5.6576fd38.01.12", "0000e0d5.6576fd38.01", 12),
        ("plain", "plain", 0),
        ("12345", "12345", 0),
        ("odd.x", "odd", 0),
    ],
)
def test_the_last_digits_of_an_execution_count_its_corrections(
    exec_id: str, root: str, number: int
) -> None:
    assert fill(exec_id).root == execution_root(ExecId(exec_id)) == root
    assert correction_number(ExecId(exec_id)) == number
