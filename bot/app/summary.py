"""What a run decided and earned, told from its journal alone."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from bot.app.settlements import Settlements
from bot.domain.adoption import Adoption
from bot.domain.canonical import ContentHash
from bot.domain.decision import GENESIS, Decision
from bot.domain.events import (
    AccountProved,
    BreakFound,
    DecisionMade,
    InputsTaken,
    OrderIntended,
    StoredEvent,
)
from bot.domain.instruments import ConId
from bot.domain.money import to_cents
from bot.domain.orders import Fill, Intent, IntentId, Side
from bot.domain.quotes import Quote
from bot.domain.rungs import Rung
from bot.domain.value import Value
from bot.execution.ledger import ledger_of
from bot.execution.state import ExecutionState, apply

VIX_CALL_MULTIPLIER = 100
CONDOR_MULTIPLIER = 100


class StageReached(Value):
    """The first time a stage was entered."""

    stage: int
    at: datetime
    summary: str


class OwnBooks(Value):
    """Cash, positions and profit by the bot's own records, in USD to the cent.

    `positions` are signed contracts by contract number, everything in the account. A profit is None
    when a holding has no quote to be marked at.
    """

    cash_usd: Decimal
    positions: dict[ConId, int]
    hedge_pnl_usd: Decimal | None
    condor_pnl_usd: Decimal | None


class _AdoptedBefore(NamedTuple):
    """Contracts adopted of one position of the opening, and their cost in USD."""

    quantity: int = 0
    cost_usd: Decimal = Decimal(0)


class RunSummary(Value):
    """The run in numbers: `rolls` are those orders that are pairs, `fills` count each leg's."""

    decisions: int
    sessions: int
    orders: int
    rolls: int
    fills: int
    stages: tuple[StageReached, ...]
    rungs_opened: tuple[Rung, ...]
    breaks: int
    decision_hash: ContentHash
    books: OwnBooks | None


def summarise(events: Iterable[StoredEvent]) -> RunSummary:
    """Return the summary of the runs in a journal."""
    tally = Tally()
    for stored in events:
        tally.add(stored)
    return tally.summary()


class Tally:
    """A summary in the making: a reader of the journal that keeps no event but the last snapshot.

    A run of weeks does not fit into memory, and reading it back would take its time.
    """

    def __init__(self) -> None:
        self.execution = ExecutionState()
        self.decisions = 0
        self.link = GENESIS
        self.sessions: set[date] = set()
        self.stages: dict[int, StageReached] = {}
        self.intents: dict[IntentId, Intent] = {}
        self.breaks = 0
        self.opening: AccountProved | None = None
        self.taken: InputsTaken | None = None
        self.settlements = Settlements()

    def add(self, stored: StoredEvent) -> None:
        """Take in the next event."""
        self.execution = apply(self.execution, stored.event, stored.at)
        self.settlements.add(stored.event)
        match stored.event:
            case InputsTaken() as taken:
                self.taken = taken
                self.sessions.add(taken.snapshot.session.date)
            case DecisionMade(decision=decision, link=link):
                self._decide(decision, link)
            case OrderIntended(intent=intent):
                self.intents[intent.intent_id] = intent
            case BreakFound():
                self.breaks += 1
            case AccountProved() as opening:
                self.opening = self.opening or opening
            case _:
                pass

    def summary(self) -> RunSummary:
        """Return the summary of all that was added."""
        fills = self.execution.fills
        return RunSummary(
            decisions=self.decisions,
            sessions=len(self.sessions),
            orders=len(self.intents),
            rolls=sum(intent.is_roll for intent in self.intents.values()),
            fills=len(fills),
            stages=tuple(self.stages.values()),
            rungs_opened=_opened(fills.values(), self.intents),
            breaks=self.breaks,
            decision_hash=self.link,
            books=_books(self.opening, self.taken, self.execution, self.settlements.points),
        )

    def _decide(self, decision: Decision, link: ContentHash) -> None:
        self.decisions += 1
        self.link = link
        for stage in decision.entered:
            reached = StageReached(stage=stage, at=decision.at, summary=decision.summary)
            self.stages.setdefault(stage, reached)


def _opened(fills: Iterable[Fill], intents: Mapping[IntentId, Intent]) -> tuple[Rung, ...]:
    bought = {intents[fill.intent_id].rung for fill in fills if fill.side is Side.BUY}
    return tuple(rung for rung in Rung if rung in bought)


def _books(
    opening: AccountProved | None,
    taken: InputsTaken | None,
    known: ExecutionState,
    settlements: Mapping[ConId, Decimal | None],
) -> OwnBooks | None:
    if opening is None or taken is None or opening.opening.cash_usd is None:
        return None
    if None in settlements.values():  # what that paid is not known, and so the cash is not
        return None
    marks = _marks(taken.snapshot.quotes)
    multipliers = dict.fromkeys(_traded(known), VIX_CALL_MULTIPLIER)
    paid = {con_id: points for con_id, points in settlements.items() if points is not None}
    ours = {con_id: points for con_id, points in paid.items() if con_id in multipliers}
    ledger = ledger_of(known.fills.values(), multipliers, ours, known.adoptions)
    unrealized = ledger.unrealized_usd(marks)
    adopted = _adopted_from(opening, known.adoptions)
    paid_before = sum((each.cost_usd for each in adopted.values()), Decimal(0))
    before = {p.con_id: p.quantity for p in opening.positions if p.con_id not in settlements}
    return OwnBooks(
        cash_usd=to_cents(opening.opening.cash_usd + paid_before + ledger.cash_usd),
        positions=_added(before, ledger.positions(), adopted),
        hedge_pnl_usd=None if unrealized is None else to_cents(ledger.realized_usd + unrealized),
        condor_pnl_usd=_condor_pnl(opening, {**marks, **paid}, adopted),
    )


def _traded(known: ExecutionState) -> set[ConId]:
    filled = {fill.con_id for fill in known.fills.values()}
    return filled | {adoption.con_id for adoption in known.adoptions}


def _adopted_from(
    opening: AccountProved, adoptions: Iterable[Adoption]
) -> dict[ConId, _AdoptedBefore]:
    """Return what was adopted of the positions that were there before the bot.

    It was paid for before the opening balance was told. Of a contract's adoptions the first ones
    count, as far as the position of then reaches.
    """
    free = {p.con_id: max(p.quantity, 0) for p in opening.positions}
    found: dict[ConId, _AdoptedBefore] = {}
    for adoption in adoptions:
        taken = min(free.get(adoption.con_id, 0), adoption.quantity)
        if taken:
            free[adoption.con_id] -= taken
            known = found.get(adoption.con_id, _AdoptedBefore())
            cost = to_cents(adoption.cost_usd * taken / adoption.quantity)
            found[adoption.con_id] = _AdoptedBefore(known.quantity + taken, known.cost_usd + cost)
    return found


def _added(
    before: Mapping[ConId, int],
    since: Mapping[ConId, int],
    adopted: Mapping[ConId, _AdoptedBefore],
) -> dict[ConId, int]:
    """Return the positions of both, where what was adopted stands in both."""
    total = {
        con_id: before.get(con_id, 0)
        + since.get(con_id, 0)
        - adopted.get(con_id, _AdoptedBefore()).quantity
        for con_id in sorted(before.keys() | since.keys())
    }
    return {con_id: quantity for con_id, quantity in total.items() if quantity}


def _marks(quotes: Iterable[Quote]) -> dict[ConId, Decimal]:
    return {quote.con_id: quote.mark for quote in quotes if quote.mark is not None}


def _condor_pnl(
    opening: AccountProved,
    marks: Mapping[ConId, Decimal],
    adopted: Mapping[ConId, _AdoptedBefore],
) -> Decimal | None:
    """Return the profit at `marks` of what was there before the bot and was not adopted since."""
    left = {
        p.con_id: p.quantity - adopted.get(p.con_id, _AdoptedBefore()).quantity
        for p in opening.positions
    }
    if any(left[p.con_id] and p.con_id not in marks for p in opening.positions):
        return None
    profits = (
        left[p.con_id] * (marks[p.con_id] * CONDOR_MULTIPLIER - p.average_cost_usd)
        for p in opening.positions
        if left[p.con_id]
    )
    return to_cents(sum(profits, Decimal(0)))
