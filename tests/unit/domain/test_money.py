"""Price grids, held against the tick rules of VIX options (domain.md sections 1.1 and 8.2)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import GridStep, PriceGrid, price_grid, to_cents

MONTHLY = price_grid(("0", "0.01"), ("3", "0.05"))
WEEKLY = price_grid(("0", "0.01"))
D = Decimal


@pytest.mark.parametrize(
    ("price", "legal"), [("2.99", True), ("3.00", True), ("3.01", False), ("3.05", True)]
)
def test_monthly_grid_widens_at_three(price: str, legal: bool) -> None:  # noqa: FBT001
    assert MONTHLY.is_legal(D(price)) is legal


def test_weekly_grid_has_cents_everywhere() -> None:
    assert WEEKLY.is_legal(D("3.01"))
    assert WEEKLY.increment_at(D(50)) == D("0.01")


def test_a_credit_has_the_grid_of_its_mirrored_debit() -> None:
    assert MONTHLY.increment_at(D("-3.47")) == D("0.05")
    assert MONTHLY.floor(D("-3.47")) == D("-3.50")
    assert MONTHLY.ceil(D("-3.47")) == D("-3.45")


@pytest.mark.parametrize(
    ("price", "floor", "ceil"),
    [("3.47", "3.45", "3.50"), ("2.996", "2.99", "3.00"), ("3.05", "3.05", "3.05")],
)
def test_buys_round_down_and_sales_up(price: str, floor: str, ceil: str) -> None:
    assert (MONTHLY.floor(D(price)), MONTHLY.ceil(D(price))) == (D(floor), D(ceil))


@given(st.decimals("0", "100", places=4))
def test_rounded_prices_are_legal_neighbours(price: Decimal) -> None:
    low, high = MONTHLY.floor(price), MONTHLY.ceil(price)
    assert MONTHLY.is_legal(low)
    assert MONTHLY.is_legal(high)
    assert low <= price <= high
    assert high - low <= MONTHLY.increment_at(price)


@pytest.mark.parametrize("rows", [(), (("1", "0.01"),), (("0", "0.01"), ("0", "0.05"))])
def test_a_grid_starts_at_zero_and_ascends(rows: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(ValueError, match="starts at 0"):
        price_grid(*rows)
    with pytest.raises(ValueError, match="starts at 0"):
        PriceGrid(steps=tuple(GridStep(low_edge=D(x), increment=D(y)) for x, y in rows))


@pytest.mark.parametrize(("edge", "increment"), [("0", "0"), ("0", "-0.01"), ("-1", "0.01")])
def test_a_step_must_describe_a_grid(edge: str, increment: str) -> None:
    with pytest.raises(ValueError, match="grid step"):
        GridStep(low_edge=D(edge), increment=D(increment))


@pytest.mark.parametrize(("amount", "cents"), [("33.335", "33.34"), ("66.665", "66.66")])
def test_cents_round_half_even(amount: str, cents: str) -> None:
    assert to_cents(D(amount)) == D(cents)
