"""A roll is one order with two legs: it counts pairs, and its lots are what the legs have left."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from bot.domain.broker import BrokerOrder, BrokerStatus, ExecutionHeard, LinkChanged
from bot.domain.orders import IntentId, OrderState, Side
from bot.domain.rungs import RuleClass, Rung
from bot.execution.ledger import ledger_of
from bot.execution.reconcile import BrokerView
from tests.support.execution import Desk, view
from tests.support.orders import (
    CALL,
    OTHER_CALL,
    error,
    execution,
    later,
    listed,
    position,
    roll,
    status,
    vix_call,
)

LOST = LinkChanged(what="socket", up=False)


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
        side=Side.SELL,
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


BOTH = (vix_call(CALL), vix_call(OTHER_CALL))
BOUGHT_BEFORE = execution("h.1.01", quantity=2)


def seen(near: int, far: int, **lists: Any) -> BrokerView:
    """What the broker lists, with so many of CALL and OTHER_CALL among the positions."""
    held = (position(near, CALL), position(far, OTHER_CALL))
    return view(positions=held, instruments=BOTH, **lists)


def listed_roll(word: BrokerStatus = BrokerStatus.WORKING, filled: int = 0) -> BrokerOrder:
    return listed(
        word, "r-1", con_id=28812380, limit=Decimal("0.30"), filled=filled, legs=roll().legs
    )


def test_a_listed_roll_goes_on_with_what_was_heard_of_its_legs() -> None:
    desk = holding().feed(PAIR[0], LOST)
    done = (BOUGHT_BEFORE, *PAIR)
    desk.reconcile(seen(1, 1, executions=done, open_orders=(listed_roll(filled=1),)), at=later(60))
    order = desk.order("r-1")
    assert (order.state, order.filled, order.ahead) == (OrderState.WORKING, 1, 0)
    assert not desk.state.breaks


@pytest.mark.parametrize("legs", [PAIR[:1], PAIR[1:]])
def test_half_a_pair_locks_what_differs_until_the_other_half_is_heard(
    legs: Sequence[ExecutionHeard],
) -> None:
    desk = holding().feed(*legs, LOST)
    (missing,) = set(PAIR) - set(legs)
    completed = (listed_roll(BrokerStatus.CANCELLED, filled=1),)
    half = seen(1, 1, executions=(BOUGHT_BEFORE, *legs), completed_orders=completed)
    desk.reconcile(half, at=later(60))
    assert desk.order("r-1").state is OrderState.IN_DOUBT
    assert [b.con_id for b in desk.state.breaks] == [missing.con_id]
    whole = seen(1, 1, executions=(BOUGHT_BEFORE, *PAIR), completed_orders=completed)
    desk.reconcile(whole, at=later(120))
    assert (desk.order("r-1").state, desk.state.breaks) == (OrderState.CANCELLED, ())


@pytest.mark.parametrize(("near", "far"), [(1, 0), (2, 1), (1, 1)])
def test_an_unlisted_roll_stays_in_doubt_until_both_contracts_agree(near: int, far: int) -> None:
    desk = holding().feed(LOST)
    desk.reconcile(seen(near, far, executions=(BOUGHT_BEFORE,)), at=later(86400))
    assert desk.order("r-1").state is OrderState.IN_DOUBT
    assert desk.state.breaks
    desk.reconcile(seen(2, 0, executions=(BOUGHT_BEFORE,)), at=later(86400))
    assert (desk.order("r-1").state, desk.state.breaks) == (OrderState.CANCELLED, ())


def test_both_contracts_of_a_roll_are_known_and_not_unadopted() -> None:
    desk = holding().feed(LOST)
    desk.reconcile(seen(2, 1), at=later(60))
    assert desk.state.unadopted == ()
    assert [b.con_id for b in desk.state.breaks] == [OTHER_CALL]


def test_a_restart_takes_a_half_heard_roll_up_again() -> None:
    before = holding().feed(PAIR[0])
    desk = before.restarted()
    order = desk.order("r-1")
    assert (order.state, order.filled, order.ahead) == (OrderState.IN_DOUBT, 0, 1)
    done = (BOUGHT_BEFORE, *TWO_PAIRS)
    completed = (listed_roll(BrokerStatus.FILLED, filled=2),)
    desk.reconcile(seen(0, 2, executions=done, completed_orders=completed), at=later(60))
    assert desk.order("r-1").state is OrderState.FILLED
    assert lots(desk) == {OTHER_CALL: 2}
    assert desk.commands == []


REJECTION = error(201, "r-1")


@pytest.mark.parametrize(
    "words",
    [
        (REJECTION,),
        (REJECTION, status(BrokerStatus.INACTIVE, "r-1")),
        (REJECTION, status(BrokerStatus.CANCELLED, "r-1")),
        (status(key="r-1"), REJECTION, status(BrokerStatus.CANCELLED, "r-1")),
    ],
)
def test_a_refused_roll_is_rejected_in_whatever_order_it_is_said(words: Sequence[Any]) -> None:
    desk = Desk().sent().feed(status(), execution("h.1.01", quantity=2)).want(roll()).feed(*words)
    assert desk.order("r-1").state is OrderState.REJECTED


@pytest.mark.parametrize(
    ("words", "completed", "state"),
    [
        ((), (listed_roll(BrokerStatus.INACTIVE),), OrderState.REJECTED),
        ((REJECTION,), (listed_roll(BrokerStatus.CANCELLED),), OrderState.REJECTED),
        ((REJECTION,), (), OrderState.REJECTED),
        ((), (listed_roll(BrokerStatus.CANCELLED),), OrderState.CANCELLED),
    ],
)
def test_a_refusal_is_proved_by_the_lists(
    words: Sequence[Any], completed: tuple[BrokerOrder, ...], state: OrderState
) -> None:
    desk = holding().feed(*words, LOST)
    lists = seen(2, 0, executions=(BOUGHT_BEFORE,), completed_orders=completed)
    desk.reconcile(lists, at=later(60))
    assert desk.order("r-1").state is state


def test_a_refused_order_that_has_traded_was_not_turned_down() -> None:
    desk = holding().feed(*PAIR, REJECTION, status(BrokerStatus.CANCELLED, "r-1", filled=1))
    assert desk.order("r-1").state is OrderState.CANCELLED


def test_the_cash_book_knows_both_legs() -> None:
    desk = holding().feed(*PAIR)
    book = ledger_of(desk.state.fills.values(), {CALL: 100, OTHER_CALL: 100})
    assert book.positions() == {CALL: 1, OTHER_CALL: 1}
    assert book.cash_usd == Decimal(100) * (Decimal("1.60") - Decimal("1.90") - 2 * Decimal("1.40"))
