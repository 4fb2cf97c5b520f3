"""The broker's lists settle what is in doubt; doing it twice changes nothing."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.book import Break
from bot.domain.broker import BrokerStatus, LinkChanged
from bot.domain.events import PositionSettled, UnadoptedFound
from bot.domain.orders import IntentId, OrderState
from bot.execution.reconcile import GRACE, BrokerView
from bot.execution.stimuli import ReplyOverdue
from tests.support.execution import EMPTY_VIEW, Desk, view
from tests.support.orders import (
    CALL,
    NOW,
    error,
    execution,
    intent,
    later,
    listed,
    position,
    status,
    vix_call,
    vix_index,
)

LOST = LinkChanged(what="socket", up=False)
DOUBT = ReplyOverdue(intent_id=IntentId("i-1"))
SOON = later(60)
TOMORROW = NOW + timedelta(days=1)


def settle(desk: Desk, seen: BrokerView, at: datetime = SOON) -> Desk:
    """Reconcile, and prove on the way that a second time changes nothing."""
    desk.reconcile(seen, at)
    before, written = desk.state, len(desk.journal)
    desk.reconcile(seen, at)
    assert (desk.state, len(desk.journal)) == (before, written)
    return desk


def lost(desk: Desk) -> Desk:
    return desk.feed(LOST)


def test_the_first_comparison_makes_ready() -> None:
    desk = Desk(ready=False)
    assert not desk.state.ready
    assert settle(desk, EMPTY_VIEW).state.ready


def test_that_lists_could_be_read_shows_that_the_socket_stands() -> None:
    desk = settle(lost(Desk()), EMPTY_VIEW)
    assert desk.state.ready
    assert desk.state.links_down == ()


def test_a_new_socket_forgets_what_lay_behind_the_old_one() -> None:
    desk = Desk().feed(LinkChanged(what="upstream", up=False), LOST)
    assert settle(desk, EMPTY_VIEW).state.ready


def test_nothing_is_concluded_while_the_upstream_is_down() -> None:
    desk = Desk().sent().feed(LinkChanged(what="upstream", up=False))
    settle(desk, EMPTY_VIEW, later(600))
    assert desk.order().state is OrderState.IN_DOUBT
    assert not desk.state.ready


@pytest.mark.parametrize("before", [Desk().want(intent()), Desk().sent(), Desk().sent().cancel()])
def test_an_open_order_works_again(before: Desk) -> None:
    desk = settle(lost(before), view(open_orders=(listed(),)))
    assert (desk.order().state, desk.order().perm_id) == (OrderState.WORKING, 9)


def test_an_open_order_without_word_from_its_destination_stays_in_doubt() -> None:
    desk = settle(lost(Desk().sent()), view(open_orders=(listed(BrokerStatus.PENDING, perm_id=0),)))
    assert (desk.order().state, desk.order().perm_id) == (OrderState.IN_DOUBT, None)


def test_the_limit_is_read_from_the_open_order() -> None:
    for limit in ("1.50", "1.60"):
        desk = lost(Desk().sent().feed(status()).reprice("1.60"))
        settle(desk, view(open_orders=(listed(limit=Decimal(limit)),)))
        assert (desk.order().limit, desk.order().limit_asked) == (Decimal(limit), None)


def test_a_change_still_under_way_stays_asked() -> None:
    desk = Desk().sent().feed(status()).reprice("1.60")
    seen = view(open_orders=(listed(BrokerStatus.PENDING),))
    assert settle(desk, seen).order().limit_asked == Decimal("1.60")
    confirmed = view(open_orders=(listed(BrokerStatus.PENDING, limit=Decimal("1.60")),))
    settle(desk, confirmed)
    assert (desk.order().limit, desk.order().limit_asked) == (Decimal("1.60"), None)


def test_an_open_order_without_a_limit_keeps_ours() -> None:
    desk = settle(lost(Desk().sent()), view(open_orders=(listed(limit=None),)))
    assert desk.order().limit == Decimal("1.50")


def test_a_dead_order_on_the_open_list_lives() -> None:
    desk = settle(Desk().sent().feed(error(201)), view(open_orders=(listed(),)))
    assert desk.order().state is OrderState.WORKING


@pytest.mark.parametrize("word", [BrokerStatus.CANCELLED, BrokerStatus.INACTIVE])
def test_a_completed_order_is_over_when_its_fills_are_known(word: BrokerStatus) -> None:
    seen = view(
        completed_orders=(listed(word, filled=1),),
        executions=(execution(),),
        positions=(position(1),),
        instruments=(vix_call(),),
    )
    desk = settle(lost(Desk().sent()), seen)
    assert (desk.order().state, desk.order().filled) == (OrderState.CANCELLED, 1)
    assert not desk.state.breaks


@pytest.mark.parametrize(
    ("word", "filled"),
    [
        (BrokerStatus.CANCELLED, 1),
        (BrokerStatus.INACTIVE, 1),
        (BrokerStatus.FILLED, 2),
        (BrokerStatus.WORKING, 0),
    ],
)
def test_a_completed_order_whose_fills_are_missing_stays_in_doubt(
    word: BrokerStatus, filled: int
) -> None:
    desk = settle(lost(Desk().sent()), view(completed_orders=(listed(word, filled=filled),)))
    assert desk.order().state is OrderState.IN_DOUBT


def test_missing_fills_are_taken_from_the_executions() -> None:
    seen = view(
        executions=(execution("a.1.01"), execution("a.2.01"), execution("z.1.01", "manual")),
        completed_orders=(listed(BrokerStatus.FILLED, filled=2),),
        positions=(position(2),),
        instruments=(vix_call(),),
    )
    desk = settle(lost(Desk().sent().feed(status(), execution("a.1.01"))), seen)
    assert desk.order().state is OrderState.FILLED
    assert [lot.quantity for lot in desk.state.lots] == [2]


# ---------------------------------------------------------------- orders that no list knows


def test_an_order_never_confirmed_and_nowhere_known_is_abandoned() -> None:
    desk = settle(lost(Desk().sent()), EMPTY_VIEW)
    assert desk.order().state is OrderState.ABANDONED
    assert "never confirmed" in desk.order().reason


def test_a_young_order_may_still_be_on_its_way() -> None:
    desk = lost(Desk().sent())
    settle(desk, EMPTY_VIEW, NOW + GRACE - timedelta(seconds=1))
    assert desk.order().state is OrderState.IN_DOUBT
    settle(desk, EMPTY_VIEW, NOW + GRACE)
    assert desk.order().state is OrderState.ABANDONED


def test_a_sent_order_awaiting_its_answer_is_left_to_its_patience() -> None:
    desk = settle(Desk().sent(), EMPTY_VIEW)
    assert desk.order().state is OrderState.SENT


def test_a_confirmed_order_is_not_abandoned_the_same_day() -> None:
    desk = settle(Desk().sent().feed(status()), EMPTY_VIEW)
    assert desk.order().state is OrderState.IN_DOUBT
    assert "no list" in desk.order().reason


@pytest.mark.parametrize("filled", [0, 1])
def test_a_day_order_of_yesterday_is_over_when_the_position_agrees(filled: int) -> None:
    desk = Desk().sent().feed(status())
    if filled:
        desk.feed(execution())
    seen = view(positions=(position(filled),), instruments=(vix_call(),))
    settle(lost(desk), seen, TOMORROW)
    assert (desk.order().state, desk.order().filled) == (OrderState.CANCELLED, filled)


@pytest.mark.parametrize("at", [later(60), TOMORROW])
def test_where_the_position_differs_no_order_is_declared_dead(at: datetime) -> None:
    seen = view(positions=(position(2),), instruments=(vix_call(),))
    desk = settle(lost(Desk().sent()), seen, at)
    assert desk.order().state is OrderState.IN_DOUBT
    assert desk.state.breaks == (Break(con_id=CALL, ours=0, brokers=2),)


# ---------------------------------------------------------------- positions


def held(quantity: int, **changes: Any) -> BrokerView:
    return view(positions=(position(quantity),), instruments=(vix_call(**changes),))


def bought() -> Desk:
    return Desk().sent().feed(execution(quantity=2))


def test_a_break_is_found_follows_and_lifts() -> None:
    desk = settle(bought(), held(2))
    assert list(desk.state.breaks) == []
    settle(desk, held(1))
    settle(desk, held(3))
    assert list(desk.state.breaks) == [Break(con_id=CALL, ours=2, brokers=3)]
    settle(desk, held(2))
    assert list(desk.state.breaks) == []
    kinds = [kind for kind in desk.kinds() if kind.startswith("Break")]
    assert kinds == ["BreakFound", "BreakFound", "BreakLifted"]


def test_a_comparison_is_wanted_at_the_start_in_doubt_and_while_a_break_stands() -> None:
    assert Desk(ready=False).state.wants_comparison
    assert not bought().state.wants_comparison
    assert Desk().sent().feed(DOUBT).state.wants_comparison
    desk = settle(bought(), held(1))
    assert desk.state.wants_comparison
    assert not settle(desk, held(2)).state.wants_comparison


def test_a_position_that_vanished_is_a_break() -> None:
    desk = settle(bought(), EMPTY_VIEW)
    assert desk.state.breaks == (Break(con_id=CALL, ours=2, brokers=0),)


def test_calls_nobody_knows_are_unadopted_until_they_are_gone() -> None:
    seen = view(
        positions=(position(3, 202), position(1, 201), position(-4, 300), position(5, 1)),
        instruments=(
            vix_call(201),
            vix_call(202),
            vix_call(203),
            vix_call(300, symbol="SPX"),
            vix_index(),
        ),
    )
    desk = settle(Desk(), seen)
    assert desk.state.unadopted == (201, 202)
    assert desk.journal[-1] == UnadoptedFound(con_ids=desk.state.unadopted)
    assert not desk.state.breaks
    assert settle(desk, EMPTY_VIEW).state.unadopted == ()


def test_a_contract_past_its_settlement_leaves_the_book() -> None:
    at = vix_call().settlement
    desk = settle(bought(), view(instruments=(vix_call(),)), at)
    assert desk.state.lots == ()
    assert not desk.state.breaks
    settled = PositionSettled(con_id=CALL, quantity=2, strike=vix_call().strike)
    assert settled in desk.journal


def test_a_settled_contract_the_broker_still_shows_stays() -> None:
    desk = settle(bought(), held(2), vix_call().settlement)
    assert [lot.quantity for lot in desk.state.lots] == [2]
    assert not desk.state.breaks


def test_before_its_settlement_a_missing_contract_is_a_break() -> None:
    at = vix_call().settlement - timedelta(seconds=1)
    desk = settle(bought(), view(instruments=(vix_call(),)), at)
    assert desk.state.breaks == (Break(con_id=CALL, ours=2, brokers=0),)
