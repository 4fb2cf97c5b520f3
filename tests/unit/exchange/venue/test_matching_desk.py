"""Orders at each step: filled at their limit, sharing what is shown, ending with their day."""

from decimal import Decimal

from bot.exchange.venue.orders import Status
from bot.exchange.wire.replies import ExecDetails
from tests.support.venue_rig import (
    CALL_15,
    Rig,
    at,
    only,
    order,
    place,
    quote,
    statuses,
)

LINE = quote(CALL_15, "1.00", "1.10")


def test_a_resting_buy_fills_at_its_limit_when_the_ask_comes_down() -> None:
    rig = Rig(lines=[LINE])
    session = rig.connect()
    rig.say(session, place(order(1, "BUY", 2, "1.05")))
    rig.market.show(quote(CALL_15, "0.80", "0.90"))
    replies = rig.step("2018-01-16T10:01")[session]
    (done,) = only(replies, ExecDetails)
    assert done.execution.price == Decimal("1.05")
    assert done.execution.last_liquidity == 1  # it added liquidity
    assert statuses(replies) == ["Filled", "Filled"]


def test_a_part_fills_and_the_rest_waits_for_new_size() -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10", 3)])
    session = rig.connect()
    replies = rig.say(session, place(order(1, "BUY", 8, "1.10")))
    assert statuses(replies) == ["PreSubmitted", "Submitted", "Submitted", "Submitted"]
    assert rig.books.quantity(CALL_15) == 3
    rig.step("2018-01-16T10:01")
    assert rig.books.quantity(CALL_15) == 3
    rig.market.show(quote(CALL_15, "1.00", "1.05", 4))
    rig.step("2018-01-16T10:02")
    assert rig.books.quantity(CALL_15) == 7
    rig.market.show(quote(CALL_15, "1.00", "1.05", 5))
    rig.step("2018-01-16T10:03")
    assert rig.books.quantity(CALL_15) == 8
    prices = [e.price for e in rig.books.executions]
    assert prices == [Decimal("1.10")] * 3
    (done,) = rig.books.orders.values()
    assert (done.status, done.average_price) == (Status.FILLED, Decimal("1.10"))
    assert done.commission_usd == Decimal("5.20")


def test_what_one_order_took_is_gone_for_the_next() -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10", 3)])
    session = rig.connect()
    rig.say(session, place(order(1, "BUY", 2, "1.10")))
    rig.say(session, place(order(2, "BUY", 2, "1.10")))
    assert [e.quantity for e in rig.books.executions] == [2, 1]


def test_a_day_order_ends_at_the_close_and_a_gtc_with_its_contract() -> None:
    rig = Rig(lines=[LINE])
    session = rig.connect()
    rig.say(session, place(order(1, "BUY", 1, "0.90")))
    rig.say(session, place(order(2, "BUY", 1, "0.90", tif="GTC")))
    replies = rig.step("2018-01-16T16:20")[session]
    assert statuses(replies) == ["Cancelled"]
    day, gtc = rig.books.orders.values()
    assert (day.status, day.ended_at) == (Status.CANCELLED, at("2018-01-16T16:15"))
    assert gtc.status is Status.SUBMITTED
    rig.market.show(quote(CALL_15, "0.70", "0.80"))
    rig.step("2018-01-17T08:00")
    assert rig.books.quantity(CALL_15) == 0
    rig.step("2018-01-17T09:30")
    assert rig.books.quantity(CALL_15) == 1
    rig.say(session, place(order(3, "BUY", 1, "0.50", tif="GTC")))
    rig.step("2018-02-13T16:15")
    assert rig.books.orders[max(rig.books.orders)].status is Status.CANCELLED


def test_an_order_past_its_end_is_not_filled_by_what_came_later() -> None:
    rig = Rig(lines=[LINE])
    rig.say(rig.connect(), place(order(1, "BUY", 1, "1.05")))
    rig.market.show(quote(CALL_15, "0.80", "0.90"))
    rig.step("2018-01-17T10:00")
    assert rig.books.executions == []


def test_fills_of_an_absent_client_are_booked() -> None:
    rig = Rig(lines=[LINE])
    session = rig.connect()
    rig.say(session, place(order(1, "BUY", 1, "1.05")))
    rig.venue.close_session(session)
    rig.market.show(quote(CALL_15, "1.00", "1.05"))
    assert rig.step("2018-01-16T10:01") == {}
    assert rig.books.quantity(CALL_15) == 1
