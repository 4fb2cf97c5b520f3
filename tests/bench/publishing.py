"""What publishing costs a cycle: with an MQTT broker, with one that is away, and without.

The bot is the demo's, with a durable journal, and lives the same days three times for each seed.
Between two cycles there is a short rest, where in life there are five minutes; what a cycle itself
writes to the journal is published while it runs. Processor time is beside the time on the clock,
since other programs of the machine lengthen only the latter.
"""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

from typing_extensions import override

from bot.adapters.calendar import session_table
from bot.adapters.clock import VirtualClock
from bot.adapters.ib.broker import IbBroker
from bot.adapters.ib.conversation import Address
from bot.adapters.journal.store import Journal
from bot.app.cycle import Ports
from bot.app.driver import play, slots_after
from bot.app.engine import Engine, Run
from bot.app.lines import MAX_LINES
from bot.app.schedule import Slot
from bot.bootstrap.publishing import mqtt_plan, published
from bot.bootstrap.wiring import events_of, slow_parts
from bot.domain.account import Mode
from bot.domain.decision import Decision
from bot.domain.events import RunId
from bot.domain.policy import Policy
from bot.exchange.assembly import ExchangePlan, open_exchange
from bot.exchange.clock import parse_instant
from bot.exchange.server import LOCALHOST, open_server
from bot.exchange.store import MemoryStore
from bot.settings.run import MqttSettings, RunSettings
from tests.bench.order_path import SCENARIO, START, ExchangeAndClock
from tests.bench.settings import Settings
from tests.bench.table import Row, middle, percentile, timed
from tests.support.mosquitto import SERVER, mosquitto
from tests.support.processes import free_port

CYCLES = 60
REST_SECONDS = 0.03
TAIL = 0.95


class Took(NamedTuple):
    """How long one cycle took, by the clock and of the processor, in seconds."""

    clock: float
    processor: float


class TimedEngine(Engine):
    """The bot, noting how long each cycle took."""

    took: list[Took]

    @override
    async def run_slot(self, slot: Slot) -> Decision | None:
        await asyncio.sleep(REST_SECONDS)
        began, worked = perf_counter(), process_time()
        decision = await super().run_slot(slot)
        if decision is not None:
            self.took.append(Took(perf_counter() - began, process_time() - worked))
        return decision


def measure(settings: Settings) -> Iterable[Row]:
    """Yield median and tail of a cycle with publishing on and with the broker away."""
    if SERVER is None:
        yield Row("cycle with MQTT", "not measured: Mosquitto is not installed")
        return
    off: list[Took] = []
    on: list[Took] = []
    away: list[Took] = []
    with tempfile.TemporaryDirectory() as folder, mosquitto(Path(folder)) as broker:
        for seed in range(1, settings.runs + 1):
            off += asyncio.run(_cycles(seed, None))
            on += asyncio.run(_cycles(seed, broker.port))
            away += asyncio.run(_cycles(seed, free_port()))
    for name, took in (("on", on), ("on and its broker away", away)):
        label = f"a cycle with MQTT {name}, journal included, {len(took)} cycles"
        clock, base = [one.clock for one in took], [one.clock for one in off]
        yield timed(f"{label}: median", middle(clock), "off: median", middle(base))
        tail = percentile(clock, TAIL)
        yield timed(f"{label}: 95th percentile", tail, "off: the same", percentile(base, TAIL))
        processor, base = [one.processor for one in took], [one.processor for one in off]
        yield timed(f"{label}: median of the processor", middle(processor), "off", middle(base))


async def _cycles(seed: int, mqtt_port: int | None) -> list[Took]:
    plan = ExchangePlan(scenario=SCENARIO, seed=seed, start=parse_instant(START))
    exchange = open_exchange(plan, session_table, MemoryStore())
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(open_server(exchange.venue, exchange.store))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        journal = await stack.enter_async_context(
            _journal(Path(folder) / "journal.sqlite", mqtt_port)
        )
        clock = VirtualClock(exchange.venue.now)
        address = Address(host=LOCALHOST, port=server.port, client_id=1)
        broker = IbBroker(address, clock, throttle=False)
        slow = slow_parts(exchange.sessions, events_of(exchange.scenario), Policy(), MAX_LINES)
        run = Run(run_id=RunId("bench"), mode=Mode.DEMO, version="bench")
        engine = TimedEngine(Ports(broker=broker, journal=journal, clock=clock), run, slow)
        engine.took = []
        slots = list(slots_after(exchange.venue.now, exchange.sessions.sessions))[:CYCLES]
        async with asyncio.TaskGroup() as tasks:
            pump = tasks.create_task(engine.pump())
            await engine.open()
            stage = ExchangeAndClock(server, clock)
            await play(engine, broker, stage, slots, lambda _slot, _decision: None)
            await engine.close("measured")
            pump.cancel()
    return engine.took


@contextlib.asynccontextmanager
async def _journal(path: Path, mqtt_port: int | None) -> AsyncIterator[Journal]:
    """Open a journal, published where a port is given."""
    settings = RunSettings(journal=path)
    plan = None
    if mqtt_port is not None:
        plan = mqtt_plan(MqttSettings(enabled=True, port=mqtt_port))
    with Journal.open(path) as journal:
        async with published(plan, settings, journal):
            yield journal
