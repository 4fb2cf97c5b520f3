"""From the start of a cycle to the bytes of its first order at the exchange.

The bot is the demo's: the real client library, a loopback socket, a durable journal on disk. Beside
it, on the same exchange and in the same run, a bare script of the library places one order at a
time. Both clocks stop where the exchange takes the order out of its socket.
"""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from pathlib import Path
from time import perf_counter

import ib_insync
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
from bot.bootstrap.wiring import events_of, slow_parts
from bot.domain.account import Mode
from bot.domain.decision import Decision
from bot.domain.events import RunId
from bot.domain.policy import Policy
from bot.exchange.assembly import Exchange, ExchangePlan, open_exchange
from bot.exchange.clock import parse_instant
from bot.exchange.server import LOCALHOST, ExchangeServer
from bot.exchange.store import MemoryStore
from bot.exchange.venue.floor import SessionId
from bot.exchange.wire import Event
from bot.exchange.wire.requests import PlaceOrder
from tests.bench.settings import Settings
from tests.bench.table import Row, middle, percentile, timed
from tests.support.ib_client import connected, until, vix_call

SCENARIO = "volmageddon-2018"
START = "2018-02-12"
"""Stages are entered at the first evaluation and a rung is bought at each of the next ones."""
CYCLES = 6
BARE_ORDERS = 10
TAIL = 0.9


class WatchedServer(ExchangeServer):
    """An exchange that notes when each order arrives."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(exchange.venue, exchange.store)
        self.arrivals: list[float] = []

    @override
    def serve(self, session_id: SessionId, event: Event) -> None:
        if isinstance(event, PlaceOrder):
            self.arrivals.append(perf_counter())
        super().serve(session_id, event)


class WatchedEngine(Engine):
    """The bot, noting when its last cycle began."""

    began = 0.0

    @override
    async def run_slot(self, slot: Slot) -> Decision | None:
        self.began = perf_counter()
        return await super().run_slot(slot)


class ExchangeAndClock:
    """Moved together, as the demo's driver moves them."""

    def __init__(self, server: ExchangeServer, clock: VirtualClock) -> None:
        self._server = server
        self._clock = clock

    async def advance(self, now: datetime) -> None:
        """Move both to `now`."""
        self._clock.set(now)
        await self._server.advance(now)


def measure(settings: Settings) -> Iterable[Row]:
    """Yield median and tail of the bot's way to the exchange beside the bare script's."""
    bots: list[float] = []
    bare: list[float] = []
    for seed in range(1, settings.runs + 1):
        asyncio.run(_run(seed, bots, bare))
    label = f"cycle start to order at the exchange, journal included, {len(bots)} orders"
    script = f"bare ib_insync placeOrder, {len(bare)} orders"
    yield timed(f"{label}: median (aim 50 ms)", middle(bots), f"{script}: median", middle(bare))
    yield timed(
        f"{label}: 90th percentile",
        percentile(bots, TAIL),
        f"{script}: 90th percentile",
        percentile(bare, TAIL),
    )


async def _run(seed: int, bots: list[float], bare: list[float]) -> None:
    plan = ExchangePlan(scenario=SCENARIO, seed=seed, start=parse_instant(START))
    exchange = open_exchange(plan, session_table, MemoryStore())
    async with _listening(exchange) as server:
        with tempfile.TemporaryDirectory() as folder:
            bots += await _bot(exchange, server, Path(folder) / "journal.sqlite")
        bare += await _script(server)


@contextlib.asynccontextmanager
async def _listening(exchange: Exchange) -> AsyncIterator[WatchedServer]:
    server = WatchedServer(exchange)
    await server.listen(LOCALHOST, 0)
    try:
        yield server
    finally:
        await server.close()


async def _bot(exchange: Exchange, server: WatchedServer, path: Path) -> list[float]:
    """Live through a few cycles; return the seconds to the first order of each that sent one."""
    clock = VirtualClock(exchange.venue.now)
    address = Address(host=LOCALHOST, port=server.port, client_id=1)
    broker = IbBroker(address, clock, throttle=False)
    slow = slow_parts(exchange.sessions, events_of(exchange.scenario), Policy(), MAX_LINES)
    seconds: list[float] = []
    with Journal.open(path) as journal:
        ports = Ports(broker=broker, journal=journal, clock=clock)
        run = Run(run_id=RunId("bench"), mode=Mode.DEMO, version="bench")
        engine = WatchedEngine(ports, run, slow)
        stage = ExchangeAndClock(server, clock)
        slots = list(slots_after(exchange.venue.now, exchange.sessions.sessions))[:CYCLES]

        def note(_slot: Slot, _decision: Decision | None) -> None:
            seconds.extend(at - engine.began for at in server.arrivals[:1])
            server.arrivals.clear()

        async with asyncio.TaskGroup() as tasks:
            pump = tasks.create_task(engine.pump())
            await engine.open()
            await play(engine, broker, stage, slots, note)
            await engine.close("measured")
            pump.cancel()
    return seconds


async def _script(server: WatchedServer) -> list[float]:
    """Place orders with the library alone; return the seconds each took to the exchange."""
    seconds = []
    async with connected(server.port, client_id=2) as ib:
        call = await vix_call(ib, 25)
        for _ in range(BARE_ORDERS):
            server.arrivals.clear()
            began = perf_counter()
            ib.placeOrder(call, ib_insync.LimitOrder("BUY", 1, 0.01, tif="DAY"))
            await until(lambda: bool(server.arrivals))
            seconds.append(server.arrivals[0] - began)
    return seconds
