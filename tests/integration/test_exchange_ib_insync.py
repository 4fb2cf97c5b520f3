"""The real client library, whichever is installed, trades on the exchange over a real socket."""

import asyncio
import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.instruments import ConId
from bot.exchange.assembly import Exchange
from bot.exchange.server import ExchangeServer, PortUnavailableError, open_server
from tests.support.client_library import api
from tests.support.ib_client import connected, quoted, until, vix_call

ACCOUNT = "SIM0000001"


pytestmark = pytest.mark.usefixtures("everything_is_decoded")


def limit(side: str, quantity: int, price: float, ref: str = "intent-1") -> api.LimitOrder:
    return api.LimitOrder(side, quantity, price, tif="DAY", account=ACCOUNT, orderRef=ref)


async def test_start_up_tells_account_positions_and_values(ib: api.IB, exchange: Exchange) -> None:
    assert ib.wrapper.accounts == [ACCOUNT]
    held = {p.contract.conId: p.position for p in ib.positions()}
    assert held == {h.con_id: h.quantity for h in exchange.books.positions()}
    values = {v.tag: v.value for v in ib.accountValues() if v.currency == "USD"}
    assert Decimal(values["TotalCashValue"]) == exchange.books.cash_usd
    assert Decimal(values["NetLiquidation"]) == (
        exchange.venue.account.figures().total.net_liquidation_usd
    )
    assert len(ib.portfolio()) == len(held)


async def test_the_time_told_is_the_exchanges(ib: api.IB, server: ExchangeServer) -> None:
    assert await ib.reqCurrentTimeAsync() == datetime(2018, 1, 16, 14, 34, tzinfo=UTC)
    await server.advance(server.now + timedelta(minutes=5))
    assert await ib.reqCurrentTimeAsync() == datetime(2018, 1, 16, 14, 39, tzinfo=UTC)


async def test_details_chain_and_rule_of_vix_options(ib: api.IB) -> None:
    (details,) = await ib.reqContractDetailsAsync(await vix_call(ib, 15))
    assert details.contract is not None
    assert details.contract.localSymbol == "VIX   180214C00015000"
    assert details.realExpirationDate == "20180214"
    assert details.validExchanges == "SMART,CBOE,IBUSOPT"
    rule = await ib.reqMarketRuleAsync(int(details.marketRuleIds.split(",")[0]))
    assert rule is not None
    assert [(step.lowEdge, step.increment) for step in rule] == [(0.0, 0.01), (3.0, 0.05)]
    chains = await ib.reqSecDefOptParamsAsync("VIX", "", "IND", 13455763)
    (chain,) = [c for c in chains if (c.exchange, c.tradingClass) == ("SMART", "VIX")]
    assert "20180213" in chain.expirations
    assert 15.0 in chain.strikes


async def test_unknown_contract_is_answered(ib: api.IB) -> None:
    assert await ib.reqContractDetailsAsync(api.Stock("AAPL", "SMART", "USD")) == []


async def test_ticks_follow_each_step(ib: api.IB, server: ExchangeServer) -> None:
    ticker = await quoted(ib, await vix_call(ib, 12))
    (index,) = await ib.qualifyContractsAsync(api.Index("VIX", "CBOE"))
    vix = ib.reqMktData(index)
    await until(lambda: vix.last > 0)
    assert ticker.marketDataType == 1
    assert ticker.modelGreeks is not None
    assert 0 < (ticker.modelGreeks.delta or 0) < 1
    before = (ticker.bidSize, ticker.askSize)
    await server.advance(server.now + timedelta(minutes=1))
    await ib.reqCurrentTimeAsync()
    assert (ticker.bidSize, ticker.askSize) != before


async def test_daily_history_ends_now(ib: api.IB) -> None:
    bars = await ib.reqHistoricalDataAsync(
        api.Index("SPX", "CBOE"), "", "30 D", "1 day", "TRADES", useRTH=True
    )
    assert len(bars) == 30
    assert str(bars[-1].date) == "2018-01-16"
    assert [str(bar.date) for bar in bars] == sorted(str(bar.date) for bar in bars)


async def test_an_order_at_the_ask_fills(ib: api.IB, exchange: Exchange) -> None:
    contract = await vix_call(ib, 12)
    ticker = await quoted(ib, contract)
    quantity = min(5, int(ticker.askSize))
    trade = ib.placeOrder(contract, limit("BUY", quantity, ticker.ask))
    await until(lambda: trade.isDone() and bool(trade.fills[0].commissionReport.execId))
    (fill,) = trade.fills
    assert trade.orderStatus.status == "Filled"
    assert (fill.execution.price, fill.execution.shares) == (ticker.ask, quantity)
    assert fill.execution.orderRef == "intent-1"
    assert fill.execution.execId.endswith(".01")
    assert fill.commissionReport.commission == max(1.0, quantity * 0.65)
    await until(lambda: any(p.contract.conId == contract.conId for p in ib.positions()))
    assert exchange.books.quantity(ConId(contract.conId)) == quantity


async def test_an_order_at_the_bid_rests_moves_and_is_cancelled(ib: api.IB) -> None:
    contract = await vix_call(ib, 12)
    ticker = await quoted(ib, contract)
    order = limit("BUY", 2, ticker.bid)
    trade = ib.placeOrder(contract, order)
    await until(lambda: trade.orderStatus.status == "Submitted")
    assert trade.orderStatus.permId > 0
    order.lmtPrice = round(ticker.bid - 0.01, 2)
    ib.placeOrder(contract, order)
    await ib.reqCurrentTimeAsync()
    (held,) = await ib.reqOpenOrdersAsync()
    assert held.order.lmtPrice == order.lmtPrice
    ib.cancelOrder(order)
    await until(trade.isDone)
    assert trade.orderStatus.status == "Cancelled"
    (done,) = await ib.reqCompletedOrdersAsync(apiOnly=False)
    assert (done.orderStatus.status, done.order.orderRef) == ("Cancelled", "intent-1")


async def test_selling_a_call_short_is_refused(ib: api.IB, exchange: Exchange) -> None:
    contract = await vix_call(ib, 12)
    ticker = await quoted(ib, contract)
    errors: list[int] = []
    ib.errorEvent += lambda _id, code, *_: errors.append(code)
    trade = ib.placeOrder(contract, limit("SELL", 1, ticker.bid))
    await until(trade.isDone)
    assert 201 in errors
    assert exchange.books.quantity(ConId(contract.conId)) == 0


async def test_the_same_client_finds_its_orders_again(server: ExchangeServer) -> None:
    async with connected(server.port, 3) as ib:
        contract = await vix_call(ib, 12)
        ticker = await quoted(ib, contract)
        resting = ib.placeOrder(contract, limit("BUY", 1, ticker.bid, "rests"))
        filled = ib.placeOrder(contract, limit("BUY", 1, ticker.ask, "fills"))
        await until(lambda: filled.isDone() and resting.orderStatus.status == "Submitted")
    async with connected(server.port, 3) as ib:
        (trade,) = ib.openTrades()
        assert (trade.order.orderRef, trade.order.permId) == ("rests", resting.order.permId)
        (fill,) = ib.fills()
        assert (fill.execution.orderRef, fill.contract.conId) == ("fills", contract.conId)
        assert fill.commissionReport.commission == 1.0
        ib.cancelOrder(trade.order)
        await until(trade.isDone)
        assert ib.client.getReqId() > filled.order.orderId


async def test_a_client_id_in_use_is_refused(server: ExchangeServer, ib: api.IB) -> None:
    other = api.IB()
    errors: list[int] = []
    other.errorEvent += lambda _id, code, *_: errors.append(code)
    with pytest.raises((TimeoutError, ConnectionError)):
        await other.connectAsync("127.0.0.1", server.port, clientId=1, timeout=0.5)
    other.disconnect()
    assert 326 in errors
    await ib.reqCurrentTimeAsync()


async def test_the_hundred_and_first_line_is_refused(ib: api.IB) -> None:
    details = await ib.reqContractDetailsAsync(
        api.Option("VIX", "", 0.0, "C", "SMART", tradingClass="VIX")
    )
    errors: list[int] = []
    ib.errorEvent += lambda _id, code, *_: errors.append(code)
    for each in details[:101]:
        assert each.contract is not None
        ib.reqMktData(each.contract)
    await ib.reqCurrentTimeAsync()
    assert errors == [101]


async def test_the_right_to_a_pnl_and_summary(ib: api.IB, exchange: Exchange) -> None:
    pnl = ib.reqPnL(ACCOUNT)
    await until(lambda: not math.isnan(pnl.unrealizedPnL))
    assert pnl.dailyPnL == 0.0
    summary = {v.tag: v.value for v in await ib.accountSummaryAsync(ACCOUNT)}
    assert Decimal(summary["TotalCashValue"]) == exchange.books.cash_usd


async def test_a_garbled_client_is_dropped_alone(server: ExchangeServer, ib: api.IB) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()
    await ib.reqCurrentTimeAsync()
    assert server.client_count == 1


async def test_a_busy_port_is_a_typed_error(server: ExchangeServer, exchange: Exchange) -> None:
    with pytest.raises(PortUnavailableError, match=str(server.port)):
        async with open_server(exchange.venue, exchange.store, port=server.port):
            pass


async def test_books_balance_after_a_day_of_trading(
    ib: api.IB, server: ExchangeServer, exchange: Exchange
) -> None:
    books = exchange.books
    before = books.cash_usd + books.cost_of_positions_usd() - books.realized_usd
    contract = await vix_call(ib, 12)
    ticker = await quoted(ib, contract)
    bought = ib.placeOrder(contract, limit("BUY", 3, round(ticker.ask + 0.05, 2), "buy"))
    await until(bought.isDone)
    await server.advance(server.now + timedelta(hours=2))
    await ib.reqCurrentTimeAsync()
    sold = ib.placeOrder(contract, limit("SELL", 2, round(ticker.bid - 0.05, 2), "sell"))
    await until(sold.isDone)
    assert books.cash_usd + books.cost_of_positions_usd() - books.realized_usd == before
    (portfolio,) = [p for p in ib.portfolio() if p.contract.conId == contract.conId]
    assert portfolio.position == 1
    assert Decimal(str(portfolio.realizedPNL)) == books.realized_usd
