"""Virtual time: advance, hear everything, run, hear everything."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.adapters.clock import VirtualClock
from bot.app.cycle import Ports
from bot.app.driver import MAX_ASKS, play, slots_after
from bot.app.engine import Engine
from bot.app.ports import BrokerTimeoutError
from bot.app.schedule import Slot, Task
from bot.domain.decision import Decision
from bot.domain.sessions import NEW_YORK
from tests.support import strategy_world as world
from tests.support.app_world import (
    STORM_CURVE,
    STORM_VIX,
    AppWorld,
    market,
    pumping,
    quotes_at,
    slot,
)
from tests.support.fake_broker import FakeBroker

START = world.moment("2018-02-05 09:34")
SLOTS = [slot("2018-02-05 09:35"), slot("2018-02-05 09:40"), slot("2018-02-05 09:45")]


class Played:
    """An engine in virtual time and the stage it stands on; the market is stormy from the start.

    From `resume_at` on the halted market fills orders again.
    """

    def __init__(self, app: AppWorld, resume_at: datetime | None = None) -> None:
        self.clock = VirtualClock(START)
        self.broker = FakeBroker(self.clock, market(START))
        self.broker.hold(world.condor_positions(20))
        self.broker.halted = resume_at is not None
        self.engine = Engine(
            Ports(broker=self.broker, journal=app.journal, clock=self.clock), app.run, app.slow
        )
        self._resume_at = resume_at
        self.moments: list[datetime] = []
        self.told: list[tuple[Slot, Decision | None]] = []

    async def advance(self, now: datetime) -> None:
        self.broker.requests.append("advance")
        self.moments.append(now)
        self.clock.set(now)
        if self._resume_at is not None and now >= self._resume_at:
            self.broker.halted = False
        self.broker.move(quotes_at(now, STORM_CURVE, STORM_VIX).values())

    def progress(self, one: Slot, decision: Decision | None) -> None:
        self.broker.requests.append("progress")
        self.told.append((one, decision))

    async def play(self, slots: Sequence[Slot]) -> None:
        async with pumping(self.engine):
            await self.engine.open()
            self.broker.requests.clear()
            await play(self.engine, self.broker, self, slots, self.progress)

    def clock_times(self) -> list[str]:
        return [f"{at.astimezone(NEW_YORK):%H:%M:%S}" for at in self.moments]


async def test_each_slot_is_advance_hear_run_hear_tell(app: AppWorld) -> None:
    played = Played(app)
    await played.play(SLOTS[:1])
    asked = played.broker.requests
    assert asked[:2] == ["advance", "current_time"]
    assert asked[-2:] == ["current_time", "progress"]
    assert asked.count("advance") == 1
    assert "account" in asked[2:-2]
    slot_told, decision = played.told[0]
    assert slot_told == SLOTS[0]
    assert decision is not None
    assert decision.at == SLOTS[0].due_at


async def test_one_market_step_a_slot_is_enough_while_no_order_works(app: AppWorld) -> None:
    played = Played(app)
    await played.play(SLOTS)
    assert played.moments == [one.due_at for one in SLOTS]
    assert played.engine.desk.book.lots


async def test_orders_are_heard_of_before_the_market_moves_on(app: AppWorld) -> None:
    played = Played(app)
    await played.play(SLOTS[:2])
    assert not played.engine.desk.awaits_reply
    assert not played.engine.desk.has_working_orders


async def test_while_an_order_works_the_market_moves_in_steps_of_thirty_seconds(
    app: AppWorld,
) -> None:
    filled_at = world.moment("2018-02-05 09:41:30")
    played = Played(app, resume_at=filled_at)
    await played.play(SLOTS)
    assert played.clock_times() == [
        "09:35:00",
        "09:40:00",
        "09:40:30",
        "09:41:00",
        "09:41:30",
        "09:45:00",
    ]
    assert played.engine.desk.book.lots


async def test_an_order_that_never_fills_keeps_the_steps_small(app: AppWorld) -> None:
    played = Played(app, resume_at=world.moment("2018-02-06 09:30"))
    await played.play(SLOTS)
    gaps = {later - earlier for earlier, later in pairwise(played.moments[1:])}
    assert gaps == {timedelta(seconds=30)}
    assert len(played.moments) == 2 + 10


async def test_a_night_is_one_step_whatever_works(app: AppWorld) -> None:
    played = Played(app, resume_at=world.moment("2018-02-06 09:30"))
    morning = slot("2018-02-06 08:00", Task.HOUSEKEEPING)
    await played.play([*SLOTS[:2], morning])
    assert played.moments[-2:] == [SLOTS[1].due_at, morning.due_at]
    assert played.told[-1] == (morning, None)


async def test_a_broker_that_never_answers_an_order_ends_the_play(app: AppWorld) -> None:
    played = Played(app)
    played.broker.silent = True
    # the timeout comes out of the task group in which the pump lives
    with pytest.raises(ExceptionGroup) as caught:
        await played.play(SLOTS)
    assert caught.group_contains(BrokerTimeoutError, match=f"no answer in {MAX_ASKS} rounds")
    assert len(played.told) == 1


async def test_the_same_play_decides_the_same(app: AppWorld, tmp_path: Path) -> None:
    first = Played(app)
    await first.play(SLOTS)
    other = AppWorld(path=tmp_path / "other.sqlite")
    second = Played(other)
    await second.play(SLOTS)
    other.journal.close()
    assert first.engine.cycle.link == second.engine.cycle.link
    assert first.engine.cycle.memory == second.engine.cycle.memory


def test_slots_after_a_start_leave_out_what_lies_before_or_at_it() -> None:
    sessions = [SLOTS[0].session, slot("2018-02-06 09:35").session]
    slots = list(slots_after(SLOTS[0].due_at, sessions))
    assert slots[0] == SLOTS[1]
    assert len(slots) == (82 - 2) + 82
    assert [one.due_at for one in slots] == sorted(one.due_at for one in slots)
