"""When orders trade: night and curb for those that ask, around the clock for futures."""

from datetime import date

import msgspec
import pytest

from bot.domain.instruments import ConId
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.underlyings import SPY_ID
from bot.exchange.venue.order_hours import OrderHours, heeds_outside_rth
from bot.exchange.venue.orders import OrderType
from tests.support.venue_rig import CALL_15, FEBRUARY, ORDER, at, product, rig_sessions

VX = con_id_of(ContractKey(ContractClass.VX, FEBRUARY))
ES = con_id_of(ContractKey(ContractClass.ES, date(2018, 3, 16)))
NIGHT, GAP, REGULAR = "2018-01-16T03:00", "2018-01-16T09:27", "2018-01-16T12:00"
CURB, EVENING = "2018-01-16T16:30", "2018-01-16T18:30"


def said(**changes: object) -> dict[str, object]:
    return changes


@pytest.mark.parametrize(
    ("con_id", "changes", "open_at"),
    [
        (CALL_15, said(), {REGULAR}),
        (CALL_15, said(outside_rth=True), {NIGHT, REGULAR, CURB}),
        (SPY_ID, said(), {REGULAR}),
        (SPY_ID, said(outside_rth=True), {"2018-01-16T04:00", GAP, REGULAR, CURB, EVENING}),
        (VX, said(), {NIGHT, GAP, REGULAR, CURB, EVENING}),
        (VX, said(order_type=OrderType.STOP), {REGULAR}),
        (VX, said(order_type=OrderType.STOP_LIMIT), {NIGHT, GAP, REGULAR, CURB, EVENING}),
        (ES, said(order_type=OrderType.MARKET), {NIGHT, GAP, REGULAR, CURB, EVENING}),
    ],
)
def test_an_order_trades_in_its_phases(
    con_id: ConId, changes: dict[str, object], open_at: set[str]
) -> None:
    order = msgspec.structs.replace(ORDER, **changes)
    hours = OrderHours(rig_sessions())
    times = {NIGHT, "2018-01-16T04:00", GAP, REGULAR, CURB, EVENING}
    if con_id != SPY_ID:
        times.remove("2018-01-16T04:00")
    found = {t for t in times if hours.trades_at(product(con_id), order, at(t))}
    assert found == open_at


@pytest.mark.parametrize(
    ("outside", "now", "opens", "ends"),
    [
        (False, NIGHT, "2018-01-16T09:30", "2018-01-16T16:15"),
        (True, GAP, "2018-01-16T09:30", "2018-01-16T17:00"),
        (False, CURB, "2018-01-17T09:30", "2018-01-17T16:15"),
        (True, EVENING, "2018-01-16T20:15", "2018-01-17T17:00"),
        (False, "2018-01-19T16:20", "2018-01-22T09:30", "2018-01-22T16:15"),  # over the weekend
        (False, "2018-01-13T12:00", "2018-01-16T09:30", "2018-01-16T16:15"),  # and a holiday
    ],
)
def test_an_order_for_the_day_lives_to_its_last_phase(
    *, outside: bool, now: str, opens: str, ends: str
) -> None:
    order = msgspec.structs.replace(ORDER, outside_rth=outside)
    call, hours = product(CALL_15), OrderHours(rig_sessions())
    assert hours.opens_at(call, order, at(now)) == at(opens)
    assert hours.day_ends_at(call, order, at(now)) == at(ends)


def test_the_close_of_shares_comes_before_that_of_options() -> None:
    hours = OrderHours(rig_sessions())
    assert hours.regular_close(product(SPY_ID), at(REGULAR)) == at("2018-01-16T16:00")
    assert hours.regular_close(product(SPY_ID), at(CURB)) == at("2018-01-17T16:00")
    assert hours.regular_close(product(CALL_15), at(REGULAR)) == at("2018-01-16T16:15")


def test_what_was_found_once_does_not_answer_for_another_time() -> None:
    """The same question at times in any order gets the answers it would get alone."""
    times = [NIGHT, CURB, GAP, EVENING, REGULAR, NIGHT]
    hours, call = OrderHours(rig_sessions()), product(CALL_15)
    alone = [OrderHours(rig_sessions()).opens_at(call, ORDER, at(t)) for t in times]
    assert [hours.opens_at(call, ORDER, at(t)) for t in times] == alone


@pytest.mark.parametrize(
    ("con_id", "kind", "is_algo", "heeds"),
    [
        (CALL_15, OrderType.LIMIT, False, True),
        (CALL_15, OrderType.STOP_LIMIT, False, True),
        (CALL_15, OrderType.MARKET, False, False),
        (CALL_15, OrderType.LIMIT, True, False),
        (VX, OrderType.LIMIT, False, False),
    ],
)
def test_the_flag_is_for_limit_orders_of_options_and_shares(
    *, con_id: ConId, kind: OrderType, is_algo: bool, heeds: bool
) -> None:
    assert heeds_outside_rth(product(con_id), kind, is_algo=is_algo) is heeds
