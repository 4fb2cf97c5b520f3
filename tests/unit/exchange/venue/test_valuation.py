"""The account at its marks."""

from decimal import Decimal

import pytest

from bot.domain.instruments import ConId, Index
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.underlyings import SPY_ID
from bot.exchange.venue.books import Books
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.margin import HeldPosition, Requirement
from bot.exchange.venue.records import AccountOpened, DayOpened, Interest, InterestAccrued
from bot.exchange.venue.valuation import (
    AccountFigures,
    Requirements,
    day_profit_usd,
    mark_points,
    value_account,
    value_position,
)
from tests.support.venue_rig import CALL_15, FEBRUARY, at, quote, rig_reference, vix_option

CALL_20 = vix_option("20")
FUTURE = con_id_of(ContractKey(ContractClass.VX, FEBRUARY))
OPENED = at("2018-01-16T09:34")
MARKS = {
    CALL_15: Decimal("2.00"),
    CALL_20: Decimal("0.40"),
    SPY_ID: Decimal(280),
    FUTURE: Decimal("21.00"),
}


def usd(*amounts: int) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, amounts))


def tied(initial: int, maintenance: int) -> Requirement:
    return Requirement(initial_usd=Decimal(initial), maintenance_usd=Decimal(maintenance))


TIED = Requirements(securities=tied(14_100, 7_100), commodities=tied(5_500, 5_000))


@pytest.fixture
def books() -> Books:
    """Two long and one short option, fifty shares, one future bought at 20."""
    books = Books()
    future = Holding(
        con_id=FUTURE,
        multiplier=1000,
        quantity=1,
        cost_usd=Decimal(20_002),
        is_future=True,
        settled_usd=Decimal(20_000),
    )
    held = (
        Holding(con_id=CALL_15, multiplier=100, quantity=2, cost_usd=Decimal(300)),
        Holding(con_id=CALL_20, multiplier=100, quantity=-1, cost_usd=Decimal(-50)),
        Holding(con_id=SPY_ID, multiplier=1, quantity=50, cost_usd=Decimal(13_500)),
        future,
    )
    opened = AccountOpened(account="SIM1", at=OPENED, cash_usd=Decimal(20_000), holdings=held)
    books.apply(opened)
    interest = Interest(securities_usd=Decimal(3), commodities_usd=Decimal(-1))
    books.apply(InterestAccrued(day=OPENED.date(), interest=interest))
    return books


def figures(books: Books) -> AccountFigures:
    held = []
    for holding in books.positions():
        product = rig_reference().instrument(holding.con_id)
        assert not isinstance(product, Index)
        held.append(HeldPosition(product, holding.quantity))
    return value_account(books, held, MARKS, TIED)


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


def test_the_whole_account_adds_up(books: Books) -> None:
    """20,000 cash, 1,000 of the future's day, 360 of options, 14,000 of shares, 2 of interest."""
    total = figures(books).total
    assert (total.cash_usd, total.futures_pnl_usd, total.total_cash_usd) == usd(
        20_000, 1000, 21_000
    )
    assert (total.option_value_usd, total.stock_value_usd, total.gross_usd) == usd(
        360, 14_000, 14_440
    )
    assert (total.accrued_usd, total.net_liquidation_usd) == usd(2, 35_362)
    assert total.equity_with_loan_usd == 35_000
    assert (total.available_usd, total.excess_usd) == usd(35_000 - 19_600, 35_000 - 12_100)


def test_the_commodity_segment_holds_what_its_futures_must_have(books: Books) -> None:
    commodities = figures(books).commodities
    assert (commodities.cash_usd, commodities.futures_pnl_usd) == usd(4500, 1000)
    assert (commodities.equity_with_loan_usd, commodities.available_usd) == usd(5500, 0)
    assert (commodities.excess_usd, commodities.net_liquidation_usd) == usd(500, 5499)
    assert (commodities.gross_usd, commodities.option_value_usd) == usd(0, 0)


def test_securities_hold_the_rest(books: Books) -> None:
    securities = figures(books).securities
    assert (securities.cash_usd, securities.equity_with_loan_usd) == usd(15_500, 29_500)
    assert (securities.available_usd, securities.futures_pnl_usd) == usd(15_400, 0)


def test_profits_count_from_cost_and_from_the_days_beginning(books: Books) -> None:
    """Unrealized: 100 and 10 of options, 500 of shares, 998 of the future."""
    assert figures(books).unrealized_usd == 1608
    assert figures(books).daily_usd is None
    assert figures(books).day_began_with_usd is None
    marks = {CALL_15: Decimal("1.50"), FUTURE: Decimal("20.50"), SPY_ID: Decimal(280)}
    opening = DayOpened(day=OPENED.date(), equity_with_loan_usd=Decimal(7), marks=marks)
    books.apply(opening)
    assert day_profit_usd(books, CALL_15, MARKS) == 100
    assert day_profit_usd(books, CALL_20, MARKS) == 10  # began without a mark: counts from cost
    assert day_profit_usd(books, FUTURE, MARKS) == 500
    assert figures(books).daily_usd == 610
    assert figures(books).day_began_with_usd == 7


def test_the_days_profit_of_a_contract_is_unknown_before_the_first_day(books: Books) -> None:
    assert day_profit_usd(books, ConId(CALL_15), MARKS) is None
