"""What execution knows, as a fold over the journal.

`apply` is the only way in which the state changes: `bot.execution.step` and
`bot.execution.reconcile` write journal events and apply them, a restart (`bot.execution.restore`)
applies the stored ones. So what is known after a crash is what was written down before it.

An order's state comes from the life-cycle table, its filled count from executions alone. Fills are
a set keyed by execution, and the lots are computed from that set, whatever the order of hearing.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

import msgspec

from bot.domain.adoption import Adoption
from bot.domain.book import COARSE_ROLL_GRID, ROLL_GRID, Break, Lot
from bot.domain.events import (
    Adopted,
    BreakFound,
    BreakLifted,
    CommissionReceived,
    ConnectionChanged,
    FillReceived,
    Ignored,
    IgnoringEnded,
    JournalEvent,
    NoticeReceived,
    OrderChanged,
    OrderChangeIntended,
    OrderIntended,
    OrderSent,
    PositionSettled,
    RunStarted,
    UnadoptedFound,
)
from bot.domain.instruments import ConId
from bot.domain.money import PriceGrid
from bot.domain.orders import (
    ExecId,
    Fill,
    IntentId,
    Order,
    OrderState,
    correction_number,
    execution_root,
)
from bot.domain.value import Value, replace
from bot.execution.attribution import lots_of
from bot.execution.codes import OFF_GRID, meaning
from bot.execution.counting import counted
from bot.execution.lifecycle import Heard, move

SOCKET = "socket"
"""The connection to the broker's gateway."""

FARM = "farm"
"""The data farms: quotes come through them, orders do not."""


class LinkWord(StrEnum):
    """What is written down about the line."""

    LOST = "lost"
    RESTORED = "restored"
    RECONCILED = "reconciled"


def carries_orders(part: str) -> bool:
    """Tell whether orders travel over this part of the line; an unknown part may."""
    return part != FARM


class ExecutionState(Value):
    """Orders, fills and lots by our own records; the mappings are never changed in place.

    Attributes:
        orders: Every order ever intended, by intent.
        order_ids: The broker's order number of each order that was handed over.
        asked_at: When something was last asked of the broker about an order.
        fills: The executions by root id; a correction has taken the place of what it corrects.
        commissions: What executions cost in USD, by full execution id, also of unheard ones.
        adoptions: What the user gave to rungs, in the order of the journal.
        lots: What is held, computed from the fills and adoptions.
        breaks: Contracts where our lots and the broker's position differ.
        unadopted: VIX calls at the broker that the journal does not know.
        aside: Contracts of a call that stayed nobody's when others of it were adopted.
        ignored: Calls the user wants left alone.
        settled: Contracts that settled in cash; they hold no lots any more.
        refused: The code by which the broker refused an order; its end may still await proof.
        roll_grid: The legal net prices of a roll, as far as the broker has let them be known.
        links_down: The parts of the line that are down, data farms among them.
        ready: Whether the broker's lists were compared since the line last stood up.
    """

    orders: Mapping[IntentId, Order] = msgspec.field(default_factory=dict)
    order_ids: Mapping[IntentId, int] = msgspec.field(default_factory=dict)
    asked_at: Mapping[IntentId, datetime] = msgspec.field(default_factory=dict)
    fills: Mapping[str, Fill] = msgspec.field(default_factory=dict)
    commissions: Mapping[ExecId, Decimal] = msgspec.field(default_factory=dict)
    adoptions: tuple[Adoption, ...] = ()
    lots: tuple[Lot, ...] = ()
    breaks: tuple[Break, ...] = ()
    unadopted: tuple[ConId, ...] = ()
    aside: Mapping[ConId, int] = msgspec.field(default_factory=dict)
    ignored: frozenset[ConId] = frozenset()
    settled: frozenset[ConId] = frozenset()
    refused: Mapping[IntentId, int] = msgspec.field(default_factory=dict)
    roll_grid: PriceGrid = ROLL_GRID
    links_down: tuple[str, ...] = ()
    ready: bool = False

    @property
    def line_is_down(self) -> bool:
        """Whether orders and their reports may be stuck on the way."""
        return any(carries_orders(part) for part in self.links_down)

    @property
    def wants_comparison(self) -> bool:
        """Whether reading the broker's lists (again) may settle something: doubts, breaks, start.

        A break may be no more than a fill that fell between two lists; only the next comparison
        lifts it.
        """
        return not self.ready or bool(self.breaks) or bool(self.in_doubt())

    def traded(self) -> frozenset[ConId]:
        """Return the contracts that are ours to compare: of orders, adopted, or left by fills."""
        of_orders = {con_id for order in self.orders.values() for con_id in order.intent.con_ids}
        adopted = {adoption.con_id for adoption in self.adoptions}
        return frozenset(of_orders | adopted | {lot.con_id for lot in self.lots})

    def contracts(self, con_id: ConId) -> int:
        """Return the contracts of `con_id` that our rungs hold."""
        return sum(lot.quantity for lot in self.lots if lot.con_id == con_id)

    def agrees(self, con_id: ConId, brokers: int) -> bool:
        """Tell whether a traded contract's position is what we know of it.

        That is our lots and what was left aside. Of an ignored contract anything else may come and
        go: only what the lots hold has to be there.
        """
        ours = self.contracts(con_id)
        if con_id in self.ignored:
            return brokers >= ours
        return brokers == ours + self.aside.get(con_id, 0)

    def live_orders(self) -> tuple[Order, ...]:
        """Return the orders that may still fill."""
        return tuple(o for o in self.orders.values() if not o.state.is_terminal)

    def awaiting(self) -> tuple[Order, ...]:
        """Return the orders about which the broker owes an answer."""
        return tuple(o for o in self.live_orders() if o.awaits_reply)

    def in_doubt(self) -> tuple[Order, ...]:
        """Return the orders whose fate only the broker's lists can prove."""
        return tuple(o for o in self.live_orders() if o.state is OrderState.IN_DOUBT)


def apply(state: ExecutionState, event: JournalEvent, at: datetime) -> ExecutionState:
    """Return the state after `event`, stored at `at`; events of other rooms change nothing."""
    after = fold(state, event, at)
    before = (state.fills, state.adoptions, state.settled)
    if (after.fills, after.adoptions, after.settled) == before:
        return after
    return with_lots(after)


def with_lots(state: ExecutionState) -> ExecutionState:
    """Return the state with its lots computed anew."""
    lots = lots_of(state.fills.values(), state.orders, state.adoptions)
    return replace(state, lots=tuple(lot for lot in lots if lot.con_id not in state.settled))


def fold(state: ExecutionState, event: JournalEvent, at: datetime) -> ExecutionState:
    """Return the state after `event` with its lots as they were.

    For many events in a row: lots follow from all fills, and no event looks at them.
    """
    match event:
        case OrderIntended() | OrderSent() | OrderChangeIntended() | OrderChanged():
            return _apply_to_order(state, event, at)
        case NoticeReceived():
            return _with_notice(state, event)
        case FillReceived() | CommissionReceived():
            return _apply_to_fills(state, event)
        case (
            BreakFound()
            | BreakLifted()
            | UnadoptedFound()
            | PositionSettled()
            | Adopted()
            | Ignored()
            | IgnoringEnded()
        ):
            return _apply_to_positions(state, event)
        case ConnectionChanged() | RunStarted():
            return _apply_to_line(state, event)
        case _:
            return state


def forget_the_line(state: ExecutionState) -> ExecutionState:
    """Return the state of a process that has just started: every live order is in doubt."""
    orders = {key: _moved(order, Heard.LINK_LOST) for key, order in state.orders.items()}
    return replace(state, orders=orders, links_down=(), ready=False)


def _apply_to_order(
    state: ExecutionState,
    event: OrderIntended | OrderSent | OrderChangeIntended | OrderChanged,
    at: datetime,
) -> ExecutionState:
    match event:
        case OrderIntended(intent=intent):
            order = Order(intent=intent, state=OrderState.INTENDED, limit=intent.limit)
            return _with_order(_asked(state, intent.intent_id, at), order)
        case OrderSent(intent_id=key, order_id=order_id):
            known = replace(state, order_ids={**state.order_ids, key: order_id})
            return _with_order(known, _moved(state.orders[key], Heard.HANDED_OVER))
        case OrderChangeIntended(intent_id=key, limit=None):
            asked = _asked(state, key, at)
            return _with_order(asked, _moved(state.orders[key], Heard.CANCEL_ASKED))
        case OrderChangeIntended(intent_id=key, limit=limit):
            asked = _asked(state, key, at)
            return _with_order(asked, replace(state.orders[key], limit_asked=limit))
        case OrderChanged(intent_id=key):
            return _with_order(state, _changed(state.orders[key], event))
        case _:
            assert_never(event)


def _apply_to_fills(
    state: ExecutionState, event: FillReceived | CommissionReceived
) -> ExecutionState:
    match event:
        case FillReceived(fill=fill):
            return _with_fill(state, fill)
        case CommissionReceived(exec_id=exec_id, commission_usd=usd):
            return _with_commission(state, ExecId(exec_id), usd)
        case _:
            assert_never(event)


_Choice = Adopted | Ignored | IgnoringEnded
"""A choice of the user about a call that is nobody's."""


def _apply_to_positions(
    state: ExecutionState,
    event: BreakFound | BreakLifted | UnadoptedFound | PositionSettled | _Choice,
) -> ExecutionState:
    match event:
        case BreakFound(broken=broken):
            others = _breaks_without(state, broken.con_id)
            return replace(state, breaks=(*others, broken))
        case BreakLifted(con_id=con_id):
            return replace(state, breaks=_breaks_without(state, con_id))
        case UnadoptedFound(con_ids=con_ids):
            return replace(state, unadopted=con_ids)
        case PositionSettled(con_id=con_id):
            settled = replace(state, settled=state.settled | {con_id})
            return _with_aside(settled, con_id, 0)
        case Adopted() | Ignored() | IgnoringEnded():
            return _apply_choice(state, event)
        case _:
            assert_never(event)


def _apply_choice(state: ExecutionState, event: _Choice) -> ExecutionState:
    match event:
        case Adopted(adoption=adoption, left=left):
            known = _with_aside(state, adoption.con_id, left)
            return replace(known, adoptions=(*known.adoptions, adoption))
        case Ignored(con_id=con_id):
            known = _with_aside(state, con_id, 0)
            return replace(known, ignored=known.ignored | {con_id})
        case IgnoringEnded(con_id=con_id, left=left):
            known = _with_aside(state, con_id, left)
            return replace(known, ignored=known.ignored - {con_id})
        case _:
            assert_never(event)


def _with_aside(state: ExecutionState, con_id: ConId, left: int) -> ExecutionState:
    others = {known: count for known, count in state.aside.items() if known != con_id}
    return replace(state, aside={**others, con_id: left} if left else others)


def _with_notice(state: ExecutionState, event: NoticeReceived) -> ExecutionState:
    if event.intent_id is None or event.intent_id not in state.orders:
        return state
    order = state.orders[event.intent_id]
    if meaning(event.code, order) is Heard.REFUSED:
        state = replace(state, refused={**state.refused, event.intent_id: event.code})
    asked = order.limit if order.limit_asked is None else order.limit_asked
    is_off = order.intent.is_roll and not COARSE_ROLL_GRID.is_legal(asked)
    if event.code == OFF_GRID and is_off:
        state = replace(state, roll_grid=COARSE_ROLL_GRID)
    return state


def _apply_to_line(state: ExecutionState, event: ConnectionChanged | RunStarted) -> ExecutionState:
    match event:
        case ConnectionChanged():
            return _with_link(state, event)
        case RunStarted():
            return forget_the_line(state)
        case _:
            assert_never(event)


def _changed(order: Order, event: OrderChanged) -> Order:
    return replace(
        order,
        state=event.state,
        limit=event.limit,
        limit_asked=event.limit_asked,
        perm_id=event.perm_id,
        reason=event.reason,
    )


def _moved(order: Order, heard: Heard) -> Order:
    return replace(order, state=move(order.state, heard).to)


def _asked(state: ExecutionState, key: IntentId, at: datetime) -> ExecutionState:
    return replace(state, asked_at={**state.asked_at, key: at})


def _with_order(state: ExecutionState, order: Order) -> ExecutionState:
    return replace(state, orders={**state.orders, order.intent.intent_id: order})


def _with_fill(state: ExecutionState, fill: Fill) -> ExecutionState:
    fills = {**state.fills, fill.root: _costed(fill, state.commissions)}
    order = state.orders[fill.intent_id]
    order = counted(order, fills.values())
    return replace(_with_order(state, order), fills=fills)


def _with_commission(state: ExecutionState, exec_id: ExecId, usd: Decimal) -> ExecutionState:
    commissions = {**state.commissions, exec_id: usd}
    fills = dict(state.fills)
    root = execution_root(exec_id)
    if root in fills:
        fills[root] = _costed(fills[root], commissions)
    return replace(state, commissions=commissions, fills=fills)


def _costed(fill: Fill, commissions: Mapping[ExecId, Decimal]) -> Fill:
    """Join a fill with its commission; a correction without its own keeps the earlier one."""
    if fill.exec_id in commissions:
        return replace(fill, commission_usd=commissions[fill.exec_id])
    earlier = [e for e in commissions if execution_root(e) == fill.root]
    if not earlier:
        return fill
    return replace(fill, commission_usd=commissions[max(earlier, key=correction_number)])


def _with_link(state: ExecutionState, event: ConnectionChanged) -> ExecutionState:
    others = tuple(part for part in state.links_down if part != event.what)
    match event.state:
        case LinkWord.LOST:
            ready = state.ready and not carries_orders(event.what)
            return replace(state, links_down=(*others, event.what), ready=ready)
        case LinkWord.RESTORED:
            # A new socket begins anew: what lay behind the old one is told again if it is down.
            return replace(state, links_down=() if event.what == SOCKET else others)
        case LinkWord.RECONCILED:
            return replace(state, ready=True)
        case _:
            return state


def _breaks_without(state: ExecutionState, con_id: int) -> tuple[Break, ...]:
    return tuple(b for b in state.breaks if b.con_id != con_id)
