"""Steps 12 to 23: what the market does and did."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from tests.compat.session import Session
from tests.compat.step import Steps
from tests.support.client_library import api

steps = Steps()

LIVE, DELAYED = 1, 3
BY_TICK = {
    "Last": "TickByTickAllLast",
    "BidAsk": "TickByTickBidAsk",
    "MidPoint": "TickByTickMidPoint",
}


@steps(12, "the kind of data is told for each instrument")
async def data_types(session: Session) -> None:
    spy = session.contracts["SPY"]
    session.ib.reqMarketDataType(DELAYED)
    ticker = session.ib.reqMktData(spy)
    await session.until(lambda: ticker.last > 0)
    assert ticker.marketDataType == LIVE
    session.ib.cancelMktData(spy)
    session.ib.reqMarketDataType(LIVE)


@steps(13, "streaming ticks of an index")
async def index_ticks(session: Session) -> None:
    ticker = session.ib.reqMktData(session.contracts["VIX"])
    await session.until(lambda: ticker.last > 0 and ticker.close > 0 and ticker.high > 0)
    assert ticker.marketDataType == LIVE
    assert 5 < ticker.low <= ticker.last <= ticker.high < 100
    heard: list[float] = []
    ticker.updateEvent += lambda told: heard.append(told.last)
    await session.until(lambda: len(set(heard)) > 1, step_seconds=15)
    session.ib.cancelMktData(session.contracts["VIX"])


@steps(14, "streaming ticks of an option, with its greeks")
async def option_ticks(session: Session) -> None:
    ticker = await session.quote(session.contracts["call 20"])
    await session.until(lambda: ticker.modelGreeks and ticker.bidGreeks and ticker.askGreeks)
    assert 0 < ticker.bid < ticker.ask
    assert min(ticker.bidSize, ticker.askSize) > 0
    greeks = ticker.modelGreeks
    assert greeks is not None
    assert ticker.bid <= (greeks.optPrice or 0) <= ticker.ask
    assert 0 < (greeks.delta or 0) < 1
    assert 0.2 < (greeks.impliedVol or 0) < 5
    assert (greeks.gamma or 0) > 0
    assert (greeks.vega or 0) > 0
    assert (greeks.theta or 0) < 0
    assert (greeks.undPrice or 0) > 5


@steps(15, "streaming ticks of a future")
async def future_ticks(session: Session) -> None:
    ticker = await session.quote(session.contracts["VX"])
    assert 0 < ticker.bid < ticker.ask
    for price in (ticker.bid, ticker.ask):
        assert math.isclose(price * 20, round(price * 20), abs_tol=1e-6)
    session.end_quote(session.contracts["VX"])
    await session.flush()
    heard: list[object] = []
    ticker.updateEvent += heard.append
    await session.pass_time(60)
    assert heard == []


@steps(16, "snapshots that end")
async def snapshots(session: Session) -> None:
    wanted = [session.contracts[name] for name in ("call 18", "call 25")]
    tickers = await session.while_time_passes(session.ib.reqTickersAsync(*wanted))
    assert [ticker.contract for ticker in tickers] == wanted
    assert tickers[0].bid > tickers[1].bid > 0
    assert all(ticker.ask > ticker.bid for ticker in tickers)


@steps(17, "generic ticks")
async def generic_ticks(session: Session) -> None:
    contract = session.contracts["call 25"]
    ticker = session.ib.reqMktData(contract, "100,101,106")
    await session.until(lambda: not math.isnan(ticker.callOpenInterest))
    assert ticker.callOpenInterest >= 0
    session.ib.cancelMktData(contract)
    spy = session.contracts["SPY"]
    ticker = session.ib.reqMktData(spy, "104,106,165,233")
    await session.until(lambda: ticker.histVolatility > 0 and ticker.impliedVolatility > 0)
    await session.until(lambda: ticker.high52week > ticker.low52week > 0 and ticker.avVolume > 0)
    await session.until(lambda: ticker.rtVolume > 0, step_seconds=15)
    session.ib.cancelMktData(spy)


@steps(18, "tick by tick: trades, quotes, midpoints")
async def tick_by_tick(session: Session) -> None:
    spy = session.contracts["SPY"]
    heard = {kind: await _tick_by_tick(session, spy, kind) for kind in BY_TICK}
    trade = next(one for one in heard["Last"] if isinstance(one, api.TickByTickAllLast))
    assert trade.price > 0
    assert trade.size > 0
    quote = next(one for one in heard["BidAsk"] if isinstance(one, api.TickByTickBidAsk))
    assert 0 < quote.bidPrice < quote.askPrice
    middle = next(one for one in heard["MidPoint"] if isinstance(one, api.TickByTickMidPoint))
    assert middle.midPoint > 0


async def _tick_by_tick(session: Session, contract: api.Contract, kind: str) -> list[object]:
    """Return the first ticks of a kind; the library keeps them until its next packet only."""
    ticker, kept = session.ib.reqTickByTickData(contract, kind), list[object]()

    def keep(told: api.Ticker) -> None:
        kept.extend(told.tickByTicks)

    ticker.updateEvent += keep
    wanted = getattr(api, BY_TICK[kind])
    await session.until(lambda: any(isinstance(o, wanted) for o in kept), step_seconds=5)
    session.ib.cancelTickByTickData(contract, kind)
    return kept


@steps(19, "real-time bars of five seconds")
async def real_time_bars(session: Session) -> None:
    bars = session.ib.reqRealTimeBars(session.contracts["SPY"], 5, "TRADES", useRTH=True)
    await session.until(lambda: len(bars) >= 3, step_seconds=5)
    session.ib.cancelRealTimeBars(bars)
    gaps = {(later.time - bar.time).total_seconds() for bar, later in pairwise(bars)}
    assert gaps == {5}
    assert all(bar.low <= min(bar.open_, bar.close) for bar in bars)
    assert all(bar.high >= max(bar.open_, bar.close) for bar in bars)


@steps(20, "historical bars, daily and within the day")
async def historical_bars(session: Session) -> None:
    daily = await session.ib.reqHistoricalDataAsync(
        session.contracts["SPX"], "", "30 D", "1 day", "TRADES", useRTH=True
    )
    assert len(daily) == 30
    assert str(daily[-1].date) == "2018-02-05"
    minutes = await session.ib.reqHistoricalDataAsync(
        session.contracts["SPY"], "", "3600 S", "1 min", "TRADES", useRTH=True, formatDate=2
    )
    times = [bar.date for bar in minutes if isinstance(bar.date, datetime)]
    assert len(times) == len(minutes) > 20
    assert {later - time for time, later in pairwise(times)} >= {timedelta(minutes=1)}
    assert all(bar.low <= bar.close <= bar.high for bar in [*daily, *minutes])
    assert abs((times[-1].astimezone(UTC) - session.server.now).total_seconds()) <= 60


@steps(21, "historical bars that are kept up to date", 162)
async def bars_kept_up_to_date(session: Session) -> None:
    bars = await session.ib.reqHistoricalDataAsync(
        session.contracts["SPY"], "", "1800 S", "1 min", "TRADES", useRTH=True, keepUpToDate=True
    )
    before, new = len(bars), []
    bars.updateEvent += lambda _bars, has_new: new.append(has_new)
    await session.until(lambda: True in new, step_seconds=15)
    assert len(bars) > before
    session.ib.cancelHistoricalData(bars)


@steps(22, "how far history goes back, and where prices were")
async def head_and_histogram(session: Session) -> None:
    spy = session.contracts["SPY"]
    head = await session.ib.reqHeadTimeStampAsync(spy, "TRADES", useRTH=True, formatDate=2)
    assert isinstance(head, datetime)
    assert head.astimezone(UTC) < session.server.now - timedelta(days=365)
    rows = await session.ib.reqHistogramDataAsync(spy, useRTH=True, period="2 days")
    assert rows
    assert all(row.price > 0 and row.count > 0 for row in rows)


@steps(23, "historical ticks")
async def historical_ticks(session: Session) -> None:
    spy, end = session.contracts["SPY"], session.server.now
    for kind, wanted in (
        ("TRADES", api.HistoricalTickLast),
        ("BID_ASK", api.HistoricalTickBidAsk),
        ("MIDPOINT", api.HistoricalTick),
    ):
        ticks = await session.ib.reqHistoricalTicksAsync(spy, "", end, 50, kind, useRth=True)
        assert ticks
        assert all(isinstance(tick, wanted) for tick in ticks)
        assert all(tick.time <= end for tick in ticks)
