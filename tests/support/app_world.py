"""The application around the fake broker: one account, one market of February 2018, one journal.

The market is `tests.support.strategy_world`'s; on its quiet day nothing is bought, on its stormy
one VIX stands at 25 and the ladder is. Sessions are plain weekdays.
"""

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from bot.adapters.journal.store import Journal
from bot.app.cycle import Ports
from bot.app.engine import Engine, Run
from bot.app.market import SlowParts
from bot.app.schedule import Slot, Task
from bot.domain.account import AccountId, Mode
from bot.domain.calendar import EventCalendar
from bot.domain.events import JournalEvent, RunId
from bot.domain.instruments import (
    BREADTH,
    VIX3M,
    ConId,
    Future,
    Index,
    Instrument,
    Option,
    Other,
)
from bot.domain.policy import InitialPolicy, Policy
from bot.domain.quotes import DataType, Quote
from bot.domain.sessions import NEW_YORK, settlement_instant
from bot.domain.value import Value, replace
from bot.risk.limits import RiskLimits
from tests.support import strategy_world as world
from tests.support.fake_broker import FakeBroker, FakeMarket
from tests.support.signal_inputs import SESSIONS
from tests.support.standing_clock import StandingClock

DAY = date(2018, 2, 5)
MORNING = world.moment("2018-02-05 08:00")
TEN = world.moment("2018-02-05 10:00")
ACCOUNT = AccountId("SIM000001")
EventT = TypeVar("EventT", bound=Value)

EXPIRED = (date(2015, 12, 16), date(2017, 12, 20), date(2018, 1, 17))
"""VX futures that have settled; the first before the window of 512 sessions began."""

CALM_CURVE = {"feb": 13.0, "mar": 13.5, "apr": 14.0, "may": 14.5, "jun": 15.0}
STORM_CURVE = {"feb": 24.0, "mar": 22.0, "apr": 21.0, "may": 20.5, "jun": 20.0}
CALM_VIX, STORM_VIX = 12.5, 25.0


def expired_future(settles: date) -> Future:
    return replace(
        world.vx_future("feb"),
        con_id=ConId(settles.toordinal()),
        last_trading_day=settles,
        settlement=settlement_instant(settles),
        local_symbol=f"VX {settles}",
    )


def quotes_at(now: datetime, curve: Mapping[str, float], vix: float) -> dict[ConId, Quote]:
    """Quote the whole market from a curve of VX futures and a level of VIX."""
    quotes = world.market_quotes(now, curve, spx=2700.0)
    quotes[world.VIX_ID] = Quote(
        con_id=world.VIX_ID, as_of=now, data_type=DataType.LIVE, last=Decimal(str(vix))
    )
    return quotes


SISTERS = {
    symbol: Index(con_id=ConId(number), symbol=symbol, exchange=exchange)
    for symbol, number, exchange in ((VIX3M, 3, "CBOE"), (BREADTH, 4, "NYSE"))
}
"""Indices this broker does not offer unless a test says so."""


def closes(instrument: Instrument, day: date) -> float | None:
    """A quiet past: VIX and SPX in small waves, each future for nine months before it settles."""
    ripple = (day.toordinal() % 7) / 10
    if instrument.symbol == BREADTH:
        return 100.0 - 50.0 * (day.toordinal() % 7)
    if isinstance(instrument, Index):
        return (12.0 if instrument.symbol == "VIX" else 2700.0) + ripple
    settles = instrument.settlement.astimezone(NEW_YORK).date()
    listed = settles - timedelta(days=270)
    return 13.0 + ripple if listed <= day < settles else None


def market(now: datetime = MORNING) -> FakeMarket:
    """Return the quiet market."""
    expired: dict[ConId, Instrument] = {f.con_id: f for f in map(expired_future, EXPIRED)}
    listed = {
        con_id: contract
        for con_id, contract in world.UNIVERSE.by_id().items()
        if not isinstance(contract, Other)
    }
    return FakeMarket(
        instruments={**listed, **expired},
        quotes=quotes_at(now, CALM_CURVE, CALM_VIX),
        sessions=tuple(s.date for s in SESSIONS.sessions),
        closes=closes,
    )


def slot(text: str, task: Task = Task.EVALUATION) -> Slot:
    """Return the slot of a New York time such as `2018-02-05 10:00`."""
    at = world.moment(text)
    session = SESSIONS.get(at.astimezone(NEW_YORK).date())
    assert session is not None
    return Slot(task=task, session=session, due_at=at)


def is_vix_option(instrument: Instrument) -> bool:
    return isinstance(instrument, Option) and instrument.symbol == "VIX"


ONLY_STAGES_BUY = Policy(initial=InitialPolicy(share_min=0.0, share_max=0.0))
"""The quiet market buys nothing, so that a test knows from when on there are orders."""


@dataclass(kw_only=True)
class AppWorld:
    """Everything an engine needs; `engine` may be called again: another process, one journal."""

    path: Path
    mode: Mode = Mode.SIM
    allowed: tuple[AccountId, ...] = ()
    policy: Policy = ONLY_STAGES_BUY
    max_lines: int = 90
    clock: StandingClock = field(default_factory=StandingClock)
    market: FakeMarket = field(default_factory=market)

    def __post_init__(self) -> None:
        self.clock.time = TEN
        self.broker = FakeBroker(self.clock, self.market, ACCOUNT)
        self.broker.hold(world.condor_positions(20))
        self.journal = Journal.open(self.path)
        self.ports = Ports(broker=self.broker, journal=self.journal, clock=self.clock)
        self.slow = SlowParts(
            sessions=SESSIONS,
            calendar=EventCalendar(),
            policy=self.policy,
            max_lines=self.max_lines,
        )
        self.run = Run(
            run_id=RunId("run-1"), mode=self.mode, version="0.1.0", allowed_accounts=self.allowed
        )

    def reopen(self) -> None:
        """Open the journal that a test has closed."""
        self.journal = Journal.open(self.path)

    def engine(self) -> Engine:
        return Engine(self.ports, self.run, self.slow)

    def offer(self, *symbols: str) -> None:
        """Let the broker have these indices beside VIX and SPX."""
        for index in map(SISTERS.__getitem__, symbols):
            self.market.instruments[index.con_id] = index

    def storm(self) -> None:
        """Let VIX rise to 25 with its futures, now."""
        self.broker.move(quotes_at(self.clock.now(), STORM_CURVE, STORM_VIX).values())

    def limit(self, **limits: Any) -> None:
        """Set risk limits for the engines made from now on."""
        self.run = dataclasses.replace(self.run, limits=RiskLimits(**limits))

    def dearer(self, points: str) -> None:
        """Let every VIX call and put cost more, at once."""
        self.broker.move(
            replace(quote, bid=quote.bid + Decimal(points), ask=quote.ask + Decimal(points))
            for con_id, quote in list(self.market.quotes.items())
            if is_vix_option(self.market.instruments[con_id])
            if quote.bid is not None and quote.ask is not None
        )

    def age_options(self, seconds: int) -> None:
        """Let the clock run on while only indices and futures keep speaking."""
        self.clock.advance(seconds)
        self.broker.move(
            quote
            for con_id, quote in list(self.market.quotes.items())
            if not isinstance(self.market.instruments[con_id], Option)
        )

    def refresh_quotes(self) -> None:
        """Let every line speak again at its price."""
        self.broker.move(list(self.market.quotes.values()))

    def told(self) -> list[JournalEvent]:
        """Return the events in the journal."""
        return [stored.event for stored in self.journal.events()]

    def kinds(self) -> list[str]:
        """Return the kinds of the events in the journal."""
        return [stored.kind for stored in self.journal.events()]


def only(events: list[JournalEvent], kind: type[EventT]) -> list[EventT]:
    """Return the events of one kind."""
    return [event for event in events if isinstance(event, kind)]


@contextlib.asynccontextmanager
async def pumping(engine: Engine) -> AsyncIterator[None]:
    """Let the engine hear the broker while the block runs."""
    async with asyncio.TaskGroup() as group:
        pump = group.create_task(engine.pump())
        try:
            yield
        finally:
            pump.cancel()


async def caught_up(app: AppWorld) -> None:
    """Wait until everything the broker said was dealt with."""
    await app.broker.current_time()
    await app.broker.events_dealt_with()


async def bought(app: AppWorld, engine: Engine) -> None:
    """Live through two stormy evaluations, the second of which buys, and hear the fills."""
    await engine.open()
    app.storm()
    await engine.run_slot(slot("2018-02-05 10:00"))
    app.clock.advance(300)
    app.refresh_quotes()
    await engine.run_slot(slot("2018-02-05 10:05"))
    await caught_up(app)
