"""What the account is worth: the books at their marks, by segment.

An option without a bid is marked half-way between nothing and its ask; one without an ask keeps its
bid. Where nobody quotes, the last mark stands, and before the first one the cost does.

Futures belong to the commodity segment, all else to securities. Money is swept between the two, as
it is in an account by default: the commodity segment holds what its futures must have to open, no
more, and securities the rest. So no future needs money that is there but in the other segment.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Self

import msgspec

from bot.domain.instruments import ConId, Option
from bot.domain.money import to_cents
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.products import Stock
from bot.exchange.venue.books import Books
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.margin import HeldPosition, Requirement

Marks = Mapping[ConId, Decimal]


def mark_points(quote: MarketQuote) -> Decimal | None:
    """Return the mark of a line in points, None where nothing is quoted."""
    if quote.ask is not None and quote.ask_size:
        bid = quote.bid if quote.bid is not None and quote.bid_size else Decimal(0)
        return (bid + quote.ask) / 2
    return quote.bid if quote.bid_size else None


class PositionValue(msgspec.Struct, frozen=True, kw_only=True):
    """One position at its mark, USD; `market_value_usd` of a future is the value it stands for."""

    holding: Holding
    mark_points: Decimal
    market_value_usd: Decimal
    unrealized_usd: Decimal


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """One segment of the account at its marks, or both together; USD to the cent.

    Attributes:
        cash_usd: As settled, without the day's move of futures.
        futures_pnl_usd: What futures moved since their last settlement.
        stock_value_usd: Longs less shorts, as the option value.
        accrued_usd: Interest not yet paid.
        gross_usd: Stocks and options without signs.
        initial_usd: What positions must have to be opened.
        maintenance_usd: What they must have to be kept.
    """

    cash_usd: Decimal = Decimal(0)
    futures_pnl_usd: Decimal = Decimal(0)
    stock_value_usd: Decimal = Decimal(0)
    option_value_usd: Decimal = Decimal(0)
    accrued_usd: Decimal = Decimal(0)
    gross_usd: Decimal = Decimal(0)
    initial_usd: Decimal = Decimal(0)
    maintenance_usd: Decimal = Decimal(0)

    @property
    def total_cash_usd(self) -> Decimal:
        """Cash and the day's move of futures."""
        return self.cash_usd + self.futures_pnl_usd

    @property
    def net_liquidation_usd(self) -> Decimal:
        """What would be left if everything were closed at its mark."""
        values = self.stock_value_usd + self.option_value_usd
        return self.total_cash_usd + values + self.accrued_usd

    @property
    def equity_with_loan_usd(self) -> Decimal:
        """What margins are met from: options have no loan value (domain.md section 3.5)."""
        return self.total_cash_usd + self.stock_value_usd

    @property
    def available_usd(self) -> Decimal:
        """What new positions may take."""
        return self.equity_with_loan_usd - self.initial_usd

    @property
    def excess_usd(self) -> Decimal:
        """What may be lost before positions are liquidated."""
        return self.equity_with_loan_usd - self.maintenance_usd

    def plus(self, other: Self) -> Self:
        """Return both segments together."""
        mine, its = msgspec.structs.asdict(self), msgspec.structs.asdict(other)
        return type(self)(**{name: amount + its[name] for name, amount in mine.items()})


class AccountFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The account at its marks, USD to the cent.

    Attributes:
        realized_usd: Since the trading day began; so is `daily_usd`.
        unrealized_usd: Since the positions were opened.
        day_began_with_usd: The securities' equity with loan value as the last trading day left it.
    """

    total: Segment
    securities: Segment
    commodities: Segment
    realized_usd: Decimal
    unrealized_usd: Decimal
    daily_usd: Decimal | None
    day_began_with_usd: Decimal | None


class Requirements(msgspec.Struct, frozen=True, kw_only=True):
    """What each segment's positions tie up."""

    securities: Requirement
    commodities: Requirement


def value_position(holding: Holding, marks: Marks) -> PositionValue:
    """Return `holding` at its mark."""
    mark = marks.get(holding.con_id)
    if mark is None:
        mark = holding.average_price_points
    value = to_cents(mark * holding.quantity * holding.multiplier)
    return PositionValue(
        holding=holding,
        mark_points=mark,
        market_value_usd=value,
        unrealized_usd=value - holding.cost_usd,
    )


def day_realized_usd(books: Books, con_id: ConId) -> Decimal:
    """Return what a contract realized since the trading day began."""
    began = books.day_holdings.get(con_id)
    before = began.realized_usd if began else Decimal(0)
    return books.holdings[con_id].realized_usd - before


def day_profit_usd(books: Books, con_id: ConId, marks: Marks) -> Decimal | None:
    """Return what a contract earned since the trading day began, None before the first day.

    Its trades at their prices less commissions, the rest from mark to mark.
    """
    opening, began = books.day_opening, books.day_holdings.get(con_id)
    if opening is None:
        return None
    gained = value_position(books.holdings[con_id], marks).unrealized_usd
    before = value_position(began, opening.marks).unrealized_usd if began else Decimal(0)
    return gained - before + day_realized_usd(books, con_id)


def value_account(
    books: Books, held: Iterable[HeldPosition], marks: Marks, tied: Requirements
) -> AccountFigures:
    """Return the figures of the account; `held` are its positions, `tied` their margins."""
    accrued = books.interest.unpaid()
    commodities = _commodities(books, marks, tied.commodities)
    securities = msgspec.structs.replace(
        _securities(books, held, marks),
        cash_usd=books.cash_usd - commodities.cash_usd,
        accrued_usd=accrued.securities_usd,
        initial_usd=tied.securities.initial_usd,
        maintenance_usd=tied.securities.maintenance_usd,
    )
    commodities = msgspec.structs.replace(commodities, accrued_usd=accrued.commodities_usd)
    opening = books.day_opening
    values = [value_position(holding, marks) for holding in books.positions()]
    days = [day_profit_usd(books, con_id, marks) for con_id in books.holdings]
    return AccountFigures(
        total=securities.plus(commodities),
        securities=securities,
        commodities=commodities,
        realized_usd=_sum(day_realized_usd(books, con_id) for con_id in books.holdings),
        unrealized_usd=_sum(v.unrealized_usd for v in values),
        daily_usd=None if opening is None else _sum(day for day in days if day is not None),
        day_began_with_usd=None if opening is None else opening.equity_with_loan_usd,
    )


def futures_pnl_usd(books: Books, marks: Marks) -> Decimal:
    """Return what the futures moved since their last settlement."""
    futures = (value_position(h, marks) for h in books.positions() if h.is_future)
    return _sum(v.market_value_usd - v.holding.settled_usd for v in futures)


def _commodities(books: Books, marks: Marks, tied: Requirement) -> Segment:
    moved = futures_pnl_usd(books, marks)
    return Segment(
        cash_usd=tied.initial_usd - moved,
        futures_pnl_usd=moved,
        initial_usd=tied.initial_usd,
        maintenance_usd=tied.maintenance_usd,
    )


def _securities(books: Books, held: Iterable[HeldPosition], marks: Marks) -> Segment:
    stocks = options = gross = Decimal(0)
    for position in held:
        product = position.product
        value = value_position(books.holdings[product.con_id], marks).market_value_usd
        match product:
            case Stock():
                stocks += value
            case Option():
                options += value
            case _:
                continue
        gross += abs(value)
    return Segment(stock_value_usd=stocks, option_value_usd=options, gross_usd=gross)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
