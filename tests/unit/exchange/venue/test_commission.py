"""What fills cost by the broker's published fixed schedule (USD), worked out by hand."""

from decimal import Decimal

import pytest

from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.products import Tradable
from bot.exchange.reference.underlyings import SPY
from bot.exchange.venue.commission import (
    by_rate_usd,
    fill_commission_usd,
    order_commission_usd,
)
from tests.support.venue_rig import CALL_15, FEBRUARY, product


def future(contract_class: ContractClass) -> Tradable:
    return product(con_id_of(ContractKey(contract_class, FEBRUARY)))


CALL = product(CALL_15)


@pytest.mark.parametrize(
    ("premium", "rate"), [("0.04", "0.25"), ("0.05", "0.50"), ("0.09", "0.50"), ("0.10", "0.65")]
)
def test_the_rate_of_options_follows_the_premium(premium: str, rate: str) -> None:
    assert by_rate_usd(CALL, 3, Decimal(premium)) == 3 * Decimal(rate)


def test_a_small_order_of_options_costs_the_minimum() -> None:
    assert order_commission_usd(CALL, 1, Decimal("1.20")) == Decimal("1.00")
    assert order_commission_usd(CALL, 2, Decimal("1.20")) == Decimal("1.30")


@pytest.mark.parametrize(
    ("contract_class", "usd"),
    [
        (ContractClass.VX, "0.85"),
        (ContractClass.ES, "0.85"),
        (ContractClass.VXM, "0.25"),
        (ContractClass.MES, "0.25"),
    ],
)
def test_a_future_costs_by_the_contract_without_a_minimum(
    contract_class: ContractClass, usd: str
) -> None:
    assert order_commission_usd(future(contract_class), 1, Decimal(20)) == Decimal(usd)
    assert order_commission_usd(future(contract_class), 4, Decimal(20)) == 4 * Decimal(usd)


@pytest.mark.parametrize(
    ("shares", "price", "usd"),
    [(100, "250", "1.00"), (1000, "250", "5.00"), (1, "40", "0.40"), (10, "2", "0.20")],
)
def test_shares_cost_by_the_share_within_their_bounds(shares: int, price: str, usd: str) -> None:
    """At least a dollar, at most one per cent of the value."""
    assert order_commission_usd(SPY, shares, Decimal(price)) == Decimal(usd)


def test_an_order_in_pieces_costs_what_it_costs_whole() -> None:
    price = Decimal("1.20")
    by_rate = charged = Decimal(0)
    for quantity in (1, 1, 3):
        by_rate += by_rate_usd(CALL, quantity, price)
        charged += fill_commission_usd(CALL, Decimal(1), by_rate, charged)
    assert charged == order_commission_usd(CALL, 5, price) == Decimal("3.25")
