"""Shows an order book behind the best quote: up to five levels of each side.

The market knows the best quote alone. Behind it stands less and less, one legal price further away
at each level, down to the last price above zero: a shape, not a market that orders are matched in.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple, TypeAlias

import msgspec

from bot.domain.instruments import Index
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.exchanges import EXCHANGES
from bot.exchange.reference.products import Tradable
from bot.exchange.venue.contracts import BAG, sec_type
from bot.exchange.venue.data_rules import Access, admit
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.reference_desk import ReferenceDesk
from bot.exchange.venue.streams import Streams
from bot.exchange.wire.replies import MarketDepth, MarketDepthL2
from bot.exchange.wire.requests import CancelMarketDepth, RequestMarketDepth

MOST_ROWS = 5
_INSERT, _UPDATE, _DELETE = range(3)
_ASK_SIDE, _BID_SIDE = 0, 1
_SMART = "SMART"


class Row(NamedTuple):
    """One level of one side."""

    price: Decimal
    size: int


Book: TypeAlias = tuple[tuple[Row, ...], tuple[Row, ...]]
"""Asks and bids, best first: the places are the wire's numbers of the sides."""


class DepthLine(msgspec.Struct, kw_only=True):
    """One subscription, with the book that was told last."""

    request_id: int
    product: Tradable
    rows: int
    names_makers: bool
    is_smart_depth: bool
    told: Book = ((), ())


class DepthDesk:
    """Opens, feeds and ends order books."""

    def __init__(self, floor: Floor, reference: ReferenceDesk) -> None:
        self._floor = floor
        self._reference = reference
        self._lines: Streams[DepthLine] = Streams(floor, "depth")

    def open_line(self, client: Client, request: RequestMarketDepth) -> None:
        """Open a book and tell it whole.

        10092 where there is none, 102 for a used id, 309 beyond what is allowed at once, 354 for a
        lack of rights, 200 for the contract.
        """
        if self._lines.has(client, request.request_id):
            self._floor.fail(client, request.request_id, 102, "Duplicate ticker ID.")
            return
        most = self._floor.data_rules.max_depth_lines
        if len(self._lines) >= most:
            text = f"Max number ({most}) of market depth requests has been reached"
            self._floor.fail(client, request.request_id, 309, text)
            return
        product = self._product(client, request)
        if product is None:
            return
        line = DepthLine(
            request_id=request.request_id,
            product=product,
            rows=min(max(request.rows, 1), MOST_ROWS),
            names_makers=request.is_smart_depth or request.contract.exchange == _SMART,
            is_smart_depth=request.is_smart_depth,
        )
        self._lines.open(client, request.request_id, line)
        self._tell(client, line)

    def close_line(self, client: Client, request: CancelMarketDepth) -> None:
        """End a book; 310 if there is none of that id."""
        if not self._lines.close(client, request.request_id):
            text = f"Can't find the subscribed market depth with tickerId:{request.request_id}"
            self._floor.fail(client, request.request_id, 310, text)

    def tell_all(self) -> None:
        """Send every book what changed."""
        for client, line in self._lines.each():
            self._tell(client, line)

    def _product(self, client: Client, request: RequestMarketDepth) -> Tradable | None:
        listing = None
        if request.contract.sec_type != BAG:
            listing = self._reference.resolve(client, request.request_id, request.contract)
            if listing is None:
                return None
        if listing is None or isinstance(listing.instrument, Index):
            text = "Deep market data is not supported for this combination of security "
            self._floor.fail(client, request.request_id, 10092, f"{text}type/exchange")
            return None
        product = listing.instrument
        access = self._floor.data_rules.entitlements.of(product)
        if access is not Access.LIVE:
            refused = admit(access, 1, delayed_enabled=False, name=f"{product.symbol} depth")
            self._floor.fail(client, request.request_id, refused.code, refused.text)
            return None
        return product

    def _tell(self, client: Client, line: DepthLine) -> None:
        is_open = self._floor.open_hours.is_open(line.product, self._floor.now)
        book: Book = ((), ())
        if is_open:
            book = make_book(line.product, self._floor.board.quote(line.product.con_id), line.rows)
        maker = _maker(line.product)
        for side in (_ASK_SIDE, _BID_SIDE):
            for position, operation, row in changes(line.told[side], book[side]):
                told = MarketDepth(
                    request_id=line.request_id,
                    position=position,
                    operation=operation,
                    side=side,
                    price=row.price,
                    size=Decimal(row.size),
                )
                self._floor.send(client, _with_maker(told, line, maker))
        line.told = book


def make_book(product: Tradable, quote: MarketQuote, rows: int) -> Book:
    """Return the levels behind a quote; a side without a price has none."""
    asks = _levels(product, quote.ask, quote.ask_size, rows, step=1)
    bids = _levels(product, quote.bid, quote.bid_size, rows, step=-1)
    return tuple(asks), tuple(bids)


def changes(old: tuple[Row, ...], new: tuple[Row, ...]) -> Iterator[tuple[int, int, Row]]:
    """Yield position, operation and row of what makes `new` of `old`."""
    for position, (before, after) in enumerate(zip(old, new, strict=False)):
        if before != after:
            yield position, _UPDATE, after
    for position in range(len(old), len(new)):
        yield position, _INSERT, new[position]
    for position in reversed(range(len(new), len(old))):
        yield position, _DELETE, Row(Decimal(0), 0)


def _levels(
    product: Tradable, best: Decimal | None, size: int, rows: int, *, step: int
) -> Iterator[Row]:
    """Yield levels away from the best price, each a fifth of the best size smaller."""
    price = best
    for level in range(rows):
        if price is None or price <= 0:
            return
        yield Row(price, max(size * (MOST_ROWS - level) // MOST_ROWS, 1))
        # below an edge of the grid the finer steps begin
        further = product.grid.increment_at(price if step > 0 else price - Decimal("0.0001"))
        price += step * further


def _maker(product: Tradable) -> str:
    shown = (one.name for one in EXCHANGES if sec_type(product) in one.depth)
    return product.exchange if product.exchange in shown else ""


def _with_maker(told: MarketDepth, line: DepthLine, maker: str) -> MarketDepth | MarketDepthL2:
    if not line.names_makers:
        return told
    return MarketDepthL2(
        request_id=told.request_id,
        position=told.position,
        market_maker=maker,
        operation=told.operation,
        side=told.side,
        price=told.price,
        size=told.size,
        is_smart_depth=line.is_smart_depth,
    )
