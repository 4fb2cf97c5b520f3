"""Attached orders: sent together, asleep until the parent fills, ended with it."""

from decimal import Decimal

import pytest

from bot.exchange.wire import requests as ask
from bot.exchange.wire.order import WireOrder
from bot.exchange.wire.replies import OpenOrder, OrderStatus, Reply
from tests.support.venue_rig import (
    CALL_15,
    Rig,
    codes,
    only,
    order,
    place,
    quote,
    statuses,
    traded,
)

LINE = quote(CALL_15, "1.00", "1.10")


@pytest.fixture
def rig() -> Rig:
    return Rig(lines=[LINE])


def bracket(price: str, quantity: int = 2, **parent: object) -> list[WireOrder]:
    """Return a buy with a profit taker and a stop loss, as client libraries make them."""
    stop = {"order_type": "STP", "lmt_price": None, "aux_price": Decimal("0.80")}
    return [
        order(1, "BUY", quantity, price, transmit=False, **parent),
        order(2, "SELL", quantity, "1.50", parent_id=1, transmit=False),
        order(3, "SELL", quantity, "1", parent_id=1, transmit=True, **stop),
    ]


def sent(rig: Rig, orders: list[WireOrder]) -> list[list[Reply]]:
    session = next(iter(rig.floor.clients), None) or rig.connect()
    return [rig.say(session, place(each)) for each in orders]


def states(rig: Rig) -> list[str]:
    return [each.status.value for each in rig.books.orders.values()]


def test_nothing_is_sent_before_the_last_child(rig: Rig) -> None:
    first, second, third = sent(rig, bracket("1.05"))
    assert statuses(first) == statuses(second) == ["PendingSubmit"]
    assert not only(first, OpenOrder)[0].order.transmit
    assert states(rig) == ["Submitted", "PreSubmitted", "PreSubmitted"]
    told = only(third, OrderStatus)
    assert {each.why_held for each in told if each.order_id in (2, 3)} == {"child"}
    assert {each.parent_id for each in told if each.order_id in (2, 3)} == {1}


def test_an_order_that_is_not_sent_does_not_trade(rig: Rig) -> None:
    sent(rig, [order(1, "BUY", 2, "1.20", transmit=False)])
    rig.step("2018-01-16T10:01")
    assert (states(rig), traded(rig)) == (["PendingSubmit"], [])
    sent(rig, [order(1, "BUY", 2, "1.20")])
    assert traded(rig) == [("BUY", 2, "1.10")]


def test_an_order_may_be_changed_before_it_is_sent(rig: Rig) -> None:
    sent(rig, [order(1, "BUY", 2, "1.20", transmit=False)])
    replies = sent(rig, [order(1, "BUY", 3, "1.20", transmit=False)])[0]
    assert statuses(replies) == ["PendingSubmit"]
    assert (traded(rig), rig.books.orders[1_000_000_001].quantity) == ([], 3)


def test_what_is_never_sent_ends_with_its_day(rig: Rig) -> None:
    sent(rig, [order(1, "BUY", 2, "1.20", transmit=False)])
    rig.step("2018-01-16T16:15")
    assert states(rig) == ["Cancelled"]


def test_a_filled_parent_wakes_its_children_as_one_group(rig: Rig) -> None:
    *_, last = sent(rig, bracket("1.10"))
    assert traded(rig) == [("BUY", 2, "1.10")]
    assert states(rig) == ["Filled", "Submitted", "PreSubmitted"]
    groups = {(o.order.oca_group, o.order.oca_type) for o in only(last, OpenOrder)[-2:]}
    assert groups == {("1000000001", 3)}


def test_taking_the_profit_ends_the_stop(rig: Rig) -> None:
    sent(rig, bracket("1.10"))
    rig.market.show(quote(CALL_15, "1.50", "1.60"))
    rig.step("2018-01-16T10:01")
    assert states(rig) == ["Filled", "Filled", "Cancelled"]
    assert rig.books.quantity(CALL_15) == 0


def test_the_stop_ends_the_profit_taker(rig: Rig) -> None:
    sent(rig, bracket("1.10"))
    for minute in (1, 2):
        rig.market.show(quote(CALL_15, "0.70", f"0.8{minute}"))
        rig.step(f"2018-01-16T10:0{minute}")
    assert states(rig) == ["Filled", "Cancelled", "Filled"]
    assert traded(rig)[-1] == ("SELL", 2, "0.70")


def test_a_part_of_the_profit_leaves_a_smaller_stop(rig: Rig) -> None:
    sent(rig, bracket("1.10"))
    rig.market.show(quote(CALL_15, "1.50", "1.60", 1))
    rig.step("2018-01-16T10:01")
    quantities = [each.quantity for each in rig.books.orders.values()]
    assert (states(rig)[1:], quantities) == (["Submitted", "PreSubmitted"], [2, 2, 1])


def test_a_child_waits_for_the_whole_parent() -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10", 1)])
    sent(rig, bracket("1.10"))
    assert states(rig) == ["Submitted", "PreSubmitted", "PreSubmitted"]
    assert rig.books.orders[1_000_000_002].why_held == "child"


def test_cancelling_the_parent_ends_the_children(rig: Rig) -> None:
    sent(rig, bracket("1.05"))
    (session,) = rig.floor.clients
    replies = rig.say(session, ask.CancelOrder(order_id=1))
    assert states(rig) == ["Cancelled"] * 3
    assert codes(replies) == [202, 202, 202]


def test_cancelling_a_child_leaves_the_rest(rig: Rig) -> None:
    sent(rig, bracket("1.05"))
    (session,) = rig.floor.clients
    rig.say(session, ask.CancelOrder(order_id=2))
    assert states(rig) == ["Submitted", "Cancelled", "PreSubmitted"]


def test_everybody_can_be_cancelled_at_once(rig: Rig) -> None:
    sent(rig, bracket("1.05"))
    (session,) = rig.floor.clients
    replies = rig.say(session, ask.RequestGlobalCancel())
    assert codes(replies) == [202, 202, 202]
    assert states(rig) == ["Cancelled"] * 3


def test_a_parent_that_expires_takes_its_children_along(rig: Rig) -> None:
    sent(rig, bracket("1.05"))
    rig.step("2018-01-16T16:15")
    assert states(rig) == ["Cancelled"] * 3


def test_a_parent_the_account_cannot_bear_is_refused_when_it_is_sent(rig: Rig) -> None:
    *_, last = sent(rig, bracket("1.10", 2000))
    assert states(rig) == ["Cancelled"] * 3
    assert 201 in codes(last)


def test_a_child_the_account_cannot_bear_ends_when_it_wakes(rig: Rig) -> None:
    """Two are bought and three sold: more than is held."""
    parent, child, _ = bracket("1.10")
    more = order(2, "SELL", 3, "1.50", parent_id=1)
    replies = sent(rig, [parent, more])[-1]
    assert states(rig) == ["Filled", "Cancelled"]
    assert codes(replies) == [201]
    assert child.order_id == 2


def test_a_child_is_attached_to_a_filled_parent_awake(rig: Rig) -> None:
    sent(rig, [order(1, "BUY", 2, "1.10")])
    replies = sent(rig, [order(2, "SELL", 2, "1.50", parent_id=1)])[0]
    assert statuses(replies) == ["PreSubmitted", "Submitted"]


def test_a_child_that_is_not_sent_stays_so_when_its_parent_fills(rig: Rig) -> None:
    sent(
        rig, [order(1, "BUY", 2, "1.05"), order(2, "SELL", 2, "1.00", parent_id=1, transmit=False)]
    )
    rig.market.show(quote(CALL_15, "1.00", "1.05"))
    rig.step("2018-01-16T10:01")
    assert states(rig) == ["Filled", "PendingSubmit"]
    sent(rig, [order(2, "SELL", 2, "1.00", parent_id=1)])
    assert states(rig) == ["Filled", "Filled"]


def test_a_child_may_be_changed_while_it_waits(rig: Rig) -> None:
    sent(rig, bracket("1.05"))
    replies = sent(rig, [order(2, "SELL", 2, "1.40", parent_id=1)])[0]
    assert statuses(replies) == ["PreSubmitted"]
    assert rig.books.orders[1_000_000_002].limit == Decimal("1.40")
    told_back = order(2, "SELL", 2, "1.45", parent_id=1, oca_group="1000000001")
    assert codes(sent(rig, [told_back])[0]) == []


@pytest.mark.parametrize("ends", [True, False])
def test_nobody_is_attached_to_what_is_not_there(rig: Rig, *, ends: bool) -> None:
    session = rig.connect()
    if ends:
        rig.say(session, place(order(1, "BUY", 1, "1.05")))
        rig.say(session, ask.CancelOrder(order_id=1))
    child = order(2, "SELL", 1, "1.50", parent_id=1)
    assert codes(rig.say(session, place(child))) == [201 if ends else 135]


def test_a_fill_that_ends_a_sibling_before_it_woke_leaves_it_ended(rig: Rig) -> None:
    """The first child trades the moment it wakes, so the second never does."""
    first, second = (order(n, "SELL", 2, "1.00", parent_id=1) for n in (2, 3))
    sent(rig, [order(1, "BUY", 2, "1.10", transmit=False), first])
    assert states(rig) == ["Filled", "Filled"]
    rig = Rig(lines=[LINE])
    parent = order(1, "BUY", 2, "1.05")
    sent(rig, [parent, first, second])
    rig.market.show(quote(CALL_15, "1.04", "1.05"))
    rig.step("2018-01-16T10:01")
    assert states(rig) == ["Filled", "Filled", "Cancelled"]
    assert rig.books.quantity(CALL_15) == 0
