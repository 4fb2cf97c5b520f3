"""Serves daily history: what a client may know of past sessions.

Only daily bars exist here. Options have none, as at the broker (domain.md section 3.2). Midpoint
bars of an index are its trades: nobody quotes it.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from bot.domain.sessions import at_new_york
from bot.exchange.market.quote import DailyBar
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.hours import new_york_date
from bot.exchange.venue.reference_desk import ReferenceDesk
from bot.exchange.venue.wire_time import read_time, spell_time
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.replies import HeadTimestamp, HistoricalData, WireBar
from bot.exchange.wire.requests import (
    CancelHeadTimestamp,
    CancelHistoricalData,
    RequestHeadTimestamp,
    RequestHistoricalData,
)

_DURATION = re.compile(r"(\d{1,4}) ([DWMY])", re.ASCII)
_CALENDAR_DAYS = {"W": 7, "M": 31, "Y": 366}
_KINDS = ("TRADES", "MIDPOINT")
_DAILY = ("1 day", "1D", "1 D")
_EPOCH_SECONDS = 2
_ALL_BARS = 1 << 20
_NO_VOLUME = Decimal(0)
_OPENING = time(9, 30)
_PREFIX = "Historical Market Data Service error message:"


class HistoryRefusedError(Exception):
    """A history request cannot be served.

    Attributes:
        code: 162 where there are no data, 321 where the request makes no sense.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class HistoryDesk:
    """Answers requests for daily bars and for the time of the first."""

    def __init__(self, floor: Floor, reference: ReferenceDesk) -> None:
        self._floor = floor
        self._reference = reference

    def bars(self, client: Client, request: RequestHistoricalData) -> None:
        """Send the bars asked for, or 162 (no data) or 321 (not a request for daily bars)."""
        try:
            end = self._end(request)
            known = self._known(client, request.request_id, request.contract, request.what_to_show)
            if known is not None:
                self._send_bars(client, request, known, end)
        except HistoryRefusedError as error:
            self._floor.fail(client, request.request_id, error.code, str(error))

    def head(self, client: Client, request: RequestHeadTimestamp) -> None:
        """Send when the first bar begins, or 162."""
        try:
            known = self._known(client, request.request_id, request.contract, request.what_to_show)
        except HistoryRefusedError as error:
            self._floor.fail(client, request.request_id, error.code, str(error))
            return
        if known is not None:
            first = _begins_at(known[0])
            text = _head_text(first, request.date_format)
            self._floor.send(client, HeadTimestamp(request_id=request.request_id, timestamp=text))

    def cancel(self, client: Client, request: CancelHistoricalData | CancelHeadTimestamp) -> None:
        """Answer 366: each request is answered at once, so none is left to cancel."""
        text = f"No historical data query found for ticker id:{request.request_id}"
        self._floor.fail(client, request.request_id, 366, text)

    def _end(self, request: RequestHistoricalData) -> datetime:
        if request.bar_size not in _DAILY or request.keep_up_to_date:
            raise HistoryRefusedError(
                321, "Error validating request: only finished bars of 1 day are served"
            )
        if not request.end:
            return self._floor.now
        try:
            return min(read_time(request.end), self._floor.now)
        except ValueError as error:
            raise HistoryRefusedError(321, f"Error validating request: {error}") from error

    def _known(
        self, client: Client, request_id: int, contract: WireContract, what: str
    ) -> Sequence[DailyBar] | None:
        listing = self._reference.resolve(client, request_id, contract)
        if listing is None:
            return None
        if what not in _KINDS:
            raise HistoryRefusedError(162, f"{_PREFIX} No data of type {what}")
        known = self._floor.market.daily_bars(listing.instrument.con_id, self._floor.now, _ALL_BARS)
        if not known:
            raise HistoryRefusedError(162, f"{_PREFIX} HMDS query returned no data")
        return known

    def _send_bars(
        self,
        client: Client,
        request: RequestHistoricalData,
        known: Sequence[DailyBar],
        end: datetime,
    ) -> None:
        chosen = select_bars(known, request.duration, end)
        if not chosen:
            raise HistoryRefusedError(162, f"{_PREFIX} HMDS query returned no data")
        start = at_new_york(chosen[0].date, time())
        self._floor.send(
            client,
            HistoricalData(
                request_id=request.request_id,
                start=spell_time(start),
                end=spell_time(end),
                bars=tuple(_wire_bar(bar) for bar in chosen),
            ),
        )


def select_bars(known: Sequence[DailyBar], duration: str, end: datetime) -> Sequence[DailyBar]:
    """Return the sessions begun by `end` within `duration`: days count sessions, others calendar.

    Raises:
        HistoryRefusedError: `duration` has another form.
    """
    match = _DURATION.fullmatch(duration)
    if match is None:
        raise HistoryRefusedError(321, f"Error validating request: duration {duration!r}")
    begun = known[: bisect_right(known, end, key=_begins_at)]
    count, unit = int(match[1]), match[2]
    if unit == "D":
        return begun[len(begun) - min(count, len(begun)) :]
    first = new_york_date(end) - timedelta(days=count * _CALENDAR_DAYS[unit])
    return [bar for bar in begun if bar.date > first]


def _begins_at(bar: DailyBar) -> datetime:
    return at_new_york(bar.date, _OPENING)


def _wire_bar(bar: DailyBar) -> WireBar:
    return WireBar(
        date=f"{bar.date:%Y%m%d}",
        open=_points(bar.open),
        high=_points(bar.high),
        low=_points(bar.low),
        close=_points(bar.close),
        volume=_NO_VOLUME,
        average=_points(bar.close),
        count=0,
    )


def _points(price: float) -> Decimal:
    return Decimal(str(price))


def _head_text(first: datetime, date_format: int) -> str:
    if date_format == _EPOCH_SECONDS:
        return str(int(first.timestamp()))
    return f"{first.astimezone(UTC):%Y%m%d-%H:%M:%S}"
