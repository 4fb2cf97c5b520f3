"""Ten thousand random orders of every kind leave books that balance and can be rebuilt."""

from collections import Counter
from decimal import Decimal

import msgspec
import pytest

from bot.exchange.venue.books import Books
from bot.exchange.venue.contracts import BAG_CON_ID
from bot.exchange.venue.orders import OrderType, Status
from bot.exchange.venue.records import AccountOpened, Record
from tests.support.order_storm import CASH, START, Storm
from tests.support.venue_rig import ACCOUNT, at


def lived(seed: int, orders: int) -> Storm:
    storm = Storm(seed)
    storm.run(orders)
    return storm


def assert_books_hold(storm: Storm) -> None:
    """Check that cash, positions, realized profit, orders and executions tell one story."""
    books = storm.rig.books
    assert books.cash_usd + books.cost_of_positions_usd() - books.realized_usd == CASH
    trades = [e for e in books.executions if e.con_id != BAG_CON_ID]
    held: dict[int, int] = {}
    for done in trades:
        held[done.con_id] = held.get(done.con_id, 0) + done.side.sign * done.quantity
    assert {h.con_id: h.quantity for h in books.positions()} == {c: q for c, q in held.items() if q}
    assert len({e.exec_id for e in books.executions}) == len(books.executions)
    charged = sum((e.commission_usd for e in trades), Decimal(0))
    assert charged == sum((o.commission_usd for o in books.orders.values()), Decimal(0))
    units = Counter[int]()
    for done in books.executions:
        if done.con_id == books.orders[done.perm_id].con_id:
            units[done.perm_id] += done.quantity
    assert units == Counter({o.perm_id: o.filled for o in books.orders.values() if o.filled})


def assert_replays(storm: Storm) -> None:
    """Check that the records, written down and read back, give equal books."""
    books, again = storm.rig.books, Books()
    again.apply(AccountOpened(account=ACCOUNT, at=at(START), cash_usd=CASH))
    for record in msgspec.json.decode(msgspec.json.encode(storm.rig.records), type=list[Record]):
        again.apply(record)
    assert again.cash_usd == books.cash_usd
    assert again.orders == books.orders
    assert again.executions == books.executions
    assert again.holdings == books.holdings
    assert again.open_orders() == books.open_orders()
    assert again.next_exec_id() == books.next_exec_id()


def test_ten_thousand_orders_leave_books_that_hold() -> None:
    storm = lived(2018, 10_000)
    assert_books_hold(storm)
    assert_replays(storm)


@pytest.mark.parametrize("seed", range(4))
def test_random_orders_leave_books_that_hold(seed: int) -> None:
    storm = lived(seed, 500)
    assert_books_hold(storm)
    assert_replays(storm)


def test_the_storm_meets_every_kind_of_order_and_end() -> None:
    """A story that never fills a combination or wakes a child proves nothing of them."""
    storm = lived(11, 2000)
    orders = storm.rig.books.orders.values()
    filled = [o for o in orders if o.filled]
    assert {o.order_type for o in filled} >= set(OrderType)
    assert any(o.legs for o in filled)
    assert any(not o.guaranteed for o in filled)
    assert any(o.priority for o in filled)
    assert any(o.parent_perm_id for o in filled)
    assert any(o.oca_group for o in filled)
    assert {o.status for o in orders} >= {Status.FILLED, Status.CANCELLED, Status.INACTIVE}
    assert any(o.ended_reason == "Its group was filled" for o in orders)
    assert any(o.ended_reason == "Expired" for o in orders)
