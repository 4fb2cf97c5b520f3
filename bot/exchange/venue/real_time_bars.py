"""Sends a bar of every five seconds as they complete.

Bars are those of the history, from the same samples. After a leap of the clock they go on from now:
what was leapt over is history.
"""

from datetime import UTC, datetime, timedelta

import msgspec

from bot.domain.instruments import Index
from bot.exchange.reference.products import Product
from bot.exchange.venue.bar_building import Bar
from bot.exchange.venue.data_rules import Access
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.history_desk import number
from bot.exchange.venue.history_pacing import VIOLATION, HistoryPacer
from bot.exchange.venue.history_requests import HistoryReader
from bot.exchange.venue.history_series import HistorySeries, Series
from bot.exchange.venue.reference_desk import ReferenceDesk
from bot.exchange.venue.streams import Streams
from bot.exchange.venue.tick_history import permissions
from bot.exchange.venue.trading_windows import windows_after
from bot.exchange.wire.replies import RealTimeBar
from bot.exchange.wire.requests import CancelRealTimeBars, RequestRealTimeBars

BAR_SECONDS = 5
_KINDS = ("TRADES", "BID", "ASK", "MIDPOINT")
_LONGEST_GAP = timedelta(hours=1)
_INVALID = "Error validating request.-'bL' : cause -"
_QUERY = "Invalid Real-time Query:"


class BarStream(msgspec.Struct, kw_only=True):
    """One subscription; the next bar begins at `next_start`."""

    request_id: int
    series: Series
    regular_only: bool
    next_start: datetime


class RealTimeBars:
    """Opens, feeds and ends streams of five-second bars."""

    def __init__(self, floor: Floor, reference: ReferenceDesk, reader: HistoryReader) -> None:
        self._floor = floor
        self._reference = reference
        self._reader = reader
        self._series = HistorySeries(floor.market)
        self._pacer = HistoryPacer()
        self._streams: Streams[BarStream] = Streams(floor, "bars")

    def open_stream(self, client: Client, request: RequestRealTimeBars) -> None:
        """Open a stream; 321 for an unknown kind, 102 for a used id, 420 or 200."""
        request_id, what = request.request_id, request.what_to_show
        if what not in _KINDS:
            text = f"{_INVALID} What to show field is missing or incorrect."
            self._floor.fail(client, request_id, 321, text)
            return
        if self._streams.has(client, request_id):
            self._floor.fail(client, request_id, 102, "Duplicate ticker ID.")
            return
        listing = self._reference.resolve(client, request_id, request.contract)
        if listing is None:
            return
        reason = self._refusal(request, listing.instrument)
        if reason is not None:
            self._floor.fail(client, request_id, 420, f"{_QUERY}{reason}")
            return
        stream = BarStream(
            request_id=request_id,
            series=Series(listing.instrument, what, BAR_SECONDS),
            regular_only=request.regular_hours_only,
            next_start=_begun(self._floor.now),
        )
        self._streams.open(client, request_id, stream)

    def close_stream(self, client: Client, request: CancelRealTimeBars) -> None:
        """End a stream; 300 if there is none of that id."""
        if not self._streams.close(client, request.request_id):
            text = f"Can't find EId with tickerId:{request.request_id}"
            self._floor.fail(client, request.request_id, 300, text)

    def tell_all(self) -> None:
        """Send every stream the bars that have ended."""
        for client, stream in self._streams.each():
            self._tell(client, stream)

    def _refusal(self, request: RequestRealTimeBars, product: Product) -> str | None:
        if self._floor.data_rules.entitlements.of(product) is not Access.LIVE:
            return permissions(product)
        if isinstance(product, Index) and request.what_to_show != "TRADES":
            return f"{product.symbol} is not quoted."
        same = msgspec.structs.replace(request, request_id=0)
        series = (product.con_id, request.contract.exchange, request.what_to_show)
        return None if self._pacer.admits(self._floor.now, same, series) else VIOLATION

    def _tell(self, client: Client, stream: BarStream) -> None:
        start, stream.next_start = stream.next_start, _begun(self._floor.now)
        if not start < stream.next_start <= start + _LONGEST_GAP:
            return
        past = self._reader.history(
            stream.series.product, stream.next_start, regular_only=stream.regular_only
        )
        windows = list(windows_after(past, start))
        bars = self._series.bars(stream.series, windows, self._floor.now)
        ended = [bar for bar in bars if bar.start < stream.next_start.timestamp()]
        self._floor.send_all(client, [_spell(stream.request_id, bar) for bar in ended])


def _begun(now: datetime) -> datetime:
    """Return when the bar that runs at `now` began."""
    return datetime.fromtimestamp(now.timestamp() // BAR_SECONDS * BAR_SECONDS, UTC)


def _spell(request_id: int, bar: Bar) -> RealTimeBar:
    return RealTimeBar(
        request_id=request_id,
        time=int(bar.start),
        open=number(bar.open),
        high=number(bar.high),
        low=number(bar.low),
        close=number(bar.close),
        volume=number(bar.volume),
        average=number(bar.average),
        count=int(bar.trades),
    )
