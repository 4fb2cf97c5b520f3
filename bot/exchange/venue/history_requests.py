"""Reads a request for past data: what is wanted of which contract, or why it cannot be had.

The texts and codes are the broker's: 321 for a request that makes no sense, 162 where there are no
data or the pacing is broken, 200 for the contract itself (domain.md sections 3.2 and 3.6).
"""

from datetime import date, datetime

import msgspec

from bot.domain.instruments import Future, Option
from bot.exchange.reference.products import Product
from bot.exchange.reference.underlyings import SPX_ID
from bot.exchange.venue.bar_sizes import (
    DAY_SECONDS,
    SMALL_SECONDS,
    Duration,
    IllegalRequestError,
    TooLongError,
    check_together,
    parse_bar_size,
    parse_duration,
)
from bot.exchange.venue.contracts import BAG, sec_type
from bot.exchange.venue.data_rules import Access
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.history_pacing import VIOLATION, HistoryPacer
from bot.exchange.venue.history_series import BID_ASK, KNOWN_KINDS, Series, has_data
from bot.exchange.venue.reference_desk import ReferenceDesk
from bot.exchange.venue.trading_windows import History, Window, windows_in
from bot.exchange.venue.wire_time import read_time
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.requests import RequestHistoricalData

SERVICE = "Historical Market Data Service error message:"
INVALID = "Error validating request.-'bK' : cause -"
SCHEDULE = "SCHEDULE"
_ALL_BARS = 1 << 20


class HistoryRefusedError(Exception):
    """A request for past data cannot be served.

    Attributes:
        code: 162 where there are no data, 321 where the request makes no sense.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class BarRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request for bars, understood."""

    request_id: int
    series: Series
    duration: Duration
    end: datetime
    regular_only: bool
    date_format: int
    keep_up_to_date: bool


class HistoryReader:
    """Understands requests, and knows which of them may be served now."""

    def __init__(self, floor: Floor, reference: ReferenceDesk) -> None:
        self._floor = floor
        self._reference = reference
        self._pacer = HistoryPacer()

    def bars(self, client: Client, request: RequestHistoricalData) -> BarRequest | None:
        """Return a request for bars; None if its contract was refused already.

        Raises:
            HistoryRefusedError: It cannot be served.
        """
        try:
            size, duration = parse_bar_size(request.bar_size), parse_duration(request.duration)
            end = self._end(request)
        except IllegalRequestError as error:
            raise HistoryRefusedError(321, f"{INVALID} {error}") from error
        what = self._kind(request, size)
        product = self.product(client, request.request_id, request.contract, what)
        if product is None:
            return None
        try:
            check_together(size, duration)
        except TooLongError as error:
            raise HistoryRefusedError(162, f"{SERVICE}{error}") from error
        series = Series(product, what, size)
        if what != SCHEDULE and not has_data(series):
            raise no_data(product, what)
        self._pace(request, series)
        return BarRequest(
            request_id=request.request_id,
            series=series,
            duration=duration,
            end=end,
            regular_only=request.regular_hours_only,
            date_format=request.date_format,
            keep_up_to_date=request.keep_up_to_date,
        )

    def product(
        self, client: Client, request_id: int, contract: WireContract, what: str
    ) -> Product | None:
        """Return a contract whose past may be seen; None if it was refused already.

        Raises:
            HistoryRefusedError: It has no past here, or none that this login may see.
        """
        if contract.sec_type == BAG:
            text = f"{SERVICE}HMDS query returned no data: {contract.symbol}@{contract.exchange}"
            raise HistoryRefusedError(162, f"{text} {spell_kind(what)}")
        listing = self._reference.resolve(client, request_id, contract)
        if listing is None:
            return None
        product = listing.instrument
        if self._floor.data_rules.entitlements.of(product) is Access.NONE:
            text = f"{SERVICE}No market data permissions for {product.exchange}"
            raise HistoryRefusedError(162, f"{text} {sec_type(product)}")
        if isinstance(product, Option) and product.settlement <= self._floor.now:
            raise no_data(product, what)
        return product

    def history(self, product: Product, end: datetime, *, regular_only: bool) -> History:
        """Return how much of the past a request may look at."""
        return History(
            product=product,
            sessions=self._floor.sessions,
            first=self._first(),
            end=end,
            regular_only=regular_only,
        )

    def windows(self, asked: BarRequest) -> list[Window]:
        """Return the stretches of trading that a request covers."""
        product, end = asked.series.product, asked.end
        if isinstance(product, Future):
            # the past of an expired month ends where it settled
            end = min(end, product.settlement)
        past = self.history(product, end, regular_only=asked.regular_only)
        return windows_in(past, asked.duration)

    def end_of(self, text: str) -> datetime:
        """Read an end of time as a client sends it; empty means now, and the future is now too.

        Raises:
            IllegalRequestError: It has none of the protocol's forms.
        """
        if not text:
            return self._floor.now
        try:
            return min(read_time(text), self._floor.now)
        except ValueError as error:
            raise IllegalRequestError(
                f"Historical data query end date/time string [{text}] is invalid.  "
                "Format is 'YYYYMMDD{SPACE}hh:mm:ss[{SPACE}TMZ]'."
            ) from error

    def _end(self, request: RequestHistoricalData) -> datetime:
        if request.keep_up_to_date and request.end:
            raise IllegalRequestError("End Date is not supported with keep up to date.")
        return self.end_of(request.end)

    def _kind(self, request: RequestHistoricalData, size: int) -> str:
        what = request.what_to_show.upper()
        if what not in KNOWN_KINDS:
            raise HistoryRefusedError(321, f"{INVALID} What to show field is missing or incorrect.")
        if what == SCHEDULE and (size != DAY_SECONDS or request.keep_up_to_date):
            text = "A schedule is told by finished bars of 1 day."
            raise HistoryRefusedError(321, f"{INVALID} {text}")
        return what

    def _pace(self, request: RequestHistoricalData, series: Series) -> None:
        if series.size > SMALL_SECONDS:
            return
        same = msgspec.structs.replace(request, request_id=0)
        route = (series.product.con_id, request.contract.exchange, series.what)
        weight = 2 if series.what == BID_ASK else 1
        if not self._pacer.admits(self._floor.now, same, route, weight):
            raise HistoryRefusedError(162, f"{SERVICE}{VIOLATION}")

    def _first(self) -> date:
        """Return the first session that the market knows of."""
        known = self._floor.market.daily_bars(SPX_ID, self._floor.now, _ALL_BARS)
        return known[0].date if known else self._floor.sessions.sessions[1].date


def no_data(product: Product, what: str) -> HistoryRefusedError:
    """Return the refusal of what has no data."""
    name = product.local_symbol if isinstance(product, Option | Future) else product.symbol
    text = f"HMDS query returned no data: {name}@{product.exchange} {spell_kind(what)}"
    return HistoryRefusedError(162, f"{SERVICE}{text}")


def spell_kind(what: str) -> str:
    """Return a kind as the history service words it: `Trades`, `Bid_ask`."""
    return what.capitalize()
