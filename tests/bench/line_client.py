"""One subscriber of many lines as a process of its own: the bot's adapter, or the bare library.

`python -m tests.bench.line_client bot|bare PORT CON_ID...` says `ready` when all lines are open.
Until a line comes on standard input it does what a running bot does: the bot freezes a snapshot
every second. Then it asks the time, so that all before it was heard, and says what it cost.
"""

import asyncio
import math
import sys
from resource import RUSAGE_SELF, getrusage
from typing import Protocol

import ib_insync
from ib_insync.client import Client

from bot.adapters.clock import HostClock
from bot.adapters.ib.broker import IbBroker
from bot.adapters.ib.conversation import Address
from bot.domain.instruments import ConId, Other
from bot.exchange.server import LOCALHOST
from tests.bench.exchange_host import heard, say
from tests.support.ib_client import connected

SNAPSHOT_SECONDS = 1.0

Shown = dict[str, list[float | None]]
"""Bid, ask and their sizes by contract number."""


class Subscriber(Protocol):
    """What is measured."""

    @property
    def client(self) -> Client:
        """The library's lower half, which counts messages."""
        ...

    def shown(self) -> Shown:
        """Freeze a snapshot."""
        ...

    async def catch_up(self) -> None:
        """Wait until all that was sent is heard."""
        ...


class Bot:
    """The bot's adapter."""

    def __init__(self, broker: IbBroker) -> None:
        self._broker = broker

    @property
    def client(self) -> Client:
        """The library's lower half."""
        talk = self._broker._talking
        assert talk is not None
        return talk.client

    def shown(self) -> Shown:
        """Freeze the quotes as an evaluation does."""
        return {
            str(q.con_id): [
                None if q.bid is None else float(q.bid),
                None if q.ask is None else float(q.ask),
                q.bid_size or 0,
                q.ask_size or 0,
            ]
            for q in self._broker.quotes()
        }

    async def catch_up(self) -> None:
        """Ask the time."""
        await self._broker.current_time()


class Bare:
    """A script of the library alone."""

    def __init__(self, ib: ib_insync.IB) -> None:
        self._ib = ib

    @property
    def client(self) -> Client:
        """The library's lower half."""
        return self._ib.client

    def shown(self) -> Shown:
        """Read the tickers."""
        return {
            str(t.contract.conId): [
                _price(t.bid),
                _price(t.ask),
                _size(t.bidSize),
                _size(t.askSize),
            ]
            for t in self._ib.tickers()
            if t.contract is not None
        }

    async def catch_up(self) -> None:
        """Ask the time."""
        await self._ib.reqCurrentTimeAsync()


def _price(value: float) -> float | None:
    return value if math.isfinite(value) and value > 0 else None


def _size(value: float) -> float:
    return value if math.isfinite(value) else 0


async def run_bot(port: int, con_ids: list[ConId]) -> None:
    """Measure the bot's adapter."""
    address = Address(host=LOCALHOST, port=port, client_id=1)
    broker = IbBroker(address, HostClock(), throttle=False)
    await broker.connect()
    found = await broker.instruments(con_ids)
    await broker.watch([contract for contract in found if not isinstance(contract, Other)])
    await observe(Bot(broker), snapshots=True)
    await broker.disconnect()


async def run_bare(port: int, con_ids: list[ConId]) -> None:
    """Measure the library alone."""
    async with connected(port) as ib:
        for con_id in con_ids:
            (contract,) = await ib.qualifyContractsAsync(ib_insync.Contract(conId=con_id))
            ib.reqMktData(contract)
        await observe(Bare(ib), snapshots=False)


async def observe(subscriber: Subscriber, *, snapshots: bool) -> None:
    """Stay subscribed until told to stop, then say what was heard and what it cost."""
    await subscriber.catch_up()
    before, spent = subscriber.client.connectionStats().numMsgRecv, _cpu_seconds()
    say(ready=True)
    async with asyncio.TaskGroup() as tasks:
        stop = tasks.create_task(heard())
        while not stop.done():
            await asyncio.wait([stop], timeout=SNAPSHOT_SECONDS)
            if snapshots:
                subscriber.shown()
    cpu = _cpu_seconds() - spent
    await subscriber.catch_up()
    received = subscriber.client.connectionStats().numMsgRecv - before
    say(received=received, cpu_seconds=cpu, quotes=subscriber.shown())


def _cpu_seconds() -> float:
    used = getrusage(RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    chosen = run_bot if sys.argv[1] == "bot" else run_bare
    asyncio.run(chosen(int(sys.argv[2]), [ConId(int(number)) for number in sys.argv[3:]]))
