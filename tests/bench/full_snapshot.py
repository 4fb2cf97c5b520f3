"""The largest evaluation the bot is made for: ten rungs, four condors, three expiries, 512 bars.

Quotes and closes come from the tests' small model of 2018; here they are put together. Each
evaluation gets a snapshot of its own, so that nothing can be remembered of the one before.
"""

from datetime import timedelta
from decimal import Decimal
from itertools import product
from math import exp

from bot.domain.account import Position
from bot.domain.book import Book, Lot
from bot.domain.inputs import Inputs
from bot.domain.instruments import ConId, Option, Universe
from bot.domain.quotes import DataType, Quote
from bot.domain.rungs import LADDER, Rung, Tier
from bot.domain.state import CondorVega, StrategyState
from bot.domain.value import replace
from bot.pricing import black76
from bot.pricing.forward import year_fraction
from tests.support.signal_inputs import HISTORY
from tests.support.signal_inputs import SESSIONS as LONG_SESSIONS
from tests.support.strategy_days import lot, staged
from tests.support.strategy_world import (
    SPX_EXPIRY,
    UNIVERSE,
    VIX_ID,
    call_id,
    future_id,
    inputs,
    put_id,
    spx_option,
)

MONTHS = {Tier.S: "mar", Tier.M: "apr", Tier.D: "may"}
STRIKES = {Tier.S: range(14, 19), Tier.M: range(18, 23), Tier.D: range(22, 27)}
PAIRS = (14, 15, 16)
CONDORS = tuple(SPX_EXPIRY + timedelta(days=7 * n) for n in range(4))
LEGS = (("P", 2500, 1), ("P", 2550, -1), ("C", 2850, -1), ("C", 2900, 1))
SPX_LEVEL, SPX_VOLATILITY, RATE = 2700.0, 0.15, 0.02
STEP = timedelta(seconds=1)


def full_inputs() -> Inputs:
    """Return the first evaluation, 2018-02-05 10:00 New York."""
    base = inputs(spx=SPX_LEVEL, positions=_positions(), book=Book(lots=_lots()))
    kept = {VIX_ID, *_lines()}
    now = base.snapshot.now
    quotes = [
        Quote(con_id=VIX_ID, as_of=now, data_type=DataType.LIVE, last=Decimal("17.31")),
        *(q for q in base.snapshot.quotes if q.con_id in kept or q.bid is None),
        *(_quote(leg, base) for leg in _legs()),
    ]
    return replace(
        base,
        snapshot=replace(base.snapshot, quotes=tuple(quotes)),
        universe=_universe(),
        history=HISTORY,
        sessions=LONG_SESSIONS,
    )


def first_state() -> StrategyState:
    """Return a memory in which stages 1 to 3 are on and every condor is known."""
    state = staged(1, 2, 3)
    return replace(state, condors=tuple(CondorVega(key=str(day), first=300.0) for day in CONDORS))


def later(given: Inputs, steps: int) -> Inputs:
    """Return the same market so many seconds later, freshly quoted."""
    now = given.snapshot.now + steps * STEP
    quotes = tuple(replace(quote, as_of=now) for quote in given.snapshot.quotes)
    return replace(given, snapshot=replace(given.snapshot, now=now, quotes=quotes))


def options_of(given: Inputs) -> list[tuple[Option, float]]:
    """Return each quoted option with its mid, as a baseline prices them."""
    by_id = given.universe.by_id()
    found = ((by_id[quote.con_id], quote.mid) for quote in given.snapshot.quotes)
    return [(i, float(mid)) for i, mid in found if isinstance(i, Option) and mid is not None]


def _lots() -> tuple[Lot, ...]:
    return tuple(lot(rung, month=MONTHS[rung.tier], strike=_strike(rung)) for rung in LADDER)


def _strike(rung: Rung) -> int:
    return STRIKES[rung.tier][LADDER.index(rung) % len(STRIKES[rung.tier])]


def _lines() -> set[ConId]:
    calls = {call_id(MONTHS[tier], strike) for tier in Tier for strike in STRIKES[tier]}
    pairs = set(product(MONTHS.values(), PAIRS))
    futures = {future_id(month) for month in ("feb", "mar", "apr", "may")}
    return calls | {call_id(*pair) for pair in pairs} | {put_id(*pair) for pair in pairs} | futures


def _legs() -> list[Option]:
    return [spx_option(right, strike, day) for day in CONDORS for right, strike, _ in LEGS]


def _positions() -> tuple[Position, ...]:
    signs = [sign for _ in CONDORS for *_, sign in LEGS]
    return tuple(
        Position(con_id=leg.con_id, quantity=5 * sign, average_cost_usd=Decimal(500))
        for leg, sign in zip(_legs(), signs, strict=True)
    ) + tuple(
        Position(con_id=held.con_id, quantity=held.quantity, average_cost_usd=Decimal(100))
        for held in _lots()
    )


def _universe() -> Universe:
    """Return the model's instruments and the legs, of which the nearest are in both."""
    every = {i.con_id: i for i in (*UNIVERSE.instruments, *_legs())}
    return Universe(instruments=tuple(every.values()))


def _quote(leg: Option, given: Inputs) -> Quote:
    now = given.snapshot.now
    years = year_fraction(now, leg.settlement)
    forward = SPX_LEVEL * exp(RATE * years)
    is_call = leg.right == "C"
    mid = float(black76.price(forward, float(leg.strike), years, SPX_VOLATILITY, RATE, is_call))
    middle = Decimal(str(round(mid, 2)))
    return Quote(
        con_id=leg.con_id,
        as_of=now,
        data_type=DataType.LIVE,
        bid=leg.grid.floor(middle),
        ask=leg.grid.ceil(middle + Decimal("0.20")),
        bid_size=20,
        ask_size=20,
    )
