"""When contracts trade for the last time, and what day it is (2018-01-15 was a holiday)."""

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.instruments import ConId, Right
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.products import Stock
from bot.exchange.reference.underlyings import SPY_ID
from bot.exchange.venue.hours import last_trade_at, midnight
from tests.support.venue_rig import at, product, rig_sessions, vix_option

MARCH = date(2018, 3, 21)
SPXW = ContractKey(ContractClass.SPXW, date(2018, 1, 19), Decimal(2700), Right.CALL)


@pytest.mark.parametrize(
    ("con_id", "last"),
    [
        (vix_option("15"), "2018-02-13T16:15"),  # the Tuesday before it settles
        (
            con_id_of(
                ContractKey(ContractClass.SPXW, date(2018, 1, 19), Decimal(2700), Right.CALL)
            ),
            "2018-01-19T16:00",  # its settlement, before the class closes
        ),
        (con_id_of(ContractKey(ContractClass.VX, MARCH)), "2018-03-21T09:00"),
        (con_id_of(ContractKey(ContractClass.ES, date(2018, 3, 16))), "2018-03-16T09:30"),
    ],
)
def test_a_contract_trades_last_before_it_settles(con_id: ConId, last: str) -> None:
    assert last_trade_at(rig_sessions(), product(con_id)) == at(last)


def test_a_share_trades_as_long_as_there_are_sessions() -> None:
    share = product(SPY_ID)
    assert isinstance(share, Stock)
    assert last_trade_at(rig_sessions(), share) == rig_sessions().sessions[-1].close_at


def test_midnight_is_new_yorks() -> None:
    assert midnight(at("2018-01-16T23:30")) == at("2018-01-16T00:00")
