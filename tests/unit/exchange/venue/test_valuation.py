"""The account at its marks."""

from decimal import Decimal

import pytest

from bot.exchange.market.quote import MarketQuote
from bot.exchange.venue.books import Books
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.records import AccountOpened, DayOpened
from bot.exchange.venue.valuation import mark_points, value_account, value_position
from tests.support.venue_rig import CALL_15, at, quote, vix_option

CALL_20 = vix_option("20")


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        (quote(CALL_15, "1.00", "1.10"), "1.05"),
        (quote(CALL_15, None, "0.05"), "0.025"),
        (quote(CALL_15, "1.00", None), "1.00"),
        (quote(CALL_15), None),
    ],
)
def test_a_line_is_marked_in_the_middle(line: MarketQuote, mark: str | None) -> None:
    assert mark_points(line) == (None if mark is None else Decimal(mark))


def test_an_unquoted_position_is_worth_what_it_cost() -> None:
    holding = Holding(con_id=CALL_15, multiplier=100, quantity=2, cost_usd=Decimal("301.30"))
    value = value_position(holding, {})
    assert (value.market_value_usd, value.unrealized_usd) == (Decimal("301.30"), Decimal(0))


def test_the_figures_add_up() -> None:
    books = Books()
    books.apply(
        AccountOpened(
            account="SIM1",
            at=at("2018-01-16T09:34"),
            cash_usd=Decimal(1000),
            holdings=(
                Holding(con_id=CALL_15, multiplier=100, quantity=2, cost_usd=Decimal(300)),
                Holding(con_id=CALL_20, multiplier=100, quantity=-1, cost_usd=Decimal(-50)),
            ),
        )
    )
    marks = {CALL_15: Decimal("2.00"), CALL_20: Decimal("0.40")}
    figures = value_account(books, marks, Decimal(100))
    assert figures.option_value_usd == 360
    assert figures.gross_usd == 440
    assert figures.net_liquidation_usd == 1360
    assert figures.unrealized_usd == 110
    assert (figures.equity_with_loan_usd, figures.available_usd) == (Decimal(1000), Decimal(900))
    assert figures.daily_usd is None
    books.apply(DayOpened(day=at("2018-01-16T09:34").date(), net_liquidation_usd=Decimal(1300)))
    assert value_account(books, marks, Decimal(100)).daily_usd == 60
