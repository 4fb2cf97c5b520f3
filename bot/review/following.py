"""What became of the orders a decision wanted, folded from the events after it.

A read model: the broker's word, as journalled, order by order. Executions are a set keyed by their
id without its correction number, so that a correction replaces what it corrects.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from bot.domain.decision import Decision
from bot.domain.events import (
    CommissionReceived,
    FillReceived,
    JournalEvent,
    OrderChanged,
    OrderChangeIntended,
    OrderIntended,
    OrderRefused,
    OrderSent,
)
from bot.domain.orders import Fill, Intent, IntentId, Leg, OrderState, Side
from bot.domain.sessions import NEW_YORK
from bot.domain.value import Value, replace
from bot.execution.counting import executed_by_leg

ORDER_KINDS = (
    "order_refused",
    "order_intended",
    "order_sent",
    "order_change_intended",
    "order_changed",
    "fill_received",
    "commission_received",
)
"""The events that can tell of an order, by kind."""


OrderEvent = (
    OrderRefused
    | OrderIntended
    | OrderSent
    | OrderChangeIntended
    | OrderChanged
    | FillReceived
    | CommissionReceived
)


class OrderStory(Value):
    """One wanted order and its fate; `state` is None while nothing is recorded of it.

    `fills` and `commissions` (USD) are keyed by the execution id without its correction.
    """

    intent: Intent
    limit: Decimal
    state: OrderState | None = None
    order_id: int | None = None
    refused_by: str = ""
    reason: str = ""
    changes: tuple[str, ...] = ()
    fills: dict[str, Fill] = {}  # noqa: RUF012 - a struct copies its empty default
    commissions: dict[str, Decimal] = {}  # noqa: RUF012 - as above

    @property
    def commission_usd(self) -> Decimal | None:
        """What the fills cost in USD, None until a cost was reported."""
        return sum(self.commissions.values(), Decimal(0)) if self.commissions else None

    @property
    def filled(self) -> int:
        """Contracts filled, by the executions alone; of a roll the complete pairs."""
        return min(executed_by_leg(self.intent, self.fills.values()))

    @property
    def average_price(self) -> Decimal | None:
        """The average price of the fills in points, of a roll net of both legs; None without."""
        if not self.filled:
            return None
        sign = -1 if self.intent.side is Side.SELL else 1
        return sign * sum((self._average(leg) for leg in self.intent.legs), Decimal(0))

    def _average(self, leg: Leg) -> Decimal:
        """Return what a unit of `leg` cost on average, negative where it brought something in."""
        fills = [f for f in self.fills.values() if (f.con_id, f.side) == (leg.con_id, leg.side)]
        paid = sum((fill.price * fill.quantity for fill in fills), Decimal(0))
        return leg.side.sign * paid / sum(fill.quantity for fill in fills)


def follow(decision: Decision, events: Iterable[JournalEvent]) -> tuple[OrderStory, ...]:
    """Return the fate of each order `decision` wanted, from the events that came after it."""
    stories = {one.intent_id: OrderStory(intent=one, limit=one.limit) for one in decision.intents}
    for event in events:
        _take(stories, event)
    return tuple(stories.values())


def all_stories(events: Iterable[JournalEvent]) -> dict[IntentId, OrderStory]:
    """Return the fate of every order the events tell of, by its name."""
    stories: dict[IntentId, OrderStory] = {}
    for event in events:
        if isinstance(event, OrderRefused | OrderIntended):
            known = OrderStory(intent=event.intent, limit=event.intent.limit)
            stories.setdefault(event.intent.intent_id, known)
        _take(stories, event)
    return stories


class LaterOrders(Value):
    """The orders of one later decision of the same session, which the same stages called for."""

    at: datetime
    orders: tuple[OrderStory, ...]


def later_orders(
    decision: Decision, later: Iterable[Decision], events: Sequence[JournalEvent]
) -> tuple[LaterOrders, ...]:
    """Return what a stage's entry went on to order: it is bought step by step (R7).

    Of the decisions after `decision`, in order, those of its session up to the next move of a
    stage, with the fate of their orders from `events`; none for a decision that entered no stage.
    """
    if not decision.entered:
        return ()
    ordering = (one for one in _steady(decision, later) if one.intents)
    return tuple(LaterOrders(at=one.at, orders=follow(one, events)) for one in ordering)


def _steady(decision: Decision, later: Iterable[Decision]) -> Iterator[Decision]:
    for one in later:
        moved = one.entered or one.left is not None
        if moved or _new_york_day(one.at) != _new_york_day(decision.at):
            return
        yield one


def _new_york_day(at: datetime) -> date:
    return at.astimezone(NEW_YORK).date()


def _take(stories: dict[IntentId, OrderStory], event: JournalEvent) -> None:
    """Let the order an event tells of, if it is among the stories, hear of it."""
    if isinstance(event, OrderEvent):
        key = _order_of(event, stories)
        if key in stories:
            stories[key] = _told(stories[key], event)


def _order_of(event: OrderEvent, stories: dict[IntentId, OrderStory]) -> IntentId | None:
    match event:
        case OrderRefused(intent=intent) | OrderIntended(intent=intent):
            return intent.intent_id
        case OrderSent() | OrderChangeIntended() | OrderChanged():
            return event.intent_id
        case FillReceived(fill=fill):
            return fill.intent_id
        case CommissionReceived(exec_id=exec_id):
            root = _root(exec_id)
            return next((key for key, story in stories.items() if root in story.fills), None)
        case _:
            assert_never(event)


def _told(story: OrderStory, event: OrderEvent) -> OrderStory:
    match event:
        case OrderRefused():
            changes = _refused(story, event)
        case OrderIntended():
            changes = {"state": OrderState.INTENDED}
        case OrderSent(order_id=order_id):
            changes = {"state": OrderState.SENT, "order_id": order_id}
        case OrderChangeIntended():
            changes = {"changes": (*story.changes, _change(event))}
        case OrderChanged(state=state, limit=limit, reason=reason):
            changes = {"state": state, "limit": limit, "reason": reason}
        case FillReceived(fill=fill):
            changes = {"fills": story.fills | {fill.root: fill}}
        case CommissionReceived(exec_id=exec_id, commission_usd=cost):
            changes = {"commissions": story.commissions | {_root(exec_id): cost}}
        case _:
            assert_never(event)
    return replace(story, **changes)


def _refused(story: OrderStory, event: OrderRefused) -> dict[str, object]:
    """Return what a refusal changes: of an order already sent it was a change of its limit."""
    if story.state is None:
        return {"refused_by": event.check, "reason": event.reason}
    words = f"risk refused to change it ({event.check}: {event.reason})"
    return {"changes": (*story.changes, words)}


def _change(event: OrderChangeIntended) -> str:
    asked = "to be cancelled" if event.limit is None else f"to move to {event.limit:.2f}"
    return f"it was asked {asked} ({event.reason})" if event.reason else f"it was asked {asked}"


def _root(exec_id: str) -> str:
    return exec_id.rpartition(".")[0] or exec_id
