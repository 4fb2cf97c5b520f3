"""What a line shows at a step: live, frozen or delayed quotes, and nothing where nothing trades.

The kinds are those of the protocol (domain.md section 2). Live data outside hours have no sides;
where a client allows frozen data it sees the last ones instead. Delayed data are those of a quarter
of an hour before.
"""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

import msgspec

from bot.domain.instruments import ConId
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.products import Product
from bot.exchange.venue.board import Board
from bot.exchange.venue.contracts import BAG_CON_ID, ResolvedLeg
from bot.exchange.venue.data_rules import DELAYED, DELAYED_FROZEN, FROZEN, LIVE
from bot.exchange.venue.floor import Floor
from bot.exchange.venue.lines import Line

DELAY = timedelta(minutes=15)


class LineFeed:
    """The quotes of all lines at the present step."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._delayed = Board(floor.market, floor.now - DELAY)
        self._frozen: dict[ConId, Board] = {}
        self._emptied: dict[ConId, tuple[MarketQuote, MarketQuote]] = {}

    def step(self, lines: Iterable[Line]) -> None:
        """Look up what delayed lines show now."""
        wanted = [con_id for line in lines if line.is_delayed for con_id in line.con_ids]
        self._delayed.step(wanted, self._floor.now - DELAY)

    def data_type(self, line: Line) -> int:
        """Return the kind of data the line carries now."""
        products = [line.product] if line.product else [leg.product for leg in line.legs]
        may_freeze = line.data_type in (FROZEN, DELAYED_FROZEN)
        if may_freeze and not all(self._is_open(line, product) for product in products):
            return DELAYED_FROZEN if line.is_delayed else FROZEN
        return DELAYED if line.is_delayed else LIVE

    def quote(self, line: Line) -> MarketQuote:
        """Return what the line shows now."""
        if line.product is not None:
            return self._quote(line, line.product)
        return combine([(leg, self._quote(line, leg.product)) for leg in line.legs])

    def _quote(self, line: Line, product: Product) -> MarketQuote:
        board = self._delayed if line.is_delayed else self._floor.board
        if self._is_open(line, product):
            return board.quote(product.con_id)
        if line.data_type in (FROZEN, DELAYED_FROZEN):
            return self._last_open(line, product)
        return self._empty(board.quote(product.con_id))

    def _is_open(self, line: Line, product: Product) -> bool:
        at = self._floor.now - DELAY if line.is_delayed else self._floor.now
        return self._floor.open_hours.is_open(product, at)

    def _last_open(self, line: Line, product: Product) -> MarketQuote:
        at = self._floor.now - DELAY if line.is_delayed else self._floor.now
        at = self._floor.open_hours.last_open(product, at)
        board = self._frozen.get(product.con_id)
        if board is None or board.now != at:
            board = self._frozen[product.con_id] = Board(self._floor.market, at)
        return board.quote(product.con_id)

    def _empty(self, quote: MarketQuote) -> MarketQuote:
        """Take the sides away, once per quote, so that nothing new stays nothing new."""
        kept = self._emptied.get(quote.con_id)
        if kept is None or kept[0] is not quote:
            kept = self._emptied[quote.con_id] = (quote, without_sides(quote))
        return kept[1]


def without_sides(quote: MarketQuote) -> MarketQuote:
    """Return a quote with neither bid nor ask, nor a model that would rest on them."""
    return msgspec.structs.replace(
        quote,
        bid=None,
        ask=None,
        bid_size=0,
        ask_size=0,
        iv=None,
        delta=None,
        gamma=None,
        vega=None,
        theta=None,
        underlying_price=None,
    )


def combine(legs: Iterable[tuple[ResolvedLeg, MarketQuote]]) -> MarketQuote:
    """Return the synthetic line of a combination: what buying and selling one unit would cost.

    A side exists where every leg has the side it needs; its size is how many units that gives. The
    price may be zero or below, which is a real price where there is a size (domain.md section 1.5).
    """
    held = list(legs)
    bids = [_side(leg, quote, buying=False) for leg, quote in held]
    asks = [_side(leg, quote, buying=True) for leg, quote in held]
    bid, bid_size = _total(bids)
    ask, ask_size = _total(asks)
    closes = [None if q.close is None else leg.signed_ratio * q.close for leg, q in held]
    known = [close for close in closes if close is not None]
    return MarketQuote(
        con_id=BAG_CON_ID,
        bid=bid,
        ask=ask,
        bid_size=bid_size,
        ask_size=ask_size,
        close=sum(known, Decimal(0)) if len(known) == len(held) else None,
    )


def _side(leg: ResolvedLeg, quote: MarketQuote, *, buying: bool) -> tuple[Decimal | None, int]:
    at_ask = (leg.signed_ratio > 0) is buying
    price, size = (quote.ask, quote.ask_size) if at_ask else (quote.bid, quote.bid_size)
    return (None if price is None else leg.signed_ratio * price), size // leg.ratio


def _total(sides: list[tuple[Decimal | None, int]]) -> tuple[Decimal | None, int]:
    prices = [price for price, _ in sides if price is not None]
    units = min(size for _, size in sides)
    if len(prices) < len(sides) or units == 0:
        return None, 0
    return sum(prices, Decimal(0)), units
