"""Every reply is understood by the real client's decoder as it was meant."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from ib_insync import Contract, TagValue
from ib_insync.objects import (
    BarData,
    CommissionReport,
    DepthMktDataDescription,
    FamilyCode,
    HistogramData,
    HistoricalSession,
    HistoricalTick,
    HistoricalTickBidAsk,
    HistoricalTickLast,
    NewsProvider,
    PriceIncrement,
    SmartComponent,
    SoftDollarTier,
    TickAttribBidAsk,
    TickAttribLast,
)
from ib_insync.util import UNSET_DOUBLE, dataclassAsDict

from bot.exchange.wire import contract as wc
from bot.exchange.wire import replies as rp
from bot.exchange.wire.encoding import ReplyEncoder
from bot.exchange.wire.errors import SendError
from bot.exchange.wire.order import WireExecution
from bot.exchange.wire.reply_fields import REPLIES
from tests.support.wire_peer import split_frames, tell

CONTRACT = wc.WireContract(
    con_id=3,
    symbol="VIX",
    sec_type="OPT",
    last_trade_date="20180417",
    strike=22.5,
    right="C",
    multiplier="100",
    exchange="CBOE",
    primary_exchange="CBOE",
    currency="USD",
    local_symbol="VIX   180418C00022500",
    trading_class="VIX",
)
SHOWN = {
    "conId": 3,
    "symbol": "VIX",
    "secType": "OPT",
    "lastTradeDateOrContractMonth": "20180417",
    "strike": 22.5,
    "right": "C",
    "multiplier": "100",
    "exchange": "CBOE",
    "currency": "USD",
    "localSymbol": "VIX   180418C00022500",
    "tradingClass": "VIX",
}
BAR = rp.WireBar(
    date="20180205",
    open=Decimal("17.1"),
    high=Decimal("38.8"),
    low=Decimal("16.8"),
    close=Decimal("37.32"),
    volume=Decimal(5),
    average=Decimal("30.5"),
    count=4,
)
# The client keeps the text until its next layer parses it.
SHOWN_DATE: Any = "20180205"
SHOWN_BAR = BarData(SHOWN_DATE, 17.1, 38.8, 16.8, 37.32, 5.0, 30.5, 4)

MOMENT = datetime(2018, 2, 5, 21, tzinfo=UTC)

PLAIN: list[tuple[rp.Reply, str, tuple[Any, ...]]] = [
    (rp.ManagedAccounts(accounts=("SIM1", "SIM2")), "managedAccounts", ("SIM1,SIM2",)),
    (rp.NextValidId(order_id=4), "nextValidId", (4,)),
    (
        rp.ErrorMessage(request_id=4, code=201, text="rejected", advanced_reject_json="{}"),
        "error",
        (4, 201, "rejected", "{}"),
    ),
    (rp.ErrorMessage(code=2104, text="ok"), "error", (-1, 2104, "ok", "")),
    (rp.CurrentTime(epoch_seconds=1517864400), "currentTime", (1517864400,)),
    (rp.ContractDetailsEnd(request_id=1), "contractDetailsEnd", (1,)),
    (rp.OptionParametersEnd(request_id=1), "securityDefinitionOptionParameterEnd", (1,)),
    (rp.MarketDataType(request_id=1, data_type=3), "marketDataType", (1, 3)),
    (
        rp.TickPrice(
            request_id=1, tick_type=1, price=Decimal("1.05"), size=Decimal(7), attributes=1
        ),
        "priceSizeTick",
        (1, 1, 1.05, 7.0),
    ),
    (rp.TickPrice(request_id=1, tick_type=2, price=None), "priceSizeTick", (1, 2, -1.0, 0.0)),
    (rp.TickSize(request_id=1, tick_type=0, size=Decimal("7.5")), "tickSize", (1, 0, 7.5)),
    (
        rp.TickString(request_id=1, tick_type=45, value="1517864400"),
        "tickString",
        (1, 45, "1517864400"),
    ),
    (rp.TickGeneric(request_id=1, tick_type=49, value=0.5), "tickGeneric", (1, 49, 0.5)),
    (
        rp.TickOptionComputation(
            request_id=1,
            tick_type=13,
            implied_volatility=0.9,
            delta=-0.4,
            option_price=1.25,
            pv_dividend=0.1,
            gamma=0.02,
            vega=0.03,
            theta=-0.05,
            underlying_price=17.31,
        ),
        "tickOptionComputation",
        (1, 13, 1, 0.9, -0.4, 1.25, 0.1, 0.02, 0.03, -0.05, 17.31),
    ),
    (
        rp.TickOptionComputation(request_id=1, tick_type=10, price_based=False),
        "tickOptionComputation",
        (1, 10, 0, -1.0, -2.0, -1.0, -1.0, -2.0, -2.0, -2.0, -1.0),
    ),
    (rp.TickSnapshotEnd(request_id=1), "tickSnapshotEnd", (1,)),
    (
        rp.TickRequestParameters(
            request_id=1, min_tick=Decimal("0.01"), bbo_exchange="9c0001", snapshot_permissions=3
        ),
        "tickReqParams",
        (1, 0.01, "9c0001", 3),
    ),
    (rp.HistoricalDataUpdate(request_id=1, bar=BAR), "historicalDataUpdate", (1, SHOWN_BAR)),
    (rp.HeadTimestamp(request_id=1, timestamp="19900102"), "headTimestamp", (1, "19900102")),
    (rp.PositionEnd(), "positionEnd", ()),
    (rp.PositionMultiEnd(request_id=1), "positionMultiEnd", (1,)),
    (
        rp.AccountValue(key="NetLiquidation", value="1.00", currency="USD", account="SIM1"),
        "updateAccountValue",
        ("NetLiquidation", "1.00", "USD", "SIM1"),
    ),
    (rp.AccountUpdateTime(timestamp="15:00"), "updateAccountTime", ("15:00",)),
    (rp.AccountDownloadEnd(account="SIM1"), "accountDownloadEnd", ("SIM1",)),
    (
        rp.AccountSummary(request_id=1, account="SIM1", tag="Cushion", value="1", currency=""),
        "accountSummary",
        (1, "SIM1", "Cushion", "1", ""),
    ),
    (rp.AccountSummaryEnd(request_id=1), "accountSummaryEnd", (1,)),
    (
        rp.AccountUpdateMulti(
            request_id=1, account="SIM1", model_code="m", key="Cushion", value="1", currency="USD"
        ),
        "accountUpdateMulti",
        (1, "SIM1", "m", "Cushion", "1", "USD"),
    ),
    (rp.AccountUpdateMultiEnd(request_id=1), "accountUpdateMultiEnd", (1,)),
    (
        rp.PnL(request_id=1, daily=1.5, unrealized=None, realized=-2.0),
        "pnl",
        (1, 1.5, UNSET_DOUBLE, -2.0),
    ),
    (
        rp.PnLSingle(
            request_id=1, position=Decimal(3), daily=None, unrealized=1.5, realized=0.0, value=9.5
        ),
        "pnlSingle",
        (1, 3.0, UNSET_DOUBLE, 1.5, 0.0, 9.5),
    ),
    (rp.OpenOrderEnd(), "openOrderEnd", ()),
    (
        rp.OrderStatus(
            order_id=4,
            status="Filled",
            filled=Decimal(2),
            remaining=Decimal(1),
            average_fill_price=Decimal("1.05"),
            perm_id=99,
            parent_id=3,
            last_fill_price=Decimal("1.1"),
            client_id=7,
            why_held="locate",
            market_cap_price=Decimal("1.2"),
        ),
        "orderStatus",
        (4, "Filled", 2.0, 1.0, 1.05, 99, 3, 1.1, 7, "locate", 1.2),
    ),
    (rp.ExecDetailsEnd(request_id=1), "execDetailsEnd", (1,)),
    (
        rp.CommissionReport(exec_id="e", commission=Decimal("1.5"), currency="USD"),
        "commissionReport",
        (CommissionReport("e", 1.5, "USD", UNSET_DOUBLE, UNSET_DOUBLE, 0),),
    ),
    (
        rp.CommissionReport(
            exec_id="e",
            commission=Decimal("1.5"),
            currency="USD",
            realized_pnl=Decimal("-3.25"),
            bond_yield=Decimal("0.5"),
            yield_redemption_date=20180417,
        ),
        "commissionReport",
        (CommissionReport("e", 1.5, "USD", -3.25, 0.5, 20180417),),
    ),
    (rp.CompletedOrdersEnd(), "completedOrdersEnd", ()),
    (
        rp.OptionParameters(
            request_id=1,
            exchange="CBOE",
            under_con_id=13455763,
            trading_class="VIX",
            multiplier="100",
            expirations=("20180417", "20180516"),
            strikes=(10.0, 10.5, 11.0),
        ),
        "securityDefinitionOptionParameter",
        (1, "CBOE", "13455763", "VIX", "100", ["20180417", "20180516"], [10.0, 10.5, 11.0]),
    ),
    (
        rp.MarketRule(
            rule_id=109,
            increments=(
                rp.PriceIncrement(low_edge=Decimal(0), increment=Decimal("0.01")),
                rp.PriceIncrement(low_edge=Decimal(3), increment=Decimal("0.05")),
            ),
        ),
        "marketRule",
        (109, [PriceIncrement(0.0, 0.01), PriceIncrement(3.0, 0.05)]),
    ),
    (
        rp.SmartComponents(
            request_id=1,
            components=(rp.SmartComponent(bit_number=0, exchange="CBOE", letter="C"),),
        ),
        "smartComponents",
        (1, [SmartComponent(0, "CBOE", "C")]),
    ),
    (
        rp.MarketDepthExchanges(
            exchanges=(rp.DepthExchange(exchange="CBOE", sec_type="OPT", aggregate_group=4),)
        ),
        "mktDepthExchanges",
        ([DepthMktDataDescription("CBOE", "OPT", "", "Deep", 4)],),
    ),
    (
        rp.FamilyCodes(codes=(rp.FamilyCode(account="SIM1", family_code="f"),)),
        "familyCodes",
        ([FamilyCode("SIM1", "f")],),
    ),
    (
        rp.SoftDollarTiers(
            request_id=1, tiers=(rp.SoftDollarTier(name="n", value="v", display_name="d"),)
        ),
        "softDollarTiers",
        (1, [SoftDollarTier("n", "v", "d")]),
    ),
    (rp.UserInfo(request_id=1, white_branding_id="b"), "userInfo", (1, "b")),
    (
        rp.VerifyCompleted(successful=True, error_text="no"),
        "verifyCompleted",
        (True, "no"),
    ),
    (
        rp.VerifyAndAuthCompleted(successful=False, error_text="no"),
        "verifyAndAuthCompleted",
        (False, "no"),
    ),
    (
        rp.NewsProviders(providers=(rp.NewsProvider(code="c", name="n"),)),
        "newsProviders",
        ([NewsProvider("c", "n")],),
    ),
    (rp.HistoricalNewsEnd(request_id=1, has_more=True), "historicalNewsEnd", (1, True)),
    (rp.ScannerParameters(xml="<x/>"), "scannerParameters", ("<x/>",)),
    (rp.ScannerData(request_id=1), "scannerDataEnd", (1,)),
    (rp.DisplayGroups(request_id=1, groups=(1, 2)), "displayGroupList", (1, "1|2")),
    (
        rp.DisplayGroupUpdated(request_id=1, contract_info="8314@ARCA"),
        "displayGroupUpdated",
        (1, "8314@ARCA"),
    ),
    (rp.OrderBound(perm_id=1, client_id=2, order_id=3), "orderBound", (1, 2, 3)),
    (
        rp.MarketDepth(
            request_id=1,
            position=2,
            operation=1,
            side=0,
            price=Decimal("1.05"),
            size=Decimal("7.5"),
        ),
        "updateMktDepth",
        (1, 2, 1, 0, 1.05, 7.5),
    ),
    (
        rp.MarketDepthL2(
            request_id=1,
            position=2,
            market_maker="CBOE",
            operation=1,
            side=0,
            price=Decimal("1.05"),
            size=Decimal(7),
            is_smart_depth=True,
        ),
        "updateMktDepthL2",
        (1, 2, "CBOE", 1, 0, 1.05, 7.0, True),
    ),
    (
        rp.RealTimeBar(
            request_id=1,
            time=1517864400,
            open=Decimal("17.1"),
            high=Decimal("38.8"),
            low=Decimal("16.8"),
            close=Decimal("37.32"),
            volume=Decimal(5),
            average=Decimal("30.5"),
            count=4,
        ),
        "realtimeBar",
        (1, 1517864400, 17.1, 38.8, 16.8, 37.32, 5.0, 30.5, 4),
    ),
    (
        rp.TickByTickTrade(
            request_id=1,
            tick_type=2,
            time=1517864400,
            price=Decimal("1.05"),
            size=Decimal(7),
            attributes=2,
            exchange="CBOE",
            conditions="x",
        ),
        "tickByTickAllLast",
        (1, 2, 1517864400, 1.05, 7.0, TickAttribLast(unreported=True), "CBOE", "x"),
    ),
    (
        rp.TickByTickBidAsk(
            request_id=1,
            time=1517864400,
            bid=Decimal("1.05"),
            ask=Decimal("1.15"),
            bid_size=Decimal(7),
            ask_size=Decimal(8),
            attributes=1,
        ),
        "tickByTickBidAsk",
        (1, 1517864400, 1.05, 1.15, 7.0, 8.0, TickAttribBidAsk(bidPastLow=True)),
    ),
    (
        rp.TickByTickMidPoint(request_id=1, time=1517864400, mid_point=Decimal("1.1")),
        "tickByTickMidPoint",
        (1, 1517864400, 1.1),
    ),
    (
        rp.HistogramData(
            request_id=1,
            items=(
                rp.PriceCount(price=Decimal("1.05"), count=7),
                rp.PriceCount(price=Decimal("1.1"), count=8),
            ),
        ),
        "histogramData",
        (1, [HistogramData(1.05, 7), HistogramData(1.1, 8)]),
    ),
    (
        rp.HistoricalTicks(
            request_id=1, ticks=(rp.PastTick(time=1517864400, price=Decimal("1.1")),), done=True
        ),
        "historicalTicks",
        (1, [HistoricalTick(MOMENT, 1.1, 0.0)], True),
    ),
    (
        rp.HistoricalTicksBidAsk(
            request_id=1,
            ticks=(
                rp.PastBidAsk(
                    time=1517864400,
                    attributes=2,
                    bid=Decimal("1.05"),
                    ask=Decimal("1.15"),
                    bid_size=Decimal(7),
                    ask_size=Decimal(8),
                ),
            ),
            done=False,
        ),
        "historicalTicksBidAsk",
        (
            1,
            [HistoricalTickBidAsk(MOMENT, TickAttribBidAsk(bidPastLow=True), 1.05, 1.15, 7.0, 8.0)],
            False,
        ),
    ),
    (
        rp.HistoricalTicksLast(
            request_id=1,
            ticks=(
                rp.PastTrade(
                    time=1517864400,
                    attributes=1,
                    price=Decimal("1.05"),
                    size=Decimal(7),
                    exchange="CBOE",
                    conditions="x",
                ),
            ),
            done=True,
        ),
        "historicalTicksLast",
        (
            1,
            [HistoricalTickLast(MOMENT, TickAttribLast(pastLimit=True), 1.05, 7.0, "CBOE", "x")],
            True,
        ),
    ),
    (
        rp.HistoricalSchedule(
            request_id=1,
            start="20180205-09:30:00",
            end="20180205-16:15:00",
            time_zone="US/Eastern",
            sessions=(
                rp.ScheduledSession(
                    start="20180205-09:30:00", end="20180205-16:15:00", day="20180205"
                ),
            ),
        ),
        "historicalSchedule",
        (
            1,
            "20180205-09:30:00",
            "20180205-16:15:00",
            "US/Eastern",
            [HistoricalSession("20180205-09:30:00", "20180205-16:15:00", "20180205")],
        ),
    ),
]


@pytest.mark.parametrize(("reply", "method", "args"), PLAIN)
def test_reply_is_understood(reply: rp.Reply, method: str, args: tuple[Any, ...]) -> None:
    """The client's wrapper hears what the venue said."""
    assert tell(reply) == [(method, args)]


@pytest.mark.parametrize("reply", [rp.PositionEnd(), rp.OpenOrderEnd()])
def test_bare_reply_has_id_and_old_version(reply: rp.Reply) -> None:
    """Nothing else would be noticed by the decoder."""
    assert len(split_frames(ReplyEncoder(176).encode(reply))[0]) == 2


def assert_is_option(contract: Contract, **changes: object) -> None:
    shown = dataclassAsDict(contract)
    expected = SHOWN | changes
    assert {name: shown[name] for name in expected} == expected


def test_position_is_understood() -> None:
    """Account, contract, quantity and cost keep their places."""
    ((name, (account, contract, quantity, cost)),) = tell(
        rp.Position(
            account="SIM1", contract=CONTRACT, quantity=Decimal(-3), average_cost=Decimal("105.5")
        )
    )
    assert (name, account, quantity, cost) == ("position", "SIM1", -3.0, 105.5)
    assert_is_option(contract)


def test_position_of_one_account_is_understood() -> None:
    """The model code stands last on the wire and third in the call."""
    ((name, (request_id, account, model, contract, quantity, cost)),) = tell(
        rp.PositionMulti(
            request_id=4,
            account="SIM1",
            contract=CONTRACT,
            quantity=Decimal(3),
            average_cost=Decimal("105.5"),
            model_code="m",
        )
    )
    assert (name, request_id, account, model) == ("positionMulti", 4, "SIM1", "m")
    assert (quantity, cost) == (3.0, 105.5)
    assert_is_option(contract)


def test_portfolio_line_is_understood() -> None:
    """A portfolio line names the primary exchange instead of the routing one."""
    ((name, (contract, *numbers, account)),) = tell(
        rp.PortfolioValue(
            contract=CONTRACT,
            quantity=Decimal(3),
            market_price=Decimal("1.5"),
            market_value=Decimal(450),
            average_cost=Decimal("105.5"),
            unrealized_pnl=Decimal("133.5"),
            realized_pnl=Decimal(-1),
            account="SIM1",
        )
    )
    assert (name, account) == ("updatePortfolio", "SIM1")
    assert numbers == [3.0, 1.5, 450.0, 105.5, 133.5, -1.0]
    assert_is_option(contract, exchange="", primaryExchange="CBOE")


@pytest.mark.parametrize("version", [157, 163, 164, 176])
def test_contract_details_are_understood(version: int) -> None:
    """The size rules came in two steps and an old multiplier went."""
    details = wc.WireContractDetails(
        contract=CONTRACT,
        min_tick=Decimal("0.01"),
        market_name="VIX",
        expiry_text="20180417 08:30 US/Central",
        order_types="LMT,MKT",
        valid_exchanges="SMART,CBOE",
        price_magnifier=2,
        under_con_id=13455763,
        long_name="Volatilität \n",
        contract_month="201804",
        industry="Indices",
        category="Volatility",
        subcategory="x",
        time_zone_id="US/Central",
        trading_hours="20180205:0830-20180205:1515",
        liquid_hours="20180205:0831-20180205:1515",
        ev_rule="r",
        ev_multiplier=3,
        sec_ids=(wc.TagValue(tag="ISIN", value="I"),),
        agg_group=2,
        under_symbol="VIX",
        under_sec_type="IND",
        market_rule_ids="109,109",
        real_expiration_date="20180418",
        stock_type="s",
        min_size=Decimal(2),
        size_increment=Decimal(3),
        suggested_size_increment=Decimal(4),
    )
    ((name, (request_id, shown)),) = tell(
        rp.ContractDetails(request_id=4, details=details), version
    )
    assert (name, request_id) == ("contractDetails", 4)
    assert_is_option(shown.contract, primaryExchange="CBOE")
    sizes = (shown.minSize, shown.sizeIncrement, shown.suggestedSizeIncrement)
    assert sizes == {157: (0, 0, 0), 163: (0, 0, 4)}.get(version, (2, 3, 4))
    texts = {
        "marketName": "VIX",
        "minTick": 0.01,
        "lastTradeTime": "08:30",
        "orderTypes": "LMT,MKT",
        "validExchanges": "SMART,CBOE",
        "priceMagnifier": 2,
        "underConId": 13455763,
        "longName": "Volatilität \n",
        "contractMonth": "201804",
        "industry": "Indices",
        "category": "Volatility",
        "subcategory": "x",
        "timeZoneId": "US/Central",
        "tradingHours": "20180205:0830-20180205:1515",
        "liquidHours": "20180205:0831-20180205:1515",
        "evRule": "r",
        "evMultiplier": 3,
        "secIdList": [TagValue("ISIN", "I")],
        "aggGroup": 2,
        "underSymbol": "VIX",
        "underSecType": "IND",
        "marketRuleIds": "109,109",
        "realExpirationDate": "20180418",
        "stockType": "s",
    }
    assert {key: getattr(shown, key) for key in texts} == texts


def test_contract_details_fall_back_to_the_date_of_the_contract() -> None:
    """Without an expiry text the contract's own date is told."""
    details = wc.WireContractDetails(contract=CONTRACT, min_tick=Decimal("0.01"))
    ((_, (_, shown)),) = tell(rp.ContractDetails(request_id=4, details=details))
    assert shown.contract.lastTradeDateOrContractMonth == "20180417"
    assert (shown.lastTradeTime, shown.secIdList) == ("", [])


def test_execution_is_understood() -> None:
    """A fill keeps its order, its price and its time."""
    execution = WireExecution(
        exec_id="e.1",
        time="20180205 15:01:02 US/Eastern",
        account="SIM1",
        exchange="CBOE",
        side="BOT",
        shares=Decimal(2),
        price=Decimal("1.05"),
        order_id=4,
        perm_id=99,
        client_id=7,
        cum_qty=Decimal(3),
        avg_price=Decimal("1.04"),
        liquidation=1,
        order_ref="r",
        ev_rule="v",
        ev_multiplier=Decimal("0.5"),
        model_code="m",
        last_liquidity=2,
    )
    ((name, (request_id, contract, shown)),) = tell(
        rp.ExecDetails(contract=CONTRACT, execution=execution)
    )
    assert (name, request_id) == ("execDetails", -1)
    assert_is_option(contract)
    assert dataclassAsDict(shown) == {
        "execId": "e.1",
        "time": datetime(2018, 2, 5, 20, 1, 2, tzinfo=UTC),
        "acctNumber": "SIM1",
        "exchange": "CBOE",
        "side": "BOT",
        "shares": 2.0,
        "price": 1.05,
        "permId": 99,
        "clientId": 7,
        "orderId": 4,
        "liquidation": 1,
        "cumQty": 3.0,
        "avgPrice": 1.04,
        "orderRef": "r",
        "evRule": "v",
        "evMultiplier": 0.5,
        "modelCode": "m",
        "lastLiquidity": 2,
    }


@pytest.mark.parametrize("version", [157, 176])
def test_bars_are_understood(version: int) -> None:
    """Bars come first, then the end with the span."""
    reply = rp.HistoricalData(request_id=4, start="a", end="b", bars=(BAR, BAR))
    assert tell(reply, version) == [
        ("historicalData", (4, SHOWN_BAR)),
        ("historicalData", (4, SHOWN_BAR)),
        ("historicalDataEnd", (4, "a", "b")),
    ]


@pytest.mark.parametrize("version", [175, 176])
def test_symbol_samples_are_understood(version: int) -> None:
    """Description and issuer came with version 176."""
    sample = rp.SymbolSample(
        con_id=3,
        symbol="VIX",
        sec_type="IND",
        primary_exchange="CBOE",
        currency="USD",
        derivative_sec_types=("OPT", "FUT"),
        description="d",
        issuer_id="i",
    )
    ((name, (request_id, shown)),) = tell(
        rp.SymbolSamples(request_id=4, samples=(sample, sample)), version
    )
    assert (name, request_id, len(shown)) == ("symbolSamples", 4, 2)
    last = shown[1]
    assert last.derivativeSecTypes == ["OPT", "FUT"]
    told = (last.contract.conId, last.contract.symbol, last.contract.currency)
    assert told == (3, "VIX", "USD")
    extra = (last.contract.description, last.contract.issuerId)
    assert extra == (("d", "i") if version == 176 else ("", ""))


def test_error_before_reject_reasons() -> None:
    """Version 165 has no structured reject."""
    reply = rp.ErrorMessage(request_id=4, code=201, text="no", advanced_reject_json="{}")
    assert tell(reply, 165) == [("error", (4, 201, "no", ""))]


@pytest.mark.parametrize(
    ("reply", "position"),
    [
        (rp.TickPrice(request_id=1, tick_type=1, price=Decimal(1), size=Decimal("7.9")), 5),
        (rp.TickSize(request_id=1, tick_type=0, size=Decimal("7.9")), 4),
        (rp.HistoricalDataUpdate(request_id=1, bar=BAR), 9),
    ],
)
def test_sizes_are_whole_for_old_clients(reply: rp.Reply, position: int) -> None:
    """A client before version 163 would choke on a fraction."""
    (old,) = split_frames(ReplyEncoder(162).encode(reply))
    (new,) = split_frames(ReplyEncoder(163).encode(reply))
    assert old[position] == str(int(Decimal(new[position])))


def test_executions_grew_in_178() -> None:
    """One flag at the end."""
    execution = WireExecution(
        exec_id="e",
        time="t",
        account="a",
        exchange="x",
        side="BOT",
        shares=Decimal(1),
        price=Decimal(1),
        order_id=1,
        perm_id=1,
        client_id=1,
        cum_qty=Decimal(1),
        avg_price=Decimal(1),
    )
    reply = rp.ExecDetails(contract=CONTRACT, execution=execution)
    (old,) = split_frames(ReplyEncoder(177).encode(reply))
    (new,) = split_frames(ReplyEncoder(178).encode(reply))
    assert new == [*old, "0"]


@pytest.mark.parametrize(
    "reply",
    [
        rp.TickPrice(request_id=1, tick_type=1, price=Decimal("NaN")),
        rp.TickSize(request_id=1, tick_type=0, size=Decimal("Infinity")),
        rp.TickGeneric(request_id=1, tick_type=49, value=float("nan")),
        rp.TickOptionComputation(request_id=1, tick_type=13, delta=float("inf")),
        rp.TickString(request_id=1, tick_type=45, value="a\0b"),
        rp.PnL(request_id=1, daily=float("nan"), unrealized=None, realized=None),
        rp.ErrorMessage(code=1, text="a\0b"),
        rp.ManagedAccounts(accounts=("a\0b",)),
    ],
)
def test_what_cannot_be_said_is_refused(reply: rp.Reply) -> None:
    """Neither a number that is none nor a text that breaks the fields leaves the server."""
    with pytest.raises(SendError):
        ReplyEncoder(176).encode(reply)


def test_stranger_is_not_sent() -> None:
    """A thing that is not a reply is our own mistake."""
    with pytest.raises(SendError, match="WireContract is not a reply"):
        ReplyEncoder(176).encode(CONTRACT)  # type: ignore[arg-type]


def test_small_numbers_are_spelled_in_digits() -> None:
    """No exponent: some readers take it for text."""
    reply = rp.TickSize(request_id=1, tick_type=0, size=Decimal("1E-7"))
    assert split_frames(ReplyEncoder(176).encode(reply))[0][-1] == "0.0000001"


def test_many_replies_are_one_piece() -> None:
    """The shell writes once per batch."""
    encoder = ReplyEncoder(176)
    replies = [reply for reply, _, _ in PLAIN]
    joined = encoder.encode_all(replies)
    assert joined == b"".join(encoder.encode(reply) for reply in replies)
    assert len(split_frames(joined)) == len(replies)


def test_every_reply_has_fields_for_every_version() -> None:
    """The first field is the message id, never versioned; only the three of 99 share theirs."""
    heads = Counter(table[0].spell(None) for table in REPLIES.values())
    assert {head: times for head, times in heads.items() if times > 1} == {"99": 3}
    assert all(
        table[0].span.covers(version) for table in REPLIES.values() for version in (157, 178)
    )
