"""What fills cost by the broker's fixed schedule for index options (USD per contract)."""

from decimal import Decimal

import pytest

from bot.exchange.venue.commission import (
    fill_commission_usd,
    order_commission_usd,
    rate_usd,
)


@pytest.mark.parametrize(
    ("premium", "rate"), [("0.04", "0.25"), ("0.05", "0.50"), ("0.09", "0.50"), ("0.10", "0.65")]
)
def test_the_rate_follows_the_premium(premium: str, rate: str) -> None:
    assert rate_usd(Decimal(premium)) == Decimal(rate)


def test_a_small_order_costs_the_minimum() -> None:
    assert order_commission_usd(1, Decimal("1.20")) == Decimal("1.00")
    assert order_commission_usd(2, Decimal("1.20")) == Decimal("1.30")


def test_an_order_in_pieces_costs_what_it_costs_whole() -> None:
    price = Decimal("1.20")
    by_rate = charged = Decimal(0)
    for quantity in (1, 1, 3):
        cost = fill_commission_usd(quantity, price, by_rate_before=by_rate, charged_before=charged)
        by_rate += quantity * rate_usd(price)
        charged += cost
    assert charged == order_commission_usd(5, price) == Decimal("3.25")
