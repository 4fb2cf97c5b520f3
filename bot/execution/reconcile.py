"""Reconciliation: the broker's lists against our records, as a pure difference.

Start-up and recovery are this one path (design.md section 1): the shell reads open orders,
completed orders, executions and positions, and hands them in together. Missing fills are taken
from the executions by order reference, states from the orders, and what the VIX call positions
then still differ by is a break, which locks the contract until a later comparison finds it gone.

Doing it twice changes nothing. While orders are in doubt or breaks stand it is worth repeating:
proof may come later.
"""

from datetime import datetime, timedelta

from bot.domain.account import Position
from bot.domain.book import Break
from bot.domain.broker import BrokerOrder, BrokerStatus, ExecutionHeard
from bot.domain.events import (
    BreakFound,
    BreakLifted,
    ConnectionChanged,
    PositionSettled,
    UnadoptedFound,
)
from bot.domain.instruments import ConId, Contract, Option, is_vix_call
from bot.domain.orders import Order, OrderState
from bot.domain.sessions import NEW_YORK
from bot.domain.value import Value, replace
from bot.execution.draft import Draft
from bot.execution.lifecycle import Heard
from bot.execution.state import SOCKET, ExecutionState, LinkWord
from bot.execution.step import ended_meaning, status_meaning, take_execution
from bot.execution.stimuli import Step

GRACE = timedelta(seconds=5)
"""An order younger than this may still be on its way, though no list knows it."""


class BrokerView(Value):
    """What the broker says it knows, read over one connection, executions before positions.

    Attributes:
        open_orders: The open orders of every client.
        completed_orders: The day's completed orders of every client.
        executions: The day's executions.
        positions: All positions of the account; what is not among them is held zero times.
        instruments: At least those of the positions and of our lots; a position without its
            instrument cannot be told to be a VIX call.
    """

    open_orders: tuple[BrokerOrder, ...]
    completed_orders: tuple[BrokerOrder, ...]
    executions: tuple[ExecutionHeard, ...]
    positions: tuple[Position, ...]
    instruments: tuple[Contract, ...]

    def held(self, con_id: ConId) -> int:
        """Return the broker's net position in contracts."""
        return sum(p.quantity for p in self.positions if p.con_id == con_id)


def reconcile(state: ExecutionState, view: BrokerView, now: datetime) -> Step:
    """Return what the broker's lists make of our records at `now`.

    That lists could be read shows that the socket stands. While something behind it is down they
    may be old: then nothing is concluded.
    """
    draft = Draft(state, now)
    if SOCKET in state.links_down:
        draft.write(ConnectionChanged(state=LinkWord.RESTORED, what=SOCKET))
    if draft.state.line_is_down:
        return draft.done()
    for execution in view.executions:
        take_execution(draft, execution)
    _settle_orders(draft, view, now)
    compare_positions(draft, view, now)
    if not draft.state.ready:
        draft.write(ConnectionChanged(state=LinkWord.RECONCILED))
    return draft.done()


# ---------------------------------------------------------------- orders


def _settle_orders(draft: Draft, view: BrokerView, now: datetime) -> None:
    is_open = {order.order_ref: order for order in view.open_orders}
    is_over = {order.order_ref: order for order in view.completed_orders}
    for order in draft.state.orders.values():
        key = order.intent.intent_id
        if key in is_open:
            _settle_open(draft, order, is_open[key])
        elif order.state.is_terminal:
            continue
        elif key in is_over:
            _settle_completed(draft, order, is_over[key])
        elif order.state not in {OrderState.INTENDED, OrderState.SENT}:
            _settle_unlisted(draft, order, view, now)


def _settle_open(draft: Draft, order: Order, listed: BrokerOrder) -> None:
    """The list outranks every earlier word: also a dead order that stands on it is alive."""
    if order.state.is_terminal:
        draft.hear(order, Heard.LIVES, "listed as open")
        order = draft.state.orders[order.intent.intent_id]
    known = replace(order, perm_id=listed.perm_id or order.perm_id)
    if listed.limit is not None:
        answered = order.state is OrderState.IN_DOUBT or listed.limit == order.limit_asked
        asked = None if answered else order.limit_asked
        known = replace(known, limit=listed.limit, limit_asked=asked)
    heard = status_meaning(draft, listed, order)
    draft.hear(order, heard, "listed as open", known=known)


def _settle_completed(draft: Draft, order: Order, listed: BrokerOrder) -> None:
    known = replace(order, perm_id=listed.perm_id or order.perm_id)
    heard = _completed_meaning(draft, listed, order)
    draft.hear(order, heard, f"listed as completed, {listed.status}", known=known)


def _completed_meaning(draft: Draft, listed: BrokerOrder, order: Order) -> Heard:
    """Inactive proves nothing by itself; on the list of completed orders it is an end."""
    if listed.status in {BrokerStatus.CANCELLED, BrokerStatus.INACTIVE}:
        return ended_meaning(draft, listed, order)
    return Heard.FILLS_MISSING if listed.status is BrokerStatus.FILLED else Heard.DOUBTFUL


def _settle_unlisted(draft: Draft, order: Order, view: BrokerView, now: datetime) -> None:
    draft.hear(order, Heard.DOUBTFUL, "no list of the broker knows it")
    order = draft.state.orders[order.intent.intent_id]
    state = draft.state
    if not all(state.agrees(con_id, view.held(con_id)) for con_id in order.intent.con_ids):
        return  # a fill may be missing: the positions have to agree first
    asked_at = draft.state.asked_at[order.intent.intent_id]
    is_untraded = order.filled == 0 and order.ahead == 0 and now - asked_at >= GRACE
    if is_untraded and order.intent.intent_id in draft.state.refused:
        draft.hear(order, Heard.TURNED_DOWN, "refused, and no list or execution knows it")
    elif is_untraded and order.perm_id is None:
        draft.hear(order, Heard.NO_TRACE, "never confirmed, and no list or execution knows it")
    elif asked_at.astimezone(NEW_YORK).date() < now.astimezone(NEW_YORK).date():
        draft.hear(order, Heard.CANCELLED, "a day order of an earlier day, and no list knows it")


# ---------------------------------------------------------------- positions


def compare_positions(draft: Draft, view: BrokerView, now: datetime) -> None:
    """Write where the broker's VIX call positions differ from ours, and where no longer."""
    instruments = {i.con_id: i for i in view.instruments}
    known = draft.state.traded()
    for con_id in sorted(known):
        settled = _settled(instruments.get(con_id), view, now)
        if settled is not None and _expected(draft.state, con_id) > 0:
            quantity = draft.state.contracts(con_id)
            draft.write(PositionSettled(con_id=con_id, quantity=quantity, strike=settled.strike))
        _compare(draft, con_id, view.held(con_id))
    calls = {i.con_id for i in view.instruments if is_vix_call(i) and view.held(i.con_id) != 0}
    unadopted = tuple(sorted(calls - known - draft.state.ignored))
    if unadopted != draft.state.unadopted:
        draft.write(UnadoptedFound(con_ids=unadopted))


def _compare(draft: Draft, con_id: ConId, brokers: int) -> None:
    state = draft.state
    known = next((b for b in state.breaks if b.con_id == con_id), None)
    if state.agrees(con_id, brokers):
        if known is not None:
            draft.write(BreakLifted(con_id=con_id))
        return
    ours, aside = state.contracts(con_id), state.aside.get(con_id, 0)
    found = Break(con_id=con_id, ours=ours, brokers=brokers, aside=aside)
    if found != known:
        draft.write(BreakFound(broken=found))


def _settled(instrument: Contract | None, view: BrokerView, now: datetime) -> Option | None:
    """Return an option that is past its settlement and gone from the broker's positions."""
    if not isinstance(instrument, Option) or now < instrument.settlement:
        return None
    return None if view.held(instrument.con_id) else instrument


def _expected(state: ExecutionState, con_id: ConId) -> int:
    return state.contracts(con_id) + state.aside.get(con_id, 0)
