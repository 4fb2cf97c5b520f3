"""The contracts a case may speak of, and the lines that are quoted.

What a case quotes itself stands before its model. Lines are chosen as the running bot chooses them,
by `needed_calls`, so that a model chain shows no more than a login's data lines would.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from bot.app.cases import contracts
from bot.app.cases.case import Case, CaseError, PricedBy
from bot.app.cases.holdings import Holding, exact
from bot.app.cases.model import ModelMarket, around
from bot.domain.inputs import Snapshot
from bot.domain.instruments import Contract, Instrument, Option, Right, Universe
from bot.domain.policy import LadderPolicy, Policy
from bot.domain.quotes import DataType, Quote
from bot.domain.sessions import SessionTable
from bot.domain.value import replace
from bot.strategy.candidates import needed_calls


def universe_of(
    case: Case, policy: Policy, day: date, sessions: SessionTable, holding: Holding
) -> Universe:
    """Return the contracts of a case: what it names and holds; of a model what a tier may buy."""
    found: list[Contract] = [
        contracts.index(symbol) for symbol in dict.fromkeys(["VIX", "SPX", *_levels(case)])
    ]
    months = contracts.vix_settlements(day, sessions, contracts.FUTURES_LISTED + 4)
    if case.market is PricedBy.MODEL:
        found += [contracts.vx_future(m) for m in months[: contracts.FUTURES_LISTED]]
        found += _chain(_purchasable(months, policy.ladder, day))
    else:
        found += [contracts.vx_future(m) for m in months[: len(case.futures)]]
    found += [named for named, _ in _named_quotes(case)]
    found += [option for option, _ in holding.legs]
    found += holding.calls
    known = {one.con_id: one for one in found}
    return _same_universe(tuple(known[key] for key in sorted(known)))


@lru_cache(maxsize=8)
def _same_universe(instruments: tuple[Contract, ...]) -> Universe:
    """Return one object for equal universes: what is remembered of it is found again."""
    return Universe(instruments=instruments)


def _purchasable(months: tuple[date, ...], ladder: LadderPolicy, day: date) -> tuple[date, ...]:
    first = min(tier.min_dte for tier in ladder.tiers)
    last = max(tier.max_dte for tier in ladder.tiers)
    return tuple(month for month in months if first <= (month - day).days <= last)


@lru_cache(maxsize=8)
def _chain(months: tuple[date, ...]) -> tuple[Option, ...]:
    return tuple(
        contracts.vix_option(month, strike, right)
        for month in months
        for strike in contracts.VIX_STRIKES
        for right in Right
    )


def _levels(case: Case) -> dict[str, float]:
    own = {"VIX": case.vix, "SPX": case.spx}
    return {
        symbol: level for symbol, level in own.items() if level is not None
    } | case.other_indices()


def index_quotes(case: Case, now: datetime) -> Iterable[Quote]:
    """Yield the last prices of the indices the case knows."""
    for symbol, level in _levels(case).items():
        yield Quote(
            con_id=contracts.index(symbol).con_id,
            as_of=now,
            data_type=DataType.LIVE,
            last=exact(level),
        )


def _named_quotes(case: Case) -> list[tuple[Option, tuple[float, float]]]:
    found = []
    for name, (bid, ask) in case.quotes.items():
        try:
            option = contracts.named_option(name)
        except ValueError as error:
            raise CaseError(f"quotes.{name}", str(error)) from error
        if bid > ask:
            raise CaseError(f"quotes.{name}", f"expected bid at or below ask, got {bid} and {ask}")
        found.append((option, (bid, ask)))
    return found


def quoted(case: Case, policy: Policy, snapshot: Snapshot, universe: Universe) -> Snapshot:
    """Return the snapshot with futures and options quoted, by the case first, then its model."""
    now = snapshot.now
    given = [_two_sided(option, bid, ask, now) for option, (bid, ask) in _named_quotes(case)]
    futures = universe.futures("VIX", "VX")
    listed = list(zip(futures, case.futures, strict=False))
    stated = {future: level for future, level in listed if level is not None}
    market = _model(case, policy, now)
    if market is None:
        given += [around(future, level, now) for future, level in stated.items()]
        return _with(snapshot, given)
    for future, level in stated.items():
        market.know(future.settlement, level)
    held = _held(snapshot, universe)
    seen = _with(snapshot, [*given, *market.quotes([*futures, *held])])
    needed = needed_calls(seen, universe, policy).con_ids
    instruments = universe.by_id()
    chosen: list[Instrument] = [i for c in needed if isinstance(i := instruments[c], Option)]
    return _with(seen, market.quotes(chosen))


def _held(snapshot: Snapshot, universe: Universe) -> list[Option]:
    instruments = universe.by_id()
    found = (instruments.get(position.con_id) for position in snapshot.positions)
    return [one for one in found if isinstance(one, Option) and one.settlement > snapshot.now]


def _with(snapshot: Snapshot, quotes: Iterable[Quote]) -> Snapshot:
    """Return the snapshot with more lines; a line that is there already stays."""
    lines = {quote.con_id: quote for quote in [*quotes, *snapshot.quotes]}
    return replace(snapshot, quotes=tuple(lines.values()))


def _two_sided(option: Option, bid: float, ask: float, now: datetime) -> Quote:
    return Quote(
        con_id=option.con_id,
        as_of=now,
        data_type=DataType.LIVE,
        bid=exact(bid),
        ask=exact(ask),
        bid_size=1,
        ask_size=1,
    )


def _model(case: Case, policy: Policy, now: datetime) -> ModelMarket | None:
    if case.market is not PricedBy.MODEL or case.vix is None:
        return None
    return ModelMarket(
        now,
        vix=case.vix,
        spx=case.spx,
        long_run=case.long_run,
        tau_days=policy.beta.default_tau_days,
        rate=policy.signals.rate,
    )
