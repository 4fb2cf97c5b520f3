"""The demo: exchange, bot and driver in one process, one loop, virtual time, a real socket.

Nothing here asks the exchange for data or orders directly: the bot knows it through the client
library and the loopback socket alone. The driver moves the exchange's time, and at the end the
exchange's own ledger is read to be compared with the bot's.
"""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from bot.adapters.calendar import session_table
from bot.adapters.clock import VirtualClock
from bot.adapters.ib.broker import IbBroker
from bot.adapters.ib.conversation import Address
from bot.adapters.journal.store import Journal
from bot.app.cycle import Ports
from bot.app.driver import play, slots_after
from bot.app.engine import Engine, Run
from bot.app.lines import MAX_LINES
from bot.app.schedule import Slot, Task
from bot.app.summary import OwnBooks, RunSummary, Tally
from bot.app.tasks import beside
from bot.bootstrap.usage import UsageError
from bot.bootstrap.wiring import USAGE_ERRORS, events_of, slow_parts
from bot.domain.account import Mode
from bot.domain.decision import Decision
from bot.domain.events import RunId
from bot.domain.money import to_cents
from bot.domain.policy import Policy
from bot.domain.sessions import NEW_YORK, Session
from bot.exchange.assembly import Exchange, ExchangePlan, open_exchange
from bot.exchange.clock import ClockError, parse_instant
from bot.exchange.server import ExchangeServer, Traffic, open_server
from bot.exchange.store import MemoryStore
from bot.exchange.venue.data_rules import DataRules
from bot.exchange.venue.holding import Holding

CLIENT_ID = 7
JOURNALS = Path("var")


@dataclass(frozen=True, kw_only=True)
class DemoOptions:
    """What is played; `start` is New York time, empty for the scenario's first session.

    `until` names the last session that is played, a date such as 2018-02-05; empty for the
    scenario's own.
    """

    scenario: str
    seed: int
    start: str = ""
    until: str = ""
    journal: Path | None = None


class DemoWatcher(Protocol):
    """Told how many slots a demo has, and of each after it ran."""

    def expect(self, slots: int) -> None:
        """Learn how many slots there will be."""
        ...

    def __call__(self, slot: Slot, decision: Decision | None) -> None:
        """Learn of one slot."""
        ...


@dataclass(frozen=True, kw_only=True)
class DemoReport:
    """How a demo went; `cycles` counts the evaluations that were due."""

    scenario: str
    seed: int
    cycles: int
    summary: RunSummary
    exchange_books: OwnBooks
    traffic: Traffic
    journal: Path

    @property
    def books_equal(self) -> bool:
        """Whether cash, positions and profits agree to the cent."""
        return self.summary.books == self.exchange_books

    def to_json(self) -> dict[str, object]:
        """Return the report as JSON can carry it; amounts in USD."""
        summary, books = self.summary, self.exchange_books
        return {
            "scenario": self.scenario,
            "seed": self.seed,
            "sessions": summary.sessions,
            "cycles": self.cycles,
            "decisions": summary.decisions,
            "orders": summary.orders,
            "rolls": summary.rolls,
            "fills": summary.fills,
            "stages_reached": [reached.stage for reached in summary.stages],
            "stages": summary.stages,
            "rungs_opened": summary.rungs_opened,
            "breaks": summary.breaks,
            "hedge_pnl_usd": _number(books.hedge_pnl_usd),
            "condor_pnl_usd": _number(books.condor_pnl_usd),
            "decision_hash": summary.decision_hash,
            "books": {
                "bot": None if summary.books is None else _books_json(summary.books),
                "exchange": _books_json(books),
                "equal": self.books_equal,
            },
            "wire": {"received": self.traffic.received, "sent": self.traffic.sent},
            "journal": str(self.journal),
        }


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _books_json(books: OwnBooks) -> dict[str, object]:
    return {
        "cash_usd": float(books.cash_usd),
        "positions": {str(con_id): quantity for con_id, quantity in books.positions.items()},
        "hedge_pnl_usd": _number(books.hedge_pnl_usd),
        "condor_pnl_usd": _number(books.condor_pnl_usd),
    }


class _Stage:
    """Moves the exchange first and the bot's clock with it."""

    def __init__(self, server: ExchangeServer, clock: VirtualClock) -> None:
        self._server = server
        self._clock = clock

    async def advance(self, now: datetime) -> None:
        """Move both to `now`."""
        self._clock.set(now)
        await self._server.advance(now)


class _Counter:
    """Counts the evaluations and passes every slot on."""

    def __init__(self, watcher: DemoWatcher) -> None:
        self._watcher = watcher
        self.cycles = 0

    def __call__(self, slot: Slot, decision: Decision | None) -> None:
        """Count one slot."""
        self.cycles += slot.task is not Task.HOUSEKEEPING
        self._watcher(slot, decision)


async def run_demo(options: DemoOptions, watcher: DemoWatcher) -> DemoReport:
    """Play a scenario and return what came of it; the journal is closed and whole.

    Raises:
        UsageError: the scenario, the start or the journal cannot be used.
        BrokerError: the socket could not be reached, or was lost.
    """
    exchange = _open_exchange(options)
    _sessions(exchange, options)  # what cannot be played is refused before anything is written
    path = _journal_path(options)
    counter, tally = _Counter(watcher), Tally()
    async with open_server(exchange.venue, exchange.store) as server:
        with contextlib.closing(Journal.open(path, [tally.add])) as journal:
            await _live(exchange, server, journal, options, counter, watcher)
        return DemoReport(
            scenario=options.scenario,
            seed=options.seed,
            cycles=counter.cycles,
            summary=tally.summary(),
            exchange_books=_books_of(exchange),
            traffic=server.traffic,
            journal=path,
        )


async def _live(
    exchange: Exchange,
    server: ExchangeServer,
    journal: Journal,
    options: DemoOptions,
    counter: _Counter,
    watcher: DemoWatcher,
) -> None:
    start = exchange.venue.now
    clock = VirtualClock(start)
    address = Address(host="127.0.0.1", port=server.port, client_id=CLIENT_ID)
    broker = IbBroker(address, clock, throttle=False)
    ports = Ports(broker=broker, journal=journal, clock=clock)
    run = Run(
        run_id=RunId(f"demo-{options.scenario}-{options.seed}"),
        mode=Mode.DEMO,
        version=version("alvh-bot"),
        scenario=options.scenario,
        seed=options.seed,
    )
    slow = slow_parts(exchange.sessions, events_of(exchange.scenario), Policy(), MAX_LINES)
    engine = Engine(ports, run, slow)
    slots = list(slots_after(start, _sessions(exchange, options)))
    watcher.expect(len(slots))
    async with beside("pump", engine.pump()):
        await engine.open()
        await play(engine, broker, _Stage(server, clock), slots, counter)
        await engine.close("the scenario ended")


def _open_exchange(options: DemoOptions) -> Exchange:
    try:
        plan = ExchangePlan(
            scenario=options.scenario,
            seed=options.seed,
            start=parse_instant(options.start),
            # the bot uses no greeks of the broker, and nobody else listens
            data_rules=DataRules(price_computations=False),
        )
        return open_exchange(plan, session_table, MemoryStore())
    except ClockError as error:
        raise UsageError(f"--from: {error}") from error
    except USAGE_ERRORS as error:
        raise UsageError(str(error)) from error


def _sessions(exchange: Exchange, options: DemoOptions) -> list[Session]:
    """Return the sessions that are played, in their order."""
    start, last = exchange.venue.now, exchange.scenario.last_session
    if options.until:
        last = min(last, _parse_date(options.until))
    sessions = [s for s in exchange.sessions.sessions if start < s.close_at and s.date <= last]
    if not sessions:
        first = f"{start.astimezone(NEW_YORK):%Y-%m-%d}"
        raise UsageError(f"--until: expected a session from {first} on, got {options.until!r}")
    return sessions


def _parse_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--until: expected a date as 2018-02-05, got {text!r}") from error


def _journal_path(options: DemoOptions) -> Path:
    """Return where the demo writes; its own default place is cleared, a named one is not."""
    if options.journal is not None:
        if options.journal.exists():
            raise UsageError(f"journal: {options.journal} exists, expected a new file")
        return options.journal
    JOURNALS.mkdir(exist_ok=True)
    path = JOURNALS / f"demo-{options.scenario}-{options.seed}.sqlite"
    path.unlink(missing_ok=True)
    return path


def _books_of(exchange: Exchange) -> OwnBooks:
    """Return the exchange's ledger, marked at its own market."""
    holdings = exchange.books.holdings.values()
    vix = [h for h in holdings if _symbol(exchange, h) == "VIX"]
    others = [h for h in holdings if _symbol(exchange, h) != "VIX"]
    return OwnBooks(
        cash_usd=exchange.books.cash_usd,
        positions={h.con_id: h.quantity for h in exchange.books.positions()},
        hedge_pnl_usd=_profit(exchange, vix),
        condor_pnl_usd=_profit(exchange, others),
    )


def _symbol(exchange: Exchange, holding: Holding) -> str:
    return exchange.market.reference.instrument(holding.con_id).symbol


def _profit(exchange: Exchange, holdings: Iterable[Holding]) -> Decimal:
    now = exchange.venue.now
    profits = (
        h.realized_usd
        + h.quantity * h.multiplier * exchange.market.mark(h.con_id, now)
        - h.cost_usd
        if h.quantity
        else h.realized_usd
        for h in holdings
    )
    return to_cents(sum(profits, Decimal(0)))
