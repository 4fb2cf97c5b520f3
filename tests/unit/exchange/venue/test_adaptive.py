"""The Adaptive algo walks from the near to the far side and never past its limit."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.venue.adaptive import walk_to
from bot.exchange.venue.orders import Priority, Side
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import TagValue, WireContract
from bot.exchange.wire.order import WireOrder
from bot.exchange.wire.replies import OpenOrder
from tests.support.venue_rig import (
    CALL_15,
    FEBRUARY,
    ORDER,
    Rig,
    at,
    codes,
    only,
    order,
    place,
    product,
    quote,
    statuses,
    traded,
)

LINE = quote(CALL_15, "1.00", "1.10")
NOON = at("2018-01-16T12:00")


def walked(
    side: Side, priority: Priority, seconds: int, limit: str | None, line: MarketQuote = LINE
) -> Decimal | None:
    walker = msgspec.structs.replace(
        ORDER, side=side, priority=priority, limit=None if limit is None else Decimal(limit)
    )
    return walk_to(walker, line, product(CALL_15).grid, NOON, NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("priority", "seconds", "price"),
    [
        (Priority.URGENT, 0, "1.00"),
        (Priority.URGENT, 3, "1.01"),
        (Priority.URGENT, 29, "1.09"),
        (Priority.URGENT, 30, "1.10"),
        (Priority.URGENT, 999, "1.10"),
        (Priority.NORMAL, 60, "1.05"),
        (Priority.PATIENT, 60, "1.02"),
        (Priority.PATIENT, 300, "1.10"),
    ],
)
def test_a_buy_walks_up_at_the_pace_of_its_priority(
    priority: Priority, seconds: int, price: str
) -> None:
    assert walked(Side.BUY, priority, seconds, "2.00") == Decimal(price)
    assert walked(Side.BUY, priority, seconds, None) == Decimal(price)


def test_a_sell_walks_down() -> None:
    assert walked(Side.SELL, Priority.URGENT, 0, None) == Decimal("1.10")
    assert walked(Side.SELL, Priority.URGENT, 15, "0.50") == Decimal("1.05")


def test_nobody_walks_past_the_limit() -> None:
    assert walked(Side.BUY, Priority.URGENT, 30, "1.03") == Decimal("1.03")
    assert walked(Side.SELL, Priority.URGENT, 30, "1.07") == Decimal("1.07")


def test_ticks_are_those_of_the_price_walked_to() -> None:
    """At 3.00 and above a monthly VIX option moves by 0.05."""
    line = quote(CALL_15, "2.90", "3.30")
    prices = [walked(Side.BUY, Priority.URGENT, seconds, None, line) for seconds in range(31)]
    assert all(price is not None and product(CALL_15).grid.is_legal(price) for price in prices)
    assert Decimal("3.05") in prices


def test_a_one_sided_line_is_walked_from_nothing_or_not_at_all() -> None:
    no_bid, no_ask = quote(CALL_15, None, "0.10"), quote(CALL_15, "0.10", None)
    assert walked(Side.BUY, Priority.URGENT, 0, None, no_bid) == Decimal("0.01")
    assert walked(Side.SELL, Priority.URGENT, 0, None, no_bid) is None
    assert walked(Side.BUY, Priority.URGENT, 0, None, no_ask) is None
    assert walked(Side.SELL, Priority.URGENT, 0, None, no_ask) is None


# -- over the venue


def adaptive(order_id: int, side: str, price: str, **changes: object) -> WireOrder:
    said = {
        "algo_strategy": "Adaptive",
        "algo_params": (TagValue(tag="adaptivePriority", value="Urgent"),),
        **changes,
    }
    return order(order_id, side, 2, price, **said)


def test_it_fills_where_the_walk_meets_the_far_side() -> None:
    rig = Rig(lines=[LINE])
    session = rig.connect()
    replies = rig.say(session, place(adaptive(1, "BUY", "1.20")))
    assert statuses(replies) == ["PreSubmitted", "Submitted"]
    told = only(replies, OpenOrder)[-1].order
    assert (told.algo_strategy, told.algo_params[0].value) == ("Adaptive", "Urgent")
    rig.step("2018-01-16T10:00:15")
    (held,) = rig.books.open_orders()
    assert (held.walked_to, traded(rig)) == (Decimal("1.05"), [])
    rig.step("2018-01-16T10:00:30")
    assert traded(rig) == [("BUY", 2, "1.10")]


def test_the_market_may_come_to_where_it_walks() -> None:
    """What happened in between is unknown, so it gets the price it stood at and no better."""
    rig = Rig(lines=[LINE])
    rig.say(rig.connect(), place(adaptive(1, "BUY", "1.20")))
    rig.step("2018-01-16T10:00:15")
    rig.market.show(quote(CALL_15, "0.90", "1.00"))
    rig.step("2018-01-16T10:00:16")
    assert traded(rig) == [("BUY", 2, "1.05")]


def test_at_its_limit_it_rests() -> None:
    rig = Rig(lines=[LINE])
    rig.say(rig.connect(), place(adaptive(1, "BUY", "1.04")))
    rig.step("2018-01-16T10:05")
    (held,) = rig.books.open_orders()
    assert (held.walked_to, traded(rig)) == (Decimal("1.04"), [])


def test_a_market_order_walks_too_and_takes_sizes_as_they_come() -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10", 1)])
    rig.say(rig.connect(), place(adaptive(1, "BUY", "1", order_type="MKT", lmt_price=None)))
    rig.step("2018-01-16T10:00:30")
    assert traded(rig) == [("BUY", 1, "1.10")]
    rig.market.show(quote(CALL_15, "1.05", "1.15", 1))
    rig.step("2018-01-16T10:00:31")
    assert traded(rig) == [("BUY", 1, "1.10"), ("BUY", 1, "1.15")]


def test_where_nobody_quotes_it_waits() -> None:
    rig = Rig(lines=[quote(CALL_15)])
    rig.say(rig.connect(), place(adaptive(1, "BUY", "1.20")))
    rig.step("2018-01-16T10:01")
    (held,) = rig.books.open_orders()
    assert (held.walked_to, traded(rig)) == (None, [])


def test_an_immediate_one_where_nobody_quotes_dies_at_once() -> None:
    rig = Rig(lines=[quote(CALL_15)])
    replies = rig.say(rig.connect(), place(adaptive(1, "BUY", "1.20", tif="IOC")))
    assert (codes(replies), rig.books.open_orders()) == ([202], [])


def test_a_new_day_begins_a_new_walk() -> None:
    rig = Rig("2018-01-16T16:14", lines=[LINE])
    rig.say(rig.connect(), place(adaptive(1, "BUY", "1.20", tif="GTC")))
    rig.step("2018-01-17T09:30")
    (held,) = rig.books.open_orders()
    assert (held.walked_to, held.walks_since) == (Decimal("1.00"), at("2018-01-17T09:30"))


def test_price_may_change_and_the_algo_may_not() -> None:
    rig = Rig(lines=[LINE])
    session = rig.connect()
    rig.say(session, place(adaptive(1, "BUY", "1.02")))
    rig.step("2018-01-16T10:01")
    slower = (TagValue(tag="adaptivePriority", value="Patient"),)
    assert codes(rig.say(session, place(adaptive(1, "BUY", "1.02", algo_params=slower)))) == [440]
    assert codes(rig.say(session, place(adaptive(1, "BUY", "1.10")))) == []
    assert traded(rig) == [("BUY", 2, "1.10")]


VX = WireContract(con_id=con_id_of(ContractKey(ContractClass.VX, FEBRUARY)), exchange="CFE")
AT_CBOE = WireContract(con_id=CALL_15, exchange="CBOE")


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (place(adaptive(1, "BUY", "1.00", algo_strategy="Twap")), 439),
        (place(adaptive(1, "BUY", "1.00", algo_params=())), 441),
        (
            place(
                adaptive(
                    1, "BUY", "1", algo_params=(TagValue(tag="adaptivePriority", value="Fast"),)
                )
            ),
            441,
        ),
        (place(adaptive(1, "BUY", "1", algo_params=(TagValue(tag="pace", value="1"),))), 443),
        (place(adaptive(1, "BUY", "1", order_type="STP", aux_price=Decimal(1))), 387),
        (place(adaptive(1, "BUY", "1"), contract=AT_CBOE), 442),
        (place(adaptive(1, "BUY", "20"), contract=VX), 442),
        (place(adaptive(1, "BUY", "1", outside_rth=True)), 442),
    ],
)
def test_the_algo_is_for_single_options_at_smart(request_: ask.PlaceOrder, code: int) -> None:
    rig = Rig(lines=[LINE])
    assert codes(rig.say(rig.connect(), request_)) == [code]


def test_the_algo_is_for_regular_hours() -> None:
    rig = Rig("2018-01-16T08:00", lines=[LINE])
    assert codes(rig.say(rig.connect(), place(adaptive(1, "BUY", "1.00")))) == [442]
