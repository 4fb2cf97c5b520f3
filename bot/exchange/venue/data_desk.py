"""Serves market data: lines, snapshots, and their ticks at each step.

A line that may be opened (`line_opening`) is told all it shows; from then on each step tells what
changed. What it shows is decided in `line_feed`, what of it is a message in `ticks` and
`generic_ticks`.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.domain.instruments import ConId, Index, Option
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.exchanges import competing
from bot.exchange.reference.products import Stock
from bot.exchange.venue.computations import Computations, compute, model_alone
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.generic_facts import REFRESH, GenericFacts
from bot.exchange.venue.generic_ticks import SLOW, generic_ticks
from bot.exchange.venue.line_feed import DELAY, LineFeed
from bot.exchange.venue.line_opening import LineOpener
from bot.exchange.venue.lines import Line
from bot.exchange.venue.reference_desk import ReferenceDesk
from bot.exchange.venue.ticks import OF_DELAYED, OF_LIVE, computation_ticks, line_ticks
from bot.exchange.wire.replies import MarketDataType, TickSnapshotEnd, TickString
from bot.exchange.wire.requests import (
    CancelMarketData,
    RequestMarketData,
    RequestMarketDataType,
)

_DATA_TYPES = range(1, 5)
_EXCHANGES_OF_BID_ASK_LAST = (32, 33, 84)


class _News(NamedTuple):
    """A line with something new to tell."""

    client: Client
    line: Line
    quote: MarketQuote


class DataDesk:
    """Opens and closes lines, and tells each line what changed."""

    def __init__(self, floor: Floor, reference: ReferenceDesk) -> None:
        self._floor = floor
        self._opener = LineOpener(floor, reference)
        self._feed = LineFeed(floor)
        self._facts = GenericFacts(floor)

    def open_line(self, client: Client, request: RequestMarketData) -> None:
        """Open a line and tell all it shows, or answer why not.

        200 and 478 for the contract, 102 for a used id, 101 beyond the account's lines, 321 for
        what is no generic tick, 354 and its kin for a lack of rights.
        """
        opened = self._opener.open(client, request)
        if opened is None:
            return
        line, parameters = opened
        lines = client.lines if line.ends_at is None else client.snapshots
        lines[line.request_id] = line
        self._tell_type(client, line, self._feed.data_type(line))
        self._floor.send(client, parameters)
        self._tell_exchanges(client, line)
        self._tell([_News(client, line, self._feed.quote(line))])
        self._end_snapshots(client)

    def close_line(self, client: Client, request: CancelMarketData) -> None:
        """Close a line or a waiting snapshot; 300 if there is none of that id."""
        lines = client.lines if request.request_id in client.lines else client.snapshots
        if lines.pop(request.request_id, None) is None:
            text = f"Can't find EId with tickerId:{request.request_id}"
            self._floor.fail(client, request.request_id, 300, text)

    def choose_type(self, client: Client, request: RequestMarketDataType) -> None:
        """Note what a client allows for the lines it opens from now on."""
        if request.data_type not in _DATA_TYPES:
            text = f"Error validating request: market data type {request.data_type}"
            self._floor.notify(client, 321, text)
            return
        client.data_type = request.data_type

    def tell_all(self) -> None:
        """Send every line what changed since it was last told; end the snapshots that are due."""
        self._feed.step(line for _, line in self._lines())
        self._tell(list(self._news()))
        for client in self._floor.clients.values():
            self._end_snapshots(client)

    # -- telling

    def _lines(self) -> Iterator[tuple[Client, Line]]:
        for client in self._floor.clients.values():
            for line in client.lines.values():
                yield client, line
            for line in client.snapshots.values():
                yield client, line

    def _news(self) -> Iterator[_News]:
        for client, line in self._lines():
            quote = self._feed.quote(line)
            data_type = self._feed.data_type(line)
            if data_type != line.told_type:
                self._tell_type(client, line, data_type)
            # a combination's quote is put together anew at each step
            if quote is not line.told and (line.product is not None or quote != line.told):
                yield _News(client, line, quote)

    def _tell_type(self, client: Client, line: Line, data_type: int) -> None:
        line.told_type = data_type
        told = MarketDataType(request_id=line.request_id, data_type=data_type)
        self._floor.send(client, told)

    def _tell(self, news: list[_News]) -> None:
        computed = self._computed(news)
        now = self._floor.now
        stamps = (int(now.timestamp()), int((now - DELAY).timestamp()))
        for client, line, quote in news:
            if line.has_top:
                self._tell_top(client, line, quote, stamps[line.is_delayed])
            computations = computed.get((quote.con_id, line.is_delayed))
            if computations is not None and line.option is not None:
                types = OF_DELAYED if line.is_delayed else OF_LIVE
                told = computation_ticks(
                    line.request_id, line.told_computations, computations, types
                )
                self._floor.send_all(client, told)
                line.told_computations = computations
            if line.generics:
                self._tell_generics(client, line, quote)
            line.told = quote

    def _computed(self, news: Iterable[_News]) -> dict[tuple[ConId, bool], Computations]:
        """Compute all options at once, each only once for all who watch it."""
        options = {
            (line.con_id, line.is_delayed): (option, quote)
            for _, line, quote in news
            if quote.underlying_price is not None and (option := line.option) is not None
        }
        if not self._floor.data_rules.price_computations:
            return {key: model_alone(quote) for key, (_, quote) in options.items()}
        now = self._floor.now
        rates = self._floor.market.rates(now)
        found: dict[tuple[ConId, bool], Computations] = {}
        for is_delayed, at in ((False, now), (True, now - DELAY)):
            part = {key: each for key, each in options.items() if key[1] is is_delayed}
            if part:
                found.update(zip(part, compute(list(part.values()), rates, at), strict=True))
        return found

    def _tell_top(self, client: Client, line: Line, quote: MarketQuote, stamp: int) -> None:
        """Tell prices; `stamp` is when a last price moves now, in seconds since 1970."""
        if line.told is None and line.product is not None:
            # what a closed market shows was traded when it was open
            now = self._floor.now - DELAY if line.is_delayed else self._floor.now
            stamp = int(self._floor.open_hours.last_open(line.product, now).timestamp())
        types = OF_DELAYED if line.is_delayed else OF_LIVE
        ticks = line_ticks(line.request_id, line.told, quote, stamp, types)
        self._floor.send_all(client, ticks)

    def _tell_generics(self, client: Client, line: Line, quote: MarketQuote) -> None:
        if line.product is None:
            return
        now = self._floor.now
        wanted = line.generics
        if line.generics_due is not None and now < line.generics_due:
            wanted -= SLOW
        else:
            line.generics_due = now + REFRESH
        facts = self._facts.of(line.product, quote, wanted)
        for tick in generic_ticks(line.request_id, wanted, facts):
            if line.told_generics.get(tick.tick_type) != tick:
                line.told_generics[tick.tick_type] = tick
                self._floor.send(client, tick)

    def _tell_exchanges(self, client: Client, line: Line) -> None:
        """Name the exchange of bid, ask and last by its letter where several could compete."""
        if not isinstance(line.product, Option | Stock):
            return
        letters = "".join(one.letter for one in competing(line.product.exchange))
        if line.has_top and not line.is_delayed:
            self._floor.send_all(
                client,
                [
                    TickString(request_id=line.request_id, tick_type=tick_type, value=letters)
                    for tick_type in _EXCHANGES_OF_BID_ASK_LAST
                ],
            )

    def _end_snapshots(self, client: Client) -> None:
        now = self._floor.now
        for line in list(client.snapshots.values()):
            if _is_complete(line) or (line.ends_at is not None and line.ends_at <= now):
                del client.snapshots[line.request_id]
                self._floor.send(client, TickSnapshotEnd(request_id=line.request_id))


def _is_complete(line: Line) -> bool:
    """Tell whether a snapshot has told all that its kind of contract can have."""
    quote = line.told
    assert quote is not None  # a line is told all it shows when it is opened
    if isinstance(line.product, Index):
        return quote.last is not None and quote.close is not None
    two_sided = quote.bid is not None and quote.ask is not None
    return two_sided and (line.product is None or quote.last is not None)
