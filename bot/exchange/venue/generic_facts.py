"""Looks up what the generic ticks of a line are made of, the slow part once in a while."""

from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.instruments import ConId, Future, Index
from bot.exchange.market.quote import MarketQuote, Statistics
from bot.exchange.market.statistics import VOLATILITY_RETURNS, realised_volatility
from bot.exchange.reference.products import Product, Stock
from bot.exchange.reference.query import Query
from bot.exchange.venue.floor import Floor
from bot.exchange.venue.generic_ticks import (
    DIVIDENDS,
    LAST_REGULAR,
    OF_TRADES,
    PREMIUM,
    RUNNING_VOLATILITY,
    Facts,
    mark_price,
)
from bot.exchange.venue.tally import Tally, tally_day

REFRESH = timedelta(minutes=5)
_FRONT_CLASSES = {"VIX": "VX", "SPX": "ES"}
_FRONT_SYMBOLS = {"VIX": "VIX", "SPX": "ES"}


class GenericFacts:
    """The facts of contracts at the floor's time."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._statistics: dict[ConId, tuple[datetime, Statistics]] = {}

    def of(self, product: Product, quote: MarketQuote, wanted: frozenset[int]) -> Facts:
        """Return what the wanted generic ticks of a contract need."""
        return Facts(
            product=product,
            quote=quote,
            statistics=self._slow(product.con_id),
            running_volatility=self._running_volatility(product, wanted),
            premium=self._premium(product, quote) if PREMIUM in wanted else None,
            regular_last=self._regular_last(product, quote) if LAST_REGULAR in wanted else None,
            yearly_dividends=self._dividends(product, quote) if DIVIDENDS in wanted else None,
            tally=self._tally(product) if wanted & OF_TRADES else None,
        )

    def _slow(self, con_id: ConId) -> Statistics:
        now = self._floor.now
        kept = self._statistics.get(con_id)
        if kept is None or not kept[0] <= now < kept[0] + REFRESH:
            kept = self._statistics[con_id] = (now, self._floor.market.statistics(con_id, now))
        return kept[1]

    def _running_volatility(self, product: Product, wanted: frozenset[int]) -> float | None:
        if RUNNING_VOLATILITY not in wanted:
            return None
        bars = self._floor.market.daily_bars(
            product.con_id, self._floor.now, VOLATILITY_RETURNS + 1
        )
        return realised_volatility([bar.close for bar in bars])

    def _premium(self, product: Product, quote: MarketQuote) -> float | None:
        if not isinstance(product, Index) or product.symbol not in _FRONT_CLASSES:
            return None
        front = self._front(product.symbol)
        if front is None or quote.last is None:
            return None
        price = mark_price(self._floor.board.quote(front.con_id))
        return None if price is None else float(price - quote.last)

    def _front(self, symbol: str) -> Future | None:
        query = Query(sec_type="FUT", symbol=_FRONT_SYMBOLS[symbol])
        found = [each.instrument for each in self._floor.reference.find(query, self._floor.today)]
        months = [
            each
            for each in found
            if isinstance(each, Future)
            and each.trading_class == _FRONT_CLASSES[symbol]
            and each.settlement > self._floor.now
        ]
        return min(months, key=lambda month: month.settlement, default=None)

    def _regular_last(self, product: Product, quote: MarketQuote) -> Decimal | None:
        at = self._floor.open_hours.last_regular(product, self._floor.now)
        if at == self._floor.now:
            return quote.last
        return self._floor.market.quotes([product.con_id], at)[0].last

    def _dividends(self, product: Product, quote: MarketQuote) -> float | None:
        if not isinstance(product, Stock) or quote.last is None:
            return None
        return self._floor.market.rates(self._floor.now).dividend_yield * float(quote.last)

    def _tally(self, product: Product) -> Tally | None:
        if isinstance(product, Index):
            return None
        now = self._floor.now
        began = self._floor.open_hours.day_began(product, now)
        return tally_day(self._floor.market, product.con_id, began, now) if began <= now else None
