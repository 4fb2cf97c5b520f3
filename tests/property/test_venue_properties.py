"""Whatever clients do and the market shows, the books balance and the clock is never passed."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.exchange.venue.books import Books
from bot.exchange.venue.records import AccountOpened, FillBooked
from bot.exchange.wire import requests as ask
from tests.support.venue_rig import ACCOUNT, CALL_15, CASH, Rig, at, order, place, quote

CENTS = st.integers(min_value=1, max_value=299).map(lambda n: Decimal(n) / 100)
PLACED = st.tuples(st.just("place"), st.sampled_from(["BUY", "SELL"]), st.integers(1, 30), CENTS)
CHANGED = st.tuples(st.just("change"), st.integers(1, 6), st.integers(1, 30), CENTS)
CANCELLED = st.tuples(st.just("cancel"), st.integers(1, 6), st.just(0), CENTS)
SHOWN = st.tuples(st.just("show"), st.integers(0, 20), st.integers(1, 3), CENTS)
STORY = st.lists(st.one_of(PLACED, PLACED, CHANGED, CANCELLED, SHOWN, SHOWN), max_size=40)


def lived(story: list[tuple[str, object, int, Decimal]]) -> Rig:
    """Play a story of orders and markets, one step per market."""
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10")])
    session = rig.connect()
    now, next_id = at("2018-01-16T10:00"), 1
    for what, first, second, price in story:
        if what == "place":
            rig.say(session, place(order(next_id, str(first), second, str(price))))
            next_id += 1
        elif what == "change" and isinstance(first, int):
            sides = [o.side.value for o in rig.books.open_orders() if o.order_id == first]
            for side in sides:
                rig.say(session, place(order(first, side, second, str(price))))
        elif what == "cancel" and isinstance(first, int):
            rig.say(session, ask.CancelOrder(order_id=first))
        elif isinstance(first, int):
            ask_price = price + Decimal(second) / 100
            rig.market.show(quote(CALL_15, str(price), str(ask_price), first))
            now += timedelta(minutes=5)
            rig.keep(rig.venue.advance(now))
    return rig


@settings(max_examples=60, deadline=None)
@given(STORY)
def test_the_books_balance_after_any_story(story: list[tuple[str, object, int, Decimal]]) -> None:
    books = lived(story).books
    assert books.cash_usd + books.cost_of_positions_usd() - books.realized_usd == CASH
    bought = sum(e.side.sign * e.quantity for e in books.executions)
    assert books.quantity(CALL_15) == bought
    paid = sum(
        (e.side.sign * e.quantity * e.price * 100 + e.commission_usd for e in books.executions),
        Decimal(0),
    )
    assert books.cash_usd == CASH - paid


@settings(max_examples=60, deadline=None)
@given(STORY)
def test_no_account_is_ever_short_overfilled_or_early(
    story: list[tuple[str, object, int, Decimal]],
) -> None:
    rig = lived(story)
    held = 0
    for done in rig.books.executions:
        held += done.side.sign * done.quantity
        assert held >= 0
        assert done.at <= rig.venue.now
    for record in rig.records:
        if isinstance(record, FillBooked):
            sign = record.order.side.sign
            assert record.order.limit is not None
            assert sign * record.trades[0].price <= sign * record.order.limit
    assert all(o.filled <= o.quantity for o in rig.books.orders.values())
    assert len({e.exec_id for e in rig.books.executions}) == len(rig.books.executions)


@settings(max_examples=30, deadline=None)
@given(STORY)
def test_replaying_the_records_gives_the_same_books(
    story: list[tuple[str, object, int, Decimal]],
) -> None:
    rig = lived(story)
    again = Books()
    again.apply(AccountOpened(account=ACCOUNT, at=at("2018-01-16T10:00"), cash_usd=CASH))
    for record in rig.records:
        again.apply(record)
    assert again.cash_usd == rig.books.cash_usd
    assert again.orders == rig.books.orders
    assert again.executions == rig.books.executions
    assert again.open_orders() == rig.books.open_orders()
    assert again.clock == rig.books.clock
