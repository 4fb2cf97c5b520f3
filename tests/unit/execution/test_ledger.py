"""The cash book against hand-worked cases, to the cent."""

from decimal import Decimal

import pytest

from bot.domain.orders import Fill, Side
from bot.execution.ledger import ledger_of
from tests.support.orders import CALL, OTHER_CALL, adoption, fill, later

MULTIPLIERS = {CALL: 100, OTHER_CALL: 100}


def bought(number: int, quantity: int, price: str, commission: str | None = "0.65") -> Fill:
    return fill(
        f"a.{number}.01",
        quantity=quantity,
        price=Decimal(price),
        executed_at=later(number),
        commission_usd=None if commission is None else Decimal(commission),
    )


def sold(number: int, quantity: int, price: str, commission: str = "0.65") -> Fill:
    return fill(
        f"a.{number}.01",
        side=Side.SELL,
        quantity=quantity,
        price=Decimal(price),
        executed_at=later(number),
        commission_usd=Decimal(commission),
    )


def test_a_round_trip() -> None:
    """Buy 3 at 1.40 for 1.95, sell 1 at 2.00 for 0.65: cost 421.95, a third of it 140.65."""
    kept = ledger_of([bought(1, 3, "1.40", "1.95"), sold(2, 1, "2.00")], MULTIPLIERS)
    assert kept.cash_usd == Decimal("-222.60")  # -421.95 + 199.35
    assert kept.commissions_usd == Decimal("2.60")
    assert kept.realized_usd == Decimal("58.70")  # 199.35 - 140.65
    assert kept.cost_usd == Decimal("281.30")
    assert kept.positions() == {CALL: 2}
    assert kept.uncosted == ()


def test_what_does_not_divide_stays_with_the_rest_until_it_is_closed() -> None:
    """Cost 100.01 over 3: releases 33.34, 33.34 (66.67 / 2 is 33.335, half-even) and 33.33."""
    buys = bought(1, 3, "0.33", "1.01")
    releases = [
        ledger_of([buys, *[sold(n, 1, "1.00", "0") for n in range(2, 2 + closed)]], MULTIPLIERS)
        for closed in (1, 2, 3)
    ]
    assert [kept.cost_usd for kept in releases] == [
        Decimal("66.67"),
        Decimal("33.33"),
        Decimal(0),
    ]
    assert releases[-1].realized_usd == Decimal("199.99")


def test_marks_value_what_is_held() -> None:
    kept = ledger_of([bought(1, 2, "1.40", "1.30"), bought(2, 1, "1.00")], MULTIPLIERS)
    assert kept.value_usd({CALL: Decimal("2.00")}) == Decimal(600)
    assert kept.unrealized_usd({CALL: Decimal("2.00")}) == Decimal("218.05")  # 600 - 381.95


def test_a_missing_mark_is_unknown_not_zero() -> None:
    kept = ledger_of([bought(1, 2, "1.40")], MULTIPLIERS)
    assert kept.value_usd({}) is None
    assert kept.unrealized_usd({}) is None


def test_nothing_held_needs_no_mark() -> None:
    kept = ledger_of([bought(1, 1, "1.40"), sold(2, 1, "1.40")], MULTIPLIERS)
    assert kept.value_usd({}) == 0
    assert kept.unrealized_usd({}) == 0


def test_an_unheard_commission_is_named() -> None:
    kept = ledger_of([bought(1, 1, "1.40", None)], MULTIPLIERS)
    assert kept.uncosted == ("a.1.01",)
    assert kept.cash_usd == Decimal("-140.00")


def test_a_sale_beyond_the_holding_closes_and_opens() -> None:
    """3 sold of 1 held at 2.00 for 1.95: 0.65 belongs to the closing, 1.30 to the short."""
    kept = ledger_of([bought(1, 1, "1.40"), sold(2, 3, "2.00", "1.95")], MULTIPLIERS)
    assert kept.realized_usd == Decimal("58.70")  # 199.35 - 140.65
    assert kept.cost_usd == Decimal("-398.70")
    assert kept.cash_usd == Decimal("457.40")
    assert kept.positions() == {CALL: -2}


def test_a_settlement_pays_what_is_held_and_nothing_else() -> None:
    fills = [bought(1, 2, "1.40", "1.30")]
    kept = ledger_of(fills, MULTIPLIERS, {CALL: Decimal("17.35")})
    assert kept.cash_usd == Decimal("3188.70")  # 3470 - 281.30
    assert kept.positions() == {}
    flat = ledger_of([*fills, sold(2, 2, "1.40")], MULTIPLIERS, {CALL: Decimal(9)})
    assert flat.cash_usd == Decimal("-1.95")


def test_a_contract_without_multiplier_is_a_bug() -> None:
    with pytest.raises(KeyError):
        ledger_of([fill()], {})


def test_adopted_contracts_come_in_at_their_cost() -> None:
    """3 adopted for 421.95, 1 sold at 2.00 for 0.65: a third of the cost is released."""
    cost = Decimal("421.95")
    given = adoption(quantity=3, price=cost / 300, cost_usd=cost, adopted_at=later(1))
    kept = ledger_of([sold(2, 1, "2.00")], MULTIPLIERS, adoptions=[given])
    assert kept.cash_usd == Decimal("-222.60")
    assert kept.realized_usd == Decimal("58.70")
    assert kept.cost_usd == Decimal("281.30")
    assert kept.commissions_usd == Decimal("0.65")
    assert kept.positions() == {CALL: 2}
