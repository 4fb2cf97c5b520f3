"""Turns a case into what `decide` looks at: inputs, memory, and the readings it states itself.

What the case leaves out is left out here too. Lines are chosen as the running bot chooses them, by
`needed_calls`, so that a model chain shows the strategy no more than a login's data lines would.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from bot.app.cases import contracts
from bot.app.cases.case import Case, CondorCase, HistoryCase, PastCase, PricedBy, RungCase
from bot.app.cases.model import ModelMarket, around, curve_closes, curve_level, quiet_closes
from bot.domain.account import Account, AccountId, Position
from bot.domain.book import Book, Lot
from bot.domain.calendar import EventCalendar
from bot.domain.canonical import ContentHash, content_hash, encode
from bot.domain.history import WINDOW, FutureCloses, History
from bot.domain.inputs import EvaluationKind, Farm, InputBlobs, Inputs, Snapshot
from bot.domain.instruments import Contract, Instrument, Option, Right, Universe
from bot.domain.orders import IntentId
from bot.domain.policy import LadderPolicy, Policy
from bot.domain.quotes import DataType, Quote
from bot.domain.readings import Reading, Readings, ReadingState, Scalar
from bot.domain.rungs import RuleClass
from bot.domain.sessions import NEW_YORK, Session, SessionTable, at_new_york
from bot.domain.state import StageEntry, StrategyState
from bot.domain.value import replace
from bot.signals.catalog import read_signals
from bot.signals.front import FRONT_DAYS
from bot.signals.memo import remembered
from bot.strategy.candidates import needed_calls

NOON = time(12, 0)
AFTER_CLOSE = timedelta(minutes=5)
ACCOUNT = AccountId("CASE")
STATED = "stated by the case"


class CaseError(ValueError):
    """A case does not hold together.

    Attributes:
        place: The key of the case that is wrong.
        text: What was expected there.
    """

    def __init__(self, place: str, text: str) -> None:
        super().__init__(f"{place}: {text}")
        self.place = place
        self.text = text


class Situation(NamedTuple):
    """What one evaluation looks at; `stated` are the readings the case gives by name."""

    inputs: Inputs
    state: StrategyState
    stated: tuple[Reading, ...]

    def readings(self) -> Readings:
        """Return what the signals say, with the case's own word in place of theirs."""
        found = read_signals(self.inputs, self.state).by_name
        spoken = {
            reading.name: replace(reading, signal=found[reading.name].signal)
            for reading in self.stated
        }
        return Readings(by_name=found | spoken)


def moment(case: Case) -> datetime:
    """Return the instant a case speaks of, its clock time as written.

    Raises:
        CaseError: `at` is no such time.
    """
    try:
        at = datetime.fromisoformat(case.at)
    except ValueError as error:
        raise CaseError(
            "at", f"expected 2018-02-05 or 2018-02-05 15:30, got {case.at!r}"
        ) from error
    if at.tzinfo is not None:
        return at
    has_clock = len(case.at) > len("2018-02-05")
    return at_new_york(at.date(), at.time() if has_clock else NOON)


def session_of(case: Case, sessions: SessionTable) -> Session:
    """Return the session of a case's day.

    Raises:
        CaseError: the day has none.
    """
    day = moment(case).astimezone(NEW_YORK).date()
    session = sessions.get(day) if sessions.covers(day) else None
    if session is None:
        raise CaseError("at", f"expected a trading day, {day} is none")
    return session


def situation(
    case: Case, policy: Policy, sessions: SessionTable, book: Book | None = None
) -> Situation:
    """Return what an evaluation of `case` looks at.

    Args:
        case: The situation as written.
        policy: The policy to decide by.
        sessions: Trading days, reaching 512 sessions back and past the farthest settlement.
        book: What is held and worked, in place of the rungs of the case.

    Raises:
        CaseError: the case does not hold together.
    """
    session = session_of(case, sessions)
    now = session.close_at + AFTER_CLOSE if case.close else moment(case)
    holding = _Holding.of(case, session.date, now, book)
    universe = _universe(case, policy, session.date, sessions, holding)
    snapshot = Snapshot(
        now=now,
        kind=EvaluationKind.CLOSE if case.close else EvaluationKind.INTRADAY,
        session=session,
        farm=Farm.OK,
        quotes=tuple(_index_quotes(case, now)),
        positions=holding.positions,
        account=_account(case, now),
    )
    snapshot = _quoted(case, policy, snapshot, universe)
    history = _history(case, policy, session.date, sessions, universe)
    inputs = Inputs(
        snapshot=snapshot,
        book=holding.book,
        history=history,
        calendar=EventCalendar(),
        sessions=sessions,
        universe=universe,
        policy=policy,
        blobs=InputBlobs(
            history=content_hash(encode(history)),
            calendar=content_hash(encode(EventCalendar())),
            sessions=_hash_of(sessions),
            universe=_hash_of(universe),
            policy=content_hash(encode(policy)),
        ),
    )
    return Situation(inputs, _memory(case, policy, sessions), tuple(_stated(case, now)))


class _Holding(NamedTuple):
    """What is held: condor legs and the contracts of the book."""

    legs: tuple[tuple[Option, int], ...]
    book: Book
    calls: tuple[Option, ...]

    @classmethod
    def of(cls, case: Case, day: date, now: datetime, book: Book | None) -> "_Holding":
        legs = tuple(leg for number, c in enumerate(case.condors) for leg in _legs(c, day, number))
        held = _book(case, now) if book is None else book
        return cls(legs, held, tuple(contracts.vix_option_of(lot.con_id) for lot in held.lots))

    @property
    def positions(self) -> tuple[Position, ...]:
        """The positions as a broker would report them, one a contract."""
        sizes: dict[int, int] = {}
        for option, quantity in self.legs:
            sizes[option.con_id] = sizes.get(option.con_id, 0) + quantity
        for lot in self.book.lots:
            sizes[lot.con_id] = sizes.get(lot.con_id, 0) + lot.quantity
        return tuple(
            Position(con_id=con_id, quantity=size, average_cost_usd=Decimal(0))  # type: ignore[arg-type]
            for con_id, size in sizes.items()
            if size
        )


def exact(number: float) -> Decimal:
    """Return a number of the case as the decimal it was written as."""
    return Decimal(int(number)) if float(number).is_integer() else Decimal(repr(number))


def _legs(condor: CondorCase, day: date, number: int) -> Iterable[tuple[Option, int]]:
    place = f"condors[{number}]"
    if (condor.expiry is None) == (condor.days is None):
        raise CaseError(place, "expected one of expiry and days")
    if list(condor.strikes) != sorted(set(condor.strikes)):
        raise CaseError(f"{place}.strikes", f"expected four ascending, got {condor.strikes}")
    expiry = condor.expiry or day + timedelta(days=condor.days or 0)
    if expiry < day:
        raise CaseError(f"{place}.expiry", f"expected {day} or later, got {expiry}")
    shape = ((Right.PUT, 1), (Right.PUT, -1), (Right.CALL, -1), (Right.CALL, 1))
    for strike, (right, sign) in zip(condor.strikes, shape, strict=True):
        option = contracts.spx_option(expiry, exact(strike), right)
        yield option, sign * condor.quantity


def _book(case: Case, now: datetime) -> Book:
    def call(held: RungCase) -> Option:
        return contracts.vix_option(held.expiry, exact(held.strike), Right.CALL)

    return Book(
        lots=tuple(
            Lot(
                intent_id=IntentId(f"case/{rung}"),
                rung=rung,
                con_id=call(held).con_id,
                quantity=held.quantity,
                price=exact(held.price),
                rule=held.rule,
                rule_class=RuleClass.STAGE,
                opened_at=now,
            )
            for rung, held in case.rungs.items()
        )
    )


def _universe(
    case: Case, policy: Policy, day: date, sessions: SessionTable, holding: _Holding
) -> Universe:
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


@lru_cache(maxsize=8)
def _hash_of(value: Universe | SessionTable) -> ContentHash:
    return content_hash(encode(value))


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
    own = {"VIX": case.vix, "SPX": case.spx, "VIX3M": case.vix3m} | case.indices
    return {symbol: level for symbol, level in own.items() if level is not None}


def _index_quotes(case: Case, now: datetime) -> Iterable[Quote]:
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


def _quoted(case: Case, policy: Policy, snapshot: Snapshot, universe: Universe) -> Snapshot:
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


def _account(case: Case, now: datetime) -> Account:
    def usd(amount: float | None) -> Decimal | None:
        return None if amount is None else exact(amount)

    return Account(
        account_id=ACCOUNT,
        as_of=now,
        net_liquidation_usd=usd(case.account.nav),
        cash_usd=usd(case.account.cash),
        available_funds_usd=usd(case.account.cash),
    )


def _history(
    case: Case, policy: Policy, day: date, sessions: SessionTable, universe: Universe
) -> History:
    dates, vix, spx = _index_closes(case.past, case.history, day, sessions)
    if case.market is not PricedBy.MODEL:
        return History(dates=dates, vix=vix, spx=spx, vix_front=(None,) * len(vix), futures=())
    model = (case.long_run, policy.beta.default_tau_days)
    settlements = [future.settlement for future in universe.futures("VIX", "VX")]
    closes = curve_closes(vix, dates, settlements, model)
    return History(
        dates=dates,
        vix=vix,
        spx=spx,
        vix_front=tuple(None if v is None else curve_level(v, FRONT_DAYS, *model) for v in vix),
        futures=tuple(
            FutureCloses(settlement=settlement, closes=column)
            for settlement, column in zip(settlements, closes, strict=True)
        ),
    )


Closes = tuple[float | None, ...]


@remembered
def _index_closes(
    past: PastCase, history: HistoryCase, day: date, sessions: SessionTable
) -> tuple[tuple[date, ...], Closes, Closes]:
    """Return dates and the closes of VIX and SPX; remembered for the second look at a session."""
    vix, spx = _closes(past.vix, history.vix), _closes(past.spx, history.spx)
    length = max(len(vix), len(spx))
    dates = tuple(sessions.shift(day, -back).date for back in range(length, 0, -1))
    vix, spx = ((None,) * (length - len(closes)) + closes for closes in (vix, spx))
    return dates, vix, spx


def _closes(level: float | None, given: Closes) -> Closes:
    """Return the given closes, with the quiet past before them where the case has one."""
    last = given[-WINDOW:]
    quiet = [] if level is None else quiet_closes(level, WINDOW)[len(given) :]
    return (*quiet, *last)


def _memory(case: Case, policy: Policy, sessions: SessionTable) -> StrategyState:
    if case.memory is not None:
        return case.memory
    day = session_of(case, sessions).date
    entered = sessions.shift(day, -1).date
    return StrategyState(
        stages=tuple(
            StageEntry(stage=stage, entered_on=entered) for stage in range(1, case.stage + 1)
        ),
        enter_streak=policy.stages.confirm_evaluations if case.lasting else 0,
    )


def _stated(case: Case, now: datetime) -> Iterable[Reading]:
    for name, value in case.readings.items():
        yield _stated_reading(name, value, now)
    # without a future nothing is there that could doubt spot (G1): the case's word stands
    undoubted = case.market is PricedBy.QUOTES and not case.futures
    if case.vix is not None and undoubted and "vix.level" not in case.readings:
        yield _stated_reading("vix.level", case.vix, now)


def _stated_reading(name: str, value: Scalar | None, now: datetime) -> Reading:
    known = value is not None
    return Reading(
        signal="",
        name=name,
        state=ReadingState.OK if known else ReadingState.MISSING,
        value=value,
        as_of=now if known else None,
        note=STATED,
    )
