"""A roll is one order with two legs: it counts pairs, and its lots are what the legs have left."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations

import pytest

from bot.domain.broker import BrokerStatus, ExecutionHeard
from bot.domain.orders import IntentId, OrderState, Side
from bot.domain.rungs import RuleClass, Rung
from tests.support.execution import Desk
from tests.support.orders import CALL, OTHER_CALL, execution, later, roll, status

BUY, SELL = Side.BUY, Side.SELL


def bought(exec_id: str, quantity: int = 1, seconds: float = 60) -> ExecutionHeard:
    return execution(
        exec_id,
        "r-1",
        con_id=OTHER_CALL,
        quantity=quantity,
        price=Decimal("1.90"),
        executed_at=later(seconds),
    )


def sold(exec_id: str, quantity: int = 1, seconds: float = 60) -> ExecutionHeard:
    return execution(
        exec_id,
        "r-1",
        side=SELL,
        quantity=quantity,
        price=Decimal("1.60"),
        executed_at=later(seconds),
    )


def holding(quantity: int = 2) -> Desk:
    """A desk that holds `quantity` of CALL in S1 and has a roll of two working."""
    desk = Desk().sent(quantity=quantity).feed(status(), execution("h.1.01", quantity=quantity))
    return desk.want(roll()).feed(status(key="r-1"))


def lots(desk: Desk) -> dict[int, int]:
    return {lot.con_id: lot.quantity for lot in desk.state.lots}


PAIR = (bought("b.1.01"), sold("c.1.01"))
TWO_PAIRS = (*PAIR, bought("b.2.01"), sold("c.2.01"))


@pytest.mark.parametrize(
    ("heard", "filled", "ahead", "state"),
    [
        ((), 0, 0, OrderState.WORKING),
        (PAIR[:1], 0, 1, OrderState.WORKING),
        (PAIR[1:], 0, 1, OrderState.WORKING),
        ((sold("c.1.01", 2),), 0, 2, OrderState.WORKING),
        (PAIR, 1, 0, OrderState.WORKING),
        ((*PAIR, *PAIR), 1, 0, OrderState.WORKING),
        ((*PAIR, sold("c.2.01")), 1, 1, OrderState.WORKING),
        (TWO_PAIRS, 2, 0, OrderState.FILLED),
        ((bought("b.1.01", 2), sold("c.1.01", 2)), 2, 0, OrderState.FILLED),
        ((bought("b.1.01", 2), sold("c.1.01")), 1, 1, OrderState.WORKING),
    ],
)
def test_a_roll_counts_complete_pairs(
    heard: Sequence[ExecutionHeard], filled: int, ahead: int, state: OrderState
) -> None:
    order = holding().feed(*heard).order("r-1")
    assert (order.filled, order.ahead, order.state) == (filled, ahead, state)


def test_the_order_of_hearing_leaves_no_trace() -> None:
    ends = {holding().feed(*heard).state.lots for heard in permutations(TWO_PAIRS)}
    ((lot,),) = ends
    assert (lot.con_id, lot.quantity, lot.price) == (OTHER_CALL, 2, Decimal("1.90"))


def test_what_is_bought_lies_in_the_rung_and_keeps_its_label() -> None:
    (lot,) = holding().feed(*TWO_PAIRS).state.lots
    assert (lot.rung, lot.rule, lot.rule_class) == (Rung.S1, "R5", RuleClass.STAGE)


def test_without_an_older_label_it_carries_the_rolls_own() -> None:
    desk = Desk().sent().feed(status(), execution("h.1.01", quantity=2)).want(roll(keeps=None))
    (lot,) = desk.feed(*TWO_PAIRS).state.lots
    assert (lot.rule, lot.rule_class) == ("R14", RuleClass.ROLL)


def test_a_correction_of_a_leg_counts_anew() -> None:
    desk = holding().feed(bought("b.1.01", 2), sold("c.1.01", 2), sold("c.1.02", 1))
    order = desk.order("r-1")
    assert (order.filled, order.ahead, order.state) == (1, 1, OrderState.FILLED)
    assert lots(desk) == {CALL: 1, OTHER_CALL: 2}


def test_an_end_proves_nothing_while_a_leg_is_missing() -> None:
    desk = holding().feed(PAIR[0], status(BrokerStatus.CANCELLED, "r-1"))
    assert desk.order("r-1").state is OrderState.IN_DOUBT
    desk.feed(PAIR[1], status(BrokerStatus.CANCELLED, "r-1", filled=1))
    assert desk.order("r-1").state is OrderState.CANCELLED


def test_legs_that_beat_the_cancel_are_taken() -> None:
    desk = holding().feed(status(BrokerStatus.CANCELLED, "r-1"), *PAIR)
    assert (desk.order("r-1").filled, desk.order("r-1").state) == (1, OrderState.CANCELLED)
    desk.feed(*TWO_PAIRS)
    assert desk.order("r-1").state is OrderState.FILLED


def test_an_execution_in_a_third_contract_is_kept_and_counts_for_nothing() -> None:
    stray = execution("x.1.01", "r-1", con_id=999)
    desk = holding().feed(stray)
    assert desk.order("r-1").filled == desk.order("r-1").ahead == 0
    assert lots(desk) == {CALL: 2, 999: 1}
    assert 999 in desk.state.traded()


@pytest.mark.parametrize("limit", ["0", "-0.15", "0.45"])
def test_a_roll_may_be_moved_to_any_price(limit: str) -> None:
    desk = holding().reprice(limit, "r-1")
    assert desk.state.orders[IntentId("r-1")].limit_asked == Decimal(limit)
