"""Transcripts: stimuli in, orders, journal and commands out."""

from decimal import Decimal

import pytest

from bot.domain.broker import BrokerStatus, LinkChanged, NoticeHeard
from bot.domain.decision import Cancel
from bot.domain.events import NoticeReceived, OrderRefused
from bot.domain.orders import IntentId, OrderState, Side
from bot.execution.stimuli import (
    CancelOrder,
    ChangeOrder,
    ReplyOverdue,
    SendOrder,
    Sent,
    Stimulus,
    Wanted,
)
from tests.support.execution import EMPTY_VIEW, Desk
from tests.support.orders import (
    CALL,
    DECISION,
    commission,
    error,
    execution,
    intent,
    order,
    status,
)

DOWN = LinkChanged(what="upstream", up=False, detail="1100")
UP = LinkChanged(what="upstream", up=True, detail="1102")
DOUBT = ReplyOverdue(intent_id=IntentId("i-1"))


def working() -> Desk:
    return Desk().sent().feed(status())


def test_an_intent_is_written_down_before_it_is_sent() -> None:
    desk = Desk().want(intent())
    assert desk.kinds() == ["OrderIntended"]
    assert desk.commands == [SendOrder(intent=intent())]
    assert desk.order().state is OrderState.INTENDED


def test_an_intent_is_sent_once_whatever_became_of_it() -> None:
    desk = Desk().want(intent(), intent()).want(intent())
    assert len(desk.commands) == 1
    desk.feed(Sent(intent_id=IntentId("i-1"), order_id=1), error(201)).want(intent())
    assert desk.order().state is OrderState.REJECTED
    assert len(desk.commands) == 1


def test_a_life_from_intention_to_fill() -> None:
    desk = working().feed(
        execution("a.1.01"), commission("a.1.01"), execution("a.2.01"), commission("a.2.01", "0.70")
    )
    assert desk.order().state is OrderState.FILLED
    assert (desk.order().filled, desk.order().perm_id) == (2, 9)
    assert [f.commission_usd for f in desk.state.fills.values()] == [
        Decimal("0.65"),
        Decimal("0.70"),
    ]
    assert desk.kinds() == [
        "OrderIntended",
        "OrderSent",
        "OrderChanged",
        "FillReceived",
        "CommissionReceived",
        "FillReceived",
        "OrderChanged",
        "CommissionReceived",
    ]


def test_everything_heard_twice_changes_nothing() -> None:
    heard: list[Stimulus] = [status(), execution(), commission(), status(filled=1)]
    desk = Desk().sent().feed(*heard)
    before, written = desk.state, len(desk.journal)
    desk.feed(*heard, Sent(intent_id=IntentId("i-1"), order_id=1))
    assert desk.state == before
    assert len(desk.journal) == written


def test_a_correction_replaces_and_its_predecessor_does_not_come_back() -> None:
    desk = working().feed(
        execution("a.1.01", price=Decimal("1.40")), execution("a.1.02", price=Decimal("1.45"))
    )
    desk.feed(execution("a.1.01", price=Decimal("1.40")))
    (kept,) = desk.state.fills.values()
    assert (kept.exec_id, kept.price) == ("a.1.02", Decimal("1.45"))
    assert desk.order().filled == 1


def test_a_commission_waits_for_its_execution_and_survives_a_correction() -> None:
    desk = working().feed(commission("a.1.01"), execution("a.1.01"))
    assert desk.state.fills["a.1"].commission_usd == Decimal("0.65")
    desk.feed(execution("a.1.02"))
    assert desk.state.fills["a.1"].commission_usd == Decimal("0.65")
    desk.feed(commission("a.1.02", "0.60"), commission("a.1.01", "0.65"))
    assert desk.state.fills["a.1"].commission_usd == Decimal("0.60")


def test_executions_of_others_are_not_ours() -> None:
    desk = Desk().feed(execution(key=""), status(key="manual"), commission("z.1.01"))
    assert not desk.state.fills
    assert not desk.state.orders


def test_an_execution_may_come_before_any_status() -> None:
    desk = Desk().want(intent()).feed(execution())
    assert desk.order().state is OrderState.WORKING
    desk.feed(Sent(intent_id=IntentId("i-1"), order_id=1))
    assert desk.order().state is OrderState.WORKING


def test_a_filled_status_without_its_executions_is_in_doubt_until_they_come() -> None:
    desk = working().feed(status(BrokerStatus.FILLED, filled=2))
    assert desk.order().state is OrderState.IN_DOUBT
    desk.feed(execution("a.1.01"), execution("a.2.01"), status(BrokerStatus.FILLED, filled=2))
    assert desk.order().state is OrderState.FILLED


def test_a_cancel_that_counts_unheard_fills_is_in_doubt() -> None:
    desk = working().feed(status(BrokerStatus.CANCELLED, filled=1))
    assert desk.order().state is OrderState.IN_DOUBT


def test_a_fill_after_the_cancel_is_taken() -> None:
    desk = working().cancel().feed(status(BrokerStatus.CANCELLED), execution())
    assert (desk.order().state, desk.order().filled) == (OrderState.CANCELLED, 1)
    desk.feed(execution("a.2.01"))
    assert desk.order().state is OrderState.FILLED
    assert "beat the cancel" in desk.order().reason


@pytest.mark.parametrize(
    ("word", "state"),
    [
        (BrokerStatus.PENDING, OrderState.SENT),
        (BrokerStatus.WORKING, OrderState.WORKING),
        (BrokerStatus.PENDING_CANCEL, OrderState.CANCELLING),
        (BrokerStatus.CANCELLED, OrderState.CANCELLED),
        (BrokerStatus.FILLED, OrderState.IN_DOUBT),
        (BrokerStatus.INACTIVE, OrderState.IN_DOUBT),
    ],
)
def test_each_status_about_a_sent_order(word: BrokerStatus, state: OrderState) -> None:
    assert Desk().sent().feed(status(word)).order().state is state


def test_a_permanent_number_of_zero_is_none() -> None:
    desk = Desk().sent().feed(status(perm_id=0))
    assert desk.order().perm_id is None
    assert desk.feed(status(perm_id=5), status(perm_id=6)).order().perm_id == 5


# ---------------------------------------------------------------- cancels and changes


def test_a_cancel_is_asked_once() -> None:
    desk = working().cancel().cancel()
    assert desk.commands[1:] == [CancelOrder(intent_id=IntentId("i-1"))]
    assert desk.order().state is OrderState.CANCELLING


def test_cancels_go_before_new_orders() -> None:
    cancels = (Cancel(intent_id=IntentId("i-1"), reason="not wanted"),)
    desk = working().feed(Wanted(decision_id=DECISION, intents=(intent("i-2"),), cancels=cancels))
    assert [type(c) for c in desk.commands[1:]] == [CancelOrder, SendOrder]


@pytest.mark.parametrize("key", ["i-1", "nobody"])
def test_what_is_dead_or_unknown_is_not_cancelled_or_moved(key: str) -> None:
    desk = Desk().sent().feed(error(201)).cancel(key).reprice("1.60", key)
    assert len(desk.commands) == 1


def test_a_change_is_believed_when_the_order_works_on_without_an_error() -> None:
    desk = working().reprice("1.60")
    assert desk.commands[-1] == ChangeOrder(intent_id=IntentId("i-1"), limit=Decimal("1.60"))
    assert (desk.order().limit, desk.order().limit_asked) == (Decimal("1.50"), Decimal("1.60"))
    assert desk.order().awaits_reply
    desk.feed(status())
    assert (desk.order().limit, desk.order().limit_asked) == (Decimal("1.60"), None)


@pytest.mark.parametrize("code", [110, 321, 329, 2102])
def test_a_refused_change_leaves_the_order_at_its_old_price(code: int) -> None:
    desk = working().reprice("1.60").feed(error(code), status())
    assert desk.order().state is OrderState.WORKING
    assert (desk.order().limit, desk.order().limit_asked) == (Decimal("1.50"), None)


def test_a_refusal_after_the_change_was_believed_is_a_doubt() -> None:
    desk = working().reprice("1.60").feed(status(), error(110))
    assert desk.order().state is OrderState.IN_DOUBT


@pytest.mark.parametrize("limit", ["1.50", "0", "-1"])
def test_a_change_to_the_same_or_to_no_price_is_not_asked(limit: str) -> None:
    assert len(working().reprice(limit).commands) == 1


def test_a_second_change_waits_for_the_first() -> None:
    assert len(working().reprice("1.60").reprice("1.70").commands) == 2


def test_a_change_in_doubt_is_not_believed_on_a_status() -> None:
    desk = working().reprice("1.60").feed(DOUBT, status())
    assert desk.order().state is OrderState.WORKING
    assert desk.order().limit_asked == Decimal("1.60")


def test_a_dead_order_awaits_no_change() -> None:
    desk = working().reprice("1.60").feed(execution("a.1.01"), execution("a.2.01"))
    assert desk.order().limit_asked is None
    assert not desk.order().awaits_reply


# ---------------------------------------------------------------- errors and silence


@pytest.mark.parametrize("code", [399, 404, 2109, 10349])
def test_a_warning_leaves_the_order_alive_and_is_kept(code: int) -> None:
    desk = Desk().sent().feed(error(code))
    assert desk.order().state is OrderState.SENT
    assert desk.journal[-1] == NoticeReceived(
        code=code, text="words", con_id=CALL, intent_id=IntentId("i-1")
    )


def test_code_202_awaits_the_status_that_counts() -> None:
    desk = working().feed(error(202))
    assert desk.order().state is OrderState.CANCELLING
    desk.feed(status(BrokerStatus.CANCELLED))
    assert desk.order().state is OrderState.CANCELLED


def test_an_unknown_code_is_a_doubt_and_the_order_stays_alive() -> None:
    desk = Desk().sent().feed(error(4711))
    assert desk.order().state is OrderState.IN_DOUBT
    assert desk.order().remaining == 2
    assert desk.order().reason.startswith("4711")


def test_a_code_about_somebody_elses_order_is_kept_as_a_notice() -> None:
    desk = Desk().feed(error(201, "manual"), NoticeHeard(code=2104, text="farm"))
    assert desk.journal == [
        NoticeReceived(code=201, text="words"),
        NoticeReceived(code=2104, text="farm"),
    ]


@pytest.mark.parametrize("before", [Desk().want(intent()), Desk().sent(), working().cancel()])
def test_silence_is_a_doubt(before: Desk) -> None:
    assert before.feed(DOUBT).order().state is OrderState.IN_DOUBT


def test_silence_about_what_awaits_nothing_is_ignored() -> None:
    desk = working().feed(DOUBT, ReplyOverdue(intent_id=IntentId("nobody")))
    assert desk.order().state is OrderState.WORKING


# ---------------------------------------------------------------- the line


def test_a_lost_line_puts_every_living_order_in_doubt() -> None:
    desk = working().sent("i-2").feed(error(201, "i-2"), DOWN)
    assert desk.order("i-1").state is OrderState.IN_DOUBT
    assert desk.order("i-2").state is OrderState.REJECTED
    assert desk.state.in_doubt() == (desk.order("i-1"),)


def test_nothing_leaves_while_the_line_is_down_or_not_compared() -> None:
    desk = working().feed(DOWN)
    written = len(desk.commands)
    desk.cancel().reprice("1.60").want(intent("i-2"), intent("i-1"))
    desk.feed(UP).want(intent("i-3"))
    assert len(desk.commands) == written
    refused = [e for e in desk.journal if isinstance(e, OrderRefused)]
    assert [(e.intent.intent_id, e.check) for e in refused] == [("i-2", "link"), ("i-3", "link")]
    assert "upstream" in refused[0].reason
    assert IntentId("i-2") not in desk.state.orders


def test_after_the_comparison_orders_leave_again() -> None:
    desk = Desk().feed(DOWN, UP).reconcile(EMPTY_VIEW).want(intent())
    assert len(desk.commands) == 1


def test_a_change_of_the_line_heard_twice_changes_nothing() -> None:
    desk = Desk().feed(UP)
    assert not desk.journal
    desk.feed(DOWN, DOWN)
    assert desk.kinds() == ["ConnectionChanged"]


def test_a_data_farm_carries_no_orders() -> None:
    desk = working().feed(LinkChanged(what="farm", up=False))
    assert desk.order().state is OrderState.WORKING
    assert desk.state.ready
    assert not desk.state.line_is_down


def test_a_sale_takes_its_contracts_off_the_book() -> None:
    desk = working().feed(execution("a.1.01", quantity=2)).sent("i-2", side=Side.SELL, quantity=1)
    desk.feed(execution("b.1.01", "i-2", side=Side.SELL))
    assert [(lot.intent_id, lot.quantity) for lot in desk.state.lots] == [("i-1", 1)]


def test_orders_awaiting_a_reply_are_named() -> None:
    desk = working().sent("i-2")
    assert desk.state.awaiting() == (desk.order("i-2"),)
    assert order(OrderState.CANCELLING).awaits_reply
