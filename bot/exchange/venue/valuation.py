"""What the account is worth: the books at mid marks.

An option without a bid is marked half-way between nothing and its ask; one without an ask keeps its
bid. Where nobody quotes, the last mark stands, and before the first one the cost does.
"""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from bot.domain.instruments import ConId
from bot.domain.money import to_cents
from bot.exchange.market.quote import MarketQuote
from bot.exchange.venue.books import Books
from bot.exchange.venue.holding import Holding

Marks = Mapping[ConId, Decimal]


def mark_points(quote: MarketQuote) -> Decimal | None:
    """Return the mark of a line in points, None where nothing is quoted."""
    if quote.ask is not None and quote.ask_size:
        bid = quote.bid if quote.bid is not None and quote.bid_size else Decimal(0)
        return (bid + quote.ask) / 2
    return quote.bid if quote.bid_size else None


class PositionValue(msgspec.Struct, frozen=True, kw_only=True):
    """One position at its mark, USD."""

    holding: Holding
    mark_points: Decimal
    market_value_usd: Decimal
    unrealized_usd: Decimal


class AccountFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The account at its marks, USD to the cent.

    Attributes:
        option_value_usd: Longs less shorts.
        gross_usd: Longs plus shorts, without signs.
        margin_usd: What positions tie up.
        equity_with_loan_usd: Cash alone: long options have no loan value (domain.md section 3.5).
        available_usd: What new premium may be paid from.
        realized_usd: Since the account was opened.
        daily_usd: Net liquidation since the trading day began, None before the first day.
    """

    net_liquidation_usd: Decimal
    cash_usd: Decimal
    option_value_usd: Decimal
    gross_usd: Decimal
    margin_usd: Decimal
    equity_with_loan_usd: Decimal
    available_usd: Decimal
    realized_usd: Decimal
    unrealized_usd: Decimal
    daily_usd: Decimal | None


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


def value_account(books: Books, marks: Marks, margin_usd: Decimal) -> AccountFigures:
    """Return the figures of the account at `marks`."""
    values = [value_position(holding, marks) for holding in books.positions()]
    options = sum((v.market_value_usd for v in values), Decimal(0))
    net = books.cash_usd + options
    return AccountFigures(
        net_liquidation_usd=net,
        cash_usd=books.cash_usd,
        option_value_usd=options,
        gross_usd=sum((abs(v.market_value_usd) for v in values), Decimal(0)),
        margin_usd=margin_usd,
        equity_with_loan_usd=books.cash_usd,
        available_usd=books.cash_usd - margin_usd,
        realized_usd=books.realized_usd,
        unrealized_usd=sum((v.unrealized_usd for v in values), Decimal(0)),
        daily_usd=None if books.day_start_usd is None else net - books.day_start_usd,
    )
