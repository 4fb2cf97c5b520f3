"""A case's contracts are numbered by what they are, and listed as the exchanges list them."""

from datetime import date
from decimal import Decimal

import pytest

from bot.app.cases import contracts
from bot.domain.instruments import Right
from tests.support.cases import sessions

MARCH = date(2018, 3, 21)


def test_equal_contracts_have_equal_numbers_and_others_never() -> None:
    options = {
        contracts.vix_option(MARCH, Decimal(strike), right).con_id
        for strike in ("14.5", "15", "20")
        for right in Right
    }
    options |= {contracts.spx_option(MARCH, Decimal(20), right).con_id for right in Right}
    options |= {contracts.vx_future(MARCH).con_id}
    options |= {contracts.index(symbol).con_id for symbol in ("VIX", "SPX", "VIX3M", "MOVE")}
    assert len(options) == 6 + 2 + 1 + 4
    again = contracts.vix_option(MARCH, Decimal("20.0"), Right.CALL)
    assert again.con_id in options


@pytest.mark.parametrize("right", list(Right))
def test_a_vix_option_is_found_by_its_number(right: Right) -> None:
    option = contracts.vix_option(MARCH, Decimal("14.5"), right)
    assert contracts.vix_option_of(option.con_id) == option


def test_a_vix_option_trades_until_the_day_before_it_settles_with_its_future() -> None:
    option = contracts.vix_option(MARCH, Decimal(20), Right.CALL)
    assert option.last_trading_day == date(2018, 3, 20)
    assert option.settlement == contracts.vx_future(MARCH).settlement


@pytest.mark.parametrize(
    ("name", "symbol", "strike"),
    [("VIX 2018-03-21 C14.5", "VIX", Decimal("14.5")), ("SPXW 2018-03-02 P2550", "SPX", 2550)],
)
def test_an_option_is_found_by_the_name_a_case_gives(
    name: str, symbol: str, strike: Decimal
) -> None:
    option = contracts.named_option(name)
    assert (option.symbol, option.strike, option.local_symbol) == (symbol, strike, name)


@pytest.mark.parametrize("name", ["VIX 20", "VIX 2018-03-21 X20", "ES 2018-03-21 C20", ""])
def test_another_name_is_told_what_was_expected(name: str) -> None:
    with pytest.raises(ValueError, match="expected a name such as"):
        contracts.named_option(name)


def test_the_months_are_those_of_the_exchange() -> None:
    """The settlements of 2018, as the exchange published them."""
    assert contracts.vix_settlements(date(2018, 2, 5), sessions(), 4) == (
        date(2018, 2, 14),
        date(2018, 3, 21),
        date(2018, 4, 18),
        date(2018, 5, 16),
    )
    assert contracts.vix_settlements(date(2018, 2, 14), sessions(), 1) == (MARCH,)
