"""Streams every tick of a contract: trades, best quotes or their middles.

The stream is the past as it comes to pass: at each step the ticks since the one before, read off
the same samples as historical ticks are. Delayed data have no such stream (domain.md section 2).
"""

from datetime import datetime, timedelta

import msgspec

from bot.domain.instruments import Index
from bot.exchange.reference.products import Product
from bot.exchange.venue.contracts import BAG
from bot.exchange.venue.data_rules import Access
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.past_ticks import Tick
from bot.exchange.venue.reference_desk import ReferenceDesk
from bot.exchange.venue.streams import Streams
from bot.exchange.venue.tick_history import MOST_TICKS, TickHistory, TickKind, permissions
from bot.exchange.wire.replies import (
    HistoricalTicks,
    HistoricalTicksBidAsk,
    HistoricalTicksLast,
    PastBidAsk,
    PastTick,
    PastTrade,
    Reply,
    TickByTickBidAsk,
    TickByTickMidPoint,
    TickByTickTrade,
)
from bot.exchange.wire.requests import CancelTickByTick, RequestTickByTick

_KINDS = {"Last": "TRADES", "AllLast": "TRADES", "BidAsk": "BID_ASK", "MidPoint": "MIDPOINT"}
_TRADE_TYPES = {"Last": 1, "AllLast": 2}
_LONGEST_GAP = timedelta(hours=1)
"""After a leap of the clock the stream goes on from now: what was leapt over is history."""
_INVALID = "Error validating request.-'bM' : cause -"


class TickStream(msgspec.Struct, kw_only=True):
    """One subscription, told up to, not including, `told_until`."""

    request_id: int
    kind: TickKind
    trade_type: int
    told_until: datetime


class TickDesk:
    """Opens, feeds and ends streams of ticks."""

    def __init__(self, floor: Floor, reference: ReferenceDesk, past: TickHistory) -> None:
        self._floor = floor
        self._reference = reference
        self._past = past
        self._streams: Streams[TickStream] = Streams(floor, "ticks")

    def open_stream(self, client: Client, request: RequestTickByTick) -> None:
        """Open a stream, past ticks first if wanted.

        321 for an unknown kind, 102 for a used id, 10190 beyond what is allowed at once, 10189
        where the contract has no such ticks or the login may not see them, 200 for the contract.
        """
        refusal = self._refusal(client, request)
        if refusal is not None:
            self._floor.fail(client, request.request_id, *refusal)
            return
        listing = self._reference.resolve(client, request.request_id, request.contract)
        if listing is None:
            return
        reason = self._unavailable(listing.instrument, _KINDS[request.tick_type])
        if reason is not None:
            text = f"Failed to request tick-by-tick data:{reason}"
            self._floor.fail(client, request.request_id, 10189, text)
            return
        self._begin(client, request, listing.instrument)

    def close_stream(self, client: Client, request: CancelTickByTick) -> None:
        """End a stream; 300 if there is none of that id."""
        if not self._streams.close(client, request.request_id):
            text = f"Can't find EId with tickerId:{request.request_id}"
            self._floor.fail(client, request.request_id, 300, text)

    def tell_all(self) -> None:
        """Send every stream what came to pass since the last step."""
        for client, stream in self._streams.each():
            self._tell(client, stream)

    def _refusal(self, client: Client, request: RequestTickByTick) -> tuple[int, str] | None:
        if request.tick_type not in _KINDS:
            return 321, f"{_INVALID} Tick type '{request.tick_type}' is not one of {[*_KINDS]}."
        if not 0 <= request.number_of_ticks <= MOST_TICKS:
            return 321, f"{_INVALID} Number of ticks must be between 0 and {MOST_TICKS}."
        if self._streams.has(client, request.request_id):
            return 102, "Duplicate ticker ID."
        if len(self._streams) >= self._floor.data_rules.max_tick_streams:
            return 10190, "Max number of tick-by-tick requests has been reached."
        if request.contract.sec_type == BAG:
            text = f"Failed to request tick-by-tick data:{request.contract.symbol} combination"
            return 10189, f"{text} has no ticks of its own."
        return None

    def _unavailable(self, product: Product, what: str) -> str | None:
        if self._floor.data_rules.entitlements.of(product) is not Access.LIVE:
            return permissions(product)
        if isinstance(product, Index) and what != "TRADES":
            return f"{product.symbol} is not quoted."
        return None

    def _begin(self, client: Client, request: RequestTickByTick, product: Product) -> None:
        kind = TickKind(product, _KINDS[request.tick_type], request.ignore_size)
        stream = TickStream(
            request_id=request.request_id,
            kind=kind,
            trade_type=_TRADE_TYPES.get(request.tick_type, 0),
            told_until=self._floor.now + timedelta(seconds=1),
        )
        if request.number_of_ticks:
            ticks = self._past.latest(kind, request.number_of_ticks)
            self._floor.send(client, _past_reply(request.request_id, kind, ticks))
        self._streams.open(client, request.request_id, stream)

    def _tell(self, client: Client, stream: TickStream) -> None:
        now = self._floor.now
        since, stream.told_until = stream.told_until, now + timedelta(seconds=1)
        if since <= now <= since + _LONGEST_GAP:
            told = self._past.since(stream.kind, since)
            self._floor.send_all(client, [_spell(stream, tick) for tick in told])


def _past_reply(request_id: int, kind: TickKind, ticks: list[Tick]) -> Reply:
    if kind.what == "TRADES":
        found = tuple(tick for tick in ticks if isinstance(tick, PastTrade))
        return HistoricalTicksLast(request_id=request_id, ticks=found, done=True)
    if kind.what == "BID_ASK":
        sides = tuple(tick for tick in ticks if isinstance(tick, PastBidAsk))
        return HistoricalTicksBidAsk(request_id=request_id, ticks=sides, done=True)
    middles = tuple(tick for tick in ticks if isinstance(tick, PastTick))
    return HistoricalTicks(request_id=request_id, ticks=middles, done=True)


def _spell(stream: TickStream, tick: Tick) -> Reply:
    request_id = stream.request_id
    if isinstance(tick, PastTick):
        return TickByTickMidPoint(request_id=request_id, time=tick.time, mid_point=tick.price)
    if isinstance(tick, PastBidAsk):
        return TickByTickBidAsk(
            request_id=request_id,
            time=tick.time,
            bid=tick.bid,
            ask=tick.ask,
            bid_size=tick.bid_size,
            ask_size=tick.ask_size,
        )
    return TickByTickTrade(
        request_id=request_id,
        tick_type=stream.trade_type,
        time=tick.time,
        price=tick.price,
        size=tick.size,
        exchange=tick.exchange,
    )
