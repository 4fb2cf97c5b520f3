"""The real client library reads every kind of market data over a real socket."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.exchange.assembly import Exchange, ExchangePlan, open_exchange
from bot.exchange.server import ExchangeServer
from bot.exchange.store import MemoryStore
from bot.exchange.venue.data_rules import Access, DataRules, Entitlements
from tests.support.client_library import api
from tests.support.ib_client import until, vix_call
from tests.support.session_tables import index_option_sessions

VIX = api.Index("VIX", "CBOE", conId=13455763)
SPX = api.Index("SPX", "CBOE", conId=416904)
RULES = DataRules(entitlements=Entitlements(future=Access.DELAYED))


pytestmark = pytest.mark.usefixtures("everything_is_decoded")


@pytest.fixture
def exchange() -> Exchange:
    plan = ExchangePlan(data_rules=RULES)
    return open_exchange(plan, index_option_sessions, MemoryStore())


async def vx_month(ib: api.IB) -> api.Contract:
    future = api.Future("VIX", "20180214", "CFE", tradingClass="VX")
    (contract,) = await ib.qualifyContractsAsync(future)
    return contract


async def test_an_option_line_tells_prices_day_and_all_greeks(
    ib: api.IB, server: ExchangeServer
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


async def test_an_index_line_tells_level_and_statistics(ib: api.IB) -> None:
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


async def test_snapshots_come_complete(ib: api.IB) -> None:
    call, regulatory = await vix_call(ib, 12), await vix_call(ib, 13)
    (ticker,) = await ib.reqTickersAsync(call)
    assert 0 < ticker.bid < ticker.ask
    (ticker,) = await ib.reqTickersAsync(regulatory, regulatorySnapshot=True)
    assert 0 < ticker.bid < ticker.ask


async def test_delayed_data_are_shown_where_live_may_not_be(
    ib: api.IB, server: ExchangeServer, exchange: Exchange
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


async def test_a_combination_has_a_line(ib: api.IB) -> None:
    near, far = await vix_call(ib, 12), await vix_call(ib, 14)
    bag = api.Contract(secType="BAG", symbol="VIX", exchange="SMART", currency="USD")
    bag.comboLegs = [
        api.ComboLeg(conId=near.conId, ratio=1, action="BUY", exchange="SMART"),
        api.ComboLeg(conId=far.conId, ratio=1, action="SELL", exchange="SMART"),
    ]
    ticker = ib.reqMktData(bag)
    long, short = await ib.reqTickersAsync(near, far)
    await until(lambda: ticker.askSize > 0)
    assert ticker.bid == pytest.approx(long.bid - short.ask)
    assert ticker.ask == pytest.approx(long.ask - short.bid)


async def test_unknown_generic_ticks_are_refused(ib: api.IB) -> None:
    heard: list[tuple[int, str]] = []
    ib.errorEvent += lambda _id, code, text, _contract: heard.append((code, text))
    ib.reqMktData(VIX, "7")
    await until(lambda: bool(heard))
    assert heard[0][0] == 321
    assert "Incorrect generic tick list of 7" in heard[0][1]


# -- the past


async def test_bars_of_all_kinds_and_sizes(ib: api.IB) -> None:
    call = await vix_call(ib, 12)
    for contract, size, duration, what in (
        (call, "30 mins", "2 D", "TRADES"),
        (call, "5 mins", "3600 S", "BID_ASK"),
        (call, "1 min", "1800 S", "MIDPOINT"),
        (call, "5 secs", "60 S", "ASK"),
        (VIX, "1 hour", "2 D", "TRADES"),
        (VIX, "1 week", "3 M", "TRADES"),
        (SPX, "1 day", "1 M", "HISTORICAL_VOLATILITY"),
        (SPX, "1 day", "1 M", "OPTION_IMPLIED_VOLATILITY"),
    ):
        bars = await ib.reqHistoricalDataAsync(contract, "", duration, size, what, useRTH=True)
        assert bars, (size, what)
        assert [bar.date for bar in bars] == sorted({bar.date for bar in bars})
        for bar in bars:
            assert bar.low <= bar.high
            assert what == "BID_ASK" or bar.low <= min(bar.open, bar.close)
            assert (bar.volume >= 0) is (what == "TRADES")


async def test_bars_with_epoch_dates_are_the_same(ib: api.IB) -> None:
    texts = await ib.reqHistoricalDataAsync(VIX, "", "1 D", "1 min", "TRADES", useRTH=True)
    stamps = await ib.reqHistoricalDataAsync(
        VIX, "", "1 D", "1 min", "TRADES", useRTH=True, formatDate=2
    )
    times = [bar.date for bar in texts if isinstance(bar.date, datetime)]
    assert [time.astimezone(UTC) for time in times] == [bar.date for bar in stamps]


async def test_bars_are_kept_up_to_date(ib: api.IB, server: ExchangeServer) -> None:
    bars = await ib.reqHistoricalDataAsync(
        VIX, "", "1800 S", "1 min", "TRADES", useRTH=True, keepUpToDate=True
    )
    before = len(bars)
    for _ in range(3):
        await server.advance(server.now + timedelta(minutes=1))
    await ib.reqCurrentTimeAsync()
    assert len(bars) == before + 3
    ib.cancelHistoricalData(bars)


async def test_a_schedule_and_the_first_bar(ib: api.IB) -> None:
    call = await vix_call(ib, 12)
    schedule = await ib.reqHistoricalScheduleAsync(call, 3)
    assert [session.refDate for session in schedule.sessions] == [
        "20180111",
        "20180112",
        "20180116",
    ]
    first = await ib.reqHeadTimeStampAsync(VIX, "TRADES", useRTH=True, formatDate=1)
    assert first.year < 2018


async def test_past_ticks_and_a_histogram(ib: api.IB, server: ExchangeServer) -> None:
    call = await vix_call(ib, 12)
    await server.advance(server.now + timedelta(minutes=30))
    sides = await ib.reqHistoricalTicksAsync(
        call, "20180116 09:35:00", "", 20, "BID_ASK", useRth=True
    )
    assert len(sides) >= 20
    assert all(tick.priceBid < tick.priceAsk for tick in sides)
    trades = await ib.reqHistoricalTicksAsync(
        call, "", "20180116 10:00:00", 20, "TRADES", useRth=True
    )
    assert [tick.time for tick in trades] == sorted(tick.time for tick in trades)
    assert all(tick.size > 0 for tick in trades)
    middles = await ib.reqHistoricalTicksAsync(
        call, "", "20180116 10:00:00", 5, "MIDPOINT", useRth=True
    )
    assert middles
    histogram = await ib.reqHistogramDataAsync(call, useRTH=True, period="1 day")
    assert sum(item.count for item in histogram) > 0


# -- streams


async def test_every_tick_streams(ib: api.IB, server: ExchangeServer) -> None:
    call = await vix_call(ib, 12)
    sides = ib.reqTickByTickData(call, "BidAsk")
    trades = ib.reqTickByTickData(await vix_call(ib, 13), "AllLast")
    middles = ib.reqTickByTickData(await vix_call(ib, 14), "MidPoint")
    heard: list[str] = []
    for ticker in (sides, trades, middles):
        ticker.updateEvent += lambda t: heard.extend(type(tick).__name__ for tick in t.tickByTicks)
    for _ in range(3):
        await server.advance(server.now + timedelta(minutes=1))
        await ib.reqCurrentTimeAsync()
    assert set(heard) == {"TickByTickBidAsk", "TickByTickAllLast", "TickByTickMidPoint"}
    ib.cancelTickByTickData(call, "BidAsk")


async def test_five_second_bars_stream(ib: api.IB, server: ExchangeServer) -> None:
    bars = ib.reqRealTimeBars(VIX, 5, "TRADES", useRTH=False)
    await ib.reqCurrentTimeAsync()
    for _ in range(3):
        await server.advance(server.now + timedelta(seconds=10))
    await ib.reqCurrentTimeAsync()
    assert len(bars) == 6
    ib.cancelRealTimeBars(bars)


async def test_an_order_book_follows_the_line(ib: api.IB, server: ExchangeServer) -> None:
    call = await vix_call(ib, 12)
    (line,) = await ib.reqTickersAsync(call)
    book = ib.reqMktDepth(call, 5)
    await until(lambda: len(book.domAsks) == 5 and len(book.domBids) >= 1)
    assert (book.domBids[0].price, book.domAsks[0].price) == (line.bid, line.ask)
    assert [row.price for row in book.domAsks] == sorted(row.price for row in book.domAsks)
    await server.advance(server.now + timedelta(minutes=5))
    await ib.reqCurrentTimeAsync()
    assert book.domBids[0].price < book.domAsks[0].price
    ib.cancelMktDepth(call)


async def test_a_clients_own_calculations(ib: api.IB) -> None:
    call = await vix_call(ib, 12)
    priced = await ib.calculateOptionPriceAsync(call, 0.9, 12.5)
    assert priced is not None
    assert priced.optPrice is not None
    implied = await ib.calculateImpliedVolatilityAsync(call, priced.optPrice, 12.5)
    assert implied is not None
    assert implied.impliedVol == pytest.approx(0.9)
