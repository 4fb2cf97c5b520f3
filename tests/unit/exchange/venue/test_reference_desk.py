"""Questions about contracts and their answers."""

import msgspec
import pytest

from bot.exchange.reference.underlyings import SPX_ID, SPY_ID, VIX_ID
from bot.exchange.venue.floor import SessionId
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import WireContract, WireContractDetails
from bot.exchange.wire.replies import (
    ContractDetails,
    ContractDetailsEnd,
    ErrorMessage,
    MarketRule,
    OptionParameters,
    OptionParametersEnd,
    SymbolSamples,
)
from tests.support.venue_rig import CALL_15, Rig, codes, only, order, place

FEBRUARY_CALLS = WireContract(
    symbol="VIX", sec_type="OPT", exchange="SMART", last_trade_date="20180213", right="C"
)


@pytest.fixture(scope="module")
def rig() -> Rig:
    return Rig()


@pytest.fixture(scope="module")
def session(rig: Rig) -> SessionId:
    return rig.connect()


def details(rig: Rig, session: SessionId, pattern: WireContract) -> list[WireContractDetails]:
    """Return the rows of an answer that ends as it must."""
    replies = rig.say(session, ask.RequestContractDetails(request_id=5, contract=pattern))
    assert replies[-1] == ContractDetailsEnd(request_id=5)
    return [reply.details for reply in only(replies, ContractDetails)]


def test_details_come_one_by_one_and_end(rig: Rig, session: SessionId) -> None:
    rows = details(rig, session, FEBRUARY_CALLS)
    assert len(rows) > 20
    one = next(row for row in rows if row.contract.con_id == CALL_15)
    assert one.contract.exchange == "SMART"
    assert (one.real_expiration_date, one.expiry_text) == (
        "20180214",
        "20180213 15:15:00 US/Central",
    )
    assert (one.under_con_id, one.under_symbol, one.under_sec_type) == (VIX_ID, "VIX", "IND")
    assert one.valid_exchanges == "SMART,CBOE,IBUSOPT"
    assert one.market_rule_ids == "1170,1170,1170"
    assert (one.industry, one.category, one.subcategory) == ("Indices", "Volatility Index", "*")
    assert {"LMT", "MKT", "STPLMT", "GTD", "ALGO"} <= set(one.order_types.split(","))


def test_details_of_an_index_say_what_it_is(rig: Rig, session: SessionId) -> None:
    (row,) = details(rig, session, WireContract(symbol="SPX", sec_type="IND", exchange="CBOE"))
    assert (row.contract.con_id, row.order_types) == (SPX_ID, "")
    assert (row.contract.last_trade_date, row.expiry_text, row.under_sec_type) == ("", "", "")
    (breadth,) = details(rig, session, WireContract(symbol="AD-NYSE", sec_type="IND"))
    assert (breadth.contract.exchange, breadth.time_zone_id) == ("NYSE", "US/Eastern")


def test_details_of_a_share_say_what_it_is(rig: Rig, session: SessionId) -> None:
    (row,) = details(rig, session, WireContract(con_id=SPY_ID))
    assert (row.contract.exchange, row.contract.primary_exchange) == ("SMART", "ARCA")
    assert (row.stock_type, row.time_zone_id) == ("ETF", "US/Eastern")
    assert [(each.tag, each.value) for each in row.sec_ids] == [("ISIN", "US78462F1030")]
    assert row.market_rule_ids.count(",") == row.valid_exchanges.count(",") > 10


def test_without_an_exchange_there_is_a_row_for_each(rig: Rig, session: SessionId) -> None:
    """Not for a number, which leaves nothing open."""
    one = msgspec.structs.replace(FEBRUARY_CALLS, exchange="", strike=15.0)
    rows = details(rig, session, one)
    assert [row.contract.exchange for row in rows] == ["SMART", "CBOE", "IBUSOPT"]
    assert {row.contract.con_id for row in rows} == {CALL_15}
    assert len(details(rig, session, WireContract(con_id=CALL_15))) == 1


def test_the_continuous_future_keeps_its_type(rig: Rig, session: SessionId) -> None:
    (row,) = details(rig, session, WireContract(symbol="ES", sec_type="CONTFUT", exchange="CME"))
    assert (row.contract.sec_type, row.contract.local_symbol) == ("CONTFUT", "ESH8")


@pytest.mark.parametrize(
    "pattern",
    [
        WireContract(con_id=1),
        WireContract(symbol="AAPL", sec_type="STK"),
        WireContract(symbol="AAPL", sec_type="OPT"),
        WireContract(symbol="VIX", sec_type="FOP"),
        WireContract(con_id=CALL_15, strike=16.0),
    ],
)
def test_what_is_not_listed_is_answered_with_200(
    rig: Rig, session: SessionId, pattern: WireContract
) -> None:
    """Also a number beside fields of another contract: only orders tell that apart."""
    request = ask.RequestContractDetails(request_id=5, contract=pattern)
    (reply,) = rig.say(session, request)
    assert reply == ErrorMessage(
        request_id=5, code=200, text="No security definition has been found for the request"
    )


@pytest.mark.parametrize(
    ("sec_type", "cause"),
    [
        ("", "cause - Please enter a valid security type"),
        ("SHARE", "cause - Please enter a valid security type"),
        ("BAG", "cause - 'BAG' isn't supported for contract data request."),
    ],
)
def test_a_type_that_cannot_be_asked_for_is_answered_with_321(
    rig: Rig, session: SessionId, sec_type: str, cause: str
) -> None:
    pattern = WireContract(symbol="VIX", sec_type=sec_type)
    request = ask.RequestContractDetails(request_id=5, contract=pattern)
    (reply,) = rig.say(session, request)
    assert isinstance(reply, ErrorMessage)
    assert reply.code == 321
    assert cause in reply.text


def test_an_order_at_odds_with_itself_is_answered_with_478(rig: Rig, session: SessionId) -> None:
    """The expiry a day off is what clients send who qualified a contract (domain.md 3.5)."""
    pattern = WireContract(con_id=CALL_15, exchange="SMART", last_trade_date="20180214")
    (reply,) = only(
        rig.say(session, place(order(1, "BUY", 1, "1.05"), contract=pattern)), ErrorMessage
    )
    assert reply.code == 478
    assert "requested expiry 20180214, in contract 20180213" in reply.text


def test_a_continuous_future_cannot_be_ordered(rig: Rig, session: SessionId) -> None:
    """It has details and data; an order needs a month."""
    pattern = WireContract(symbol="ES", sec_type="CONTFUT", exchange="CME")
    replies = rig.say(session, place(order(2, "BUY", 1, "2700"), contract=pattern))
    (reply,) = only(replies, ErrorMessage)
    assert (reply.code, "'CONTFUT' isn't supported" in reply.text) == (321, True)


def test_an_ambiguous_line_is_answered_with_200(rig: Rig, session: SessionId) -> None:
    request = ask.RequestMarketData(request_id=5, contract=FEBRUARY_CALLS)
    (reply,) = rig.say(session, request)
    assert isinstance(reply, ErrorMessage)
    assert reply.text == "The contract description specified for VIX is ambiguous."


def chain_request(
    con_id: int, exchange: str = "", symbol: str = "VIX", sec_type: str = "IND"
) -> ask.RequestOptionParameters:
    return ask.RequestOptionParameters(
        request_id=6,
        symbol=symbol,
        future_option_exchange=exchange,
        sec_type=sec_type,
        con_id=con_id,
    )


def test_chains_name_days_and_strikes(rig: Rig, session: SessionId) -> None:
    """One row for each class and exchange."""
    replies = rig.say(session, chain_request(VIX_ID))
    chains = only(replies, OptionParameters)
    assert {(each.trading_class, each.exchange) for each in chains} == {
        (name, exchange) for name in ("VIX", "VIXW") for exchange in ("SMART", "CBOE", "IBUSOPT")
    }
    assert "20180213" in chains[0].expirations
    assert 15.0 in chains[0].strikes
    assert replies[-1] == OptionParametersEnd(request_id=6)


@pytest.mark.parametrize(
    "request_",
    [
        chain_request(VIX_ID, "CFE"),
        chain_request(77),
        chain_request(VIX_ID, symbol="SPX"),
        chain_request(VIX_ID, sec_type="STK"),
        chain_request(SPY_ID, symbol="SPY", sec_type="STK"),
    ],
)
def test_where_there_are_no_options_the_answer_just_ends(
    rig: Rig, session: SessionId, request_: ask.RequestOptionParameters
) -> None:
    """Options on futures, unknown numbers, names that do not go with the number, shares."""
    assert rig.say(session, request_) == [OptionParametersEnd(request_id=6)]


def test_a_chain_needs_a_number(rig: Rig, session: SessionId) -> None:
    assert codes(rig.say(session, chain_request(0))) == [321]


def test_a_rule_is_told_by_number(rig: Rig, session: SessionId) -> None:
    (rule,) = only(rig.say(session, ask.RequestMarketRule(rule_id=1170)), MarketRule)
    assert [(str(s.low_edge), str(s.increment)) for s in rule.increments] == [
        ("0", "0.01"),
        ("3", "0.05"),
    ]
    assert codes(rig.say(session, ask.RequestMarketRule(rule_id=1))) == [321]


def test_symbols_are_found_by_their_beginning(rig: Rig, session: SessionId) -> None:
    request = ask.RequestMatchingSymbols(request_id=7, pattern="vi")
    (reply,) = rig.say(session, request)
    assert isinstance(reply, SymbolSamples)
    assert [sample.symbol for sample in reply.samples] == [
        "VIX",
        "VIX3M",
        "VIX6M",
        "VIX9D",
        "VIXMO",
        "VVIX",
    ]
    first = reply.samples[0]
    assert (first.con_id, first.sec_type, first.primary_exchange) == (VIX_ID, "IND", "CBOE")
    assert first.derivative_sec_types == ("FUT", "OPT", "BAG")
    assert (first.currency, first.description) == ("USD", "CBOE Volatility Index")


@pytest.mark.parametrize(
    ("pattern", "refusals"),
    [
        (WireContract(con_id=CALL_15, exchange="SMART", last_trade_date="20180214"), [200]),
        (WireContract(symbol="ES", sec_type="CONTFUT", exchange="CME"), []),
        (WireContract(symbol="VIX", sec_type="OPT", exchange="CFE"), [200]),
        (WireContract(symbol="VIX", sec_type="SHARE", exchange="CBOE"), [321]),
    ],
)
def test_data_is_asked_for_by_the_same_patterns(
    rig: Rig, session: SessionId, pattern: WireContract, refusals: list[int]
) -> None:
    """A line of the continuous future is one; what contradicts itself is no contract."""
    request = ask.RequestMarketData(request_id=8, contract=pattern)
    refused = [code for code in codes(rig.say(session, request)) if code in {200, 321}]
    assert refused == refusals
    rig.say(session, ask.CancelMarketData(request_id=8))
