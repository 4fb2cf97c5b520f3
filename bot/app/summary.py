"""What a run decided and earned, told from its journal alone."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

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


class RunSummary(Value):
    """The run in numbers."""

    decisions: int
    sessions: int
    orders: int
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

    def add(self, stored: StoredEvent) -> None:
        """Take in the next event."""
        self.execution = apply(self.execution, stored.event, stored.at)
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
            fills=len(fills),
            stages=tuple(self.stages.values()),
            rungs_opened=_opened(fills.values(), self.intents),
            breaks=self.breaks,
            decision_hash=self.link,
            books=_books(self.opening, self.taken, fills),
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
    opening: AccountProved | None, taken: InputsTaken | None, fills: Mapping[str, Fill]
) -> OwnBooks | None:
    if opening is None or taken is None or opening.opening.cash_usd is None:
        return None
    marks = _marks(taken.snapshot.quotes)
    ledger = ledger_of(fills.values(), dict.fromkeys(_traded(fills), VIX_CALL_MULTIPLIER))
    unrealized = ledger.unrealized_usd(marks)
    others = {p.con_id: p.quantity for p in opening.positions}
    return OwnBooks(
        cash_usd=to_cents(opening.opening.cash_usd + ledger.cash_usd),
        positions=dict(sorted((others | ledger.positions()).items())),
        hedge_pnl_usd=None if unrealized is None else to_cents(ledger.realized_usd + unrealized),
        condor_pnl_usd=_condor_pnl(opening, marks),
    )


def _traded(fills: Mapping[str, Fill]) -> set[ConId]:
    return {fill.con_id for fill in fills.values()}


def _marks(quotes: Iterable[Quote]) -> dict[ConId, Decimal]:
    return {quote.con_id: quote.mark for quote in quotes if quote.mark is not None}


def _condor_pnl(opening: AccountProved, marks: Mapping[ConId, Decimal]) -> Decimal | None:
    """Return the profit at `marks` of the positions that were there before the bot."""
    if any(p.con_id not in marks for p in opening.positions):
        return None
    profits = (
        p.quantity * (marks[p.con_id] * CONDOR_MULTIPLIER - p.average_cost_usd)
        for p in opening.positions
    )
    return to_cents(sum(profits, Decimal(0)))
