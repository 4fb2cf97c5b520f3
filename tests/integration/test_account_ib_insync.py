"""The real client library reads the account over a socket: values, portfolio, profit, expiry."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.exchange.assembly import Exchange, ExchangePlan, open_exchange
from bot.exchange.server import ExchangeServer
from bot.exchange.store import MemoryStore
from tests.support.client_library import api
from tests.support.ib_client import connected, until, vix_call
from tests.support.session_tables import index_option_sessions
from tests.support.venue_rig import at

ACCOUNT = "DU1234567"
FIGURES = ("NetLiquidation", "AvailableFunds", "ExcessLiquidity", "InitMarginReq", "AccruedCash")


pytestmark = pytest.mark.usefixtures("everything_is_decoded")


@pytest.fixture(autouse=True)
def _nothing_failed(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    failed = [r.getMessage() for r in caplog.records if r.getMessage().startswith("Error ")]
    assert failed == []


@pytest.fixture
def exchange() -> Exchange:
    plan = ExchangePlan(account=ACCOUNT, start=at("2018-02-13T15:30"), interest=True)
    return open_exchange(plan, index_option_sessions, MemoryStore())


def texts(rows: list[api.AccountValue]) -> dict[tuple[str, str], str]:
    return {(row.tag, row.currency): row.value for row in rows}


async def bought(ib: api.IB, contract: api.Contract, quantity: int) -> None:
    """Buy at whatever is asked."""
    ticker = ib.reqMktData(contract)
    await until(lambda: ticker.ask > 0)
    order = api.LimitOrder("BUY", quantity, ticker.ask, tif="DAY", account=ACCOUNT)
    trade = ib.placeOrder(contract, order)
    await until(trade.isDone)
    assert trade.filled() == quantity


async def test_summary_and_values_agree_with_the_exchange(ib: api.IB, exchange: Exchange) -> None:
    """The library's own summary asks for every documented tag, and each has its row."""
    summary = texts(await ib.accountSummaryAsync())
    values = texts(ib.accountValues())
    total = exchange.venue.account.figures().total
    assert Decimal(summary["NetLiquidation", "USD"]) == total.net_liquidation_usd
    assert Decimal(summary["AvailableFunds", "USD"]) == total.available_usd
    for tag in FIGURES:
        assert summary[tag, "USD"] == values[tag, "USD"]
    for tag in ("AccountType", "Cushion", "DayTradesRemainingT+4", "HighestSeverity", "Leverage"):
        assert summary[tag, ""]
    for tag in ("SMA", "RegTEquity", "RegTMargin", "PreviousDayEquityWithLoanValue", "SettledCash"):
        assert (tag, "USD") in summary
    for currency in ("BASE", "USD"):
        assert Decimal(summary["CashBalance", currency]) == exchange.books.cash_usd
    for tag in ("NetLiquidation-S", "NetLiquidation-C", "InitMarginReq-S", "ExcessLiquidity-C"):
        assert (tag, "USD") in values


async def test_values_under_a_request_id_reach_the_library(ib: api.IB) -> None:
    before = texts(ib.accountValues())
    await ib.reqAccountUpdatesMultiAsync(ACCOUNT)
    assert texts(ib.accountValues()) == before


async def test_portfolio_lines_carry_exchange_and_values(ib: api.IB, exchange: Exchange) -> None:
    lines = {line.contract.conId: line for line in ib.portfolio()}
    held = {position.contract.conId: position for position in ib.positions()}
    assert lines.keys() == held.keys() == {h.con_id for h in exchange.books.positions()}
    for con_id, line in lines.items():
        assert line.contract.primaryExchange == "CBOE"
        assert line.position == held[con_id].position
        assert line.averageCost == held[con_id].avgCost
        assert line.marketValue == pytest.approx(line.marketPrice * line.position * 100, abs=0.01)


async def test_profit_and_loss_of_account_and_positions(
    ib: api.IB, server: ExchangeServer, exchange: Exchange
) -> None:
    """The positions' daily profits add up to the account's."""
    account = ib.reqPnL(ACCOUNT)
    singles = [ib.reqPnLSingle(ACCOUNT, "", h.con_id) for h in exchange.books.positions()]
    await server.advance(server.now + timedelta(minutes=10))
    await ib.reqCurrentTimeAsync()
    assert account.dailyPnL != 0
    assert sum(single.dailyPnL for single in singles) == pytest.approx(account.dailyPnL)
    assert sum(single.unrealizedPnL for single in singles) == pytest.approx(account.unrealizedPnL)
    assert [single.position for single in singles] == [
        h.quantity for h in exchange.books.positions()
    ]


async def test_an_expiry_takes_the_position_away(
    ib: api.IB, server: ExchangeServer, exchange: Exchange
) -> None:
    """A call bought the day before pays its settlement at 09:30 and is gone from every list."""
    contract = await vix_call(ib, 15)
    await bought(ib, contract, 2)
    (position,) = [p for p in ib.positions() if p.contract.conId == contract.conId]
    assert position.position == 2
    fills, cash = len(ib.fills()), exchange.books.cash_usd
    await server.advance(at("2018-02-14T09:34"))
    await ib.reqCurrentTimeAsync()
    assert contract.conId not in {p.contract.conId for p in ib.positions()}
    assert contract.conId not in {line.contract.conId for line in ib.portfolio()}
    assert exchange.books.cash_usd > cash
    assert len(ib.fills()) == fills
    values = texts(ib.accountValues())
    assert Decimal(values["CashBalance", "USD"]) == exchange.books.cash_usd
    assert Decimal(values["AccruedCash", "USD"]) == exchange.books.interest.unpaid().total_usd > 0


async def test_two_clients_are_told_of_each_others_trades(
    ib: api.IB, server: ExchangeServer
) -> None:
    contract = await vix_call(ib, 15)
    async with connected(server.port, client_id=2) as other:
        await bought(ib, contract, 1)
        await other.reqCurrentTimeAsync()
        for client in (ib, other):
            held = {p.contract.conId: p.position for p in client.positions()}
            lines = {line.contract.conId: line.position for line in client.portfolio()}
            assert held[contract.conId] == lines[contract.conId] == 1


async def test_a_future_moves_cash_at_its_daily_settlement_only(
    ib: api.IB, server: ExchangeServer, exchange: Exchange
) -> None:
    """Bought in the afternoon: margin in the commodity segment, at 16:00 its move in cash."""
    future = api.Future("VIX", "20180321", "CFE", tradingClass="VX", currency="USD")
    await ib.qualifyContractsAsync(future)
    cash = exchange.books.cash_usd
    await bought(ib, future, 2)
    commission = exchange.books.executions[-1].commission_usd
    assert exchange.books.cash_usd == cash - commission
    (line,) = [line for line in ib.portfolio() if line.contract.conId == future.conId]
    assert line.averageCost == pytest.approx(
        float(exchange.books.executions[-1].price) * 1000 + float(commission) / 2
    )
    assert line.contract.primaryExchange == "CFE"
    values = texts(ib.accountValues())
    assert (
        Decimal(values["InitMarginReq-C", "USD"]) > Decimal(values["MaintMarginReq-C", "USD"]) > 0
    )
    assert Decimal(values["AvailableFunds-C", "USD"]) == 0
    moved = Decimal(values["FuturesPNL", "USD"])
    assert Decimal(values["TotalCashValue", "USD"]) == exchange.books.cash_usd + moved
    await server.advance(at("2018-02-13T16:00"))
    await ib.reqCurrentTimeAsync()
    (line,) = [line for line in ib.portfolio() if line.contract.conId == future.conId]
    figures = exchange.venue.account.figures()
    assert figures.total.futures_pnl_usd == 0
    assert exchange.books.cash_usd == pytest.approx(
        cash + Decimal(line.unrealizedPNL), abs=Decimal("0.01")
    )
    values = texts(ib.accountValues())
    assert Decimal(values["CashBalance", "USD"]) == exchange.books.cash_usd


async def test_shares_are_worth_their_loan(ib: api.IB, exchange: Exchange) -> None:
    """Regulation T: half of the value to open, a quarter to keep, all of it in the equity."""
    share = api.Stock("SPY", "SMART", "USD")
    await ib.qualifyContractsAsync(share)
    before = exchange.venue.account.figures()
    await bought(ib, share, 100)
    values = texts(ib.accountValues())
    after = exchange.venue.account.figures()
    value = after.total.stock_value_usd
    assert value > 20_000
    assert Decimal(values["StockMarketValue", "USD"]) == value
    assert after.total.initial_usd - before.total.initial_usd == pytest.approx(value / 2)
    assert after.total.maintenance_usd - before.total.maintenance_usd == pytest.approx(value / 4)
    cost = after.total.equity_with_loan_usd - before.total.equity_with_loan_usd
    assert -10 < cost < 0
