"""Turns a case into what `decide` looks at: inputs, memory, and the readings it states itself.

What the case leaves out is left out here too. What it holds is in `bot.app.cases.holdings`, what is
quoted in `bot.app.cases.lines`, the closes before it in `bot.app.cases.past`.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from bot.app.cases.case import Case, CaseError, PricedBy
from bot.app.cases.holdings import Holding, exact
from bot.app.cases.lines import index_quotes, quoted, universe_of
from bot.app.cases.past import history_of
from bot.domain.account import Account, AccountId
from bot.domain.book import Book
from bot.domain.calendar import EventCalendar
from bot.domain.canonical import ContentHash, content_hash, encode
from bot.domain.inputs import EvaluationKind, Farm, InputBlobs, Inputs, Snapshot
from bot.domain.instruments import Universe
from bot.domain.policy import Policy
from bot.domain.readings import Reading, Readings, ReadingState, Scalar
from bot.domain.sessions import NEW_YORK, Session, SessionTable, at_new_york
from bot.domain.state import StageEntry, StrategyState
from bot.domain.value import replace
from bot.signals.catalog import read_signals

NOON = time(12, 0)
AFTER_CLOSE = timedelta(minutes=5)
ACCOUNT = AccountId("CASE")
STATED = "stated by the case"


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
    holding = Holding.of(case, session.date, now, book)
    universe = universe_of(case, policy, session.date, sessions, holding)
    snapshot = Snapshot(
        now=now,
        kind=EvaluationKind.CLOSE if case.close else EvaluationKind.INTRADAY,
        session=session,
        farm=Farm.OK,
        quotes=tuple(index_quotes(case, now)),
        positions=holding.positions,
        account=_account(case, now),
    )
    snapshot = quoted(case, policy, snapshot, universe)
    history = history_of(case, policy, session.date, sessions, universe)
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


@lru_cache(maxsize=8)
def _hash_of(value: Universe | SessionTable) -> ContentHash:
    return content_hash(encode(value))


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
