"""The book shows what is held and what may still fill."""

from decimal import Decimal

from bot.domain.book import COARSE_ROLL_GRID, ROLL_GRID, Aside
from bot.domain.events import Adopted, Ignored
from bot.domain.orders import IntentId, OrderState, Side
from bot.execution.book import book_of
from bot.execution.state import apply
from tests.support.execution import Desk, view
from tests.support.orders import (
    CALL,
    NOW,
    OTHER_CALL,
    adoption,
    error,
    execution,
    intent,
    position,
    roll,
    status,
    vix_call,
)


def test_the_book_holds_lots_living_orders_breaks_and_unadopted_calls() -> None:
    desk = Desk().sent().feed(status(), execution()).sent("i-2").feed(error(201, "i-2"))
    desk.reconcile(view(positions=(position(3, 200),), instruments=(vix_call(200),)))
    book = book_of(desk.state)
    assert [order.intent for order in book.orders] == [intent()]
    assert book.contracts(CALL) == 1
    assert book.is_locked(CALL)
    assert book.unadopted == (200,)


def test_the_book_tells_what_was_left_aside_and_what_is_ignored() -> None:
    seen = view(
        positions=(position(5), position(1, OTHER_CALL)),
        instruments=(vix_call(), vix_call(OTHER_CALL)),
    )
    state = Desk().reconcile(seen).state
    for event in (Adopted(adoption=adoption(), left=3), Ignored(con_id=OTHER_CALL)):
        state = apply(state, event, NOW)
    book = book_of(state)
    assert (book.aside, book.ignored) == ((Aside(con_id=CALL, quantity=3),), (OTHER_CALL,))
    assert [lot.is_adopted for lot in book.lots] == [True]


def test_a_rejected_roll_is_told_for_as_long_as_what_it_was_to_sell_is_held() -> None:
    desk = Desk().sent().feed(status(), execution(quantity=2)).want(roll()).feed(error(201, "r-1"))
    (failed,) = book_of(desk.state).failed_rolls
    assert failed.intent == roll()
    desk.want(intent("s-1", side=Side.SELL)).feed(
        execution("b.1.01", "s-1", side=Side.SELL, quantity=2)
    )
    assert desk.state.orders[IntentId("r-1")].state == "rejected"
    assert book_of(desk.state).failed_rolls == ()


def held_and_rolled(limit: str = "0.30") -> Desk:
    desk = Desk().sent().feed(status(), execution(quantity=2))
    return desk.want(roll(limit=Decimal(limit)))


def test_the_grid_of_rolls_is_the_exchanges_until_the_broker_refuses_it() -> None:
    """Then the price alone was wrong: the roll has not failed, and is asked for on that grid."""
    desk = held_and_rolled("0.31")
    assert book_of(desk.state).roll_grid == ROLL_GRID
    book = book_of(desk.feed(error(110, "r-1")).state)
    assert desk.order("r-1").state is OrderState.REJECTED
    assert (book.roll_grid, book.failed_rolls) == (COARSE_ROLL_GRID, ())


def test_a_refused_change_of_price_teaches_the_grid_too() -> None:
    desk = held_and_rolled("0.30").feed(status(key="r-1")).reprice("-0.01", "r-1")
    book = book_of(desk.feed(error(110, "r-1")).state)
    assert desk.order("r-1").state is OrderState.WORKING
    assert book.roll_grid == COARSE_ROLL_GRID


def test_a_price_refused_on_the_coarse_grid_has_failed() -> None:
    book = book_of(held_and_rolled("-0.15").feed(error(110, "r-1")).state)
    assert book.roll_grid == ROLL_GRID
    assert [order.intent.intent_id for order in book.failed_rolls] == ["r-1"]


def test_a_refused_price_of_one_contract_says_nothing_about_rolls() -> None:
    desk = Desk().sent(limit=Decimal("1.51")).feed(error(110))
    assert book_of(desk.state).roll_grid == ROLL_GRID


def test_a_rejected_order_in_one_contract_is_no_failed_roll() -> None:
    desk = Desk().sent().feed(status(), execution(quantity=2)).sent("i-2").feed(error(201, "i-2"))
    assert book_of(desk.state).failed_rolls == ()
