"""Orders of every kind, sent by the real client library over a real socket."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.instruments import ConId
from bot.exchange.assembly import Exchange
from bot.exchange.server import ExchangeServer
from tests.support.client_library import api
from tests.support.ib_client import quoted, until, vix_call

VX = {
    "symbol": "VIX",
    "lastTradeDateOrContractMonth": "20180214",
    "exchange": "CFE",
    "currency": "USD",
    "tradingClass": "VX",
}


pytestmark = pytest.mark.usefixtures("everything_is_decoded")


async def spread(ib: api.IB) -> tuple[api.Contract, api.Contract, api.Bag]:
    """Return the 12 and 15 calls, and the spread that buys the first and sells the second."""
    near, far = await vix_call(ib, 12), await vix_call(ib, 15)
    legs = [
        api.ComboLeg(conId=near.conId, ratio=1, action="BUY", exchange="SMART"),
        api.ComboLeg(conId=far.conId, ratio=1, action="SELL", exchange="SMART"),
    ]
    return near, far, api.Bag(symbol="VIX", exchange="SMART", currency="USD", comboLegs=legs)


def errors_of(ib: api.IB) -> list[int]:
    """Return the list that error codes are put in as they come."""
    found: list[int] = []
    ib.errorEvent += lambda _id, code, *_: found.append(code)
    return found


async def test_at_the_ask_a_call_fills_and_at_the_bid_it_rests(ib: api.IB) -> None:
    call = await vix_call(ib, 15)
    ticker = await quoted(ib, call)
    filled = ib.placeOrder(call, api.LimitOrder("BUY", 1, ticker.ask, tif="DAY"))
    resting = ib.placeOrder(call, api.LimitOrder("BUY", 1, ticker.bid, tif="DAY"))
    await until(lambda: filled.isDone() and resting.orderStatus.status == "Submitted")
    assert [fill.execution.price for fill in filled.fills] == [ticker.ask]
    assert resting.fills == []


async def test_a_market_order_fills_at_the_ask(ib: api.IB) -> None:
    call = await vix_call(ib, 12)
    ticker = await quoted(ib, call)
    trade = ib.placeOrder(call, api.MarketOrder("BUY", 1, tif="DAY"))
    await until(trade.isDone)
    assert trade.orderStatus.avgFillPrice == ticker.ask


async def test_a_stop_sleeps_and_tells_why(ib: api.IB) -> None:
    call = await vix_call(ib, 12)
    trade = ib.placeOrder(call, api.StopOrder("BUY", 1, 9.0, tif="DAY"))
    await until(lambda: trade.orderStatus.status == "PreSubmitted")
    assert trade.orderStatus.whyHeld == "trigger"
    (held,) = await ib.reqAllOpenOrdersAsync()
    assert (held.order.orderType, held.order.auxPrice) == ("STP", trade.order.auxPrice)


async def test_a_bracket_is_sent_as_one_and_its_exits_exclude_each_other(
    ib: api.IB, server: ExchangeServer, exchange: Exchange
) -> None:
    call = await vix_call(ib, 12)
    ticker = await quoted(ib, call)
    orders = ib.bracketOrder("BUY", 2, ticker.ask, 9.0, 0.05, tif="DAY")
    parent, take, stop = (ib.placeOrder(call, each) for each in orders)
    await until(lambda: parent.isDone() and take.orderStatus.status == "Submitted")
    await until(lambda: stop.orderStatus.status == "PreSubmitted")
    assert stop.orderStatus.parentId == parent.order.orderId
    take.order.lmtPrice = ticker.bid
    ib.placeOrder(call, take.order)
    await until(lambda: take.isDone() and stop.isDone())
    assert (take.orderStatus.status, stop.orderStatus.status) == ("Filled", "Cancelled")
    assert exchange.books.quantity(ConId(call.conId)) == 0
    await server.advance(server.now + timedelta(minutes=1))


async def test_cancelling_the_parent_ends_the_bracket(ib: api.IB) -> None:
    call = await vix_call(ib, 12)
    ticker = await quoted(ib, call)
    orders = ib.bracketOrder("BUY", 2, ticker.bid, 9.0, 0.05, tif="DAY")
    trades = [ib.placeOrder(call, each) for each in orders]
    await until(lambda: trades[0].orderStatus.status == "Submitted")
    ib.cancelOrder(trades[0].order)
    await until(lambda: all(trade.isDone() for trade in trades))
    assert {trade.orderStatus.status for trade in trades} == {"Cancelled"}


async def test_one_of_a_group_ends_the_others(ib: api.IB) -> None:
    call = await vix_call(ib, 12)
    ticker = await quoted(ib, call)
    prices = (ticker.bid, ticker.ask)
    orders: list[api.Order] = [api.LimitOrder("BUY", 1, price, tif="DAY") for price in prices]
    ib.oneCancelsAll(orders, "either", 1)
    first, second = (ib.placeOrder(call, each) for each in orders)
    await until(lambda: first.isDone() and second.isDone())
    assert (first.orderStatus.status, second.orderStatus.status) == ("Cancelled", "Filled")


async def test_a_combination_fills_in_its_legs(ib: api.IB, exchange: Exchange) -> None:
    near, far, bag = await spread(ib)
    first, second = await quoted(ib, near), await quoted(ib, far)
    net = round(first.ask - second.bid, 2)
    trade = ib.placeOrder(bag, api.LimitOrder("BUY", 2, net, tif="DAY", orderRef="spread"))
    await until(lambda: trade.isDone() and len(trade.fills) == 3)
    whole, *legs = trade.fills
    assert whole.contract.secType == "BAG"
    assert whole.execution.price == pytest.approx(net)
    assert [leg.execution.price for leg in legs] == [first.ask, second.bid]
    assert {fill.execution.orderRef for fill in trade.fills} == {"spread"}
    await until(lambda: all(leg.commissionReport.commission == 1.3 for leg in legs))
    books = exchange.books
    assert (books.quantity(ConId(near.conId)), books.quantity(ConId(far.conId))) == (2, -2)
    await until(lambda: len([p for p in ib.positions() if p.contract.symbol == "VIX"]) == 2)
    found = await ib.reqExecutionsAsync(api.ExecutionFilter(secType="BAG"))
    assert [fill.execution.execId for fill in found] == [whole.execution.execId]
    (done,) = await ib.reqCompletedOrdersAsync(apiOnly=True)
    assert [leg.conId for leg in done.contract.comboLegs] == [near.conId, far.conId]


async def test_a_what_if_tells_margin_and_commission(ib: api.IB, exchange: Exchange) -> None:
    call = await vix_call(ib, 12)
    ticker = await quoted(ib, call)
    order = api.LimitOrder("BUY", 2, ticker.ask, tif="DAY")
    state = await ib.whatIfOrderAsync(call, order)
    assert state.commission == 1.3
    change = Decimal(state.equityWithLoanChange)
    assert change == -(Decimal(str(ticker.ask)) * 200 + Decimal("1.30"))
    assert exchange.books.orders == {}


async def test_a_future_is_traded(ib: api.IB, exchange: Exchange) -> None:
    (future,) = await ib.qualifyContractsAsync(api.Future(**VX))
    ticker = await quoted(ib, future)
    trade = ib.placeOrder(future, api.LimitOrder("BUY", 1, ticker.ask, tif="DAY"))
    await until(lambda: trade.isDone() and bool(trade.fills[0].commissionReport.execId))
    assert trade.fills[0].commissionReport.commission == 0.85
    assert exchange.books.quantity(ConId(future.conId)) == 1


async def test_an_adaptive_order_walks_to_the_ask(ib: api.IB, server: ExchangeServer) -> None:
    call = await vix_call(ib, 12)
    ticker = await quoted(ib, call)
    order = api.LimitOrder("BUY", 1, round(ticker.ask + 2, 2), tif="DAY")
    order.algoStrategy = "Adaptive"
    order.algoParams = [api.TagValue("adaptivePriority", "Urgent")]
    trade = ib.placeOrder(call, order)
    await until(lambda: trade.orderStatus.status == "Submitted")
    assert trade.fills == []
    await server.advance(server.now + timedelta(seconds=30))
    await until(trade.isDone)
    assert trade.orderStatus.status == "Filled"


async def test_an_immediate_order_that_meets_nobody_is_cancelled(ib: api.IB) -> None:
    call = await vix_call(ib, 12)
    ticker = await quoted(ib, call)
    errors = errors_of(ib)
    trade = ib.placeOrder(call, api.LimitOrder("BUY", 1, ticker.bid, tif="IOC"))
    await until(trade.isDone)
    assert (trade.orderStatus.status, errors) == ("Cancelled", [202])


async def test_a_refused_change_leaves_the_order_alive(ib: api.IB) -> None:
    call = await vix_call(ib, 12)
    ticker = await quoted(ib, call)
    errors = errors_of(ib)
    order = api.LimitOrder("BUY", 1, ticker.bid, tif="DAY")
    trade = ib.placeOrder(call, order)
    await until(lambda: trade.orderStatus.status == "Submitted")
    order.lmtPrice = ticker.bid + 0.001
    ib.placeOrder(call, order)
    await until(lambda: 110 in errors)
    (held,) = await ib.reqAllOpenOrdersAsync()
    assert held.order.lmtPrice == pytest.approx(ticker.bid)


async def test_an_empty_time_in_force_is_answered_and_the_order_lives(
    ib: api.IB, exchange: Exchange
) -> None:
    """The library takes 10349 for the end of the order; the exchange does not (domain.md 4)."""
    call = await vix_call(ib, 12)
    ticker = await quoted(ib, call)
    errors = errors_of(ib)
    ib.placeOrder(call, api.LimitOrder("BUY", 1, ticker.bid, orderRef="preset"))
    await until(lambda: 10349 in errors)
    (held,) = exchange.books.open_orders()
    assert (held.order_ref, held.tif, held.status) == ("preset", "DAY", "Submitted")


async def test_global_cancel_ends_everything(ib: api.IB, exchange: Exchange) -> None:
    call = await vix_call(ib, 12)
    ticker = await quoted(ib, call)
    trades = [
        ib.placeOrder(call, api.LimitOrder("BUY", 1, ticker.bid, tif=tif)) for tif in ("DAY", "GTC")
    ]
    await until(lambda: all(trade.orderStatus.status == "Submitted" for trade in trades))
    ib.reqGlobalCancel()
    await until(lambda: all(trade.isDone() for trade in trades))
    assert exchange.books.open_orders() == []
