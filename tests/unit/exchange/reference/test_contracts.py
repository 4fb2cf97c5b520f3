"""Days, settlement instants, grids and symbols of futures and options."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.domain.instruments import ConId, Future, Index, Option, Right
from bot.domain.sessions import SessionTable
from bot.exchange.reference.conid import ContractClass, UnknownContractError
from bot.exchange.reference.contracts import instrument_of
from bot.exchange.reference.underlyings import SPX_ID
from tests.support.paper_market import future, option
from tests.support.session_tables import index_option_sessions


@pytest.fixture
def sessions() -> SessionTable:
    return index_option_sessions(date(2017, 1, 3), date(2018, 12, 31))


def test_a_vix_call_ends_on_tuesday_and_settles_on_wednesday(sessions: SessionTable) -> None:
    """The symbol carries the settlement day, the last trading day is the one before."""
    found = instrument_of(option(ContractClass.VIX, date(2018, 3, 21), "17"), sessions)
    assert isinstance(found, Option)
    assert found.local_symbol == "VIX   180321C00017000"
    assert found.last_trading_day == date(2018, 3, 20)
    assert found.settlement == datetime(2018, 3, 21, 13, 30, tzinfo=UTC)
    assert (found.symbol, found.trading_class, found.multiplier) == ("VIX", "VIX", 100)
    assert found.grid.is_legal(Decimal("2.99"))
    assert not found.grid.is_legal(Decimal("3.01"))


def test_half_point_strikes_are_written_in_thousandths(sessions: SessionTable) -> None:
    """14.5 is 00014500 in the symbol."""
    found = instrument_of(option(ContractClass.VIX, date(2018, 3, 21), "14.5", Right.PUT), sessions)
    assert isinstance(found, Option)
    assert found.local_symbol == "VIX   180321P00014500"


def test_am_spx_ends_on_thursday_pm_spxw_on_friday(sessions: SessionTable) -> None:
    """Two contracts of one strike and Friday differ in class, last day and instant."""
    friday = date(2018, 3, 16)
    morning = instrument_of(option(ContractClass.SPX, friday, "2650", Right.PUT), sessions)
    evening = instrument_of(option(ContractClass.SPXW, friday, "2650", Right.PUT), sessions)
    assert isinstance(morning, Option)
    assert isinstance(evening, Option)
    assert (morning.last_trading_day, evening.last_trading_day) == (date(2018, 3, 15), friday)
    assert morning.settlement == datetime(2018, 3, 16, 13, 30, tzinfo=UTC)
    assert evening.settlement == datetime(2018, 3, 16, 20, 0, tzinfo=UTC)
    assert morning.local_symbol == "SPX   180316P02650000"
    assert evening.local_symbol == "SPXW  180316P02650000"
    assert morning.symbol == evening.symbol == "SPX"


def test_a_vx_future_trades_into_its_settlement_morning(sessions: SessionTable) -> None:
    """Its last trading day is the Wednesday itself; 1000 USD a point, ticks of 0.05."""
    found = instrument_of(future(date(2018, 2, 14)), sessions)
    assert isinstance(found, Future)
    assert found.last_trading_day == date(2018, 2, 14)
    assert found.settlement == datetime(2018, 2, 14, 14, 30, tzinfo=UTC)
    assert (found.local_symbol, found.multiplier, found.exchange) == ("VXG8", 1000, "CFE")
    assert not found.grid.is_legal(Decimal("15.01"))


def test_an_index_has_no_days(sessions: SessionTable) -> None:
    """SPX is known by the broker's number."""
    assert instrument_of(SPX_ID, sessions) == Index(con_id=SPX_ID, symbol="SPX", exchange="CBOE")


@pytest.mark.parametrize("settlement", [date(2016, 12, 21), date(2017, 1, 3), date(2019, 1, 16)])
def test_a_contract_outside_the_table_is_unknown(settlement: date, sessions: SessionTable) -> None:
    """Where no sessions are known, no last trading day can be told."""
    with pytest.raises(UnknownContractError):
        instrument_of(future(settlement), sessions)


def test_a_foreign_number_is_unknown(sessions: SessionTable) -> None:
    """Never guess a contract."""
    with pytest.raises(UnknownContractError):
        instrument_of(ConId(1), sessions)
