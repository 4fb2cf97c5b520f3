"""The service: one bot in real time, against a broker or an exchange it starts itself."""

import asyncio
import contextlib
import signal
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import msgspec

from bot.adapters.calendar import session_table
from bot.adapters.clock import BrokerClock, HostClock
from bot.adapters.control import Handler, UnavailableError, serving, socket_path
from bot.adapters.ib.broker import IbBroker
from bot.adapters.ib.conversation import Address, Limits
from bot.adapters.journal.store import Journal
from bot.adapters.mqtt.publisher import Publisher
from bot.adapters.scheduler import WallScheduler
from bot.app.cycle import Ports
from bot.app.engine import Engine, Run
from bot.app.ports import Clock, Reader
from bot.app.preview import preview_now
from bot.app.service import HostPace, Pace, Service
from bot.app.status import Status, status_of
from bot.app.tasks import beside, run_together
from bot.bootstrap.choices import deeds_of
from bot.bootstrap.publishing import mqtt_plan, published
from bot.bootstrap.usage import UsageError
from bot.bootstrap.wiring import (
    USAGE_ERRORS,
    all_sessions,
    events_of,
    events_of_file,
    slow_parts,
)
from bot.domain.account import AccountId, Mode
from bot.domain.calendar import EventCalendar
from bot.domain.events import RunId
from bot.domain.policy import Policy
from bot.domain.sessions import NEW_YORK
from bot.exchange.assembly import Exchange, ExchangePlan, open_exchange
from bot.exchange.clock import ClockError, parse_instant
from bot.exchange.scenarios.loader import load_scenario
from bot.exchange.server import open_server
from bot.exchange.store import FileStore, Identity, MemoryStore
from bot.logs import Logs, RotatingFile, Sink, StandardOutput
from bot.risk.limits import RiskLimits
from bot.settings.policy_file import load_policy
from bot.settings.run import ExchangeSettings, RunSettings
from bot.strategy.preview import Preview

MEGABYTE = 1_000_000


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where the broker answers, and what is known around it."""

    address: Address
    events: EventCalendar
    scenario: str = ""
    seed: int | None = None


class _Start(NamedTuple):
    """What a run is started with."""

    settings: RunSettings
    policy: Policy
    place: _Place
    run_id: RunId


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """The wired bot."""

    engine: Engine
    service: Service
    broker: IbBroker
    clock: Clock
    publisher: Publisher | None

    def handlers(self) -> dict[str, Handler]:
        """Return what the control socket answers."""
        return {
            "status": lambda: msgspec.to_builtins(self._status()),
            "preview": lambda: msgspec.to_builtins(self._preview()),
        }

    def _preview(self) -> Preview:
        found = preview_now(self.engine, self.broker, self.clock)
        if found is None:
            raise UnavailableError("nothing was evaluated since the bot started: ask again later")
        return found

    def _status(self) -> Status:
        publishing = None if self.publisher is None else self.publisher.condition()
        return status_of(self.engine, self.service, self.broker, self.clock, publishing)


async def serve(settings: RunSettings, readers: Sequence[Reader] = ()) -> None:
    """Run the bot until SIGTERM or SIGINT; the journal then says that it ended in order.

    `readers` are told of each journal event, besides the log.

    Raises:
        ConfigurationError: the policy file cannot be used.
        UsageError: the exchange that should be started cannot be, or a place to write to.
        AccountRefusedError, ClockSkewError: refused for safety.
        BrokerError: the broker could not be reached at the start.
        JournalError: the journal cannot be used.
    """
    policy = Policy() if settings.policy is None else load_policy(settings.policy)
    plan = mqtt_plan(settings.mqtt)
    secrets = () if plan is None or plan.address.password is None else (plan.address.password,)
    stop = _stop_on_signals()
    run_id = RunId(uuid.uuid4().hex[:12])
    async with contextlib.AsyncExitStack() as stack:
        logs = stack.enter_context(Logs(run_id, _sink(settings), secrets))
        # first, so that a wrong exchange leaves no empty journal behind
        place = await stack.enter_async_context(_place(settings))
        _make_room(settings.journal, "journal")
        journal = stack.enter_context(Journal.open(settings.journal, [logs.read, *readers]))
        publisher = await stack.enter_async_context(published(plan, settings, journal))
        parts = _wire(_Start(settings, policy, place, run_id), journal, publisher)
        control = serving(
            socket_path(settings.journal),
            parts.handlers(),
            deeds_of(parts.engine, parts.service),
        )
        await stack.enter_async_context(control)
        await _live(parts, stop)


async def _live(parts: _Parts, stop: asyncio.Event) -> None:
    """Open the session, then run its tasks until told to stop."""
    reason = "stopped by a signal"
    try:
        await run_together({"session": _session(parts)}, stop)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise
    finally:
        await parts.engine.close(reason)


async def _session(parts: _Parts) -> None:
    # the first connection sets the clock; until then nothing that was heard can be dated
    await parts.service.open()
    scheduler = WallScheduler(parts.service.wake, HostClock().now)
    tasks = {
        "pump": parts.engine.pump(),
        "link": parts.service.keep_connected(),
        "scheduler": scheduler.run(),
    }
    await run_together(tasks, asyncio.Event())


def _wire(start: _Start, journal: Journal, publisher: Publisher | None) -> _Parts:
    settings, place = start.settings, start.place
    clock, pace = _clock(settings)
    broker = IbBroker(place.address, clock, limits=_limits(settings))
    today = HostClock().now().astimezone(NEW_YORK).date()
    slow = slow_parts(all_sessions(today), place.events, start.policy, settings.broker.max_lines)
    run = Run(
        run_id=start.run_id,
        mode=settings.mode,
        version=version("alvh-bot"),
        allowed_accounts=tuple(AccountId(a) for a in settings.broker.accounts),
        limits=RiskLimits(max_contracts_per_order=settings.risk.max_contracts_per_order),
        scenario=place.scenario,
        seed=place.seed,
    )
    ports = Ports(broker=broker, journal=journal, clock=clock)
    engine = Engine(ports, run, slow)
    service = Service(engine, broker, clock, pace)
    return _Parts(engine=engine, service=service, broker=broker, clock=clock, publisher=publisher)


def _clock(settings: RunSettings) -> tuple[Clock, Pace]:
    if settings.clock == "broker":
        clock = BrokerClock()
        return clock, clock
    host = HostClock()
    return host, HostPace(host)


def _limits(settings: RunSettings) -> Limits:
    seconds = settings.broker.timeout_seconds
    return Limits(connect=seconds, answer=seconds)


def _sink(settings: RunSettings) -> Sink:
    log = settings.log
    if log.file is None:
        return StandardOutput()
    _make_room(log.file, "log.file")
    try:
        return RotatingFile(log.file, log.max_megabytes * MEGABYTE, log.keep)
    except OSError as error:
        raise UsageError(f"log.file: cannot write to {log.file}: {error.strerror}") from error


def _make_room(path: Path, key: str) -> None:
    """Make the folder of a file that the setting `key` names."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{key}: cannot make {path.parent}: {error.strerror}") from error


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


# ---------------------------------------------------------------- where the broker is


@contextlib.asynccontextmanager
async def _place(settings: RunSettings) -> AsyncIterator[_Place]:
    """Tell where the broker is, having started the exchange if it is ours to start."""
    broker = settings.broker
    address = Address(host=broker.host, port=broker.port, client_id=broker.client_id)
    if settings.mode is not Mode.SIM:
        yield _Place(address=address, events=events_of_file(settings.events))
        return
    try:
        scenario = load_scenario(settings.exchange.scenario)
    except USAGE_ERRORS as error:
        raise UsageError(f"exchange.scenario: {error}") from error
    place = _Place(
        address=address,
        events=events_of(scenario),
        scenario=scenario.name,
        seed=settings.exchange.seed,
    )
    if not settings.exchange.embedded:
        yield place
        return
    async with _embedded(settings.exchange, address):
        yield place


@contextlib.asynccontextmanager
async def _embedded(settings: ExchangeSettings, address: Address) -> AsyncIterator[None]:
    """Serve the exchange inside this process while the block runs."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            exchange = stack.enter_context(_opened(settings))
            opening = open_server(
                exchange.venue, exchange.store, host=address.host, port=address.port
            )
            server = await stack.enter_async_context(opening)
        except ClockError as error:
            raise UsageError(f"exchange.start: {error}") from error
        except USAGE_ERRORS as error:
            raise UsageError(f"exchange: {error}") from error
        clock = exchange.running_clock(settings.speed)
        async with beside("exchange clock", server.run_clock(clock)):
            yield


@contextlib.contextmanager
def _opened(settings: ExchangeSettings) -> Iterator[Exchange]:
    plan = ExchangePlan(
        scenario=settings.scenario,
        seed=settings.seed,
        start=parse_instant(settings.start),
        resumes=True,  # the same settings start the service again, as often as need be
    )
    if settings.state is None:
        yield open_exchange(plan, session_table, MemoryStore())
        return
    _make_room(settings.state, "exchange.state")
    identity = Identity(scenario=plan.scenario, seed=plan.seed, account=plan.account)
    with FileStore(settings.state, identity) as store:
        yield open_exchange(plan, session_table, store)
