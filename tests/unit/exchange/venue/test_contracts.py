"""Contracts are spelled as the broker spells them."""

from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.underlyings import SPX_ID, SPY_ID, VIX_ID
from bot.exchange.venue.contracts import sec_type, spell_contract
from bot.exchange.wire.contract import WireContract
from tests.support.venue_rig import CALL_15, FEBRUARY, rig_reference

VX = con_id_of(ContractKey(ContractClass.VX, FEBRUARY))


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
    products = (SPX_ID, VX, CALL_15, SPY_ID)
    kinds = [sec_type(rig_reference().instrument(each)) for each in products]
    assert kinds == ["IND", "FUT", "OPT", "STK"]


def test_a_share_has_class_and_primary_exchange() -> None:
    share = spell_contract(rig_reference().instrument(SPY_ID), "SMART")
    assert share == WireContract(
        con_id=SPY_ID,
        symbol="SPY",
        sec_type="STK",
        exchange="SMART",
        primary_exchange="ARCA",
        currency="USD",
        local_symbol="SPY",
        trading_class="SPY",
    )
