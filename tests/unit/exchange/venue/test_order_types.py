"""Market, stop, closing and timed orders, as a client sees them."""

from decimal import Decimal

import pytest

from bot.domain.instruments import ConId
from bot.exchange.reference.underlyings import SPY_ID
from bot.exchange.venue.orders import Status
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.order import WireOrder
from bot.exchange.wire.replies import ExecDetails, OpenOrder, OrderStatus
from tests.support.venue_rig import (
    CALL_15,
    Rig,
    at,
    codes,
    only,
    order,
    place,
    quote,
    statuses,
    traded,
)

LINE = quote(CALL_15, "1.00", "1.10")
SPY = WireContract(con_id=SPY_ID, exchange="SMART")


@pytest.fixture
def rig() -> Rig:
    return Rig(lines=[LINE])


def market(order_id: int, side: str, quantity: int, **changes: object) -> WireOrder:
    return order(order_id, side, quantity, "1", order_type="MKT", lmt_price=None, **changes)


def stop(order_id: int, side: str, price: str, **changes: object) -> WireOrder:
    said = {"order_type": "STP", "lmt_price": None, "aux_price": Decimal(price), **changes}
    return order(order_id, side, 1, "1", **said)


def show(rig: Rig, bid: str, ask_: str, now: str, con_id: ConId = CALL_15) -> None:
    rig.market.show(quote(con_id, bid, ask_))
    rig.step(f"2018-01-16T{now}")


def states(rig: Rig) -> list[str]:
    return [each.status.value for each in rig.books.orders.values()]


# -- market orders


def test_a_market_order_takes_the_far_side_and_tells_no_limit(rig: Rig) -> None:
    replies = rig.say(rig.connect(), place(market(1, "BUY", 3)))
    assert traded(rig) == [("BUY", 3, "1.10")]
    told = only(replies, OpenOrder)[-1].order
    assert (told.order_type, told.lmt_price) == ("MKT", Decimal(0))


def test_what_a_market_order_does_not_get_at_once_it_gets_at_the_next_price() -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10", 2)])
    rig.say(rig.connect(), place(market(1, "BUY", 3)))
    show(rig, "1.10", "1.20", "10:01")
    assert traded(rig) == [("BUY", 2, "1.10"), ("BUY", 1, "1.20")]


def test_a_market_order_nobody_can_value_is_refused() -> None:
    rig = Rig()
    assert codes(rig.say(rig.connect(), place(market(1, "BUY", 1)))) == [201]


def test_a_market_order_in_the_night_waits_though_it_asks_not_to() -> None:
    """The flag is for limit orders: it is ignored with 2109."""
    rig = Rig("2018-01-16T08:00", lines=[LINE])
    session = rig.connect()
    assert codes(rig.say(session, place(market(1, "BUY", 1, outside_rth=True)))) == [2109, 399]
    rig.step("2018-01-16T09:30")
    assert traded(rig) == [("BUY", 1, "1.10")]


# -- stop orders


def test_a_stop_sleeps_until_its_price_is_seen_twice(rig: Rig) -> None:
    """US options wake by double bid/ask, so one stray quote wakes nobody."""
    session = rig.connect()
    replies = rig.say(session, place(stop(1, "BUY", "1.20")))
    assert statuses(replies) == ["PreSubmitted"]
    assert only(replies, OrderStatus)[-1].why_held == "trigger"
    assert only(replies, OpenOrder)[-1].order.aux_price == Decimal("1.20")
    show(rig, "1.15", "1.25", "10:01")
    show(rig, "1.00", "1.10", "10:02")
    show(rig, "1.15", "1.25", "10:03")
    assert (states(rig), traded(rig)) == (["PreSubmitted"], [])
    show(rig, "1.20", "1.30", "10:04")
    assert traded(rig) == [("BUY", 1, "1.30")]


def test_a_stop_limit_wakes_and_then_keeps_its_limit(rig: Rig) -> None:
    wire = stop(1, "BUY", "1.20", order_type="STP LMT", lmt_price=Decimal("1.25"))
    rig.say(rig.connect(), place(wire))
    show(rig, "1.30", "1.40", "10:01")
    show(rig, "1.30", "1.40", "10:02")
    assert (states(rig), traded(rig)) == (["Submitted"], [])
    show(rig, "1.10", "1.20", "10:03")
    assert traded(rig) == [("BUY", 1, "1.25")]


def test_a_stop_that_is_changed_counts_anew(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, place(stop(1, "BUY", "1.20")))
    show(rig, "1.15", "1.25", "10:01")
    rig.say(session, place(stop(1, "BUY", "1.15")))
    (held,) = rig.books.open_orders()
    assert (held.stop, held.trigger_hits) == (Decimal("1.15"), 1)
    show(rig, "1.15", "1.26", "10:02")
    assert traded(rig) == [("BUY", 1, "1.26")]


@pytest.mark.parametrize(("price", "code"), [("0", 321), ("1.005", 110)])
def test_a_stop_price_is_a_legal_price(rig: Rig, price: str, code: int) -> None:
    assert codes(rig.say(rig.connect(), place(stop(1, "BUY", price)))) == [code]


def test_a_stop_without_its_price_is_incomplete(rig: Rig) -> None:
    wire = stop(1, "BUY", "1", aux_price=None)
    assert codes(rig.say(rig.connect(), place(wire))) == [107]


# -- at the close


def closing(order_id: int, side: str, **changes: object) -> ask.PlaceOrder:
    said = {"order_type": "MOC", "lmt_price": None, **changes}
    return place(order(order_id, side, 5, "1", **said), contract=SPY)


def test_shares_trade_at_the_close_whatever_the_size() -> None:
    rig = Rig(lines=[quote(SPY_ID, "278.00", "278.02", 1)])
    session = rig.connect()
    assert statuses(rig.say(session, closing(1, "BUY"))) == ["PreSubmitted"]
    late = closing(2, "BUY", order_type="LOC", lmt_price=Decimal("278.01"))
    assert statuses(rig.say(session, late)) == ["PreSubmitted"]
    show(rig, "278.10", "278.12", "15:59", SPY_ID)
    assert traded(rig) == []
    replies = rig.step("2018-01-16T16:05")[session]
    (done,) = only(replies, ExecDetails)
    assert (done.execution.price, done.execution.shares) == (Decimal("278.12"), Decimal(5))
    assert rig.books.executions[0].at == at("2018-01-16T16:00")
    assert states(rig) == ["Filled", "Cancelled"]


def test_a_close_without_a_quote_fills_nobody() -> None:
    rig = Rig(lines=[quote(SPY_ID, "278.00", "278.02")])
    rig.say(rig.connect(), closing(1, "SELL", tif=""))
    rig.market.show(quote(SPY_ID))
    rig.step("2018-01-16T16:05")
    assert states(rig) == ["Cancelled"]


def test_options_have_no_closing_orders(rig: Rig) -> None:
    wire = order(1, "BUY", 1, "1", order_type="MOC", lmt_price=None)
    assert codes(rig.say(rig.connect(), place(wire))) == [387]


def test_an_order_at_the_close_is_for_the_day() -> None:
    rig = Rig(lines=[quote(SPY_ID, "278.00", "278.02")])
    assert codes(rig.say(rig.connect(), closing(1, "BUY", tif="GTC"))) == [321]


# -- time in force


def test_an_immediate_order_takes_what_is_there_and_dies() -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10", 3)])
    session = rig.connect()
    replies = rig.say(session, place(order(1, "BUY", 5, "1.10", tif="IOC")))
    assert traded(rig) == [("BUY", 3, "1.10")]
    assert statuses(replies)[-1] == "Cancelled"
    assert codes(replies) == [202]
    assert states(rig) == ["Cancelled"]


def test_fill_or_kill_is_all_or_nothing() -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10", 3)])
    session = rig.connect()
    assert codes(rig.say(session, place(order(1, "BUY", 5, "1.10", tif="FOK")))) == [202]
    rig.say(session, place(order(2, "BUY", 3, "1.10", tif="FOK")))
    assert traded(rig) == [("BUY", 3, "1.10")]


def test_an_empty_time_in_force_becomes_the_day_and_the_order_lives(rig: Rig) -> None:
    session = rig.connect()
    replies = rig.say(session, place(order(1, "BUY", 1, "1.05", tif="")))
    assert codes(replies) == [10349]
    assert only(replies, OpenOrder)[-1].order.tif == "DAY"
    assert states(rig) == ["Submitted"]


@pytest.mark.parametrize(
    ("text", "last", "after"),
    [
        ("20180116 11:00:00", "10:59", "11:00"),
        ("20180116 11:00:00 US/Eastern", "10:59", "11:00"),
        ("20180116 10:00:00 US/Central", "10:59", "11:00"),
        ("20180116-16:00:00", "10:59", "11:00"),
        ("20180116", "16:14", "16:15"),
    ],
)
def test_an_order_is_good_till_its_date(rig: Rig, text: str, last: str, after: str) -> None:
    session = rig.connect()
    wire = order(1, "BUY", 1, "1.05", tif="GTD", good_till_date=text)
    replies = rig.say(session, place(wire))
    assert only(replies, OpenOrder)[-1].order.good_till_date == text
    rig.step(f"2018-01-16T{last}")
    assert states(rig) == ["Submitted"]
    rig.step(f"2018-01-16T{after}")
    assert states(rig) == ["Cancelled"]


def test_a_date_beyond_the_contract_ends_with_the_contract(rig: Rig) -> None:
    wire = order(1, "BUY", 1, "1.05", tif="GTD", good_till_date="20991231")
    rig.say(rig.connect(), place(wire))
    (held,) = rig.books.open_orders()
    assert held.good_until == at("2018-02-13T16:15")


def test_a_date_may_be_said_back_and_not_changed(rig: Rig) -> None:
    session = rig.connect()
    said = {"tif": "GTD", "good_till_date": "20180117"}
    rig.say(session, place(order(1, "BUY", 1, "1.05", **said)))
    assert codes(rig.say(session, place(order(1, "BUY", 1, "1.06", **said)))) == []
    later = {"tif": "GTD", "good_till_date": "20180118"}
    assert codes(rig.say(session, place(order(1, "BUY", 1, "1.06", **later)))) == [105]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tif": "GTD"}, 107),
        ({"tif": "GTD", "good_till_date": "tomorrow"}, 321),
        ({"tif": "GTD", "good_till_date": "20180116 09:59:00"}, 321),
        ({"good_till_date": "20180117"}, 321),
        ({"tif": "GTD", "good_till_date": "20180115"}, 321),
        ({"good_after_time": "noon"}, 321),
        ({"good_after_time": "99991231 23:59:59"}, 321),
    ],
)
def test_times_that_make_no_sense_are_refused(
    rig: Rig, changes: dict[str, object], code: int
) -> None:
    assert codes(rig.say(rig.connect(), place(order(1, "BUY", 1, "1.05", **changes)))) == [code]


def test_an_order_sleeps_until_its_time(rig: Rig) -> None:
    session = rig.connect()
    wire = order(1, "BUY", 1, "1.20", good_after_time="20180116 10:30:00")
    assert statuses(rig.say(session, place(wire))) == ["PreSubmitted"]
    rig.step("2018-01-16T10:29")
    assert traded(rig) == []
    rig.step("2018-01-16T10:30")
    assert traded(rig) == [("BUY", 1, "1.10")]


def test_an_order_for_tomorrow_ends_tomorrow(rig: Rig) -> None:
    wire = order(1, "BUY", 1, "1.05", good_after_time="20180117 10:30:00")
    rig.say(rig.connect(), place(wire))
    (held,) = rig.books.open_orders()
    assert held.good_until == at("2018-01-17T16:15")


def test_a_change_from_day_to_immediate_ends_the_order(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, place(order(1, "BUY", 1, "1.05")))
    assert codes(rig.say(session, place(order(1, "BUY", 1, "1.05", tif="IOC")))) == [202]
    (done,) = rig.books.orders.values()
    assert (done.status, done.ended_reason) == (Status.CANCELLED, "Not filled at once")
