"""Serves past ticks: up to a thousand after a start or before an end."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.domain.instruments import Index
from bot.exchange.reference.products import Product
from bot.exchange.venue.bar_sizes import IllegalRequestError
from bot.exchange.venue.contracts import sec_type
from bot.exchange.venue.data_rules import Access
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.history_requests import (
    INVALID,
    HistoryReader,
    HistoryRefusedError,
    no_data,
)
from bot.exchange.venue.history_series import HistorySeries
from bot.exchange.venue.past_ticks import Tick, first_of, last_of, mid_points, quotes, trades
from bot.exchange.venue.trading_windows import Window, windows_after, windows_before
from bot.exchange.wire.replies import (
    HistoricalTicks,
    HistoricalTicksBidAsk,
    HistoricalTicksLast,
)
from bot.exchange.wire.requests import RequestHistoricalTicks

MOST_TICKS = 1000
STEP_SECONDS = 5
_CHUNK = timedelta(hours=1)
_REPLIES: dict[str, Callable[..., Any]] = {
    "TRADES": HistoricalTicksLast,
    "BID_ASK": HistoricalTicksBidAsk,
    "MIDPOINT": HistoricalTicks,
}


class TickKind(NamedTuple):
    """Which ticks of which contract: `what` is TRADES, BID_ASK or MIDPOINT."""

    product: Product
    what: str
    ignore_size: bool = False


class TickHistory:
    """Answers requests for past ticks."""

    def __init__(self, floor: Floor, reader: HistoryReader) -> None:
        self._floor = floor
        self._reader = reader
        self._series = HistorySeries(floor.market)

    def ticks(self, client: Client, request: RequestHistoricalTicks) -> None:
        """Send the ticks asked for; 321 for what makes no sense, 162, 10187 or 200."""
        try:
            self._check(request)
            product = self._reader.product(
                client, request.request_id, request.contract, request.what_to_show
            )
            if product is not None:
                self._answer(client, request, product)
        except HistoryRefusedError as error:
            self._floor.fail(client, request.request_id, error.code, str(error))

    def latest(self, kind: TickKind, count: int) -> list[Tick]:
        """Return the last `count` ticks up to now, at any hour of trading."""
        past = self._reader.history(kind.product, self._floor.now, regular_only=False)
        return self._back(kind, windows_before(past), count)

    def since(self, kind: TickKind, start: datetime) -> list[Tick]:
        """Return all ticks from `start` to now, at any hour of trading, oldest first."""
        past = self._reader.history(kind.product, self._floor.now, regular_only=False)
        return [
            tick for window in windows_after(past, start) for tick in self._within(kind, window)
        ]

    def _check(self, request: RequestHistoricalTicks) -> None:
        if bool(request.start) is bool(request.end):
            text = "Either start time or end time has to be specified."
            raise HistoryRefusedError(321, f"{INVALID} {text}")
        if not 0 < request.number_of_ticks <= MOST_TICKS:
            text = f"Number of ticks must be between 1 and {MOST_TICKS}."
            raise HistoryRefusedError(321, f"{INVALID} {text}")
        if request.what_to_show not in _REPLIES:
            text = "What to show field is missing or incorrect."
            raise HistoryRefusedError(321, f"{INVALID} {text}")

    def _answer(self, client: Client, request: RequestHistoricalTicks, product: Product) -> None:
        if self._floor.data_rules.entitlements.of(product) is not Access.LIVE:
            text = f"Failed to request historical ticks:{permissions(product)}"
            raise HistoryRefusedError(10187, text)
        if isinstance(product, Index) and request.what_to_show != "TRADES":
            raise no_data(product, request.what_to_show)
        self._floor.send(
            client,
            _REPLIES[request.what_to_show](
                request_id=request.request_id,
                ticks=tuple(self._asked(request, product)),
                done=True,
            ),
        )

    def _asked(self, request: RequestHistoricalTicks, product: Product) -> list[Tick]:
        try:
            start, end = self._reader.end_of(request.start), self._reader.end_of(request.end)
        except IllegalRequestError as error:
            raise HistoryRefusedError(321, f"{INVALID} {error}") from error
        past = self._reader.history(product, end, regular_only=request.regular_hours_only)
        kind = TickKind(product, request.what_to_show, request.ignore_size)
        if request.start:
            forward = windows_after(past, start) if start < end else iter(())
            return self._forward(kind, forward, request.number_of_ticks)
        return self._back(kind, windows_before(past), request.number_of_ticks)

    def _forward(self, kind: TickKind, windows: Iterator[Window], count: int) -> list[Tick]:
        pieces = (piece for window in windows for piece in _pieces(window))
        return first_of((tick for piece in pieces for tick in self._within(kind, piece)), count)

    def _back(self, kind: TickKind, windows: Iterator[Window], count: int) -> list[Tick]:
        found: list[Tick] = []
        for piece in (piece for window in windows for piece in reversed(_pieces(window))):
            found = [*self._within(kind, piece), *found]
            if len(found) > count:
                break
        return last_of(found, count)

    def _within(self, kind: TickKind, window: Window) -> list[Tick]:
        con_id, now = kind.product.con_id, self._floor.now
        samples = self._series.samples(con_id, window, STEP_SECONDS, now)
        if kind.what == "TRADES":
            of_index = isinstance(kind.product, Index)
            return list(trades(samples, kind.product.exchange, of_index=of_index))
        if kind.what == "BID_ASK":
            return list(quotes(samples, ignore_size=kind.ignore_size))
        return list(mid_points(samples))


def permissions(product: Product) -> str:
    """Return the text of a lack of rights."""
    return f"No market data permissions for {product.exchange} {sec_type(product)}"


def _pieces(window: Window) -> list[Window]:
    """Cut a window into hours, so that no more is looked at than is needed."""
    found: list[Window] = []
    start: datetime = window.start
    while start < window.end:
        end = min(start + _CHUNK, window.end)
        found.append(window._replace(start=start, end=end))
        start = end
    return found
