"""Tells how much traded at each price within a period."""

import re
from collections import Counter

import numpy as np

from bot.domain.instruments import Index
from bot.exchange.market.quote import Samples
from bot.exchange.venue.bar_sizes import Duration
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.history_desk import number
from bot.exchange.venue.history_requests import (
    INVALID,
    HistoryReader,
    HistoryRefusedError,
    no_data,
)
from bot.exchange.venue.history_series import HistorySeries, sample_step
from bot.exchange.venue.trading_windows import windows_in
from bot.exchange.wire.replies import HistogramData, PriceCount
from bot.exchange.wire.requests import RequestHistogramData

_PERIOD = re.compile(r"(\d{1,4}) (second|minute|hour|day|week|month|year)s?", re.ASCII)
_UNITS = {
    "second": (1, "S"),
    "minute": (60, "S"),
    "hour": (3600, "S"),
    "day": (1, "D"),
    "week": (1, "W"),
    "month": (1, "M"),
    "year": (1, "Y"),
}
_FINEST_SECONDS = 60


class HistogramDesk:
    """Serves histograms; each is answered at once."""

    def __init__(self, floor: Floor, reader: HistoryReader) -> None:
        self._floor = floor
        self._reader = reader
        self._series = HistorySeries(floor.market)

    def histogram(self, client: Client, request: RequestHistogramData) -> None:
        """Send what traded at each price; 321 for a strange period, 162 or 200."""
        try:
            period = _parse(request.period)
            product = self._reader.product(client, request.request_id, request.contract, "TRADES")
            if product is None:
                return
            regular = request.regular_hours_only
            past = self._reader.history(product, self._floor.now, regular_only=regular)
            windows = windows_in(past, period)
            step = sample_step(_FINEST_SECONDS, windows)
            counts: Counter[float] = Counter()
            for window in windows:
                samples = self._series.samples(product.con_id, window, step, self._floor.now)
                counts.update(_counted(samples, by_volume=not isinstance(product, Index)))
            if not counts:
                raise no_data(product, "TRADES")
        except HistoryRefusedError as error:
            self._floor.fail(client, request.request_id, error.code, str(error))
            return
        items = tuple(
            PriceCount(price=number(price), count=counts[price]) for price in sorted(counts)
        )
        self._floor.send(client, HistogramData(request_id=request.request_id, items=items))


def _parse(text: str) -> Duration:
    match = _PERIOD.fullmatch(text)
    if match is None or not int(match[1]):
        raise HistoryRefusedError(321, f"{INVALID} Time period '{text}' is invalid.")
    scale, unit = _UNITS[match[2]]
    return Duration(int(match[1]) * scale, unit)


def _counted(samples: Samples, *, by_volume: bool) -> dict[float, int]:
    """Count contracts at each price; of an index the times at which it stood there."""
    told = np.isfinite(samples.last)
    weights = samples.volume[told] if by_volume else np.ones(int(told.sum()))
    prices, places = np.unique(samples.last[told], return_inverse=True)
    totals = np.bincount(places, weights=weights, minlength=len(prices))
    found = zip(prices.tolist(), totals.tolist(), strict=True)
    return {price: int(total) for price, total in found if total > 0.0}
