"""The state of a running bot, for `alvh status` and `alvh health`: a read model, no control."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.app.ports import Broker, Clock
from bot.domain.decision import DecisionId
from bot.domain.inputs import Farm
from bot.domain.rungs import Rung
from bot.domain.value import Value

if TYPE_CHECKING:  # who only asks for the status need not load the bot
    from bot.app.engine import Engine
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
