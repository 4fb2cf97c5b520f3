"""The books change by records only, hold each thing once, and always balance."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from bot.domain.instruments import ConId
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.venue.books import Books, BooksError
from bot.exchange.venue.fills import Filling, make_fill
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.matching import Print
from bot.exchange.venue.orders import BookedOrder, IllegalMoveError, Side, Status
from bot.exchange.venue.records import (
    AccountOpened,
    ClockNoted,
    DayOpened,
    FillBooked,
    Interest,
    InterestAccrued,
    InterestPaid,
    OrderBooked,
    OrderIdSpent,
    PositionSettled,
    Record,
    VariationSettled,
)
from tests.support.venue_rig import CALL_15, at, product
from tests.support.venue_rig import ORDER as ANY_ORDER

NOON = at("2018-01-16T12:00")
ORDER = msgspec.structs.replace(
    ANY_ORDER, con_id=CALL_15, perm_id=1_000_000_001, order_ref="intent"
)

NINE = Decimal(9)
DAY = DayOpened(day=date(2018, 1, 16), equity_with_loan_usd=Decimal(5), marks={})


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
    filling = Filling(products={CALL_15: product(CALL_15)}, at=NOON)
    return make_fill(books, order, (done,), filling)


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
    assert done.trades[0].exec_id.split(".")[1:] == ["00000001", "01", "01"]
    books.apply(done)
    assert books.cash_usd == Decimal(1000) - 200 - Decimal("1.30")
    assert books.quantity(CALL_15) == 2
    assert books.orders[ORDER.perm_id].status is Status.SUBMITTED
    rest = fill(books, books.orders[ORDER.perm_id], 3, "1.10")
    books.apply(rest)
    assert rest.trades[0].exec_id != done.trades[0].exec_id
    assert rest.trades[0].average_price == Decimal("1.06")
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
    books.apply(DAY)
    books.apply(ClockNoted(at=NOON))
    books.apply(ClockNoted(at=at("2018-01-16T11:00")))
    assert (books.day_opening, books.clock) == (DAY, NOON)


def test_what_closed_since_the_day_began_is_known() -> None:
    """A position that was flat before is not told again; one that was not is."""
    flat = Holding(con_id=ConId(1), multiplier=100)
    books = opened(flat, Holding(con_id=CALL_15, multiplier=100, quantity=3))
    books.apply(DAY)
    assert books.closed_today() == []
    books.apply(PositionSettled(con_id=CALL_15, at=NOON, value_points=Decimal(0)))
    assert [holding.con_id for holding in books.closed_today()] == [CALL_15]
    books.apply(DAY)
    assert books.closed_today() == []


def test_a_fill_of_a_future_moves_no_cash_but_its_commission() -> None:
    """A future is known by its number, so what fills it need not say so."""
    books = opened()
    future = con_id_of(ContractKey(ContractClass.VX, date(2018, 2, 14)))
    order = msgspec.structs.replace(ORDER, con_id=future)
    books.apply(OrderBooked(order=order))
    (leg,) = order.parts
    prints = (Print(leg, order.side, 2, Decimal(20)),)
    filling = Filling(products={future: product(future)}, at=NOON)
    done = make_fill(books, order, prints, filling)
    books.apply(done)
    assert books.cash_usd == 1000 - done.trades[0].commission_usd
    assert books.holdings[future].is_future


def test_a_daily_settlement_moves_cash_and_realizes_nothing() -> None:
    """Two bought at 20, settled at 21.50: 3,000 USD come in, the average cost stays."""
    future = con_id_of(ContractKey(ContractClass.VX, date(2018, 2, 14)))
    held = Holding(
        con_id=future,
        multiplier=1000,
        quantity=2,
        cost_usd=Decimal(40_000),
        is_future=True,
        settled_usd=Decimal(40_000),
    )
    books = opened(held)
    books.apply(VariationSettled(con_id=future, at=NOON, price_points=Decimal("21.50")))
    assert (books.cash_usd, books.realized_usd, books.clock) == (Decimal(4000), Decimal(0), NOON)
    assert books.holdings[future].average_cost_usd == 20_000
    assert books.cost_of_positions_usd() == -3000


def test_interest_accrues_by_month_and_is_paid_for_the_months_before() -> None:
    books = opened()
    for day, earned, owed in (("01-30", "2.00", "-0.50"), ("01-31", "2.00", "0"), ("02-01", 1, 0)):
        interest = Interest(securities_usd=Decimal(earned), commodities_usd=Decimal(owed))
        accrued = InterestAccrued(day=date.fromisoformat(f"2018-{day}"), interest=interest)
        books.apply(accrued)
    assert books.interest.unpaid() == Interest(
        securities_usd=Decimal("5.00"), commodities_usd=Decimal("-0.50")
    )
    assert books.cash_usd == 1000
    books.apply(InterestPaid(before=date(2018, 2, 1), at=NOON))
    assert (books.cash_usd, books.interest.unpaid().total_usd) == (Decimal("1003.50"), Decimal(1))
    assert books.interest.earned_usd == Decimal("4.50")
    assert books.clock == NOON


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
    history += [
        DayOpened(day=date(2018, 1, 16), equity_with_loan_usd=Decimal(5), marks={CALL_15: NINE}),
        InterestAccrued(day=date(2018, 1, 16), interest=Interest(securities_usd=NINE)),
        InterestPaid(before=date(2018, 2, 1), at=NOON),
    ]
    for record in history[-3:]:
        books.apply(record)
    again = opened()
    for record in history:
        again.apply(msgspec.json.decode(msgspec.json.encode(record), type=Record))
    assert again.cash_usd == books.cash_usd
    assert again.day_opening == books.day_opening
    assert again.interest.earned_usd == books.interest.earned_usd == NINE
    assert again.realized_usd == books.realized_usd == Decimal("198.00")
    assert again.orders == books.orders
    assert again.executions == books.executions
    assert again.next_exec_id() == books.next_exec_id()
    assert again.cost_of_positions_usd() == books.cost_of_positions_usd()
