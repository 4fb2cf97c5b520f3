"""What a run decided and earned, told from its journal alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
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
from bot.execution.restore import restore

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


def summarise(events: Sequence[StoredEvent]) -> RunSummary:
    """Return the summary of the runs in a journal."""
    told = [stored.event for stored in events]
    decisions = [event for event in told if isinstance(event, DecisionMade)]
    intents = {
        event.intent.intent_id: event.intent for event in told if isinstance(event, OrderIntended)
    }
    fills = restore(events).fills
    return RunSummary(
        decisions=len(decisions),
        sessions=len({event.snapshot.session.date for event in _taken(told)}),
        orders=len(intents),
        fills=len(fills),
        stages=tuple(_stages(event.decision for event in decisions)),
        rungs_opened=_opened(fills.values(), intents),
        breaks=sum(isinstance(event, BreakFound) for event in told),
        decision_hash=decisions[-1].link if decisions else GENESIS,
        books=_books(told, fills),
    )


def _taken(told: Iterable[object]) -> list[InputsTaken]:
    return [event for event in told if isinstance(event, InputsTaken)]


def _stages(decisions: Iterable[Decision]) -> Iterable[StageReached]:
    seen: set[int] = set()
    for decision in decisions:
        for stage in decision.entered:
            if stage not in seen:
                seen.add(stage)
                yield StageReached(stage=stage, at=decision.at, summary=decision.summary)


def _opened(fills: Iterable[Fill], intents: Mapping[IntentId, Intent]) -> tuple[Rung, ...]:
    bought = {intents[fill.intent_id].rung for fill in fills if fill.side is Side.BUY}
    return tuple(rung for rung in Rung if rung in bought)


def _books(told: Sequence[object], fills: Mapping[str, Fill]) -> OwnBooks | None:
    opening = next((event for event in told if isinstance(event, AccountProved)), None)
    taken = _taken(told)
    if opening is None or not taken or opening.opening.cash_usd is None:
        return None
    marks = _marks(taken[-1].snapshot.quotes)
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
