"""Fills become lots in any order of hearing; sales take stage contracts first, newest first."""

from decimal import Decimal
from itertools import permutations

import pytest

from bot.domain.orders import Fill, IntentId, Label, Order, OrderState, Side
from bot.domain.rungs import RuleClass, Rung
from bot.domain.value import replace
from bot.execution.attribution import lots_of
from tests.support.orders import CALL, NOW, OTHER_CALL, fill, intent, later


def orders(*wanted: tuple[str, Rung, RuleClass]) -> dict[IntentId, Order]:
    return {
        IntentId(key): Order(
            intent=intent(key, rung=rung, rule_class=rule_class),
            state=OrderState.FILLED,
            limit=Decimal(1),
        )
        for key, rung, rule_class in wanted
    }


STAGE, INITIAL = RuleClass.STAGE, RuleClass.INITIAL
BOOK = orders(
    ("old_stage", Rung.S1, STAGE),
    ("new_stage", Rung.S1, STAGE),
    ("newest_initial", Rung.S1, INITIAL),
    ("other_rung", Rung.S2, STAGE),
    ("sale", Rung.S1, RuleClass.CLOSE),
)
BUYS = (
    fill("b.1.01", "old_stage", quantity=2, executed_at=later(0)),
    fill("b.2.01", "new_stage", quantity=2, executed_at=later(10)),
    fill("b.3.01", "newest_initial", quantity=2, executed_at=later(20)),
    fill("b.4.01", "other_rung", quantity=2, executed_at=later(30)),
)


def held(*fills_: Fill) -> dict[str, int]:
    return {lot.intent_id: lot.quantity for lot in lots_of(fills_, BOOK)}


def sale(quantity: int, **changes: object) -> Fill:
    return fill(
        "s.1.01", "sale", side=Side.SELL, quantity=quantity, executed_at=later(60), **changes
    )


@pytest.mark.parametrize(
    ("quantity", "left"),
    [
        (1, {"old_stage": 2, "new_stage": 1, "newest_initial": 2, "other_rung": 2}),
        (3, {"old_stage": 1, "newest_initial": 2, "other_rung": 2}),
        (5, {"newest_initial": 1, "other_rung": 2}),
        (7, {"other_rung": 1}),
        (8, {}),
        (9, {"sale": -1}),
    ],
)
def test_a_sale_takes_its_rung_first_then_stage_then_newest(
    quantity: int, left: dict[str, int]
) -> None:
    assert held(*BUYS, sale(quantity)) == left


def test_a_sale_that_names_a_label_takes_that_label_first() -> None:
    """The initial contracts are rolled: those of the stage beside them in the rung stay."""
    kept = Label(rule="R3", rule_class=INITIAL)
    book = dict(BOOK)
    for key, rule in (("newest_initial", "R3"), ("sale", "R14")):
        wanted = replace(book[IntentId(key)].intent, rule=rule)
        book[IntentId(key)] = replace(book[IntentId(key)], intent=wanted)
    named = replace(book[IntentId("sale")].intent, keeps=kept)
    book[IntentId("sale")] = replace(book[IntentId("sale")], intent=named)
    lots = lots_of([*BUYS, sale(3)], book)
    left = {lot.intent_id: lot.quantity for lot in lots}
    assert left == {"old_stage": 2, "new_stage": 1, "other_rung": 2}


def test_a_sale_in_another_contract_takes_nothing_here() -> None:
    sold = sale(1, con_id=OTHER_CALL)
    lots = lots_of([*BUYS, sold], BOOK)
    assert sum(lot.quantity for lot in lots if lot.con_id == CALL) == 8
    assert sum(lot.quantity for lot in lots if lot.con_id == OTHER_CALL) == -1


def test_the_price_of_a_lot_is_the_average_of_its_fills() -> None:
    fills = [
        fill("b.1.01", "old_stage", quantity=1, price=Decimal("1.00")),
        fill("b.2.01", "old_stage", quantity=3, price=Decimal("2.00"), executed_at=later(1)),
    ]
    (lot,) = lots_of(fills, BOOK)
    assert (lot.quantity, lot.price, lot.opened_at) == (4, Decimal("1.75"), NOW)
    assert (lot.rung, lot.rule, lot.rule_class) == (Rung.S1, "R5", STAGE)


def test_the_order_of_hearing_leaves_no_trace() -> None:
    fills = (*BUYS[:3], sale(3))
    outcomes = {lots_of(order, BOOK) for order in permutations(fills)}
    assert len(outcomes) == 1


def test_within_one_second_the_purchase_comes_first() -> None:
    bought = fill("z.1.01", "old_stage", quantity=1)
    sold = fill("a.1.01", "sale", side=Side.SELL, quantity=1)
    assert lots_of([sold, bought], BOOK) == ()


def test_a_purchase_after_an_oversale_still_adds_up() -> None:
    early = fill("s.1.01", "sale", side=Side.SELL, quantity=1, executed_at=later(-9))
    lots = lots_of([early, BUYS[0]], BOOK)
    assert sum(lot.quantity for lot in lots) == 1


def test_a_fill_without_an_order_is_a_bug() -> None:
    with pytest.raises(KeyError):
        lots_of([fill("b.1.01", "nobody")], BOOK)
