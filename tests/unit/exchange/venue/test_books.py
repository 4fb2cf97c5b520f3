"""The books change by records only, hold each thing once, and always balance."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from bot.exchange.venue.books import Books, BooksError
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.matching import Match, Print
from bot.exchange.venue.orders import BookedOrder, IllegalMoveError, Side, Status
from bot.exchange.venue.records import (
    AccountOpened,
    ClockNoted,
    DayOpened,
    FillBooked,
    OrderBooked,
    OrderIdSpent,
    PositionSettled,
    Record,
)
from tests.support.venue_rig import CALL_15, at, product
from tests.support.venue_rig import ORDER as ANY_ORDER

NOON = at("2018-01-16T12:00")
ORDER = msgspec.structs.replace(
    ANY_ORDER, con_id=CALL_15, perm_id=1_000_000_001, order_ref="intent"
)


def opened(*holdings: Holding) -> Books:
    books = Books()
    books.apply(
        AccountOpened(
            account="SIM1", at=at("2018-01-16T09:34"), cash_usd=Decimal(1000), holdings=holdings
        )
    )
    return books


def fill(books: Books, order: BookedOrder, quantity: int, price: str) -> FillBooked:
    """Return the record of a fill of a single contract."""
    (leg,) = order.parts
    done = Print(leg, order.side, quantity, Decimal(price))
    match = Match(quantity, Decimal(price), (done,))
    return books.fill(order, match, {CALL_15: product(CALL_15)}, NOON)


def test_an_account_is_opened_once_and_first() -> None:
    with pytest.raises(BooksError):
        Books().apply(ClockNoted(at=NOON))
    books = opened()
    with pytest.raises(BooksError):
        books.apply(AccountOpened(account="SIM1", at=NOON, cash_usd=Decimal(0)))


def test_a_fill_moves_cash_position_order_and_ids() -> None:
    books = opened()
    books.apply(OrderBooked(order=ORDER))
    assert books.open_orders() == [ORDER]
    done = fill(books, ORDER, 2, "1.00")
    assert done.execution.exec_id.split(".")[1:] == ["00000001", "01", "01"]
    books.apply(done)
    assert books.cash_usd == Decimal(1000) - 200 - Decimal("1.30")
    assert books.quantity(CALL_15) == 2
    assert books.orders[ORDER.perm_id].status is Status.SUBMITTED
    rest = fill(books, books.orders[ORDER.perm_id], 3, "1.10")
    books.apply(rest)
    assert rest.execution.exec_id != done.execution.exec_id
    assert rest.execution.average_price == Decimal("1.06")
    assert rest.order.status is Status.FILLED
    assert rest.order.commission_usd == Decimal("3.25")
    assert books.open_orders() == []
    assert len(books.executions) == 2


def test_the_same_execution_is_booked_once() -> None:
    books = opened()
    books.apply(OrderBooked(order=ORDER))
    done = fill(books, ORDER, 2, "1.00")
    books.apply(done)
    with pytest.raises(BooksError, match="already"):
        books.apply(done)
    assert books.quantity(CALL_15) == 2


def test_a_finished_order_is_not_reopened() -> None:
    books = opened()
    books.apply(OrderBooked(order=ORDER))
    done = fill(books, ORDER, 5, "1.00")
    books.apply(done)
    with pytest.raises(IllegalMoveError):
        books.apply(OrderBooked(order=ORDER))


def test_ids_ascend_per_client() -> None:
    books = opened()
    assert books.next_order_id(1) == 1
    books.apply(OrderIdSpent(client_id=1, order_id=7))
    books.apply(OrderIdSpent(client_id=1, order_id=3))
    assert (books.next_order_id(1), books.next_order_id(2)) == (8, 1)
    books.apply(OrderBooked(order=msgspec.structs.replace(ORDER, order_id=9)))
    assert books.next_order_id(1) == 10
    assert books.order_of(1, 9) is not None
    assert books.order_of(2, 9) is None


def test_a_settlement_pays_and_closes() -> None:
    books = opened(Holding(con_id=CALL_15, multiplier=100, quantity=3, cost_usd=Decimal("450.00")))
    books.apply(PositionSettled(con_id=CALL_15, at=NOON, value_points=Decimal("2.50")))
    assert (books.cash_usd, books.realized_usd) == (Decimal(1750), Decimal("300.00"))
    assert books.positions() == []


def test_day_and_clock_are_kept() -> None:
    books = opened()
    books.apply(DayOpened(day=date(2018, 1, 16), net_liquidation_usd=Decimal(5)))
    books.apply(ClockNoted(at=NOON))
    books.apply(ClockNoted(at=at("2018-01-16T11:00")))
    assert (books.day, books.day_start_usd, books.clock) == (date(2018, 1, 16), Decimal(5), NOON)


def test_records_written_and_read_back_give_the_same_books() -> None:
    books = opened()
    history: list[Record] = [OrderBooked(order=ORDER)]
    books.apply(history[0])
    history.append(fill(books, ORDER, 1, "1.00"))
    books.apply(history[1])
    sold = msgspec.structs.replace(
        ORDER, side=Side.SELL, perm_id=books.next_perm_id, order_id=2, quantity=1
    )
    history.append(OrderBooked(order=sold))
    books.apply(history[2])
    history.append(fill(books, sold, 1, "3.00"))
    books.apply(history[3])
    again = opened()
    for record in history:
        again.apply(msgspec.json.decode(msgspec.json.encode(record), type=Record))
    assert again.cash_usd == books.cash_usd
    assert again.realized_usd == books.realized_usd == Decimal("198.00")
    assert again.orders == books.orders
    assert again.executions == books.executions
    assert again.next_exec_id == books.next_exec_id
    assert again.cost_of_positions_usd() == books.cost_of_positions_usd()
