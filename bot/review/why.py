"""Why a rule fires or does not: its checks now and lately, what it lacks, what stands above it.

Pure: it reads decisions newest first, and no further back than the answer lies. The words for it
stand in `bot.review.because`.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.decision import Check, Decision, DecisionId, Override, RuleResult, RuleStatus
from bot.domain.logic import Move, fewest_moves
from bot.domain.orders import Intent
from bot.domain.truth import Truth
from bot.domain.value import Value

RECENT = 10
"""Decisions shown where nobody says how many."""


class Moment(Value):
    """What the rule said in one decision."""

    decision_id: DecisionId
    at: datetime
    truth: Truth
    checks: tuple[Check, ...]
    followed: str


class Since(Value):
    """The oldest decision of an unbroken row up to the newest; `decisions` are in the row.

    `is_whole` tells that the record begins within the row, so that it may be longer.
    """

    decision_id: DecisionId
    at: datetime
    decisions: int
    is_whole: bool


class Standing(Value):
    """An override of the newest decision, and since when one rule stands above the other so."""

    override: Override
    since: Since


class Ordered(Value):
    """The newest decision that wanted orders by the rule."""

    decision_id: DecisionId
    at: datetime
    intents: tuple[Intent, ...]


class Why(Value):
    """Everything about one rule; `recent` holds its latest moments, newest first.

    `since` is how long it has fired, or not fired, whether it was false or unknown then. `lacks`
    are the fewest checks that must turn for it to fire, None where that cannot be told: its truth
    is more than the join of its checks. `looked` counts the decisions read.
    """

    rule: str
    title: str
    status: RuleStatus
    now: Moment
    since: Since
    lacks: tuple[Check, ...] | None
    last_fired: Moment | None
    last_ordered: Ordered | None
    above_it: tuple[Standing, ...]
    below_it: tuple[Standing, ...]
    blind: tuple[str, ...]
    recent: tuple[Moment, ...]
    looked: int


def why(newest_first: Iterable[Decision], rule: str, recent: int = RECENT) -> Why | None:
    """Return what is to be said of `rule`; None where the newest decision does not know it."""
    look: _Look | None = None
    for decision in newest_first:
        result = next((one for one in decision.rules if one.rule == rule), None)
        if look is None:
            if result is None:
                return None
            look = _Look(decision, result, recent)
        look.take(decision, result)
        if look.is_done:
            break
    return None if look is None else look.answer()


class _Row:
    """An unbroken row of decisions up to the newest, counted back to where it begins."""

    def __init__(self) -> None:
        self._oldest: Decision | None = None
        self._count = 0
        self.is_broken = False

    def take(self, decision: Decision, *, belongs: bool) -> None:
        self.is_broken = self.is_broken or not belongs
        if not self.is_broken:
            self._oldest, self._count = decision, self._count + 1

    def since(self) -> Since:
        assert self._oldest is not None  # the newest decision belongs to each row
        return Since(
            decision_id=self._oldest.decision_id,
            at=self._oldest.at,
            decisions=self._count,
            is_whole=not self.is_broken,
        )


class _Look:
    """What was found so far on the way back from the newest decision."""

    def __init__(self, newest: Decision, result: RuleResult, recent: int) -> None:
        self._newest, self._result, self._wanted = newest, result, recent
        self._row = _Row()
        pairs = [one for one in newest.overrides if result.rule in {one.winner, one.loser}]
        self._overrides = [(override, _Row()) for override in pairs]
        self._recent: list[Moment] = []
        self._fired: Moment | None = None
        self._ordered: Ordered | None = None
        self._looked = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing older could add to the answer."""
        rows = [self._row, *(row for _, row in self._overrides)]
        return (
            len(self._recent) >= self._wanted
            and self._fired is not None
            and self._ordered is not None
            and all(row.is_broken for row in rows)
        )

    def take(self, decision: Decision, result: RuleResult | None) -> None:
        self._looked += 1
        fires = self._result.truth.fires
        self._row.take(decision, belongs=result is not None and result.truth.fires is fires)
        for override, row in self._overrides:
            row.take(decision, belongs=any(_same(override, one) for one in decision.overrides))
        if result is not None:
            self._note(decision, result)
        intents = tuple(one for one in decision.intents if one.rule == self._result.rule)
        if intents and self._ordered is None:
            self._ordered = Ordered(
                decision_id=decision.decision_id, at=decision.at, intents=intents
            )

    def _note(self, decision: Decision, result: RuleResult) -> None:
        moment = _moment(decision, result)
        if len(self._recent) < self._wanted:
            self._recent.append(moment)
        if result.truth.fires and self._fired is None:
            self._fired = moment

    def answer(self) -> Why:
        result = self._result
        standing = [
            Standing(override=override, since=row.since()) for override, row in self._overrides
        ]
        return Why(
            rule=result.rule,
            title=result.title,
            status=result.status,
            now=_moment(self._newest, result),
            since=self._row.since(),
            lacks=lacking(result),
            last_fired=self._fired,
            last_ordered=self._ordered,
            above_it=tuple(one for one in standing if one.override.loser == result.rule),
            below_it=tuple(one for one in standing if one.override.winner == result.rule),
            blind=result.blind,
            recent=tuple(self._recent),
            looked=self._looked,
        )


def _same(one: Override, other: Override) -> bool:
    """Tell whether two overrides are of the same rules; their reasons name passing numbers."""
    return (one.winner, one.loser) == (other.winner, other.loser)


def _moment(decision: Decision, result: RuleResult) -> Moment:
    return Moment(
        decision_id=decision.decision_id,
        at=decision.at,
        truth=result.truth,
        checks=result.checks,
        followed=result.followed,
    )


def lacking(result: RuleResult) -> tuple[Check, ...] | None:
    """Return the fewest checks that must turn for a rule to fire; None where it cannot be told."""
    if result.truth.fires:
        return ()
    if result.logic is None:
        return None
    either = frozenset({Truth.TRUE, Truth.FALSE})
    moves = [Move(check.truth, either) for check in result.checks]
    positions = fewest_moves(result.logic, Truth.TRUE, moves)
    return None if positions is None else tuple(result.checks[position] for position in positions)
