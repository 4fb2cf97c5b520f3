"""The venue as a whole: sessions, time, and an answer to every request."""

from decimal import Decimal
from typing import get_args

import pytest

from bot.exchange.venue.holding import Holding
from bot.exchange.venue.records import ClockNoted, DayOpened, PositionSettled
from bot.exchange.venue.venue import MAX_CLIENTS, MAX_SUBSCRIPTIONS
from bot.exchange.wire import requests as ask
from bot.exchange.wire.replies import (
    CurrentTime,
    ManagedAccounts,
    NextValidId,
    Position,
)
from tests.support.venue_rig import (
    ACCOUNT,
    CALL_15,
    CASH,
    Rig,
    at,
    codes,
    only,
    order,
    place,
    quote,
)


def test_every_request_of_the_wire_is_served() -> None:
    served = set(Rig().venue.served)
    assert served == set(get_args(ask.Request)) - {ask.StartApi}


def test_a_client_is_greeted_with_account_id_and_farms() -> None:
    rig = Rig()
    assert rig.venue.greet().connection_time == "20180116 10:00:00 US/Eastern"
    session = rig.venue.open_session()
    replies = rig.say(session, ask.StartApi(client_id=1))
    assert replies[:2] == [ManagedAccounts(accounts=(ACCOUNT,)), NextValidId(order_id=1)]
    assert codes(replies) == [2104, 2104, 2106, 2158]


def test_a_client_id_in_use_is_refused_and_free_again_afterwards() -> None:
    rig = Rig()
    first, second = rig.connect(1), rig.venue.open_session()
    outbox = rig.venue.handle(second, ask.StartApi(client_id=1))
    assert codes(outbox.replies[second]) == [326]
    assert list(outbox.drops) == [second]
    rig.venue.close_session(first)
    third = rig.venue.open_session()
    assert rig.venue.handle(third, ask.StartApi(client_id=1)).drops == {}


def test_a_negative_client_id_is_refused() -> None:
    rig = Rig()
    session = rig.venue.open_session()
    outbox = rig.venue.handle(session, ask.StartApi(client_id=-1))
    assert codes(outbox.replies[session]) == [321]
    assert list(outbox.drops) == [session]


def test_one_client_too_many_is_refused_until_another_leaves() -> None:
    rig = Rig()
    sessions = [rig.connect(number) for number in range(MAX_CLIENTS)]
    late = rig.venue.open_session()
    outbox = rig.venue.handle(late, ask.StartApi(client_id=99))
    assert codes(outbox.replies[late]) == [326]
    assert list(outbox.drops) == [late]
    rig.venue.close_session(sessions[5])
    assert rig.venue.handle(late, ask.StartApi(client_id=99)).drops == {}


def test_ids_go_on_where_the_client_left_them() -> None:
    rig = Rig()
    rig.say(rig.connect(1), place(order(7, "BUY", 1, "0.01")))
    assert rig.say(rig.connect(2), ask.RequestIds(count=1)) == [NextValidId(order_id=1)]
    rig.venue.close_session(next(iter(rig.floor.clients)))
    assert rig.say(rig.connect(1), ask.RequestIds(count=1)) == [NextValidId(order_id=8)]


def test_small_questions_are_answered() -> None:
    rig = Rig()
    session = rig.connect()
    assert rig.say(session, ask.RequestCurrentTime()) == [
        CurrentTime(epoch_seconds=int(at("2018-01-16T10:00").timestamp()))
    ]
    assert rig.say(session, ask.RequestManagedAccounts()) == [ManagedAccounts(accounts=(ACCOUNT,))]
    assert rig.say(session, ask.SetServerLogLevel(level=5)) == []


def test_a_request_before_the_client_named_itself_drops_it() -> None:
    rig = Rig()
    session = rig.venue.open_session()
    assert list(rig.venue.handle(session, ask.RequestCurrentTime()).drops) == [session]


def test_a_misunderstood_client_is_told() -> None:
    rig = Rig()
    session = rig.connect()
    assert codes(rig.venue.refuse(session, "no such field").replies[session]) == [320]
    stranger = rig.venue.open_session()
    assert codes(rig.venue.refuse(stranger, "bad frame").replies[stranger]) == [320]


def test_a_client_that_hoards_subscriptions_is_dropped() -> None:
    rig = Rig()
    session, other = rig.connect(1), rig.connect(2)
    for request_id in range(MAX_SUBSCRIPTIONS):
        request = ask.RequestPnL(request_id=request_id, account=ACCOUNT, model_code="")
        assert rig.venue.handle(session, request).drops == {}
    last = ask.RequestPositionsMulti(request_id=1, account=ACCOUNT)
    assert list(rig.venue.handle(session, last).drops) == [session]
    assert rig.venue.handle(other, last).drops == {}


def test_time_never_runs_backwards() -> None:
    rig = Rig()
    rig.step("2018-01-16T10:00")
    with pytest.raises(ValueError, match="back"):
        rig.step("2018-01-16T09:59")
    assert rig.venue.now == at("2018-01-16T10:00")


def test_each_step_notes_the_clock_and_each_session_its_day() -> None:
    rig = Rig()
    assert [type(r) for r in rig.records] == [DayOpened, ClockNoted]
    rig.records.clear()
    rig.step("2018-01-16T16:30")
    rig.step("2018-01-20T12:00")
    rig.step("2018-01-22T07:55")
    days = [r.day.isoformat() for r in rig.records if isinstance(r, DayOpened)]
    assert days == ["2018-01-22"]


def test_an_expired_position_is_paid_out_and_told() -> None:
    held = Holding(con_id=CALL_15, multiplier=100, quantity=2, cost_usd=Decimal(200))
    rig = Rig("2018-02-13T16:20", lines=[quote(CALL_15)], holdings=[held])
    session = rig.connect()
    rig.say(session, ask.RequestPositions())
    rig.market.settled[CALL_15] = Decimal("10.06")
    told = rig.step("2018-02-14T09:30")
    assert [r for r in rig.records if isinstance(r, PositionSettled)]
    assert rig.books.cash_usd == CASH + 2012
    assert rig.books.realized_usd == 1812
    assert [p.quantity for p in only(told[session], Position)] == [0]
    rig.records.clear()
    rig.step("2018-02-14T09:31")
    assert [type(r) for r in rig.records] == [ClockNoted]
