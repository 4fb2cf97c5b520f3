"""One cancels all: what a fill does to the other orders of its group."""

from decimal import Decimal

import msgspec
import pytest

from bot.exchange.venue.holding import Holding
from bot.exchange.venue.oca import left_after_fill
from bot.exchange.venue.orders import Status, end
from bot.exchange.wire.order import WireOrder
from bot.exchange.wire.replies import OpenOrder
from tests.support.venue_rig import (
    CALL_15,
    ORDER,
    Rig,
    codes,
    only,
    order,
    place,
    quote,
    statuses,
)


def member(order_id: int, quantity: int, price: str, **changes: object) -> WireOrder:
    return order(order_id, "BUY", quantity, price, **{"oca_group": "g", "oca_type": 1, **changes})


def state(rig: Rig, order_id: int, client_id: int = 1) -> tuple[str, int, int]:
    found = rig.books.order_of(client_id, order_id)
    assert found is not None
    return found.status.value, found.filled, found.quantity


@pytest.mark.parametrize("kind", [0, 1])
def test_any_fill_of_a_cancelling_group_ends_the_others(kind: int) -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10", 3)])
    session = rig.connect()
    rig.say(session, place(member(1, 5, "1.01", oca_type=kind)))
    replies = rig.say(session, place(member(2, 5, "1.10", oca_type=kind)))
    assert state(rig, 1) == ("Cancelled", 0, 5)
    assert state(rig, 2) == ("Submitted", 3, 5)
    assert codes(replies) == [202]
    told = only(replies, OpenOrder)[0].order
    assert (told.oca_group, told.oca_type) == ("g", kind)


@pytest.mark.parametrize("kind", [2, 3])
def test_a_part_reduces_the_others_by_its_share(kind: int) -> None:
    """Three of five are done: of ten, four are left."""
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10", 3)])
    session = rig.connect()
    rig.say(session, place(member(1, 10, "1.01", oca_type=kind)))
    rig.say(session, place(member(2, 5, "1.10", oca_type=kind)))
    assert state(rig, 1) == ("Submitted", 0, 4)
    assert state(rig, 2) == ("Submitted", 3, 5)
    rig.market.show(quote(CALL_15, "1.00", "1.09", 9))
    rig.step("2018-01-16T10:01")
    assert state(rig, 2) == ("Filled", 5, 5)
    assert state(rig, 1)[0] == "Cancelled"


def test_a_group_that_has_filled_takes_nobody_in() -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10")])
    session = rig.connect()
    rig.say(session, place(member(1, 5, "1.10")))
    assert codes(rig.say(session, place(member(2, 5, "1.00")))) == [201]
    assert codes(rig.say(session, place(member(3, 5, "1.00", oca_group="other")))) == []


def test_a_cancelling_group_that_has_filled_in_part_takes_nobody_in() -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10", 3)])
    session = rig.connect()
    rig.say(session, place(member(1, 5, "1.10")))
    assert codes(rig.say(session, place(member(2, 5, "1.00")))) == [201]


def test_groups_of_two_clients_are_two_groups() -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10")])
    rig.say(rig.connect(1), place(member(1, 5, "1.00")))
    rig.say(rig.connect(2), place(member(1, 5, "1.10")))
    assert state(rig, 1)[0] == "Submitted"


def test_cancelling_one_leaves_the_others() -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10")])
    session = rig.connect()
    rig.say(session, place(member(1, 5, "1.00")))
    replies = rig.say(session, place(member(2, 5, "1.01")))
    assert statuses(replies) == ["PreSubmitted", "Submitted"]
    assert codes(rig.say(session, place(member(2, 5, "1.02", oca_group="x")))) == [105]
    assert state(rig, 1)[0] == "Submitted"


def test_a_member_that_ends_with_its_parent_is_cancelled_once() -> None:
    """The second order is attached to the first, and both are in the group of the third."""
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10")])
    session = rig.connect()
    rig.say(session, place(member(1, 5, "1.00")))
    rig.say(session, place(member(2, 5, "1.00", parent_id=1)))
    replies = rig.say(session, place(member(3, 5, "1.10")))
    assert codes(replies) == [202, 202]
    assert [state(rig, n)[0] for n in (1, 2, 3)] == ["Cancelled", "Cancelled", "Filled"]


def test_of_a_group_that_sells_only_one_counts() -> None:
    """Five are held, and either of two orders for five may sell them; a third may not."""
    held = Holding(con_id=CALL_15, multiplier=100, quantity=5, cost_usd=Decimal(500))
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10")], holdings=[held])
    session = rig.connect()
    for order_id in (1, 2):
        wire = order(order_id, "SELL", 5, "1.20", oca_group="exit")
        assert codes(rig.say(session, place(wire))) == []
    assert codes(rig.say(session, place(order(3, "SELL", 1, "1.20")))) == [201]


def test_what_ended_in_the_meantime_is_left_alone() -> None:
    ended = end(ORDER, Status.CANCELLED, ORDER.placed_at, "gone")
    filled = msgspec.structs.replace(ORDER, filled=2, filled_points=Decimal(2))
    assert left_after_fill(filled, 2, ended) is None
