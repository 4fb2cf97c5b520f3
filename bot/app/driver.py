"""Virtual time through a real socket (design.md section 3).

The driver advances the exchange one step; the bot asks for the current time, whose answer, last on
the ordered stream, proves that all ticks before it were heard; then the slot runs; the driver asks
again until no order awaits a reply; then it advances. One market step per slot is enough, steps of
thirty seconds only while an order works.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Protocol

from bot.app.engine import Engine
from bot.app.ports import Broker, BrokerTimeoutError
from bot.app.schedule import Slot, Task, slots_of
from bot.domain.decision import Decision
from bot.domain.sessions import Session

WORKING_STEP = timedelta(seconds=30)
MAX_ASKS = 100
"""Rounds in which the broker may leave an order without an answer before the driver gives up."""


class Stage(Protocol):
    """The exchange and the clock, moved together by the driver."""

    async def advance(self, now: datetime) -> None:
        """Move market and clock to `now` and let all its consequences leave for the clients."""
        ...


Progress = Callable[[Slot, Decision | None], None]
"""Told of each slot after it ran."""


async def play(
    engine: Engine, broker: Broker, stage: Stage, slots: Iterable[Slot], progress: Progress
) -> None:
    """Live through `slots` in their order.

    Raises:
        BrokerError: the connection was lost or an order got no answer.
    """
    last: datetime | None = None
    for slot in slots:
        for moment in _moments(engine, last, slot):
            await stage.advance(moment)
            await _catch_up(engine, broker)
        decision = await engine.run_slot(slot)
        if engine.desk.awaits_reply:
            await _catch_up(engine, broker)
        progress(slot, decision)
        last = slot.due_at


def slots_after(start: datetime, sessions: Iterable[Session]) -> Iterator[Slot]:
    """Yield the slots of `sessions` due after `start`."""
    for session in sessions:
        yield from (slot for slot in slots_of(session) if slot.due_at > start)


def _moments(engine: Engine, last: datetime | None, slot: Slot) -> Iterator[datetime]:
    """Yield the market steps up to a slot, small ones for as long as an order works."""
    if last is not None and slot.task is not Task.HOUSEKEEPING:
        moment = last + WORKING_STEP
        while engine.desk.has_working_orders and moment < slot.due_at:
            yield moment
            moment += WORKING_STEP
    yield slot.due_at


async def _catch_up(engine: Engine, broker: Broker) -> None:
    """Ask the time until nothing is in flight."""
    for _ in range(MAX_ASKS):
        await broker.current_time()
        await broker.events_dealt_with()
        if not engine.desk.awaits_reply:
            return
    raise BrokerTimeoutError(f"an order got no answer in {MAX_ASKS} rounds")
