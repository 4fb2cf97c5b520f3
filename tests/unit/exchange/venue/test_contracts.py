"""Patterns find contracts; contracts are spelled as the broker spells them."""

from datetime import date

import msgspec
import pytest

from bot.domain.instruments import Right
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.underlyings import SPX_ID, VIX_ID
from bot.exchange.venue.contracts import (
    ConflictingFieldsError,
    find_contracts,
    sec_type,
    spell_contract,
)
from bot.exchange.wire.contract import WireContract
from tests.support.venue_rig import CALL_15, FEBRUARY, rig_reference, vix_option

TODAY = date(2018, 1, 16)
VX = con_id_of(ContractKey(ContractClass.VX, FEBRUARY))
PATTERN = WireContract(
    symbol="VIX", sec_type="OPT", last_trade_date="20180213", strike=15.0, right="C"
)


def found(pattern: WireContract) -> list[int]:
    listings = find_contracts(rig_reference(), pattern, TODAY)
    return [listing.instrument.con_id for listing in listings]


def test_an_option_is_spelled_in_full() -> None:
    contract = spell_contract(rig_reference().instrument(CALL_15), "SMART")
    assert contract == WireContract(
        con_id=CALL_15,
        symbol="VIX",
        sec_type="OPT",
        last_trade_date="20180213",
        strike=15.0,
        right="C",
        multiplier="100",
        exchange="SMART",
        currency="USD",
        local_symbol="VIX   180214C00015000",
        trading_class="VIX",
    )


def test_futures_and_indices_have_no_strike() -> None:
    future = spell_contract(rig_reference().instrument(VX), "CFE")
    assert (future.sec_type, future.strike, future.right) == ("FUT", 0.0, "")
    index = spell_contract(rig_reference().instrument(VIX_ID), "CBOE")
    assert (index.sec_type, index.last_trade_date, index.multiplier) == ("IND", "", "")


def test_kinds_have_the_wires_words() -> None:
    kinds = [sec_type(rig_reference().instrument(each)) for each in (SPX_ID, VX, CALL_15)]
    assert kinds == ["IND", "FUT", "OPT"]


def test_a_full_description_finds_one() -> None:
    assert found(PATTERN) == [CALL_15]
    assert found(msgspec.structs.replace(PATTERN, right="CALL", currency="USD")) == [CALL_15]


def test_an_open_right_finds_both() -> None:
    both = sorted([CALL_15, vix_option("15", Right.PUT)])
    assert sorted(found(msgspec.structs.replace(PATTERN, right=""))) == both
    assert sorted(found(msgspec.structs.replace(PATTERN, right="?"))) == both


@pytest.mark.parametrize(
    "change",
    [
        {"right": "X"},
        {"currency": "EUR"},
        {"multiplier": "1000"},
        {"exchange": "NYSE"},
        {"trading_class": "VIXW"},
        {"strike": 15.3},
    ],
)
def test_what_does_not_fit_is_not_found(change: dict[str, object]) -> None:
    assert found(msgspec.structs.replace(PATTERN, **change)) == []


def test_an_index_has_no_multiplier() -> None:
    index = WireContract(symbol="VIX", sec_type="IND")
    assert found(index) == [VIX_ID]
    assert found(msgspec.structs.replace(index, multiplier="100")) == []


def test_a_number_finds_its_contract() -> None:
    assert found(WireContract(con_id=CALL_15)) == [CALL_15]
    assert found(WireContract(con_id=CALL_15, exchange="SMART", right="C")) == [CALL_15]
    assert found(spell_contract(rig_reference().instrument(CALL_15), "CBOE")) == [CALL_15]
    assert found(WireContract(con_id=1)) == []


@pytest.mark.parametrize(
    "contradiction",
    [
        {"strike": 16.0},
        {"right": "P"},
        {"symbol": "SPX"},
        {"last_trade_date": "20180214"},
        {"exchange": "NYSE"},
        {"currency": "EUR"},
    ],
)
def test_a_number_with_another_contracts_fields_is_refused(
    contradiction: dict[str, object],
) -> None:
    pattern = msgspec.structs.replace(WireContract(con_id=CALL_15), **contradiction)
    with pytest.raises(ConflictingFieldsError):
        found(pattern)
