"""Serves market data: lines, snapshots, and their ticks at each step."""

from bot.domain.instruments import Option
from bot.exchange.reference.listing import Listing
from bot.exchange.venue.floor import Client, Floor, Line
from bot.exchange.venue.reference_desk import ReferenceDesk
from bot.exchange.venue.ticks import line_ticks
from bot.exchange.wire.replies import MarketDataType, TickRequestParameters, TickSnapshotEnd
from bot.exchange.wire.requests import (
    CancelMarketData,
    RequestMarketData,
    RequestMarketDataType,
)

MAX_LINES = 100
LIVE = 1
_DATA_TYPES = range(1, 5)


class DataDesk:
    """Opens and closes lines, and tells each line what changed."""

    def __init__(self, floor: Floor, reference: ReferenceDesk) -> None:
        self._floor = floor
        self._reference = reference

    def open_line(self, client: Client, request: RequestMarketData) -> None:
        """Open a line and tell all it shows; 101 beyond the account's lines, 102 for a used id."""
        listing = self._reference.resolve(client, request.request_id, request.contract)
        if listing is None:
            return
        if request.request_id in client.lines:
            self._floor.fail(client, request.request_id, 102, "Duplicate ticker ID.")
            return
        line = Line(request_id=request.request_id, con_id=listing.instrument.con_id)
        if request.snapshot or request.regulatory_snapshot:
            self._begin(client, line, listing)
            self._floor.send(client, TickSnapshotEnd(request_id=request.request_id))
            return
        if sum(len(each.lines) for each in self._floor.clients.values()) >= MAX_LINES:
            self._floor.fail(
                client, request.request_id, 101, "Max number of tickers has been reached."
            )
            return
        client.lines[request.request_id] = line
        self._begin(client, line, listing)

    def close_line(self, client: Client, request: CancelMarketData) -> None:
        """Close a line; 300 if there is none of that id."""
        if client.lines.pop(request.request_id, None) is None:
            text = f"Can't find EId with tickerId:{request.request_id}"
            self._floor.fail(client, request.request_id, 300, text)

    def choose_type(self, client: Client, request: RequestMarketDataType) -> None:
        """Note what a client allows; live data are there, so each line goes on live."""
        if request.data_type not in _DATA_TYPES:
            text = f"Error validating request: market data type {request.data_type}"
            self._floor.notify(client, 321, text)
            return
        client.data_type = request.data_type

    def tell_all(self) -> None:
        """Send every line what changed since it was last told."""
        for client in self._floor.clients.values():
            for line in client.lines.values():
                self._tell(client, line)

    def _begin(self, client: Client, line: Line, listing: Listing) -> None:
        self._floor.send(client, MarketDataType(request_id=line.request_id, data_type=LIVE))
        self._floor.send(
            client,
            TickRequestParameters(
                request_id=line.request_id,
                min_tick=listing.min_tick,
                bbo_exchange=listing.valid_exchanges[0],
                snapshot_permissions=3 if isinstance(listing.instrument, Option) else 0,
            ),
        )
        self._tell(client, line)

    def _tell(self, client: Client, line: Line) -> None:
        quote = self._floor.board.quote(line.con_id)
        if quote is not line.told:
            self._floor.send_all(client, line_ticks(line.request_id, line.told, quote))
            line.told = quote
