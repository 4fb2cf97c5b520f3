"""Serves bars of the past and the schedule of trading, and keeps bars up to date.

What is asked for is read in `history_requests`, bars are made in `history_series`; here they are
spelled and sent.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal

import msgspec

from bot.domain.sessions import at_new_york
from bot.exchange.venue.bar_building import Bar
from bot.exchange.venue.bar_sizes import DAY_SECONDS
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.history_requests import (
    SCHEDULE,
    SERVICE,
    BarRequest,
    HistoryReader,
    HistoryRefusedError,
    no_data,
)
from bot.exchange.venue.history_series import HistorySeries, Series, has_data
from bot.exchange.venue.streams import Streams
from bot.exchange.venue.trading_windows import Window, session_windows, windows_after
from bot.exchange.venue.wire_time import ZONE, spell_dashed, spell_time
from bot.exchange.wire.replies import (
    HeadTimestamp,
    HistoricalData,
    HistoricalDataUpdate,
    HistoricalSchedule,
    ScheduledSession,
    WireBar,
)
from bot.exchange.wire.requests import (
    CancelHistoricalData,
    RequestHeadTimestamp,
    RequestHistoricalData,
)

_EPOCH_SECONDS = 2
_OPENING = time(9, 30)
_DECIMALS = 8


class KeptBars(msgspec.Struct, kw_only=True):
    """A request whose last bar is kept up to date, and the bar told last."""

    request: BarRequest
    told: Bar


class HistoryDesk:
    """Answers requests for bars and for the time of the first."""

    def __init__(self, floor: Floor, reader: HistoryReader) -> None:
        self._floor = floor
        self._reader = reader
        self._series = HistorySeries(floor.market)
        self._kept: Streams[KeptBars] = Streams(floor, "kept bars")

    def bars(self, client: Client, request: RequestHistoricalData) -> None:
        """Send the bars asked for, or 162 (no data), 321 (no sense) or 200 (no contract)."""
        try:
            asked = self._reader.bars(client, request)
            if asked is not None:
                self._answer(client, asked)
        except HistoryRefusedError as error:
            self._floor.fail(client, request.request_id, error.code, str(error))

    def head(self, client: Client, request: RequestHeadTimestamp) -> None:
        """Send when the first bar begins, or 162."""
        what = request.what_to_show.upper()
        try:
            product = self._reader.product(client, request.request_id, request.contract, what)
            if product is not None:
                self._send_head(client, request, Series(product, what, DAY_SECONDS))
        except HistoryRefusedError as error:
            self._floor.fail(client, request.request_id, error.code, str(error))

    def cancel(self, client: Client, request: CancelHistoricalData) -> None:
        """End updates with 162, as the broker does; 366 if there is nothing to cancel."""
        if self._kept.close(client, request.request_id):
            text = f"{SERVICE}API historical data query cancelled: {request.request_id}"
            self._floor.fail(client, request.request_id, 162, text)
            return
        text = f"No historical data query found for ticker id:{request.request_id}"
        self._floor.fail(client, request.request_id, 366, text)

    def tell_all(self) -> None:
        """Send the last bar of every kept request, and new ones, where they changed."""
        for client, kept in self._kept.each():
            self._update(client, kept)

    def _answer(self, client: Client, asked: BarRequest) -> None:
        windows = self._reader.windows(asked)
        if asked.series.what == SCHEDULE:
            self._send_schedule(client, asked, windows)
            return
        bars = self._series.bars(asked.series, windows, self._floor.now)
        if not bars:
            raise no_data(asked.series.product, asked.series.what)
        self._floor.send(
            client,
            HistoricalData(
                request_id=asked.request_id,
                start=spell_time(_start(asked, windows)),
                end=spell_time(asked.end),
                bars=tuple(wire_bar(bar, asked) for bar in bars),
            ),
        )
        if asked.keep_up_to_date:
            kept = KeptBars(request=asked, told=bars[-1])
            self._kept.open(client, asked.request_id, kept)

    def _update(self, client: Client, kept: KeptBars) -> None:
        asked, now = kept.request, self._floor.now
        since = datetime.fromtimestamp(kept.told.start, UTC)
        past = self._reader.history(asked.series.product, now, regular_only=asked.regular_only)
        bars = self._series.bars(asked.series, list(windows_after(past, since)), now)
        for bar in bars:
            if bar.start >= kept.told.start and bar != kept.told:
                kept.told = bar
                update = HistoricalDataUpdate(request_id=asked.request_id, bar=wire_bar(bar, asked))
                self._floor.send(client, update)

    def _send_schedule(self, client: Client, asked: BarRequest, windows: Sequence[Window]) -> None:
        days = sorted({window.day for window in windows})
        if not days:
            raise no_data(asked.series.product, asked.series.what)
        sessions = [self._scheduled(asked, day) for day in days]
        self._floor.send(
            client,
            HistoricalSchedule(
                request_id=asked.request_id,
                start=sessions[0].start,
                end=sessions[-1].end,
                time_zone=ZONE,
                sessions=tuple(sessions),
            ),
        )

    def _scheduled(self, asked: BarRequest, day: date) -> ScheduledSession:
        session = self._floor.sessions.on_or_after(day)
        product, regular = asked.series.product, asked.regular_only
        whole = session_windows(product, session, regular_only=regular)
        return ScheduledSession(
            start=spell_dashed(whole[0].start), end=spell_dashed(whole[-1].end), day=f"{day:%Y%m%d}"
        )

    def _send_head(self, client: Client, request: RequestHeadTimestamp, series: Series) -> None:
        known = self._series.daily(series.product.con_id, self._floor.now)
        if not known or not has_data(series):
            raise no_data(series.product, series.what)
        text = _head_text(at_new_york(known[0].date, _OPENING), request.date_format)
        self._floor.send(client, HeadTimestamp(request_id=request.request_id, timestamp=text))


def wire_bar(bar: Bar, asked: BarRequest) -> WireBar:
    """Spell a bar for the form of date that was asked for; days are dates in both forms."""
    start = datetime.fromtimestamp(bar.start, UTC)
    return WireBar(
        date=_date_text(start, asked),
        open=number(bar.open),
        high=number(bar.high),
        low=number(bar.low),
        close=number(bar.close),
        volume=number(bar.volume),
        average=number(bar.average),
        count=int(bar.trades),
    )


def number(value: float) -> Decimal:
    """Return a price or size without the noise of its last bits."""
    return Decimal(repr(round(value, _DECIMALS)))


def _date_text(start: datetime, asked: BarRequest) -> str:
    if asked.series.size >= DAY_SECONDS:
        return spell_time(start)[:8]
    if asked.date_format == _EPOCH_SECONDS:
        return str(int(start.timestamp()))
    return spell_time(start)


def _start(asked: BarRequest, windows: Sequence[Window]) -> datetime:
    """Return where the answer begins: with midnight of its first day, or seconds before its end."""
    if asked.duration.unit == "S":
        return windows[0].start
    return at_new_york(windows[0].day, time())


def _head_text(first: datetime, date_format: int) -> str:
    if date_format == _EPOCH_SECONDS:
        return str(int(first.timestamp()))
    return f"{first.astimezone(UTC):%Y%m%d-%H:%M:%S}"
