"""Every request the real client can encode arrives as the struct it means."""

import pytest
from ib_insync import ComboLeg, Contract, ExecutionFilter, Option, TagValue
from ib_insync.client import Client
from ib_insync.contract import DeltaNeutralContract
from ib_insync.objects import ScannerSubscription, WshEventData

from bot.exchange.wire import contract as wc
from bot.exchange.wire import requests as rq
from bot.exchange.wire.connection import ProtocolViolation
from bot.exchange.wire.request_fields import SERVED
from tests.support.wire_peer import CapturingClient, ask, connected, drain

NEWEST_FIELD = 176
"""From this version on no request of the table gains a field."""
OPTION = Option(
    "VIX", "20180417", 20.0, "C", "SMART", multiplier="100", currency="USD", tradingClass="VIX"
)
WIRE_OPTION = wc.WireContract(
    symbol="VIX",
    sec_type="OPT",
    last_trade_date="20180417",
    strike=20.0,
    right="C",
    multiplier="100",
    exchange="SMART",
    currency="USD",
    trading_class="VIX",
)
BAG = Contract(
    secType="BAG",
    symbol="SPX",
    exchange="SMART",
    currency="USD",
    comboLegs=[ComboLeg(conId=1, ratio=1, action="BUY", exchange="SMART")],
)
WIRE_BAG = wc.WireContract(
    symbol="SPX",
    sec_type="BAG",
    exchange="SMART",
    currency="USD",
    combo_legs=(wc.ComboLeg(con_id=1, ratio=1, action="BUY", exchange="SMART"),),
)


def with_lists(contract: wc.WireContract, **extra: object) -> wc.WireContract:
    return wc.WireContract(**{f: getattr(contract, f) for f in contract.__struct_fields__} | extra)


WSH = WshEventData(
    conId=8,
    filter="f",
    fillWatchlist=True,
    fillCompetitors=True,
    startDate="20180201",
    endDate="20180205",
    totalLimit=4,
)
WIRE_WSH = rq.RequestWshEventData(
    request_id=3,
    con_id=8,
    filter="f",
    fill_watchlist=True,
    fill_competitors=True,
    start_date="20180201",
    end_date="20180205",
    total_limit=4,
)


CASES: list[tuple[str, tuple[object, ...], object]] = [
    ("reqCurrentTime", (), rq.RequestCurrentTime()),
    ("reqIds", (1,), rq.RequestIds(count=1)),
    ("reqManagedAccts", (), rq.RequestManagedAccounts()),
    ("setServerLogLevel", (5,), rq.SetServerLogLevel(level=5)),
    (
        "reqContractDetails",
        (3, OPTION),
        rq.RequestContractDetails(request_id=3, contract=WIRE_OPTION),
    ),
    ("reqMatchingSymbols", (4, "vi"), rq.RequestMatchingSymbols(request_id=4, pattern="vi")),
    (
        "reqSecDefOptParams",
        (5, "VIX", "", "IND", 13455763),
        rq.RequestOptionParameters(
            request_id=5, symbol="VIX", future_option_exchange="", sec_type="IND", con_id=13455763
        ),
    ),
    ("reqMarketRule", (109,), rq.RequestMarketRule(rule_id=109)),
    (
        "reqMktData",
        (6, OPTION, "106,588", True, False, [TagValue("a", "b")]),
        rq.RequestMarketData(
            request_id=6,
            contract=WIRE_OPTION,
            generic_ticks="106,588",
            snapshot=True,
            options="a=b;",
        ),
    ),
    (
        "reqMktData",
        (6, BAG, "", False, True, []),
        rq.RequestMarketData(request_id=6, contract=WIRE_BAG, regulatory_snapshot=True),
    ),
    (
        "reqMktData",
        (
            6,
            Contract(
                secType="STK",
                symbol="IBKR",
                deltaNeutralContract=DeltaNeutralContract(conId=9, delta=0.5, price=30.25),
            ),
            "",
            False,
            False,
            [],
        ),
        rq.RequestMarketData(
            request_id=6,
            contract=wc.WireContract(
                sec_type="STK",
                symbol="IBKR",
                delta_neutral=wc.DeltaNeutral(con_id=9, delta=0.5, price=30.25),
            ),
        ),
    ),
    ("cancelMktData", (6,), rq.CancelMarketData(request_id=6)),
    ("reqMarketDataType", (2,), rq.RequestMarketDataType(data_type=2)),
    (
        "reqHistoricalData",
        (7, BAG, "", "2 D", "5 mins", "TRADES", True, 2, False, []),
        rq.RequestHistoricalData(
            request_id=7,
            contract=WIRE_BAG,
            end="",
            bar_size="5 mins",
            duration="2 D",
            regular_hours_only=True,
            what_to_show="TRADES",
            date_format=2,
        ),
    ),
    (
        "reqHistoricalData",
        (7, OPTION, "20180205 16:00:00", "1 Y", "1 day", "MIDPOINT", 0, 1, True, []),
        rq.RequestHistoricalData(
            request_id=7,
            contract=WIRE_OPTION,
            end="20180205 16:00:00",
            bar_size="1 day",
            duration="1 Y",
            regular_hours_only=False,
            what_to_show="MIDPOINT",
            date_format=1,
            keep_up_to_date=True,
        ),
    ),
    ("cancelHistoricalData", (7,), rq.CancelHistoricalData(request_id=7)),
    (
        "reqHeadTimeStamp",
        (8, OPTION, "TRADES", True, 1),
        rq.RequestHeadTimestamp(
            request_id=8,
            contract=WIRE_OPTION,
            regular_hours_only=True,
            what_to_show="TRADES",
            date_format=1,
        ),
    ),
    ("cancelHeadTimeStamp", (8,), rq.CancelHeadTimestamp(request_id=8)),
    ("reqPositions", (), rq.RequestPositions()),
    ("cancelPositions", (), rq.CancelPositions()),
    (
        "reqPositionsMulti",
        (9, "SIM1", "m"),
        rq.RequestPositionsMulti(request_id=9, account="SIM1", model_code="m"),
    ),
    ("cancelPositionsMulti", (9,), rq.CancelPositionsMulti(request_id=9)),
    ("reqAccountUpdates", (True, "SIM1"), rq.RequestAccountUpdates(subscribe=True, account="SIM1")),
    ("reqAccountUpdates", (False, ""), rq.RequestAccountUpdates(subscribe=False, account="")),
    (
        "reqAccountUpdatesMulti",
        (10, "SIM1", "", False),
        rq.RequestAccountUpdatesMulti(
            request_id=10, account="SIM1", model_code="", ledger_and_nlv=False
        ),
    ),
    ("cancelAccountUpdatesMulti", (10,), rq.CancelAccountUpdatesMulti(request_id=10)),
    (
        "reqAccountSummary",
        (11, "All", "NetLiquidation,$LEDGER:ALL"),
        rq.RequestAccountSummary(request_id=11, group="All", tags="NetLiquidation,$LEDGER:ALL"),
    ),
    ("cancelAccountSummary", (11,), rq.CancelAccountSummary(request_id=11)),
    ("reqPnL", (12, "SIM1", ""), rq.RequestPnL(request_id=12, account="SIM1", model_code="")),
    ("cancelPnL", (12,), rq.CancelPnL(request_id=12)),
    (
        "reqPnLSingle",
        (13, "SIM1", "", 44),
        rq.RequestPnLSingle(request_id=13, account="SIM1", model_code="", con_id=44),
    ),
    ("cancelPnLSingle", (13,), rq.CancelPnLSingle(request_id=13)),
    ("reqGlobalCancel", (), rq.RequestGlobalCancel()),
    ("reqOpenOrders", (), rq.RequestOpenOrders()),
    ("reqAllOpenOrders", (), rq.RequestAllOpenOrders()),
    ("reqAutoOpenOrders", (True,), rq.RequestAutoOpenOrders(bind=True)),
    ("reqCompletedOrders", (True,), rq.RequestCompletedOrders(api_only=True)),
    (
        "cancelOrder",
        (14, "20180205-15:00:00"),
        rq.CancelOrder(order_id=14, manual_time="20180205-15:00:00"),
    ),
    ("reqExecutions", (15, ExecutionFilter()), rq.RequestExecutions(request_id=15)),
    (
        "reqExecutions",
        (15, ExecutionFilter(7, "SIM1", "20180205 00:00:00", "VIX", "OPT", "CBOE", "BUY")),
        rq.RequestExecutions(
            request_id=15,
            client_id=7,
            account="SIM1",
            time="20180205 00:00:00",
            symbol="VIX",
            sec_type="OPT",
            exchange="CBOE",
            side="BUY",
        ),
    ),
    ("reqUserInfo", (3,), rq.RequestUserInfo(request_id=3)),
    ("verifyRequest", ("a", "b"), rq.VerifyRequest(api_name="a", api_version="b")),
    ("verifyMessage", ("a",), rq.VerifyMessage(data="a")),
    (
        "verifyAndAuthRequest",
        ("a", "b", "c"),
        rq.VerifyAndAuthRequest(api_name="a", api_version="b", opaque_key="c"),
    ),
    ("verifyAndAuthMessage", ("a", "b"), rq.VerifyAndAuthMessage(data="a", response="b")),
    ("reqMktDepthExchanges", (), rq.RequestMarketDepthExchanges()),
    ("reqSmartComponents", (3, "x"), rq.RequestSmartComponents(request_id=3, bbo_exchange="x")),
    ("reqFamilyCodes", (), rq.RequestFamilyCodes()),
    ("reqSoftDollarTiers", (3,), rq.RequestSoftDollarTiers(request_id=3)),
    ("requestFA", (1,), rq.RequestAdvisorConfiguration(data_type=1)),
    (
        "replaceFA",
        (3, 1, "x"),
        rq.ReplaceAdvisorConfiguration(request_id=3, data_type=1, xml="x"),
    ),
    (
        "exerciseOptions",
        (3, OPTION, 1, 5, "SIM1", 0),
        rq.ExerciseOptions(
            request_id=3,
            contract=WIRE_OPTION,
            action=1,
            quantity=5,
            account="SIM1",
            override=0,
        ),
    ),
    ("reqNewsBulletins", (True,), rq.RequestNewsBulletins(all_messages=True)),
    ("cancelNewsBulletins", (), rq.CancelNewsBulletins()),
    ("reqNewsProviders", (), rq.RequestNewsProviders()),
    (
        "reqNewsArticle",
        (3, "a", "b", []),
        rq.RequestNewsArticle(request_id=3, provider="a", article_id="b"),
    ),
    (
        "reqHistoricalNews",
        (3, 1, "a+b", "b", "c", 9, []),
        rq.RequestHistoricalNews(
            request_id=3, con_id=1, providers="a+b", start="b", end="c", total_results=9
        ),
    ),
    (
        "reqFundamentalData",
        (3, Contract(conId=5, symbol="SPY", secType="STK", exchange="SMART"), "x", []),
        rq.RequestFundamentalData(
            request_id=3,
            contract=wc.WireContract(con_id=5, symbol="SPY", sec_type="STK", exchange="SMART"),
            report_type="x",
        ),
    ),
    ("cancelFundamentalData", (3,), rq.CancelFundamentalData(request_id=3)),
    ("reqWshMetaData", (3,), rq.RequestWshMetaData(request_id=3)),
    ("cancelWshMetaData", (3,), rq.CancelWshMetaData(request_id=3)),
    ("reqWshEventData", (3, WSH), WIRE_WSH),
    ("reqWshEventData", (3, WshEventData()), rq.RequestWshEventData(request_id=3, con_id=None)),
    ("cancelWshEventData", (3,), rq.CancelWshEventData(request_id=3)),
    ("reqScannerParameters", (), rq.RequestScannerParameters()),
    (
        "reqScannerSubscription",
        (3, ScannerSubscription(9, "STK", "US", "X", 1.5, stockTypeFilter="ALL"), [], []),
        rq.RequestScanner(
            request_id=3,
            row_count=9,
            instrument="STK",
            location="US",
            scan_code="X",
            bounds=("1.5", *[""] * 12, "0", "", "", "ALL"),
        ),
    ),
    ("cancelScannerSubscription", (3,), rq.CancelScanner(request_id=3)),
    ("queryDisplayGroups", (3,), rq.QueryDisplayGroups(request_id=3)),
    ("subscribeToGroupEvents", (3, 1), rq.SubscribeToDisplayGroup(request_id=3, group_id=1)),
    ("updateDisplayGroup", (3, "x"), rq.UpdateDisplayGroup(request_id=3, contract_info="x")),
    ("unsubscribeFromGroupEvents", (3,), rq.UnsubscribeFromDisplayGroup(request_id=3)),
    (
        "reqMktDepth",
        (3, OPTION, 5, True, []),
        rq.RequestMarketDepth(request_id=3, contract=WIRE_OPTION, rows=5, is_smart_depth=True),
    ),
    ("cancelMktDepth", (3, True), rq.CancelMarketDepth(request_id=3, is_smart_depth=True)),
    (
        "reqRealTimeBars",
        (3, OPTION, 5, "TRADES", True, []),
        rq.RequestRealTimeBars(
            request_id=3,
            contract=WIRE_OPTION,
            bar_size=5,
            what_to_show="TRADES",
            regular_hours_only=True,
        ),
    ),
    ("cancelRealTimeBars", (3,), rq.CancelRealTimeBars(request_id=3)),
    (
        "calculateImpliedVolatility",
        (3, OPTION, 1.5, 2.25, [TagValue("a", "b")]),
        rq.CalculateImpliedVolatility(
            request_id=3, contract=WIRE_OPTION, option_price=1.5, under_price=2.25, options="a=b;"
        ),
    ),
    (
        "calculateOptionPrice",
        (3, OPTION, 0.5, 2.25, []),
        rq.CalculateOptionPrice(
            request_id=3, contract=WIRE_OPTION, volatility=0.5, under_price=2.25
        ),
    ),
    (
        "cancelCalculateImpliedVolatility",
        (3,),
        rq.CancelCalculateImpliedVolatility(request_id=3),
    ),
    ("cancelCalculateOptionPrice", (3,), rq.CancelCalculateOptionPrice(request_id=3)),
    (
        "reqHistogramData",
        (3, OPTION, True, "3 days"),
        rq.RequestHistogramData(
            request_id=3, contract=WIRE_OPTION, regular_hours_only=True, period="3 days"
        ),
    ),
    ("cancelHistogramData", (3,), rq.CancelHistogramData(request_id=3)),
    (
        "reqHistoricalTicks",
        (3, OPTION, "20180205 10:00:00", "", 100, "BID_ASK", True, True, []),
        rq.RequestHistoricalTicks(
            request_id=3,
            contract=WIRE_OPTION,
            start="20180205 10:00:00",
            end="",
            number_of_ticks=100,
            what_to_show="BID_ASK",
            regular_hours_only=True,
            ignore_size=True,
        ),
    ),
    (
        "reqTickByTickData",
        (3, OPTION, "BidAsk", 10, True),
        rq.RequestTickByTick(
            request_id=3,
            contract=WIRE_OPTION,
            tick_type="BidAsk",
            number_of_ticks=10,
            ignore_size=True,
        ),
    ),
    ("cancelTickByTickData", (3,), rq.CancelTickByTick(request_id=3)),
]


@pytest.mark.parametrize(("method", "args", "expected"), CASES)
def test_request_of_the_real_client_is_understood(
    method: str, args: tuple[object, ...], expected: object
) -> None:
    """What the client meant is what the server reads."""
    assert ask(method, *args) == [expected]


@pytest.mark.parametrize("version", range(157, Client.MaxClientVersion + 1))
def test_every_request_is_understood_in_every_version(version: int) -> None:
    """One event each, of the same kind, and only what a version lacks is left out."""
    for method, args, expected in CASES:
        (event,) = ask(method, *args, version=version)
        assert type(event) is type(expected)
        if version >= NEWEST_FIELD:
            assert event == expected


@pytest.mark.parametrize(("version", "known"), [(170, 2), (171, 6), (172, 6), (173, 9)])
def test_calendar_filters_came_in_two_steps(version: int, known: int) -> None:
    (event,) = ask("reqWshEventData", 3, WSH, version=version)
    names = rq.RequestWshEventData.__struct_fields__[:known]
    full = {name: getattr(WIRE_WSH, name) for name in names}
    assert event == rq.RequestWshEventData(**full)


def test_every_request_of_the_table_is_tried() -> None:
    """The cases above cover all known message ids."""
    tried = {type(case[2]) for case in CASES} | {rq.StartApi, rq.PlaceOrder}
    assert {served.make for served in SERVED.values()} == tried


def test_contract_details_before_issuer_ids() -> None:
    """Version 175 has one field less."""
    contract = Contract(conId=5, includeExpired=True, secIdType="ISIN", secId="X", issuerId="e9")
    (old,) = ask("reqContractDetails", 1, contract, version=175)
    (new,) = ask("reqContractDetails", 1, contract, version=176)
    expected = wc.WireContract(con_id=5, include_expired=True, sec_id_type="ISIN", sec_id="X")
    assert old == rq.RequestContractDetails(request_id=1, contract=expected)
    with_issuer = with_lists(expected, issuer_id="e9")
    assert new == rq.RequestContractDetails(request_id=1, contract=with_issuer)


def test_cancel_before_manual_times() -> None:
    """Version 168 cancels by id alone."""
    assert ask("cancelOrder", 3, version=168) == [rq.CancelOrder(order_id=3)]


def violation(payload: bytes) -> str:
    connection = connected()
    connection.receive_data(len(payload).to_bytes(4, "big") + payload)
    (event,) = drain(connection)
    assert isinstance(event, ProtocolViolation)
    assert not event.fatal
    return event.reason


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"49\x001\x00x\x00", "RequestCurrentTime: 1 fields too many"),
        (b"49\x00", "RequestCurrentTime: message ends early"),
        (b"49\x001", "message does not end with a NUL"),
        (b"\xff\x00", "message is not UTF-8"),
        (b"1000\x00", "unknown message id 1000"),
        (b"x\x00", "not a whole number: 'x'"),
        (b"\x00", "not a whole number: ''"),
        (b"2\x002\x001_0\x00", "CancelMarketData: not a whole number: '1_0'"),
        (b"2\x002\x00" + b"9" * 19 + b"\x00", "CancelMarketData: not a whole number"),
        (b"6\x002\x00maybe\x00a\x00", "RequestAccountUpdates: not a truth value: 'maybe'"),
        (b"6\x002\x00", "RequestAccountUpdates: message ends early"),
        (b"8\x001\x00", "RequestIds: message ends early"),
        (b"10\x005\x00", "RequestMarketDepth: message ends early"),
        (b"71\x002\x001\x00\x00", "a second StartApi"),
    ],
)
def test_broken_message_is_reported_and_survived(payload: bytes, reason: str) -> None:
    """One bad message costs that message, not the connection."""
    assert violation(payload).startswith(reason)


def test_good_message_after_a_bad_one_is_read() -> None:
    """The stream stays in step."""
    connection = connected()
    client = CapturingClient()
    client.reqCurrentTime()
    connection.receive_data(b"\0\0\0\x02x\0" + client.sent)
    assert isinstance(drain(connection)[1], rq.RequestCurrentTime)


@pytest.mark.parametrize("strike", ["nan", "inf", "1e400x", "1e200", "1e-300", "0x10", "1,5", " 1"])
def test_absurd_strike_is_refused(strike: str) -> None:
    """Numbers that Python would accept but no contract has."""
    fields = ["9", "8", "1", "0", "VIX", "OPT", "", strike, *[""] * 11]
    assert "number" in violation("\0".join([*fields, ""]).encode())


@pytest.mark.parametrize("strike", ["", "1.7976931348623157E308"])
def test_unset_strike_is_none_given(strike: str) -> None:
    """Clients differ in how they leave a strike open."""
    fields = ["9", "8", "1", "", "VIX", "OPT", "", strike, *[""] * 11]
    connection = connected()
    payload = "\0".join([*fields, ""]).encode()
    connection.receive_data(len(payload).to_bytes(4, "big") + payload)
    contract = wc.WireContract(symbol="VIX", sec_type="OPT")
    assert drain(connection) == [rq.RequestContractDetails(request_id=1, contract=contract)]


@pytest.mark.parametrize("count", ["-1", "99"])
def test_absurd_leg_count_is_refused(count: str) -> None:
    """A count may not promise more than the message holds."""
    fields = ["1", "11", "1", "0", "SPX", "BAG", *[""] * 9, count, "0", "", "0", "0", ""]
    assert f"absurd count: {count}" in violation("\0".join([*fields, ""]).encode())
