"""The book counts by contract, rung and tier."""

from decimal import Decimal
from typing import Any

import pytest

from bot.domain.book import Aside, Book, Break, Lot
from bot.domain.instruments import ConId
from bot.domain.orders import IntentId, OrderState
from bot.domain.rungs import RuleClass, Rung, Tier
from tests.support.orders import CALL, NOW, OTHER_CALL, order, position


def lot(rung: Rung, con_id: int, quantity: int) -> Lot:
    return Lot(
        intent_id=IntentId("i"),
        rung=rung,
        con_id=ConId(con_id),
        quantity=quantity,
        price=Decimal(1),
        rule="R5",
        rule_class=RuleClass.STAGE,
        opened_at=NOW,
    )


BOOK = Book(
    lots=(lot(Rung.S1, 1, 2), lot(Rung.S1, 1, 1), lot(Rung.S2, 1, 4), lot(Rung.M1, 2, 8)),
    orders=(order(OrderState.WORKING, "a"), order(OrderState.FILLED, "b")),
    breaks=(Break(con_id=ConId(2), ours=8, brokers=7),),
)


def test_lots_add_up() -> None:
    assert BOOK.contracts(ConId(1)) == 7
    assert BOOK.in_rung(Rung.S1) == 3
    assert (BOOK.in_tier(Tier.S), BOOK.in_tier(Tier.M), BOOK.in_tier(Tier.D)) == (7, 8, 0)


def test_a_rung_holds_one_contract_or_none() -> None:
    assert BOOK.contract_of(Rung.M1) == 2
    assert BOOK.contract_of(Rung.D1) is None


def test_living_orders_and_locks() -> None:
    assert [o.intent.intent_id for o in BOOK.live_orders()] == ["a"]
    assert BOOK.is_locked(ConId(2))
    assert not BOOK.is_locked(ConId(1))


@pytest.mark.parametrize(
    ("changes", "nobodys"),
    [
        ({}, {}),
        ({"unadopted": (CALL,)}, {CALL: 5}),
        ({"unadopted": (OTHER_CALL,)}, {OTHER_CALL: -2}),
        ({"unadopted": (ConId(7),)}, {}),
        ({"aside": (Aside(con_id=CALL, quantity=3),)}, {CALL: 3}),
        ({"breaks": (Break(con_id=CALL, ours=1, brokers=5, aside=2),)}, {CALL: 4}),
        ({"breaks": (Break(con_id=CALL, ours=6, brokers=5),)}, {}),
        ({"unadopted": (CALL,), "ignored": (CALL,)}, {}),
    ],
)
def test_nobodys_are_the_contracts_that_no_rung_has(
    changes: dict[str, Any], nobodys: dict[ConId, int]
) -> None:
    """What a break has found on top of the rungs is among them, what is ignored is not."""
    held = (position(5), position(-2, OTHER_CALL))
    assert Book(**changes).nobodys(held) == nobodys
