"""Questions about contracts and their answers."""

from datetime import date

from bot.exchange.reference.underlyings import SPX_ID, VIX_ID
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.replies import (
    ContractDetails,
    ContractDetailsEnd,
    MarketRule,
    OptionParameters,
    OptionParametersEnd,
    SymbolSamples,
)
from tests.support.venue_rig import CALL_15, Rig, codes, only

FEBRUARY_CALLS = WireContract(symbol="VIX", sec_type="OPT", last_trade_date="20180213", right="C")


def test_details_come_one_by_one_and_end() -> None:
    rig = Rig()
    request = ask.RequestContractDetails(request_id=5, contract=FEBRUARY_CALLS)
    replies = rig.say(rig.connect(), request)
    details = only(replies, ContractDetails)
    assert len(details) > 20
    assert replies[-1] == ContractDetailsEnd(request_id=5)
    one = next(d.details for d in details if d.details.contract.con_id == CALL_15)
    assert one.contract.exchange == "SMART"
    assert one.real_expiration_date == "20180214"
    assert one.under_con_id == VIX_ID
    assert one.market_rule_ids.count(",") == one.valid_exchanges.count(",") == 1


def test_details_of_an_index_say_what_it_is() -> None:
    rig = Rig()
    pattern = WireContract(symbol="SPX", sec_type="IND", exchange="CBOE")
    request = ask.RequestContractDetails(request_id=5, contract=pattern)
    (reply, _end) = rig.say(rig.connect(), request)
    assert isinstance(reply, ContractDetails)
    assert (reply.details.contract.con_id, reply.details.order_types) == (SPX_ID, "")


def test_what_is_not_listed_is_answered_with_200() -> None:
    rig = Rig()
    session = rig.connect()
    for pattern in (
        WireContract(con_id=1),
        WireContract(symbol="AAPL", sec_type="STK"),
        WireContract(symbol="AAPL", sec_type="OPT"),
    ):
        request = ask.RequestContractDetails(request_id=5, contract=pattern)
        assert codes(rig.say(session, request)) == [200]


def test_contradicting_fields_are_answered_with_478() -> None:
    rig = Rig()
    pattern = WireContract(con_id=CALL_15, strike=16.0)
    request = ask.RequestContractDetails(request_id=5, contract=pattern)
    assert codes(rig.say(rig.connect(), request)) == [478]


def test_an_ambiguous_line_is_answered_with_200() -> None:
    rig = Rig()
    request = ask.RequestMarketData(request_id=5, contract=FEBRUARY_CALLS)
    assert codes(rig.say(rig.connect(), request)) == [200]


def chain_request(con_id: int, exchange: str = "") -> ask.RequestOptionParameters:
    return ask.RequestOptionParameters(
        request_id=6, symbol="VIX", future_option_exchange=exchange, sec_type="IND", con_id=con_id
    )


def test_chains_name_days_and_strikes() -> None:
    rig = Rig()
    replies = rig.say(rig.connect(), chain_request(VIX_ID))
    (chain,) = only(replies, OptionParameters)
    assert "20180213" in chain.expirations
    assert 15.0 in chain.strikes
    assert replies[-1] == OptionParametersEnd(request_id=6)


def test_there_are_no_options_on_futures() -> None:
    rig = Rig()
    session = rig.connect()
    assert rig.say(session, chain_request(VIX_ID, "CFE")) == [OptionParametersEnd(request_id=6)]
    assert rig.say(session, chain_request(77)) == [OptionParametersEnd(request_id=6)]


def test_a_rule_is_told_by_number() -> None:
    rig = Rig()
    session = rig.connect()
    (rule,) = only(rig.say(session, ask.RequestMarketRule(rule_id=1170)), MarketRule)
    assert [(str(s.low_edge), str(s.increment)) for s in rule.increments] == [
        ("0", "0.01"),
        ("3", "0.05"),
    ]
    assert codes(rig.say(session, ask.RequestMarketRule(rule_id=1))) == [321]


def test_symbols_are_found_by_their_beginning() -> None:
    rig = Rig(f"{date(2018, 1, 16)}T10:00")
    request = ask.RequestMatchingSymbols(request_id=7, pattern="vi")
    (reply,) = rig.say(rig.connect(), request)
    assert isinstance(reply, SymbolSamples)
    found = {s.symbol: s.derivative_sec_types for s in reply.samples}
    assert found["VIX"] == ("FUT", "OPT")
    assert all(symbol.startswith("VI") for symbol in found)
