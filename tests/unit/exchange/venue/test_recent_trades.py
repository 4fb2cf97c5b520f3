"""Unsettled proceeds and day trades, from the latest executions."""

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.instruments import ConId
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.underlyings import SPY_ID
from bot.exchange.venue.books import Books
from bot.exchange.venue.contracts import BAG_CON_ID
from bot.exchange.venue.orders import Side
from bot.exchange.venue.recent_trades import day_trades_remaining, unsettled_sales_usd
from bot.exchange.venue.records import Execution
from tests.support.session_tables import index_option_sessions
from tests.support.venue_rig import CALL_15, FEBRUARY, at, rig_sessions

FUTURE = con_id_of(ContractKey(ContractClass.VX, FEBRUARY))
POOR, RICH = Decimal(24_999), Decimal(25_000)


def execution(day: str, side: Side, con_id: ConId = CALL_15, multiplier: int = 100) -> Execution:
    return Execution(
        exec_id="1.1.1.1",
        perm_id=1,
        order_id=1,
        client_id=1,
        con_id=con_id,
        exchange="SMART",
        side=side,
        quantity=2,
        price=Decimal("1.50"),
        multiplier=multiplier,
        at=at(f"{day}T10:00"),
        by_rate_usd=Decimal(0),
        commission_usd=Decimal(0),
        realized_usd=None,
        order_ref="",
        cum_quantity=2,
        average_price=Decimal("1.50"),
    )


def traded(*executions: Execution) -> Books:
    books = Books()
    books.executions += executions
    return books


@pytest.mark.parametrize(
    ("done", "today", "usd"),
    [
        (execution("2018-01-18", Side.SELL), "2018-01-18", 300),
        (execution("2018-01-18", Side.SELL), "2018-01-19", 0),
        (execution("2018-01-19", Side.SELL), "2018-01-22", 0),
        (execution("2018-01-18", Side.BUY), "2018-01-18", 0),
        (execution("2018-01-18", Side.SELL, SPY_ID, 1), "2018-01-19", 3),
        (execution("2018-01-18", Side.SELL, SPY_ID, 1), "2018-01-22", 0),
        (execution("2018-01-18", Side.SELL, FUTURE, 1000), "2018-01-18", 0),
        (execution("2018-01-18", Side.SELL, BAG_CON_ID), "2018-01-18", 0),
        (execution("2018-01-10", Side.SELL), "2018-01-18", 0),
    ],
)
def test_a_sale_is_paid_after_its_business_days(done: Execution, today: str, usd: int) -> None:
    books, day = traded(done), date.fromisoformat(today)
    assert unsettled_sales_usd(books, rig_sessions(), day) == usd


def test_shares_are_paid_after_one_day_since_may_2024() -> None:
    sessions = index_option_sessions(date(2024, 5, 1), date(2024, 7, 1))
    for day, today, usd in (("2024-05-24", "2024-05-28", 3), ("2024-05-28", "2024-05-29", 0)):
        books = traded(execution(day, Side.SELL, SPY_ID, 1))
        assert unsettled_sales_usd(books, sessions, date.fromisoformat(today)) == usd


def test_a_rich_account_may_trade_without_limit() -> None:
    books = traded(execution("2018-01-18", Side.BUY), execution("2018-01-18", Side.SELL))
    assert day_trades_remaining(books, rig_sessions(), date(2018, 1, 18), RICH) == [-1] * 5


def test_a_day_trade_is_remembered_for_five_business_days() -> None:
    """Three trades: Thursday, Friday and Monday; seen from Monday they fall out one by one."""
    days = ("2018-01-18", "2018-01-19", "2018-01-22")
    books = traded(*(execution(day, side) for day in days for side in Side))
    left = day_trades_remaining(books, rig_sessions(), date(2018, 1, 22), POOR)
    assert left == [0, 0, 0, 1, 2]


def test_futures_and_positions_kept_overnight_are_no_day_trades() -> None:
    books = traded(
        execution("2018-01-18", Side.BUY, FUTURE),
        execution("2018-01-18", Side.SELL, FUTURE),
        execution("2018-01-18", Side.BUY),
        execution("2018-01-19", Side.SELL),
    )
    assert day_trades_remaining(books, rig_sessions(), date(2018, 1, 19), POOR) == [3] * 5


def test_more_than_three_leave_none() -> None:
    books = traded(*(execution("2018-01-18", side, ConId(n)) for n in range(1, 6) for side in Side))
    assert day_trades_remaining(books, rig_sessions(), date(2018, 1, 18), POOR)[0] == 0
