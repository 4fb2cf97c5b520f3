"""The book shows what is held and what may still fill."""

from bot.domain.orders import IntentId, Side
from bot.execution.book import book_of
from tests.support.execution import Desk, view
from tests.support.orders import CALL, error, execution, intent, position, roll, status, vix_call


def test_the_book_holds_lots_living_orders_breaks_and_unadopted_calls() -> None:
    desk = Desk().sent().feed(status(), execution()).sent("i-2").feed(error(201, "i-2"))
    desk.reconcile(view(positions=(position(3, 200),), instruments=(vix_call(200),)))
    book = book_of(desk.state)
    assert [order.intent for order in book.orders] == [intent()]
    assert book.contracts(CALL) == 1
    assert book.is_locked(CALL)
    assert book.unadopted == (200,)


def test_a_rejected_roll_is_told_for_as_long_as_what_it_was_to_sell_is_held() -> None:
    desk = Desk().sent().feed(status(), execution(quantity=2)).want(roll()).feed(error(201, "r-1"))
    (failed,) = book_of(desk.state).failed_rolls
    assert failed.intent == roll()
    desk.want(intent("s-1", side=Side.SELL)).feed(
        execution("b.1.01", "s-1", side=Side.SELL, quantity=2)
    )
    assert desk.state.orders[IntentId("r-1")].state == "rejected"
    assert book_of(desk.state).failed_rolls == ()


def test_a_rejected_order_in_one_contract_is_no_failed_roll() -> None:
    desk = Desk().sent().feed(status(), execution(quantity=2)).sent("i-2").feed(error(201, "i-2"))
    assert book_of(desk.state).failed_rolls == ()
