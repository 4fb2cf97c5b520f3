"""Orders as clients see them: the messages they cause and the codes that refuse them."""

from decimal import Decimal

import pytest

from bot.domain.instruments import ConId, Right
from bot.exchange.reference.underlyings import VIX_ID
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.orders import Status
from bot.exchange.venue.records import OrderBooked, OrderIdSpent
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.replies import (
    CommissionReport,
    CompletedOrder,
    CompletedOrdersEnd,
    ErrorMessage,
    ExecDetails,
    OpenOrder,
    OpenOrderEnd,
    OrderStatus,
    Reply,
)
from tests.support.venue_rig import (
    ACCOUNT,
    CALL_15,
    Rig,
    codes,
    only,
    order,
    place,
    quote,
    spx_option,
    statuses,
    vix_option,
)

LINE = quote(CALL_15, "1.00", "1.10")
BAG = WireContract(sec_type="BAG", symbol="VIX", exchange="SMART", currency="USD")
VIX = WireContract(con_id=VIX_ID, exchange="CBOE")
HELD = Holding(con_id=CALL_15, multiplier=100, quantity=3, cost_usd=Decimal(300))


@pytest.fixture
def rig() -> Rig:
    return Rig(lines=[LINE])


# -- placing


def test_a_marketable_order_fills_in_the_brokers_order_of_messages(rig: Rig) -> None:
    session = rig.connect()
    replies = rig.say(session, place(order(1, "BUY", 4, "1.20", order_ref="intent")))
    kinds = [
        type(reply).__name__
        for reply in replies
        if isinstance(reply, OpenOrder | OrderStatus | ExecDetails | CommissionReport)
    ]
    assert kinds == [
        "OpenOrder",
        "OrderStatus",
        "OpenOrder",
        "OrderStatus",
        "ExecDetails",
        "OpenOrder",
        "OrderStatus",
        "CommissionReport",
        "OrderStatus",
    ]
    assert statuses(replies) == ["PreSubmitted", "Submitted", "Filled", "Filled"]
    (done,) = only(replies, ExecDetails)
    assert done.execution.price == Decimal("1.10")
    assert done.execution.order_ref == "intent"
    assert done.execution.side == "BOT"
    assert done.execution.last_liquidity == 2  # it took liquidity away
    (report,) = only(replies, CommissionReport)
    assert (report.exec_id, report.commission) == (done.execution.exec_id, Decimal("2.60"))
    assert report.realized_pnl is None
    told = only(replies, OpenOrder)[-1]
    assert (told.order.order_ref, told.order.account) == ("intent", ACCOUNT)


def test_a_passive_order_rests(rig: Rig) -> None:
    replies = rig.say(rig.connect(), place(order(1, "BUY", 1, "1.05")))
    assert statuses(replies) == ["PreSubmitted", "Submitted"]
    assert [o.status for o in rig.books.open_orders()] == [Status.SUBMITTED]


def test_an_order_is_a_record_before_anybody_hears_of_it(rig: Rig) -> None:
    session = rig.connect()
    outbox = rig.venue.handle(session, place(order(1, "BUY", 1, "1.05")))
    assert [type(record) for record in outbox.records] == [OrderIdSpent, OrderBooked]


def test_an_order_outside_hours_waits_for_the_opening() -> None:
    rig = Rig("2018-01-16T08:00", lines=[LINE])
    session = rig.connect()
    replies = rig.say(session, place(order(1, "BUY", 1, "1.20")))
    assert statuses(replies) == ["PreSubmitted"]
    assert codes(replies) == [399]
    assert "20180116 09:30:00" in only(replies, ErrorMessage)[-1].text
    assert rig.step("2018-01-16T09:29").get(session, []) == []
    replies = rig.step("2018-01-16T09:30")[session]
    assert statuses(replies) == ["Submitted", "Filled", "Filled"]
    assert only(replies, ExecDetails)[0].execution.price == Decimal("1.10")


def wire(**changes: object) -> ask.PlaceOrder:
    return place(order(1, "BUY", 1, "1.05", **changes))


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (wire(unsupported=("hedgeType",)), 321),
        (wire(account="DU9"), 321),
        (wire(action="SSHORT"), 321),
        (wire(tif="OPG"), 321),
        (wire(hidden=True), 321),
        (wire(oca_type=4), 321),
        (wire(trigger_method=5), 321),
        (wire(lmt_price=None), 107),
        (wire(lmt_price=Decimal(0)), 321),
        (wire(total_quantity=Decimal("1.5")), 321),
        (wire(order_type="TRAIL"), 387),
        (wire(total_quantity=Decimal(0)), 434),
        (wire(total_quantity=Decimal(20_000)), 201),
        (wire(lmt_price=Decimal("3.02")), 110),
        (wire(lmt_price=Decimal("1.005")), 110),
        (place(order(1, "BUY", 1, "1.05"), ConId(5)), 200),
        (place(order(1, "BUY", 1, "1.05"), contract=VIX), 412),
        (place(order(1, "BUY", 1, "1.05"), contract=WireContract(con_id=CALL_15)), 321),
        (
            place(
                order(1, "BUY", 1, "1.05"), contract=WireContract(sec_type="BAG", exchange="SMART")
            ),
            321,
        ),
    ],
)
def test_what_cannot_be_traded_is_refused_and_leaves_no_open_order(
    rig: Rig, request_: ask.PlaceOrder, code: int
) -> None:
    session = rig.connect()
    assert codes(rig.say(session, request_)) == [code]
    assert rig.books.open_orders() == []
    assert rig.books.next_order_id(1) == 2


def test_an_expired_series_is_refused() -> None:
    rig = Rig("2018-02-13T16:20", lines=[LINE])
    assert codes(rig.say(rig.connect(), place(order(1, "BUY", 1, "1.05")))) == [392]


def test_an_order_id_must_be_above_the_last(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, place(order(5, "BUY", 1, "1.05")))
    assert codes(rig.say(session, place(order(4, "BUY", 1, "1.05")))) == [103]
    assert codes(rig.say(session, place(order(6, "BUY", 1, "1.05", tif="")))) == [10349]
    rig.say(session, ask.CancelOrder(order_id=6))
    assert codes(rig.say(session, place(order(6, "BUY", 1, "1.05")))) == [103]


def test_a_filled_order_cannot_be_changed(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, place(order(1, "BUY", 1, "1.10")))
    assert codes(rig.say(session, place(order(1, "BUY", 2, "1.10")))) == [104]


# -- the account's limits


def test_vix_calls_are_never_sold_short_counting_working_sells() -> None:
    rig = Rig(lines=[LINE], holdings=[HELD])
    session = rig.connect()
    assert codes(rig.say(session, place(order(1, "SELL", 4, "1.05")))) == [201]
    assert codes(rig.say(session, place(order(2, "SELL", 2, "1.05")))) == []
    assert codes(rig.say(session, place(order(3, "SELL", 2, "1.05")))) == [201]
    assert codes(rig.say(session, place(order(4, "SELL", 1, "1.00")))) == []
    assert rig.books.quantity(CALL_15) == 2


def test_a_refusal_by_the_account_is_found_among_completed_orders(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, place(order(1, "SELL", 1, "1.05", order_ref="short")))
    replies = rig.say(session, ask.RequestCompletedOrders(api_only=False))
    (done,) = only(replies, CompletedOrder)
    assert (done.status, done.order.order_ref) == ("Inactive", "short")
    assert "short of VIX calls" in done.completed_status


def test_premium_beyond_the_funds_is_refused_counting_working_buys(rig: Rig) -> None:
    session = rig.connect()
    assert codes(rig.say(session, place(order(1, "BUY", 1000, "1.00")))) == [201]
    assert codes(rig.say(session, place(order(2, "BUY", 900, "1.00")))) == []
    assert codes(rig.say(session, place(order(3, "BUY", 100, "1.00")))) == [201]
    assert codes(rig.say(session, place(order(4, "BUY", 90, "1.00")))) == []


def test_a_short_put_needs_its_margin_and_a_naked_spx_call_is_refused() -> None:
    rig = Rig()
    session = rig.connect()
    put, call = vix_option("15", Right.PUT), spx_option("2825", Right.CALL)
    assert codes(rig.say(session, place(order(1, "SELL", 1, "1.00"), put))) == []
    assert codes(rig.say(session, place(order(2, "SELL", 100, "1.00"), put))) == [201]
    assert codes(rig.say(session, place(order(3, "SELL", 1, "1.00"), call))) == [201]


def test_what_if_tells_the_cost_and_places_nothing(rig: Rig) -> None:
    session = rig.connect()
    (told,) = rig.say(session, place(order(1, "BUY", 2, "1.00", what_if=True)))
    assert isinstance(told, OpenOrder)
    assert told.order.what_if
    assert told.state.commission == Decimal("1.30")
    assert told.state.equity_with_loan_change == Decimal("-201.30")
    assert told.state.init_margin_change == 0
    assert rig.books.orders == {}
    refused = rig.say(session, place(order(2, "BUY", 1, "1.005", what_if=True)))
    assert codes(refused) == [110]


# -- changing


def resting(rig: Rig, **changes: object) -> int:
    session = rig.connect()
    rig.say(session, place(order(1, "BUY", 5, "1.05", **changes)))
    return session


def change(rig: Rig, **changes: object) -> list[Reply]:
    (session,) = rig.floor.clients
    return rig.say(session, place(order(1, "BUY", 5, "1.05", **changes)))


def test_price_and_size_may_change_under_the_same_permanent_id(rig: Rig) -> None:
    resting(rig)
    (before,) = rig.books.open_orders()
    replies = change(rig, lmt_price=Decimal("1.06"), total_quantity=Decimal(7))
    assert statuses(replies) == ["PreSubmitted", "Submitted"]
    (after,) = rig.books.open_orders()
    assert (after.perm_id, after.limit, after.quantity) == (before.perm_id, Decimal("1.06"), 7)


def test_a_change_to_a_marketable_price_fills_as_an_arrival(rig: Rig) -> None:
    resting(rig)
    replies = change(rig, lmt_price=Decimal("1.20"))
    assert only(replies, ExecDetails)[0].execution.price == Decimal("1.10")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"action": "SELL"}, 105),
        ({"order_ref": "other"}, 105),
        ({"tif": "GTC"}, 105),
        ({"lmt_price": Decimal("1.055")}, 110),
        ({"lmt_price": None}, 107),
    ],
)
def test_a_refused_change_leaves_the_order_as_it_was(
    rig: Rig, changes: dict[str, object], code: int
) -> None:
    resting(rig)
    before = rig.books.open_orders()
    assert codes(change(rig, **changes)) == [code]
    assert rig.books.open_orders() == before


def test_a_change_cannot_go_below_what_is_filled() -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.05", 3)])
    resting(rig)
    assert rig.books.quantity(CALL_15) == 3
    assert codes(change(rig, total_quantity=Decimal(3))) == [321]


def test_a_change_the_account_cannot_bear_ends_the_order(rig: Rig) -> None:
    resting(rig)
    replies = change(rig, total_quantity=Decimal(2000))
    assert (statuses(replies), codes(replies)) == (["Cancelled"], [201])
    assert rig.books.open_orders() == []


# -- cancelling


def test_a_cancelled_order_says_so_and_cannot_be_cancelled_again(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, place(order(1, "BUY", 1, "1.05")))
    replies = rig.say(session, ask.CancelOrder(order_id=1))
    assert (statuses(replies), codes(replies)) == (["Cancelled"], [202])
    assert codes(rig.say(session, ask.CancelOrder(order_id=1))) == [10148]
    assert codes(rig.say(session, ask.CancelOrder(order_id=2))) == [10147]


def test_nobody_cancels_anothers_order_but_everybody_cancels_all(rig: Rig) -> None:
    owner, other = rig.connect(1), rig.connect(2)
    rig.say(owner, place(order(1, "BUY", 1, "1.05")))
    assert codes(rig.say(other, ask.CancelOrder(order_id=1))) == [10147]
    told = rig.keep(rig.venue.handle(other, ask.RequestGlobalCancel())).replies
    assert statuses(told[owner]) == ["Cancelled"]
    assert other not in told


def test_an_absent_clients_order_can_be_cancelled_by_all(rig: Rig) -> None:
    owner, other = rig.connect(1), rig.connect(2)
    rig.say(owner, place(order(1, "BUY", 1, "1.05")))
    rig.venue.close_session(owner)
    assert rig.say(other, ask.RequestGlobalCancel()) == []
    assert rig.books.open_orders() == []


# -- questions


def test_open_orders_are_ones_own_or_everybodys(rig: Rig) -> None:
    owner, other = rig.connect(1), rig.connect(2)
    rig.say(owner, place(order(1, "BUY", 1, "1.05", order_ref="mine")))
    assert rig.say(other, ask.RequestOpenOrders()) == [OpenOrderEnd()]
    told = rig.say(other, ask.RequestAllOpenOrders())
    assert [o.order.order_ref for o in only(told, OpenOrder)] == ["mine"]
    assert statuses(told) == ["Submitted"]
    assert told[-1] == OpenOrderEnd()
    assert len(only(rig.say(owner, ask.RequestOpenOrders()), OpenOrder)) == 1


def test_completed_orders_reach_back_a_week(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, place(order(1, "BUY", 1, "1.10", order_ref="filled")))
    rig.say(session, place(order(2, "BUY", 1, "1.05", order_ref="open")))
    replies = rig.say(session, ask.RequestCompletedOrders(api_only=True))
    (done,) = only(replies, CompletedOrder)
    assert (done.order.order_ref, done.filled_quantity, done.status) == (
        "filled",
        Decimal(1),
        "Filled",
    )
    assert done.completed_time == "20180116 10:00:00 US/Eastern"
    rig.step("2018-01-25T10:00")
    replies = rig.say(session, ask.RequestCompletedOrders(api_only=True))
    assert replies == [CompletedOrdersEnd()]


def test_only_client_zero_may_bind(rig: Rig) -> None:
    request = ask.RequestAutoOpenOrders(bind=True)
    assert codes(rig.say(rig.connect(1), request)) == [321]
    assert rig.say(rig.connect(0), request) == []
