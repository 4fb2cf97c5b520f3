"""Only orders about which an answer is owed can be overdue, and only when it is late."""

from datetime import timedelta

from bot.execution.waiting import overdue
from tests.support.execution import Desk
from tests.support.orders import intent, later, status

PATIENCE = timedelta(seconds=30)


def late(desk: Desk, seconds: float) -> list[str]:
    return [s.intent_id for s in overdue(desk.state, later(seconds), PATIENCE)]


def test_patience_ends_for_what_was_asked() -> None:
    desk = Desk().want(intent("i-0")).sent("i-1").sent("i-2").feed(status(key="i-2"))
    assert late(desk, 29) == []
    assert late(desk, 30) == ["i-0", "i-1"]


def test_a_change_of_limit_is_waited_for_from_its_own_time() -> None:
    desk = Desk().sent().feed(status()).reprice("1.60")
    assert late(desk, 30) == ["i-1"]
    desk.feed(*overdue(desk.state, later(30), PATIENCE))
    assert desk.state.in_doubt() == (desk.order(),)
    assert "30 s" in desk.order().reason
