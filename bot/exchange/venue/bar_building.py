"""Builds bars from what a line showed at successive times; pure and vectorised.

A bar covers the times from its start up to, not including, its end. What happened between two
samples counts for the later one. Bars of quotes have no volume, average or count: the broker sends
-1 for each.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bot.pricing.arrays import FloatArray

NOT_COUNTED = -1.0


class Bar(NamedTuple):
    """One bar: its start in seconds since 1970, prices, contracts, and the number of trades.

    `average` is the price weighted by volume. Volume, average and trades are -1 where nothing is
    traded.
    """

    start: float
    open: float
    high: float
    low: float
    close: float
    volume: float = NOT_COUNTED
    average: float = NOT_COUNTED
    trades: float = NOT_COUNTED


def align(at: FloatArray, size: int, midnight: float, opening: float) -> FloatArray:
    """Return the start of the bar each time falls into.

    Bars begin at whole multiples of `size` seconds since `midnight`, the first one at `opening`.
    """
    whole = midnight + np.floor((at - midnight) / size) * size
    return np.asarray(np.maximum(whole, opening), dtype=np.float64)


def quote_bars(starts: FloatArray, prices: FloatArray) -> list[Bar]:
    """Return the bars of a quoted price; samples without a price (nan) are left out."""
    told = np.isfinite(prices)
    firsts = _firsts(starts[told])
    return _spans(starts[told], prices[told], firsts)


def trade_bars(starts: FloatArray, lasts: FloatArray, volumes: FloatArray) -> list[Bar]:
    """Return the bars of traded prices; one in which nothing was traded has its close as average.

    The count is the number of samples at which something had been traded since the one before.
    """
    told = np.isfinite(lasts)
    starts, lasts, volumes = starts[told], lasts[told], volumes[told]
    firsts = _firsts(starts)
    if not len(firsts):
        return []
    volume = np.add.reduceat(volumes, firsts)
    turnover = np.add.reduceat(volumes * lasts, firsts)
    count = np.add.reduceat((volumes > 0.0).astype(np.int64), firsts)
    rows = _spans(starts, lasts, firsts)
    return [
        row._replace(volume=float(v), average=float(t / v) if v else row.close, trades=float(n))
        for row, v, t, n in zip(rows, volume, turnover, count, strict=True)
    ]


def bid_ask_bars(starts: FloatArray, bids: FloatArray, asks: FloatArray) -> list[Bar]:
    """Return bars as the broker makes them of two sides.

    Open is the mean bid, close the mean ask, low the lowest bid, high the highest ask.
    """
    told = np.isfinite(bids) & np.isfinite(asks)
    starts, bids, asks = starts[told], bids[told], asks[told]
    firsts = _firsts(starts)
    if not len(firsts):
        return []
    lengths = np.diff(np.append(firsts, len(starts)))
    columns = (
        starts[firsts],
        np.add.reduceat(bids, firsts) / lengths,
        np.maximum.reduceat(asks, firsts),
        np.minimum.reduceat(bids, firsts),
        np.add.reduceat(asks, firsts) / lengths,
    )
    return _bars(columns)


def merge(bars: Sequence[Bar]) -> Bar:
    """Return one bar over successive ones, which begins where the last of them does."""
    volume = sum(bar.volume for bar in bars)
    counted = bars[0].volume >= 0.0
    turnover = sum(bar.volume * bar.average for bar in bars)
    return Bar(
        start=bars[-1].start,
        open=bars[0].open,
        high=max(bar.high for bar in bars),
        low=min(bar.low for bar in bars),
        close=bars[-1].close,
        volume=volume if counted else NOT_COUNTED,
        average=_average(counted=counted, volume=volume, turnover=turnover, close=bars[-1].close),
        trades=sum(bar.trades for bar in bars) if counted else NOT_COUNTED,
    )


def _average(*, counted: bool, volume: float, turnover: float, close: float) -> float:
    if not counted:
        return NOT_COUNTED
    return turnover / volume if volume else close


def _firsts(starts: FloatArray) -> np.ndarray:
    """Return the places at which a bar begins."""
    if not len(starts):
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(np.append(True, starts[1:] != starts[:-1]))


def _spans(starts: FloatArray, prices: FloatArray, firsts: np.ndarray) -> list[Bar]:
    if not len(firsts):
        return []
    lasts = np.append(firsts[1:], len(starts)) - 1
    columns = (
        starts[firsts],
        prices[firsts],
        np.maximum.reduceat(prices, firsts),
        np.minimum.reduceat(prices, firsts),
        prices[lasts],
    )
    return _bars(columns)


def _bars(columns: Sequence[FloatArray]) -> list[Bar]:
    start, opened, high, low, close = (column.tolist() for column in columns)
    return [Bar(*row) for row in zip(start, opened, high, low, close, strict=True)]
