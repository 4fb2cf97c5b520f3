"""The state of a running bot, for `alvh status` and `alvh health`: a read model, no control."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.app.ports import Broker, Clock
from bot.domain.decision import DecisionId
from bot.domain.inputs import Farm
from bot.domain.instruments import ConId, Future, Option
from bot.domain.orders import IntentId, Order, OrderState, Side
from bot.domain.rungs import Rung
from bot.domain.value import Value

if TYPE_CHECKING:  # who only asks for the status need not load the bot
    from bot.app.engine import Engine
    from bot.app.market import Market
    from bot.app.service import Service


class PublishingState(StrEnum):
    """How the publisher of the journal stands to its broker."""

    WAITING = "waiting"
    CONNECTED = "connected"
    ENDED = "ended"


class Publishing(Value):
    """The publisher in short; it is no ill of the bot when its broker is away.

    `acknowledged` and `newest` are numbers of journal events, `reconnects` counts connections after
    the first, `overflowed` the events that left memory and are read from the journal again.
    """

    state: PublishingState
    broker: str
    acknowledged: int
    newest: int
    reconnects: int
    overflowed: int
    trouble: str = ""


class LastDecision(Value):
    """The newest decision in short."""

    decision_id: DecisionId
    at: datetime
    summary: str
    blind: tuple[str, ...]


class WorkingLeg(Value):
    """One contract of a working order, and which way it goes."""

    con_id: int
    name: str
    side: Side


class WorkingOrder(Value):
    """An order that may still fill: a roll is one with two legs, counted in pairs.

    `limit` in points, of a roll net and of any sign.
    """

    intent_id: IntentId
    rung: Rung
    legs: tuple[WorkingLeg, ...]
    quantity: int
    filled: int
    limit: Decimal
    state: OrderState


class Status(Value):
    """What a user asks first; counts in contracts, times in UTC."""

    now: datetime
    mode: str
    account_id: str | None
    ready: bool
    links_down: tuple[str, ...]
    farm: Farm
    stage: int
    cover_ratio: float | None
    rungs: dict[Rung, int]
    working_orders: int
    breaks: tuple[int, ...]
    unadopted: tuple[int, ...]
    lines: int
    lines_left_out: int
    decisions: int
    reconnects: int
    next_due: datetime | None
    last: LastDecision | None
    overdue: bool = False
    working: tuple[WorkingOrder, ...] = ()
    publishing: Publishing | None = None

    def ills(self) -> tuple[str, ...]:
        """Return what keeps the bot from trading as it should; empty when healthy."""
        ills = []
        if not self.ready:
            ills.append("the broker is not connected, or not compared with yet")
        if self.links_down:
            ills.append(f"down: {', '.join(self.links_down)}")
        if self.farm is not Farm.OK:
            ills.append(f"the market data farm is {self.farm}")
        if self.overdue:
            ills.append(f"what was due at {self.next_due:%Y-%m-%d %H:%M} UTC has not begun")
        if self.breaks:
            ills.append(f"locked by a break: {', '.join(map(str, self.breaks))}")
        if self.lines_left_out:
            ills.append(f"{self.lines_left_out} needed lines have no room in the line budget")
        return tuple(ills)


def status_of(
    engine: "Engine",
    service: "Service",
    broker: Broker,
    clock: Clock,
    publishing: Publishing | None = None,
) -> Status:
    """Return the present state."""
    last = engine.cycle.last
    book = engine.desk.book
    ladder = None if last is None else last.ladder
    return Status(
        now=clock.now(),
        mode=engine.mode.value,
        account_id=engine.account_id,
        ready=engine.is_ready,
        links_down=engine.desk.state.links_down,
        farm=broker.farm(),
        stage=engine.cycle.memory.stage,
        cover_ratio=None if ladder is None else ladder.cover_ratio,
        rungs={rung: book.in_rung(rung) for rung in Rung if book.in_rung(rung)},
        working_orders=len(book.live_orders()),
        working=tuple(_working(order, engine.market) for order in book.live_orders()),
        breaks=tuple(b.con_id for b in book.breaks),
        unadopted=tuple(book.unadopted),
        lines=len(engine.market.lines.watched),
        lines_left_out=len(engine.market.lines.left_out),
        decisions=engine.decisions,
        reconnects=service.reconnects,
        next_due=service.next_due,
        overdue=service.is_overdue,
        publishing=publishing,
        last=None
        if last is None
        else LastDecision(
            decision_id=last.decision_id, at=last.at, summary=last.summary, blind=last.blind
        ),
    )


def _working(order: Order, market: "Market") -> WorkingOrder:
    legs = (
        WorkingLeg(con_id=leg.con_id, name=_name(leg.con_id, market), side=leg.side)
        for leg in order.intent.legs
    )
    return WorkingOrder(
        intent_id=order.intent.intent_id,
        rung=order.intent.rung,
        legs=tuple(legs),
        quantity=order.intent.quantity,
        filled=order.filled,
        limit=order.limit,
        state=order.state,
    )


def _name(con_id: ConId, market: "Market") -> str:
    """Return what the exchange calls a contract, its number where the listings do not know it."""
    contract = market.contract(con_id)
    return contract.local_symbol if isinstance(contract, Option | Future) else str(con_id)
