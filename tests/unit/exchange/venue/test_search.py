"""Patterns find contracts: in part, in full, by number."""

from datetime import date

import msgspec
import pytest

from bot.domain.instruments import Right
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.underlyings import SPX_ID, SPY_ID, VIX_ID
from bot.exchange.venue.contracts import spell_contract
from bot.exchange.venue.search import ConflictingFieldsError, find_contracts
from bot.exchange.wire.contract import WireContract
from tests.support.venue_rig import CALL_15, FEBRUARY, rig_reference, vix_option

TODAY = date(2018, 1, 16)
VX = con_id_of(ContractKey(ContractClass.VX, FEBRUARY))
ES = con_id_of(ContractKey(ContractClass.ES, date(2018, 3, 16)))
PATTERN = WireContract(
    symbol="VIX", sec_type="OPT", last_trade_date="20180213", strike=15.0, right="C"
)


def found(pattern: WireContract) -> list[int]:
    listings = find_contracts(rig_reference(), pattern, TODAY)
    return [listing.instrument.con_id for listing in listings]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"right": "CALL", "currency": "USD", "multiplier": "100"},
        {"last_trade_date": "20180214"},
        {"last_trade_date": "201802", "trading_class": "VIX"},
        {"exchange": "IBUSOPT", "primary_exchange": "CBOE"},
        {"local_symbol": "VIX   180214C00015000"},
    ],
)
def test_a_full_description_finds_one(change: dict[str, object]) -> None:
    """Whichever way the same contract is said."""
    assert found(msgspec.structs.replace(PATTERN, **change)) == [CALL_15]


def test_an_open_right_finds_both() -> None:
    """`?` and `0` are how old clients leave the right open."""
    both = sorted([CALL_15, vix_option("15", Right.PUT)])
    for right in ("", "?", "0"):
        assert sorted(found(msgspec.structs.replace(PATTERN, right=right))) == both


@pytest.mark.parametrize(
    "change",
    [
        {"right": "X"},
        {"currency": "EUR"},
        {"multiplier": "1000"},
        {"exchange": "NYSE"},
        {"trading_class": "VIXW"},
        {"strike": 15.3},
        {"last_trade_date": "2018"},
        {"last_trade_date": "2018-02-13"},
        {"symbol": ""},
    ],
)
def test_what_does_not_fit_is_not_found(change: dict[str, object]) -> None:
    """Nor is a description without symbol, local symbol or number."""
    assert found(msgspec.structs.replace(PATTERN, **change)) == []


def test_an_index_has_no_multiplier() -> None:
    """An index is found at its exchange, and never as one that could be traded in units."""
    index = WireContract(symbol="VIX", sec_type="IND", exchange="CBOE")
    assert found(index) == [VIX_ID]
    assert found(msgspec.structs.replace(index, multiplier="100")) == []
    assert found(msgspec.structs.replace(index, exchange="SMART")) == []


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (WireContract(symbol="VIX", sec_type="FUT", exchange="CFE", last_trade_date="201802"), VX),
        (WireContract(sec_type="FUT", exchange="CFE", local_symbol="VXG8"), VX),
        (WireContract(symbol="ES", sec_type="FUT", exchange="CME", last_trade_date="201803"), ES),
        (WireContract(symbol="ES", sec_type="CONTFUT", exchange="CME"), ES),
        (WireContract(sec_type="STK", sec_id_type="ISIN", sec_id="US78462F1030"), SPY_ID),
        (WireContract(symbol="SPY", sec_type="STK", exchange="SMART", currency="USD"), SPY_ID),
    ],
)
def test_futures_and_shares_are_found(pattern: WireContract, expected: int) -> None:
    """By month, by local symbol, as the continuous one, by international number."""
    assert found(pattern) == [expected]


def test_both_kinds_of_future_are_found_together() -> None:
    """`FUT+CONTFUT` asks for the months and for the one that leads."""
    months = found(WireContract(symbol="ES", sec_type="FUT"))
    assert found(WireContract(symbol="ES", sec_type="FUT+CONTFUT")) == [*months, months[0]]


def test_expired_futures_are_found_on_request_for_two_years() -> None:
    """Expired options are gone for good."""
    future = WireContract(symbol="VIX", sec_type="FUT", last_trade_date="201702")
    assert found(future) == []
    assert len(found(msgspec.structs.replace(future, include_expired=True))) == 1
    quarters = WireContract(symbol="ES", sec_type="FUT", exchange="CME", include_expired=True)
    assert len(found(quarters)) == 8 + 5
    gone = msgspec.structs.replace(PATTERN, last_trade_date="20171219", include_expired=True)
    assert found(gone) == []


def test_a_number_finds_its_contract() -> None:
    """Alone, with parts of the description, with all of it."""
    assert found(WireContract(con_id=CALL_15)) == [CALL_15]
    assert found(WireContract(con_id=CALL_15, exchange="SMART", right="C")) == [CALL_15]
    assert found(spell_contract(rig_reference().instrument(CALL_15), "CBOE")) == [CALL_15]
    assert found(spell_contract(rig_reference().instrument(SPY_ID), "ARCA")) == [SPY_ID]
    assert found(WireContract(con_id=VX, sec_type="CONTFUT", exchange="CFE")) == [VX]
    assert found(WireContract(con_id=CALL_15, last_trade_date="201802", right="0")) == [CALL_15]
    assert found(WireContract(con_id=1)) == []


@pytest.mark.parametrize(
    ("contradiction", "text"),
    [
        ({"strike": 16.0}, "requested strike 16.0, in contract 15.0;"),
        ({"right": "P"}, "requested right P, in contract C;"),
        ({"right": "X"}, "requested right X, in contract C;"),
        ({"symbol": "SPX"}, "requested symbol SPX, in contract VIX;"),
        ({"sec_type": "FUT"}, "requested type FUT, in contract OPT;"),
        ({"last_trade_date": "20180214"}, "requested expiry 20180214, in contract 20180213;"),
        ({"exchange": "NYSE"}, "requested exchange NYSE, in contract SMART;"),
        ({"currency": "EUR"}, "requested currency EUR, in contract USD;"),
    ],
)
def test_a_number_with_another_contracts_fields_is_refused(
    contradiction: dict[str, object], text: str
) -> None:
    """The text says what was asked and what the contract has."""
    pattern = msgspec.structs.replace(WireContract(con_id=CALL_15), **contradiction)
    with pytest.raises(ConflictingFieldsError, match=text):
        found(pattern)


def test_an_index_by_number_has_no_strike() -> None:
    """Fields an index lacks contradict its number."""
    with pytest.raises(ConflictingFieldsError):
        found(WireContract(con_id=SPX_ID, last_trade_date="20180316"))
