"""Where calls that nobody bought would belong: suggestions for the user, and the labels they get.

A call fits the tier whose rungs could still hold it, by its days left and its delta; within the
tier it goes to the rungs of the nearest purchase delta that are free, as many as the ladder counts
there. A rung holds one contract. Nothing here decides: only the user adopts (methodology.md
section 1).
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.domain.book import Book
from bot.domain.decision import Ladder
from bot.domain.instruments import ConId
from bot.domain.orders import Label
from bot.domain.policy import LadderPolicy
from bot.domain.rungs import LADDER, RuleClass, Rung, Tier, rungs_of
from bot.domain.state import Scale
from bot.strategy.catalog import RULES
from bot.strategy.contracts import rung_contract
from bot.strategy.ladder import scale_counts

BUYING = {
    rule.id: rule.rule_class
    for rule in RULES
    if rule.rule_class
    in {RuleClass.INITIAL, RuleClass.STAGE, RuleClass.EMERGENCY, RuleClass.DISCRETIONARY}
}
"""The rules that buy, and the class of what they buy."""

_FIRST_RULE = {
    RuleClass.INITIAL: "R3",
    RuleClass.STAGE: "R5",
    RuleClass.EMERGENCY: "R8",
    RuleClass.DISCRETIONARY: "R10",
}
_DEFAULT_RULE = {Tier.S: "R3", Tier.M: "R7", Tier.D: "R8"}


class Stranger(NamedTuple):
    """So many contracts of a call that nobody bought; `delta` None where unknown."""

    con_id: ConId
    quantity: int
    dte: int
    delta: float | None


class Placement(NamedTuple):
    """So many contracts of a call for one rung."""

    con_id: ConId
    rung: Rung
    quantity: int


def tier_of(dte: int, delta: float | None, ladder: LadderPolicy) -> Tier:
    """Return the tier that could hold a call: not yet due to roll, bought no farther out.

    Of several the one with the nearest purchase delta, then with the nearest target days.
    """
    fitting = [
        tier for tier in Tier if ladder.tier(tier).roll_dte < dte <= ladder.tier(tier).max_dte
    ]
    if not fitting:
        return Tier.S if dte <= ladder.tier(Tier.S).roll_dte else Tier.D

    def distance(tier: Tier) -> tuple[float, int]:
        off = 0.0 if delta is None else min(abs(ladder.delta_of(r) - delta) for r in rungs_of(tier))
        return off, abs(ladder.tier(tier).target_dte - dte)

    return min(fitting, key=distance)


def place(
    strangers: Iterable[Stranger],
    book: Book,
    ladder: LadderPolicy,
    counts: Mapping[Rung, int],
) -> tuple[Placement, ...]:
    """Suggest rungs for calls that nobody bought, in the order of the ladder.

    Args:
        strangers: The calls; what finds no free rung in its tier gets no suggestion.
        book: What the rungs hold and buy already.
        ladder: Deltas and days of the rungs.
        counts: Contracts of each rung at the present scale; empty while it is unknown, then one
            rung takes all of a call.
    """
    seating = _Seating(book, ladder, counts)
    calls = sorted(strangers, key=lambda one: (-(one.delta or 0.0), one.con_id))
    seated = [call for call in calls if seating.seat(call)]
    for call in seated:
        seating.fill(call)
    return seating.placements()


def known_counts(ladder: Ladder | None, scale: Scale | None) -> dict[Rung, int]:
    """Return the contracts of each rung by the last decision, else by the scale in memory."""
    if ladder is not None and ladder.u is not None:
        return ladder.rungs
    return {} if scale is None else scale_counts(scale)


class _Seating:
    """Who sits where, while suggestions are made: first one rung for each, then the rest."""

    def __init__(self, book: Book, ladder: LadderPolicy, counts: Mapping[Rung, int]) -> None:
        self._ladder = ladder
        self._owner = {rung: rung_contract(book, rung) for rung in LADDER}
        self._room = {rung: max(counts.get(rung, 0) - book.in_rung(rung), 0) for rung in LADDER}
        self._is_open = not counts
        self._given: dict[tuple[Rung, ConId], int] = {}

    def seat(self, call: Stranger) -> bool:
        """Reserve the best free rung; tell whether there was one."""
        free = self._free(call)
        if free:
            self._owner[free[0]] = call.con_id
            self._given[free[0], call.con_id] = 0
        return bool(free)

    def fill(self, call: Stranger) -> None:
        """Give all contracts of a call that has a rung to it and to further free ones."""
        left = call.quantity
        rungs = self._free(call)
        for rung in rungs:
            taken = left if self._is_open else min(left, self._room[rung])
            if taken:
                self._owner[rung] = call.con_id
                self._given[rung, call.con_id] = taken
                left -= taken
        if left:  # more than the ladder counts: nothing is sold for that, so the first rung has it
            self._given[rungs[0], call.con_id] += left

    def placements(self) -> tuple[Placement, ...]:
        """Return what was given, in the order of the ladder."""
        ordered = sorted(self._given.items(), key=lambda one: LADDER.index(one[0][0]))
        return tuple(Placement(con_id, rung, n) for (rung, con_id), n in ordered if n)

    def _free(self, call: Stranger) -> list[Rung]:
        """Return the tier's rungs that hold nothing or this call, the nearest delta first."""
        tier = tier_of(call.dte, call.delta, self._ladder)
        rungs = [r for r in rungs_of(tier) if self._owner[r] in {None, call.con_id}]
        return sorted(rungs, key=lambda rung: (self._owner[rung] is None, self._off(rung, call)))

    def _off(self, rung: Rung, call: Stranger) -> float:
        return 0.0 if call.delta is None else abs(self._ladder.delta_of(rung) - call.delta)


def default_label(rung: Rung) -> Label:
    """Return what an adopted contract of `rung` counts as, if the user says nothing.

    S holds the initial allocation, M is bought by stage 2, D by stage 3 (R3, R7, R8).
    """
    rule = _DEFAULT_RULE[rung.tier]
    return Label(rule=rule, rule_class=BUYING[rule])


def label_of(text: str) -> Label:
    """Return the label called by a rule (R5) or by a class (initial).

    Raises:
        ValueError: no rule that buys and no class of one is called so.
    """
    rule = _FIRST_RULE.get(RuleClass(text), text) if text in set(RuleClass) else text
    if rule not in BUYING:
        known = ", ".join([*BUYING, *_FIRST_RULE])
        raise ValueError(f"expected a rule that buys or its class ({known}), got {text!r}")
    return Label(rule=rule, rule_class=BUYING[rule])
