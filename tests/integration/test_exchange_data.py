"""The real client library reads every kind of market data over a real socket."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import ib_insync
import pytest
import pytest_asyncio

from bot.exchange.assembly import Exchange, ExchangePlan, open_exchange
from bot.exchange.server import ExchangeServer, open_server
from bot.exchange.store import MemoryStore
from bot.exchange.venue.data_rules import Access, DataRules, Entitlements
from tests.support.ib_client import assert_decoded, connected, until, vix_call
from tests.support.session_tables import index_option_sessions

VIX = ib_insync.Index("VIX", "CBOE")
RULES = DataRules(entitlements=Entitlements(future=Access.DELAYED))


@pytest.fixture(autouse=True)
def _everything_is_decoded(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert_decoded(caplog)


@pytest.fixture
def exchange() -> Exchange:
    plan = ExchangePlan(data_rules=RULES)
    return open_exchange(plan, index_option_sessions, MemoryStore())


@pytest_asyncio.fixture
async def server(exchange: Exchange) -> AsyncIterator[ExchangeServer]:
    async with open_server(exchange.venue, exchange.store) as server:
        yield server


@pytest_asyncio.fixture
async def ib(server: ExchangeServer) -> AsyncIterator[ib_insync.IB]:
    async with connected(server.port) as ib:
        yield ib


async def vx_month(ib: ib_insync.IB) -> ib_insync.Contract:
    future = ib_insync.Future("VIX", "20180214", "CFE", tradingClass="VX")
    (contract,) = await ib.qualifyContractsAsync(future)
    return contract


async def test_an_option_line_tells_prices_day_and_all_greeks(
    ib: ib_insync.IB, server: ExchangeServer
) -> None:
    ticker = ib.reqMktData(await vix_call(ib, 12), "100,101,221,233,588")
    await until(lambda: ticker.markPrice > 0)
    for greeks, price in (
        (ticker.bidGreeks, ticker.bid),
        (ticker.askGreeks, ticker.ask),
        (ticker.lastGreeks, ticker.last),
        (ticker.modelGreeks, None),
    ):
        assert greeks is not None
        assert 0 < (greeks.impliedVol or 0) < 5
        assert 0 < (greeks.delta or 0) < 1
        assert (greeks.vega or 0) > 0 > (greeks.theta or 0)
        assert price is None or greeks.optPrice == price
    assert ticker.low <= ticker.open <= ticker.high
    assert ticker.close > 0
    assert ticker.lastSize > 0
    assert ticker.bboExchange == "SMART"
    assert (ticker.bidExchange, ticker.halted) == ("C", 0.0)
    assert ticker.callOpenInterest > 0
    assert ticker.bid < ticker.markPrice < ticker.ask
    before = ticker.bidSize
    await server.advance(server.now + timedelta(minutes=1))
    await ib.reqCurrentTimeAsync()
    assert ticker.bidSize != before
    assert ticker.bidGreeks is not None
    assert ticker.bidGreeks.optPrice == ticker.bid


async def test_an_index_line_tells_level_and_statistics(ib: ib_insync.IB) -> None:
    ticker = ib.reqMktData(VIX, "100,101,104,106,162,165,411")
    await until(lambda: ticker.high52week > 0)
    assert ticker.bid == -1
    assert ticker.low52week <= ticker.low26week <= ticker.low13week <= ticker.last
    assert ticker.high52week >= ticker.high26week >= ticker.high13week >= ticker.last
    assert 0 < ticker.histVolatility < 3
    assert 0 < ticker.impliedVolatility < 3
    assert ticker.callVolume >= 0
    assert ticker.putOpenInterest > 0
    assert ticker.rtHistVolatility > 0
    assert ticker.indexFuturePremium == ticker.indexFuturePremium


async def test_snapshots_come_complete(ib: ib_insync.IB) -> None:
    call, regulatory = await vix_call(ib, 12), await vix_call(ib, 13)
    (ticker,) = await ib.reqTickersAsync(call)
    assert 0 < ticker.bid < ticker.ask
    (ticker,) = await ib.reqTickersAsync(regulatory, regulatorySnapshot=True)
    assert 0 < ticker.bid < ticker.ask


async def test_delayed_data_are_shown_where_live_may_not_be(
    ib: ib_insync.IB, server: ExchangeServer, exchange: Exchange
) -> None:
    await server.advance(server.now + timedelta(hours=1))
    contract = await vx_month(ib)
    heard: list[int] = []
    ib.errorEvent += lambda _id, code, _text, _contract: heard.append(code)
    ib.reqMktData(contract)
    await until(lambda: 354 in heard)
    ib.cancelMktData(contract)
    ib.reqMarketDataType(3)
    ticker = ib.reqMktData(contract)
    await until(lambda: ticker.bid > 0)
    assert ticker.marketDataType == 3
    assert 10167 in heard
    before = server.now - timedelta(minutes=15)
    (shown,) = exchange.market.quotes([contract.conId], before)  # type: ignore[list-item]
    assert (ticker.bid, ticker.ask) == (float(shown.bid or 0), float(shown.ask or 0))
    assert ticker.volume == shown.volume


async def test_a_combination_has_a_line(ib: ib_insync.IB) -> None:
    near, far = await vix_call(ib, 12), await vix_call(ib, 14)
    bag = ib_insync.Contract(secType="BAG", symbol="VIX", exchange="SMART", currency="USD")
    bag.comboLegs = [
        ib_insync.ComboLeg(conId=near.conId, ratio=1, action="BUY", exchange="SMART"),
        ib_insync.ComboLeg(conId=far.conId, ratio=1, action="SELL", exchange="SMART"),
    ]
    ticker = ib.reqMktData(bag)
    long, short = await ib.reqTickersAsync(near, far)
    await until(lambda: ticker.askSize > 0)
    assert ticker.bid == pytest.approx(long.bid - short.ask)
    assert ticker.ask == pytest.approx(long.ask - short.bid)


async def test_unknown_generic_ticks_are_refused(ib: ib_insync.IB) -> None:
    heard: list[tuple[int, str]] = []
    ib.errorEvent += lambda _id, code, text, _contract: heard.append((code, text))
    ib.reqMktData(VIX, "7")
    await until(lambda: bool(heard))
    assert heard[0][0] == 321
    assert "Incorrect generic tick list of 7" in heard[0][1]
