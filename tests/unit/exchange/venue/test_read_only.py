"""A gateway whose API may only look."""

import pytest

from bot.exchange.venue.account_rules import AccountRules
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.replies import ErrorMessage, OpenOrderEnd, PositionEnd
from tests.support.venue_rig import CALL_15, Rig, codes, only, order, place, quote


@pytest.fixture
def rig() -> Rig:
    return Rig(lines=[quote(CALL_15, "1.00", "1.10")], rules=AccountRules(read_only=True))


def exercise() -> ask.ExerciseOptions:
    contract = WireContract(con_id=CALL_15, exchange="CBOE")
    return ask.ExerciseOptions(
        request_id=4, contract=contract, action=1, quantity=1, account="", override=0
    )


@pytest.mark.parametrize(
    ("request_", "about"),
    [
        (place(order(1, "BUY", 1, "1.20")), 1),
        (ask.CancelOrder(order_id=7), 7),
        (ask.RequestGlobalCancel(), -1),
        (exercise(), 4),
        (ask.RequestOpenOrders(), -1),
        (ask.RequestAutoOpenOrders(bind=False), -1),
    ],
)
def test_what_trades_or_binds_is_refused(rig: Rig, request_: ask.Request, about: int) -> None:
    replies = rig.say(rig.connect(), request_)
    (refusal,) = only(replies, ErrorMessage)
    assert (refusal.request_id, refusal.code, len(replies)) == (about, 321, 1)
    assert "Read-Only" in refusal.text


def test_completed_orders_are_never_told(rig: Rig) -> None:
    assert rig.say(rig.connect(), ask.RequestCompletedOrders(api_only=True)) == []


def test_looking_is_served_as_ever(rig: Rig) -> None:
    session = rig.connect()
    assert only(rig.say(session, ask.RequestPositions()), PositionEnd)
    replies = rig.say(session, ask.RequestAllOpenOrders())
    assert only(replies, OpenOrderEnd)
    assert codes(replies) == []
