"""The stepper: one stimulus in; a new state, journal events and commands out.

The shell stores the journal events before it carries a command out, so that an order which may
have left is always known to have been wanted (design.md section 5). An intent is sent at most once,
ever: a known intent id is not sent again, whatever became of it. Nothing is sent, changed or
cancelled while the line is down or the broker's lists have not been compared since it came up.
"""

from datetime import datetime
from typing import assert_never

from bot.domain.broker import (
    BrokerOrder,
    BrokerStatus,
    CommissionHeard,
    ExecutionHeard,
    LinkChanged,
    NoticeHeard,
    OrderErrorHeard,
    StatusHeard,
)
from bot.domain.decision import Cancel, DecisionId, Reprice
from bot.domain.events import (
    CommissionReceived,
    ConnectionChanged,
    NoticeReceived,
    OrderChangeIntended,
    OrderIntended,
    OrderRefused,
    OrderSent,
)
from bot.domain.orders import Fill, Intent, IntentId, Order, OrderState
from bot.domain.value import replace
from bot.execution.codes import meaning, refuses_change
from bot.execution.draft import Draft
from bot.execution.lifecycle import Heard
from bot.execution.state import ExecutionState, LinkWord, carries_orders
from bot.execution.stimuli import (
    CancelOrder,
    ChangeOrder,
    ReplyOverdue,
    SendOrder,
    Sent,
    Step,
    Stimulus,
    Wanted,
)


def step(state: ExecutionState, event: Stimulus, now: datetime) -> Step:
    """Return what `event` makes of `state` at `now`, what to store and what to carry out."""
    draft = Draft(state, now)
    match event:
        case Wanted():
            _want(draft, event)
        case Sent(intent_id=intent_id, order_id=order_id):
            _note_sent(draft, intent_id, order_id)
        case ReplyOverdue(intent_id=intent_id, reason=reason):
            _doubt(draft, intent_id, reason)
        case LinkChanged():
            _follow_link(draft, event)
        case NoticeHeard(code=code, text=text, con_id=con_id):
            draft.write(NoticeReceived(code=code, text=text, con_id=con_id))
        case _:
            _hear_of_order(draft, event)
    return draft.done()


def _hear_of_order(
    draft: Draft, event: StatusHeard | ExecutionHeard | CommissionHeard | OrderErrorHeard
) -> None:
    match event:
        case StatusHeard():
            _hear_status(draft, event)
        case ExecutionHeard():
            take_execution(draft, event)
        case CommissionHeard():
            _take_commission(draft, event)
        case OrderErrorHeard():
            _hear_error(draft, event)
        case _:
            assert_never(event)


# ---------------------------------------------------------------- what a decision wants


def _want(draft: Draft, wanted: Wanted) -> None:
    if not draft.state.ready:
        for intent in wanted.intents:
            _refuse(draft, intent)
        return
    for cancel in wanted.cancels:
        _cancel(draft, cancel)
    for reprice in wanted.reprices:
        _reprice(draft, reprice)
    for intent in wanted.intents:
        _intend(draft, intent, wanted.decision_id)


def _refuse(draft: Draft, intent: Intent) -> None:
    if intent.intent_id in draft.state.orders:
        return
    down = ", ".join(draft.state.links_down)
    reason = f"down: {down}" if down else "the broker's lists were not compared yet"
    draft.write(OrderRefused(intent=intent, check="link", reason=reason))


def _intend(draft: Draft, intent: Intent, decision_id: DecisionId) -> None:
    if intent.intent_id in draft.state.orders:
        return
    draft.write(OrderIntended(intent=intent, decision_id=decision_id))
    draft.ask(SendOrder(intent=intent))


def _cancel(draft: Draft, cancel: Cancel) -> None:
    order = draft.order(cancel.intent_id)
    if order is None or order.state not in {OrderState.SENT, OrderState.WORKING}:
        return
    draft.write(OrderChangeIntended(intent_id=cancel.intent_id, limit=None, reason=cancel.reason))
    draft.ask(CancelOrder(intent_id=cancel.intent_id))


def _reprice(draft: Draft, reprice: Reprice) -> None:
    order = draft.order(reprice.intent_id)
    if order is None or order.state is not OrderState.WORKING or order.limit_asked is not None:
        return
    is_priced = order.intent.is_roll or reprice.limit > 0
    if reprice.limit == order.limit or not is_priced:
        return
    draft.write(
        OrderChangeIntended(intent_id=reprice.intent_id, limit=reprice.limit, reason=reprice.reason)
    )
    draft.ask(ChangeOrder(intent_id=reprice.intent_id, limit=reprice.limit))


# ---------------------------------------------------------------- what became of it


def _note_sent(draft: Draft, intent_id: IntentId, order_id: int) -> None:
    if draft.state.order_ids.get(intent_id) != order_id:
        draft.write(OrderSent(intent_id=intent_id, order_id=order_id))


def _doubt(draft: Draft, intent_id: IntentId, reason: str) -> None:
    order = draft.order(intent_id)
    if order is not None and (order.awaits_reply or order.state is OrderState.INTENDED):
        draft.hear(order, Heard.OVERDUE, reason)


def _follow_link(draft: Draft, event: LinkChanged) -> None:
    is_known_down = event.what in draft.state.links_down
    if event.up is not is_known_down:
        return
    word = LinkWord.RESTORED if event.up else LinkWord.LOST
    draft.write(ConnectionChanged(state=word, what=event.what, detail=event.detail))
    if not event.up and carries_orders(event.what):
        for order in draft.state.live_orders():
            draft.hear(order, Heard.LINK_LOST, f"{event.what} lost")


def _hear_status(draft: Draft, event: StatusHeard) -> None:
    order = draft.order(event.order_ref)
    if order is None:
        return
    known = order
    if event.perm_id > 0 and order.perm_id is None:
        known = replace(known, perm_id=event.perm_id)
    reason = ""
    if order.limit_asked is not None and _confirms_change(event, order):
        reason = f"limit moved from {order.limit} to {order.limit_asked}"
        known = replace(known, limit=order.limit_asked, limit_asked=None)
    draft.hear(order, status_meaning(draft, event, order), reason, known=known)


def _confirms_change(event: StatusHeard, order: Order) -> bool:
    """Believe a change that no error refused before the next word that the order works.

    A status repeated too early may be believed wrongly; the error that follows it then finds no
    change to refuse and leaves the order in doubt, and its price is read from the open orders.
    """
    return order.state is OrderState.WORKING and event.status is BrokerStatus.WORKING


def status_meaning(draft: Draft, told: StatusHeard | BrokerOrder, order: Order) -> Heard:
    """Return what a status proves; a final one only if we know as many fills as it counts."""
    match told.status:
        case BrokerStatus.PENDING:
            return Heard.PENDING
        case BrokerStatus.WORKING:
            return Heard.WORKING
        case BrokerStatus.PENDING_CANCEL:
            return Heard.PENDING_CANCEL
        case BrokerStatus.INACTIVE:
            return Heard.INACTIVE
        case BrokerStatus.CANCELLED:
            return ended_meaning(draft, told, order)
        case BrokerStatus.FILLED:
            return Heard.FILLS_MISSING  # complete executions have said so themselves before
        case _:
            assert_never(told.status)


def ended_meaning(draft: Draft, told: StatusHeard | BrokerOrder, order: Order) -> Heard:
    """Return what an end proves by the fills it counts: nothing, while executions are missing.

    A roll with one leg ahead is missing some whatever is counted, since its pairs are guaranteed.
    An order without a fill that the broker has refused, or holds for inactive at its end, was
    turned down.
    """
    if order.filled < told.filled or order.ahead:
        return Heard.FILLS_MISSING
    was_refused = order.intent.intent_id in draft.state.refused
    if order.filled == 0 and (was_refused or told.status is BrokerStatus.INACTIVE):
        return Heard.TURNED_DOWN
    return Heard.CANCELLED


def take_execution(draft: Draft, event: ExecutionHeard) -> None:
    """Take an execution of one of our orders; others' are the reconciliation's business."""
    if draft.order(event.order_ref) is None:
        return
    draft.take(
        Fill(
            exec_id=event.exec_id,
            intent_id=IntentId(event.order_ref),
            con_id=event.con_id,
            side=event.side,
            quantity=event.quantity,
            price=event.price,
            executed_at=event.executed_at,
        )
    )


def _take_commission(draft: Draft, event: CommissionHeard) -> None:
    if draft.state.commissions.get(event.exec_id) != event.commission_usd:
        draft.write(CommissionReceived(exec_id=event.exec_id, commission_usd=event.commission_usd))


def _hear_error(draft: Draft, event: OrderErrorHeard) -> None:
    order = draft.order(event.order_ref)
    if order is None:
        draft.write(NoticeReceived(code=event.code, text=event.text))
        return
    key, con_id = order.intent.intent_id, order.intent.con_id
    draft.write(NoticeReceived(code=event.code, text=event.text, con_id=con_id, intent_id=key))
    known = order
    if refuses_change(event.code, order):
        known = replace(order, limit_asked=None)
    reason = f"{event.code}: {event.text}"
    draft.hear(order, meaning(event.code, order), reason, known=known)
