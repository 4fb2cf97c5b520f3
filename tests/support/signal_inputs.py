"""A small market for tests of the signals: one evaluation's inputs from a few numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from bot.domain.account import Account, AccountId
from bot.domain.book import Book
from bot.domain.calendar import EventCalendar
from bot.domain.canonical import ContentHash
from bot.domain.history import FutureCloses, History, IndexCloses
from bot.domain.inputs import EvaluationKind, Farm, InputBlobs, Inputs, Snapshot
from bot.domain.instruments import (
    BREADTH,
    MOVE,
    VIX3M,
    ConId,
    Future,
    Index,
    Instrument,
    Option,
    Right,
    Universe,
)
from bot.domain.money import price_grid
from bot.domain.policy import Policy
from bot.domain.quotes import DataType, Quote
from bot.domain.sessions import Session, SessionTable, at_new_york, settlement_instant

DAY = date(2018, 2, 5)
VX1, VX2, VX3 = date(2018, 2, 14), date(2018, 3, 21), date(2018, 4, 18)
GRID = price_grid(("0", "0.01"), ("3", "0.05"))
VIX_ID, SPX_ID = ConId(1), ConId(2)
SISTERS = {VIX3M: ConId(3), BREADTH: ConId(4), MOVE: ConId(5)}
HASH = ContentHash("0" * 64)


def weekdays(first: date, last: date) -> list[date]:
    """Return Mondays to Fridays, both ends included."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def session_table(days: list[date]) -> SessionTable:
    """Return sessions of full length on `days`."""
    return SessionTable(
        sessions=tuple(
            Session(
                date=day,
                open_at=at_new_york(day, time(9, 30)),
                close_at=at_new_york(day, time(16, 15)),
            )
            for day in days
        )
    )


SESSIONS = session_table(weekdays(date(2015, 6, 1), date(2018, 6, 29)))


def wave(index: int, level: float) -> float:
    """Return a close of a restless but known series."""
    return round(level * (1 + 0.1 * math.sin(index / 9) + 0.04 * math.sin(index / 2.3)), 2)


def completed(count: int = 512, day: date = DAY) -> History:
    """Return `count` sessions before `day`: VIX about 12, SPX about 2700, three VX futures."""
    dates = [s.date for s in SESSIONS.sessions if s.date < day][-count:] if count else []
    vix = tuple(wave(i, 12.0) for i in range(count))
    futures = tuple(
        FutureCloses(
            settlement=settlement_instant(settles),
            closes=tuple(round(base + 0.6 * close, 2) for close in vix),
        )
        for settles, base in ((VX1, 5.5), (VX2, 6.0), (VX3, 6.4))
    )
    return History(
        dates=tuple(dates),
        vix=vix,
        spx=tuple(wave(i + 40, 2700.0) for i in range(count)),
        vix_front=tuple(wave(i + 5, 13.0) for i in range(count)),
        futures=futures,
        indices=(
            IndexCloses(symbol=BREADTH, closes=tuple(_net(i) for i in range(count))),
            IndexCloses(symbol=MOVE, closes=tuple(wave(i + 9, 60.0) for i in range(count))),
        ),
    )


def _net(index: int) -> float:
    """Return a day's advances less declines, of a restless but known series."""
    return float(round(900 * math.sin(index / 1.7) + 300 * math.sin(index / 11)))


HISTORY = completed()


def vx_future(settles: date) -> Future:
    """Return the monthly VX future that settles on a date."""
    return Future(
        con_id=ConId(1000 + settles.toordinal()),
        symbol="VIX",
        trading_class="VX",
        exchange="CFE",
        multiplier=1000,
        last_trading_day=settles - timedelta(days=1),
        settlement=settlement_instant(settles),
        grid=GRID,
        local_symbol=f"VX{settles:%y%m}",
    )


def vix_option(
    con_id: int, settles: date, right: Right = Right.CALL, trading_class: str = "VIX"
) -> Option:
    """Return a VIX option struck at 20."""
    return Option(
        con_id=ConId(con_id),
        symbol="VIX",
        trading_class=trading_class,
        exchange="SMART",
        multiplier=100,
        right=right,
        strike=Decimal(20),
        last_trading_day=settles - timedelta(days=1),
        settlement=settlement_instant(settles),
        grid=GRID,
        local_symbol=f"{trading_class}{con_id}",
    )


def index(con_id: ConId, symbol: str) -> Index:
    """Return a cash index."""
    return Index(con_id=con_id, symbol=symbol, exchange="CBOE")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One evaluation: what is quoted, how it was sent, and what is known of the past."""

    day: date = DAY
    clock: time = time(12, 0)
    kind: EvaluationKind = EvaluationKind.INTRADAY
    farm: Farm = Farm.OK
    data_type: DataType | None = DataType.LIVE
    age_seconds: float = 5.0
    vix: float | None = 13.0
    spx: float | None = 2750.0
    vix3m: float | None = 15.0
    issues: tuple[int, int] | None = (1600, 1300)
    move: float | None = 60.0
    vx: Mapping[date, float] = field(default_factory=lambda: {VX1: 13.4, VX2: 13.9, VX3: 14.4})
    vx_spread: float | None = 0.10
    offered: tuple[str, ...] = tuple(SISTERS)
    options: tuple[tuple[Option, Quote | None], ...] = ()
    history: History = HISTORY
    sessions: SessionTable = SESSIONS
    calendar: EventCalendar = field(default_factory=EventCalendar)
    policy: Policy = field(default_factory=Policy)

    @property
    def now(self) -> datetime:
        return at_new_york(self.day, self.clock)

    def quote(self, con_id: ConId, **sides: Decimal | int | None) -> Quote:
        as_of = self.now - timedelta(seconds=self.age_seconds)
        return Quote(con_id=con_id, as_of=as_of, data_type=self.data_type, **sides)  # type: ignore[arg-type]

    def two_sided(self, con_id: ConId, mid: float, spread: float) -> Quote:
        half = Decimal(str(spread)) / 2
        middle = Decimal(str(mid))
        return self.quote(con_id, bid=middle - half, ask=middle + half, bid_size=9, ask_size=9)

    def inputs(self) -> Inputs:
        futures = [vx_future(settles) for settles in self.vx]
        quotes = [
            *(
                self.quote(con_id, last=Decimal(str(level)))
                for con_id, level in ((VIX_ID, self.vix), (SPX_ID, self.spx))
                if level is not None
            ),
            *self._sister_quotes(),
            *(
                self._future_quote(f.con_id, level)
                for f, level in zip(futures, self.vx.values(), strict=True)
            ),
            *(quote for _, quote in self.options if quote is not None),
        ]
        instruments: list[Instrument] = [index(VIX_ID, "VIX"), index(SPX_ID, "SPX"), *futures]
        instruments += [index(SISTERS[symbol], symbol) for symbol in self.offered]
        session = self.sessions.get(self.day)
        assert session is not None
        return Inputs(
            snapshot=Snapshot(
                now=self.now,
                kind=self.kind,
                session=session,
                farm=self.farm,
                quotes=tuple(quotes),
                positions=(),
                account=Account(account_id=AccountId("SIM1"), as_of=self.now),
            ),
            book=Book(),
            history=self.history,
            calendar=self.calendar,
            sessions=self.sessions,
            universe=Universe(instruments=(*instruments, *(o for o, _ in self.options))),
            policy=self.policy,
            blobs=InputBlobs(
                history=HASH, calendar=HASH, sessions=HASH, universe=HASH, policy=HASH
            ),
        )

    def _sister_quotes(self) -> list[Quote]:
        """Return what VIX3M, breadth (advances as bid, declines as ask) and MOVE say."""
        lasts = ((VIX3M, self.vix3m), (MOVE, self.move))
        quotes = [
            self.quote(SISTERS[symbol], last=Decimal(str(level)))
            for symbol, level in lasts
            if level is not None
        ]
        if self.issues is not None:
            up, down = self.issues
            sides = {"bid": Decimal(up), "ask": Decimal(down), "bid_size": up, "ask_size": down}
            quotes.append(self.quote(SISTERS[BREADTH], **sides))  # type: ignore[arg-type]
        return quotes

    def _future_quote(self, con_id: ConId, level: float) -> Quote:
        if self.vx_spread is None:
            return self.quote(con_id, last=Decimal(str(level)))
        return self.two_sided(con_id, level, self.vx_spread)
