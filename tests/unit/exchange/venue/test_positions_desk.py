"""Positions are told in full when asked for, then as they change."""

from decimal import Decimal

import pytest

from bot.exchange.venue.holding import Holding
from bot.exchange.wire import requests as ask
from bot.exchange.wire.replies import Position, PositionEnd, PositionMulti, PositionMultiEnd
from tests.support.venue_rig import ACCOUNT, CALL_15, Rig, codes, only, order, place, quote

LINE = quote(CALL_15, "1.00", "1.10")
HELD = Holding(con_id=CALL_15, multiplier=100, quantity=3, cost_usd=Decimal(301))


@pytest.fixture
def rig() -> Rig:
    return Rig(lines=[LINE], holdings=[HELD])


def test_positions_are_told_and_then_each_change(rig: Rig) -> None:
    session = rig.connect()
    replies = rig.say(session, ask.RequestPositions())
    (held,) = only(replies, Position)
    assert (held.account, held.quantity, held.contract.con_id) == (ACCOUNT, Decimal(3), CALL_15)
    assert held.average_cost == Decimal("100.33333333")
    assert replies[-1] == PositionEnd()
    (sold,) = only(rig.say(session, place(order(1, "SELL", 3, "1.00"))), Position)
    assert (sold.quantity, sold.average_cost) == (Decimal(0), Decimal(0))
    rig.say(session, ask.CancelPositions())
    assert only(rig.say(session, place(order(2, "BUY", 1, "1.10"))), Position) == []


def test_positions_under_a_request_id(rig: Rig) -> None:
    session = rig.connect()
    replies = rig.say(session, ask.RequestPositionsMulti(request_id=9, account=ACCOUNT))
    assert [each.quantity for each in only(replies, PositionMulti)] == [3]
    assert replies[-1] == PositionMultiEnd(request_id=9)
    sold = rig.say(session, place(order(1, "SELL", 1, "1.00")))
    assert [each.quantity for each in only(sold, PositionMulti)] == [2]
    rig.say(session, ask.CancelPositionsMulti(request_id=9))
    assert only(rig.say(session, place(order(2, "BUY", 1, "1.10"))), PositionMulti) == []


def test_what_closed_today_is_told_as_zero_and_tomorrow_no_more(rig: Rig) -> None:
    """A client that was away learns of the close until the trading day is over."""
    session = rig.connect()
    rig.say(session, place(order(1, "SELL", 3, "1.00")))
    assert [p.quantity for p in only(rig.say(session, ask.RequestPositions()), Position)] == [0]
    rig.step("2018-01-17T10:00")
    assert only(rig.say(session, ask.RequestPositions()), Position) == []


def test_every_client_hears_of_a_change(rig: Rig) -> None:
    first, second = rig.connect(1), rig.connect(2)
    for session in (first, second):
        rig.say(session, ask.RequestPositions())
    placed = place(order(1, "SELL", 1, "1.00"))
    replies = rig.keep(rig.venue.handle(second, placed)).replies
    assert [p.quantity for p in only(replies[first], Position)] == [2]
    assert [p.quantity for p in only(replies[second], Position)] == [2]


@pytest.mark.parametrize(("account", "model"), [("DU1", ""), (ACCOUNT, "Growth")])
def test_another_account_or_model_is_refused(rig: Rig, account: str, model: str) -> None:
    session = rig.connect()
    request = ask.RequestPositionsMulti(request_id=1, account=account, model_code=model)
    assert codes(rig.say(session, request)) == [321]
    assert only(rig.say(session, place(order(1, "SELL", 1, "1.00"))), PositionMulti) == []
