"""The book shows what is held and what may still fill."""

from bot.execution.book import book_of
from tests.support.execution import Desk, view
from tests.support.orders import CALL, error, execution, intent, position, status, vix_call


def test_the_book_holds_lots_living_orders_breaks_and_unadopted_calls() -> None:
    desk = Desk().sent().feed(status(), execution()).sent("i-2").feed(error(201, "i-2"))
    desk.reconcile(view(positions=(position(3, 200),), instruments=(vix_call(200),)))
    book = book_of(desk.state)
    assert [order.intent for order in book.orders] == [intent()]
    assert book.contracts(CALL) == 1
    assert book.is_locked(CALL)
    assert book.unadopted == (200,)
