"""Steps 29 to 38: orders and what becomes of them."""

import math

from tests.compat.session import ACCOUNT, CLIENT_ID, Session
from tests.compat.step import Steps
from tests.support.client_library import api

steps = Steps()

CANCELLED = 202
"""Said when an order ends without a fill: its user, its group or its parent wanted so."""


def limit(side: str, quantity: float, price: float, ref: str, **fields: object) -> api.Order:
    """Return a limit order for the day."""
    order = api.LimitOrder(side, quantity, round(price, 2), tif="DAY", account=ACCOUNT)
    order.orderRef = ref
    for name, value in fields.items():
        setattr(order, name, value)
    return order


async def filled(session: Session, trade: api.Trade) -> None:
    """Wait until an order is filled and each of its fills has its commission."""
    await session.until(
        lambda: (
            trade.orderStatus.status == "Filled"
            and trade.fills
            and all(fill.commissionReport.execId for fill in trade.fills)
        )
    )


async def status(session: Session, trade: api.Trade, *wanted: str) -> None:
    """Wait for a status."""
    await session.until(lambda: trade.orderStatus.status in wanted)


def held(session: Session, contract: api.Contract) -> float:
    """Return the position in a contract."""
    return sum(p.position for p in session.ib.positions() if p.contract.conId == contract.conId)


@steps(29, "a limit at the bid rests")
async def limit_rests(session: Session) -> None:
    contract = session.contracts["call 20"]
    ticker = await session.quote(contract)
    trade = session.ib.placeOrder(contract, limit("BUY", 2, ticker.bid, "rests"))
    await status(session, trade, "Submitted")
    assert trade.orderStatus.permId > 0
    assert (trade.orderStatus.filled, trade.orderStatus.remaining) == (0, 2)
    session.trades["rests"] = trade


@steps(30, "it is modified, and cancelled", CANCELLED)
async def modify_and_cancel(session: Session) -> None:
    trade = session.trades["rests"]
    order = trade.order
    number, price = order.orderId, round(order.lmtPrice - 0.1, 2)
    order.lmtPrice = price
    session.ib.placeOrder(trade.contract, order)
    await session.flush()
    (open_trade,) = await session.ib.reqOpenOrdersAsync()
    assert (open_trade.order.orderId, open_trade.order.lmtPrice) == (number, price)
    session.ib.cancelOrder(order)
    await status(session, trade, "Cancelled")
    await session.flush()
    assert CANCELLED in session.codes(order)
    assert await session.ib.reqOpenOrdersAsync() == []


@steps(31, "a limit at the ask fills")
async def limit_fills(session: Session) -> None:
    contract = session.contracts["call 20"]
    ticker = await session.quote(contract)
    trade = session.ib.placeOrder(contract, limit("BUY", 2, ticker.ask, "fills"))
    await filled(session, trade)
    assert trade.orderStatus.avgFillPrice <= trade.order.lmtPrice
    assert sum(fill.execution.shares for fill in trade.fills) == 2
    assert all(fill.execution.orderRef == "fills" for fill in trade.fills)
    assert all(fill.commissionReport.commission > 0 for fill in trade.fills)
    await session.until(lambda: held(session, contract) == 2)
    session.trades["fills"] = trade


@steps(32, "a market order fills")
async def market_order(session: Session) -> None:
    spy = session.contracts["SPY"]
    ticker = await session.quote(spy)
    order = api.MarketOrder("BUY", 10, tif="DAY", account=ACCOUNT)
    trade = session.ib.placeOrder(spy, order)
    await filled(session, trade)
    assert math.isclose(trade.orderStatus.avgFillPrice, ticker.ask, rel_tol=0.001)
    await session.until(lambda: held(session, spy) == 10)


@steps(33, "a stop-limit order waits, and another is set off", CANCELLED)
async def stop_limit(session: Session) -> None:
    spy = session.contracts["SPY"]
    ticker = await session.quote(spy)

    def stop(price: float, limit_price: float) -> api.Order:
        return api.StopLimitOrder(
            "SELL", 5, round(limit_price, 2), round(price, 2), tif="DAY", account=ACCOUNT
        )

    far = session.ib.placeOrder(spy, stop(ticker.bid * 0.8, ticker.bid * 0.79))
    near = session.ib.placeOrder(spy, stop(ticker.bid * 1.01, ticker.bid * 0.98))
    await session.until(lambda: near.orderStatus.status == "Filled", step_seconds=5)
    assert far.orderStatus.status == "PreSubmitted"
    session.ib.cancelOrder(far.order)
    await status(session, far, "Cancelled")
    assert held(session, spy) == 5


@steps(34, "a bracket: the parent fills, its children live and end with one another", CANCELLED)
async def bracket(session: Session) -> None:
    spy = session.contracts["SPY"]
    ticker = await session.quote(spy)
    orders = session.ib.bracketOrder(
        "BUY",
        5,
        round(ticker.ask + 0.05, 2),
        round(ticker.ask * 1.2, 2),
        round(ticker.bid * 0.8, 2),
        tif="DAY",
        account=ACCOUNT,
    )
    parent, profit, loss = [session.ib.placeOrder(spy, order) for order in orders]
    await filled(session, parent)
    await status(session, profit, "Submitted")
    await status(session, loss, "PreSubmitted", "Submitted")
    profit.order.lmtPrice = round(ticker.bid - 0.5, 2)
    session.ib.placeOrder(spy, profit.order)
    await filled(session, profit)
    await status(session, loss, "Cancelled")
    assert held(session, spy) == 5


@steps(35, "one cancels all", CANCELLED)
async def one_cancels_all(session: Session) -> None:
    contract = session.contracts["call 25"]
    ticker = await session.quote(contract)
    orders = [
        limit("BUY", 1, ticker.bid - 0.1, "oca rests"),
        limit("BUY", 1, ticker.ask + 0.05, "oca fills"),
    ]
    session.ib.oneCancelsAll(orders, "group 1", 1)
    rests, fills = [session.ib.placeOrder(contract, order) for order in orders]
    await filled(session, fills)
    await status(session, rests, "Cancelled")
    assert CANCELLED in session.codes(rests.order)


@steps(36, "a combination fills with its legs")
async def combination(session: Session) -> None:
    long, short = session.contracts["call 18"], session.contracts["call 25"]
    before = held(session, long), held(session, short)
    bag = api.Bag(symbol="VIX", exchange="SMART", currency="USD")
    bag.comboLegs = [
        api.ComboLeg(conId=long.conId, ratio=1, action="BUY", exchange="SMART"),
        api.ComboLeg(conId=short.conId, ratio=1, action="SELL", exchange="SMART"),
    ]
    bought, sold = await session.quote(long), await session.quote(short)
    price = bought.ask - sold.bid + 0.1
    trade = session.ib.placeOrder(bag, limit("BUY", 1, price, "spread"))
    await session.until(
        lambda: (
            trade.orderStatus.status == "Filled"
            and {fill.contract.secType for fill in trade.fills} == {"BAG", "OPT"}
        ),
        step_seconds=1,
    )
    legs = {f.contract.conId: f.execution for f in trade.fills if f.contract.secType == "OPT"}
    assert (legs[long.conId].side, legs[short.conId].side) == ("BOT", "SLD")
    assert 0 < legs[long.conId].price - legs[short.conId].price <= price + 1e-9
    await session.until(
        lambda: (held(session, long), held(session, short)) == (before[0] + 1, before[1] - 1)
    )


@steps(37, "executions and their commissions are told again")
async def executions(session: Session) -> None:
    wanted = api.ExecutionFilter(clientId=CLIENT_ID, symbol="VIX", secType="OPT", side="BUY")
    fills = await session.ib.reqExecutionsAsync(wanted)
    await session.flush()
    assert {fill.execution.clientId for fill in fills} == {CLIENT_ID}
    assert {fill.execution.side for fill in fills} == {"BOT"}
    assert "fills" in {fill.execution.orderRef for fill in fills}
    numbers = [fill.execution.execId for fill in session.ib.fills()]
    assert len(numbers) == len(set(numbers))
    assert all(fill.commissionReport.execId for fill in session.ib.fills() if _is_charged(fill))


def _is_charged(fill: api.Fill) -> bool:
    """Tell whether a fill has a commission of its own: a combination's legs have."""
    return fill.contract.secType != "BAG"


@steps(38, "open and completed orders, and all cancelled at once", CANCELLED)
async def open_and_completed(session: Session) -> None:
    contract = session.contracts["call 20"]
    ticker = await session.quote(contract)
    resting = [
        session.ib.placeOrder(contract, limit("BUY", 1, ticker.bid - cut, "swept"))
        for cut in (0.2, 0.3)
    ]
    for trade in resting:
        await status(session, trade, "Submitted")
    open_trades = await session.ib.reqAllOpenOrdersAsync()
    assert {trade.order.permId for trade in open_trades} == {t.order.permId for t in resting}
    session.ib.reqGlobalCancel()
    for trade in resting:
        await status(session, trade, "Cancelled")
    assert await session.ib.reqAllOpenOrdersAsync() == []
    done = await session.ib.reqCompletedOrdersAsync(apiOnly=False)
    told = {(trade.order.orderRef, trade.orderStatus.status) for trade in done}
    assert {("fills", "Filled"), ("rests", "Cancelled"), ("swept", "Cancelled")} <= told
