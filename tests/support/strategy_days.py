"""Plays rows of a table through the strategy, each row one evaluation, and keeps its memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bot.domain.account import Position
from bot.domain.book import Book, Lot
from bot.domain.decision import Decision, RuleResult
from bot.domain.inputs import EvaluationKind
from bot.domain.instruments import ConId
from bot.domain.orders import Intent, Label, Side
from bot.domain.policy import Policy
from bot.domain.readings import Scalar
from bot.domain.rungs import RuleClass, Rung
from bot.domain.state import CondorVega, StageEntry, StrategyState
from bot.domain.value import replace
from bot.strategy.decide import decide_on
from tests.support.strategy_world import (
    call_id,
    condor_positions,
    inputs,
    moment,
    readings,
)

CLOSE_TIME = "16:20"

CONDOR = "SPXW 2018-03-02 2500/2550/2850/2900"

CLASS_OF = {
    "R3": RuleClass.INITIAL,
    "R8": RuleClass.EMERGENCY,
    "R9": RuleClass.DISCRETIONARY,
}
"""The classes of the rules that buy, where it is not the stages'."""

FULL_LADDER_USD = 120.6497
"""Hedge vega of one 4/4/2 at tau 45, by hand: 100 (1.7 e^(-2/3) + 1.2 e^(-4/3) + 0.25 e^(-8/3))."""


def sized(
    u: float = 1.0, state: StrategyState | None = None, *, urgency: float = 0.0
) -> StrategyState:
    """Return a memory of one condor whose first vega makes the scale `u` at a ratio of 35 %."""
    first = u * FULL_LADDER_USD / (0.35 + 0.20 * urgency)
    return replace(state or StrategyState(), condors=(CondorVega(key=CONDOR, first=first),))


@dataclass(frozen=True)
class Row:
    """One evaluation and what it must come to.

    `at` is `2018-02-05 10:00` New York; at 16:20 it is the close evaluation. `sees` are changes to
    a calm day's readings, `stale` and `missing` are names among them.
    """

    at: str
    sees: Mapping[str, Scalar] = field(default_factory=dict)
    stale: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    stage: int = 0
    entered: tuple[int, ...] = ()
    left: int | None = None
    closes: Mapping[int, int] | None = None

    @property
    def kind(self) -> EvaluationKind:
        at_close = self.at.endswith(CLOSE_TIME)
        return EvaluationKind.CLOSE if at_close else EvaluationKind.INTRADAY


@dataclass
class Desk:
    """The memory and the book between evaluations; every intent fills at once at its limit."""

    state: StrategyState = field(default_factory=sized)
    book: Book = field(default_factory=Book)
    policy: Policy = field(default_factory=Policy)
    fills: bool = True
    positions: tuple[Position, ...] = condor_positions(1)

    def evaluate(self, row: Row) -> Decision:
        given = inputs(
            row.at, kind=row.kind, book=self.book, policy=self.policy, positions=self.positions
        )
        seen = readings(row.sees, stale=row.stale, missing=row.missing, at=row.at)
        decision, self.state = decide_on(given, self.state, seen)
        if self.fills:
            self.book = filled(self.book, decision.intents, row.at)
        return decision


def play(rows: Iterable[Row], desk: Desk | None = None) -> list[Decision]:
    """Evaluate the rows in turn and check what each must come to."""
    desk = desk or Desk()
    decisions = []
    for row in rows:
        decision = desk.evaluate(row)
        got = (row.at, decision.stage, decision.entered, decision.left)
        assert got == (row.at, row.stage, row.entered, row.left), decision.summary
        if row.closes is not None:
            counted = {entry.stage: entry.exit_closes for entry in desk.state.stages}
            assert counted == row.closes, row.at
        decisions.append(decision)
    return decisions


def filled(book: Book, intents: Iterable[Intent], at: str) -> Book:
    """Return the book after every intent filled at its limit, both legs of a roll at once."""
    lots = list(book.lots)
    for intent in intents:
        if intent.closes is not None:
            lots = _without(lots, intent.rung, intent.closes, intent.quantity, intent.keeps)
        if intent.side is Side.SELL:
            lots = _without(lots, intent.rung, intent.con_id, intent.quantity, intent.keeps)
            continue
        lots.append(
            Lot(
                intent_id=intent.intent_id,
                rung=intent.rung,
                con_id=intent.con_id,
                quantity=intent.quantity,
                price=max(intent.limit, Decimal("0.01")),
                rule=intent.label.rule,
                rule_class=intent.label.rule_class,
                opened_at=moment(at),
            )
        )
    return replace(book, lots=tuple(lots))


def _without(
    lots: list[Lot], rung: Rung, con_id: ConId, quantity: int, label: Label | None
) -> list[Lot]:
    """Return the lots after a sale; selling what is not held fails the test."""
    kept = []
    for one in lots:
        is_meant = (one.rung, one.con_id) == (rung, con_id) and label in {None, one.label}
        taken = min(one.quantity, quantity) if is_meant else 0
        quantity -= taken
        if one.quantity > taken:
            kept.append(replace(one, quantity=one.quantity - taken))
    assert quantity == 0, f"{quantity} more of {con_id} sold in {rung} than it holds"
    return kept


def lot(
    rung: Rung,
    quantity: int = 1,
    *,
    month: str = "mar",
    strike: int = 16,
    price: str = "1.00",
    rule: str = "R5",
    opened: str = "2018-02-01 10:00",
) -> Lot:
    """Return contracts of `rung` that `rule` bought some time ago."""
    return Lot(
        intent_id=f"old/{rung}",  # type: ignore[arg-type]
        rung=rung,
        con_id=call_id(month, strike),
        quantity=quantity,
        price=Decimal(price),
        rule=rule,
        rule_class=CLASS_OF.get(rule, RuleClass.STAGE),
        opened_at=moment(opened),
    )


def staged(*numbers: int, entered: str = "2018-02-02", u: float = 1.0) -> StrategyState:
    """Return a memory in which these stages have been on since `entered`, with a scale of `u`."""
    day = moment(f"{entered} 10:00").date()
    stages = tuple(StageEntry(stage=n, entered_on=day) for n in numbers)
    return sized(u, StrategyState(session=day, stages=stages))


def line_of(decision: Decision, rule: str) -> RuleResult:
    """Return what `rule` left in the decision."""
    return next(result for result in decision.rules if result.rule == rule)


def bought(decision: Decision) -> dict[Rung, int]:
    """Return the contracts a decision buys, by rung; a roll adds none."""
    return {i.rung: i.quantity for i in decision.intents if i.side is Side.BUY and not i.is_roll}


def rolled(decision: Decision) -> dict[Rung, int]:
    """Return the contracts a decision rolls as combinations, by rung."""
    return {i.rung: i.quantity for i in decision.intents if i.is_roll}


def sold(decision: Decision) -> dict[Rung, int]:
    """Return the contracts a decision sells, by rung."""
    return {i.rung: i.quantity for i in decision.intents if i.side is Side.SELL}
