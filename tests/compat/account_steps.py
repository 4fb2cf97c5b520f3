"""Steps 24 to 28: what the account has, is worth, and would need."""

import math
from decimal import Decimal

from tests.compat.session import ACCOUNT, Session
from tests.compat.step import Steps
from tests.support.client_library import api

steps = Steps()

VALUES = ("NetLiquidation", "TotalCashValue", "AvailableFunds", "BuyingPower", "MaintMarginReq")


@steps(24, "account values")
async def account_values(session: Session) -> None:
    told = {v.tag: v for v in session.ib.accountValues(ACCOUNT) if v.currency == "USD"}
    assert set(VALUES) <= set(told)
    assert all(math.isfinite(float(told[tag].value)) for tag in VALUES)
    flags = {v.tag: v.value for v in session.ib.accountValues(ACCOUNT)}
    assert flags["AccountReady"] == "true"
    assert flags["AccountCode"] == ACCOUNT


@steps(25, "the account's summary")
async def account_summary(session: Session) -> None:
    summary = {v.tag: v for v in await session.ib.accountSummaryAsync(ACCOUNT)}
    assert set(VALUES) <= set(summary)
    told = {v.tag: v.value for v in session.ib.accountValues(ACCOUNT) if v.currency == "USD"}
    assert Decimal(summary["TotalCashValue"].value) == Decimal(told["TotalCashValue"])


@steps(26, "portfolio and positions")
async def portfolio_and_positions(session: Session) -> None:
    positions = {p.contract.conId: p.position for p in await session.ib.reqPositionsAsync()}
    portfolio = {item.contract.conId: item for item in session.ib.portfolio()}
    assert len(positions) == 8
    assert {con_id: item.position for con_id, item in portfolio.items()} == positions
    for item in portfolio.values():
        value = item.position * item.marketPrice * int(item.contract.multiplier)
        assert math.isclose(value, item.marketValue, abs_tol=1.0)


@steps(27, "profit and loss, of the account and of one position")
async def profit_and_loss(session: Session) -> None:
    total = session.ib.reqPnL(ACCOUNT)
    held = session.ib.portfolio()[0]
    single = session.ib.reqPnLSingle(ACCOUNT, "", held.contract.conId)
    await session.until(
        lambda: not math.isnan(total.unrealizedPnL) and not math.isnan(single.value),
        step_seconds=1,
    )
    assert math.isfinite(total.dailyPnL)
    assert single.position == held.position
    before = (total.dailyPnL, single.dailyPnL)
    await session.until(lambda: before != (total.dailyPnL, single.dailyPnL), step_seconds=15)
    session.ib.cancelPnLSingle(ACCOUNT, "", held.contract.conId)
    session.ib.cancelPnL(ACCOUNT)


@steps(28, "what an order would do to the margin")
async def what_if(session: Session) -> None:
    contract = session.contracts["call 20"]
    ticker = await session.quote(contract)
    order = api.LimitOrder("BUY", 10, ticker.ask, tif="DAY", account=ACCOUNT)
    state = await session.ib.whatIfOrderAsync(contract, order)
    assert isinstance(state, api.OrderState)
    before, after = float(state.equityWithLoanBefore), float(state.equityWithLoanAfter)
    premium = 10 * 100 * ticker.ask
    assert before - after == float(f"{before - after:.2f}") > 0.9 * premium
    assert float(state.initMarginAfter) >= 0
    assert 0 < state.commission < 50
    assert all(trade.order.orderId != order.orderId for trade in session.ib.openTrades())
