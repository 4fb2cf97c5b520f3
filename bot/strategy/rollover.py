"""What becomes of each held contract at its roll: kept, rolled, closed, or left waiting (R14).

Due is what has reached its tier's roll day, also one missed while away, or is rolled early. What
the ladder still wants is rolled; what it does not want any more runs off here; what a stage bought
is re-opened only while that stage's entry trigger is true, else closed and spent. On unknown
nothing is rolled: the contract is held on, at the latest to its final close.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.domain.instruments import Option
from bot.domain.rungs import Tier
from bot.domain.truth import Truth
from bot.strategy import early, stages
from bot.strategy.allocation import INITIAL_ALLOCATION
from bot.strategy.contracts import untouchable
from bot.strategy.draft import Case, Draft
from bot.strategy.finality import has_stopped, is_final
from bot.strategy.holdings import Key, first_to_leave, holdings
from bot.strategy.motion import held_in_tier
from bot.strategy.reopening import stage_of
from bot.strategy.replacement import begun_into
from bot.strategy.swaps import owed_by_key
from bot.strategy.triggers import Finding

ROLLING_ID = "R14.roll"
RUN_OFF_ID = "R12"
NO_CONDOR_ID = "R31"


class Due(NamedTuple):
    """A held contract at its roll; `quantity` leaves out what is to be sold as replaced.

    `is_early` while its roll day still lies ahead.
    """

    key: Key
    option: Option
    dte: int
    quantity: int
    is_early: bool


class Verdict(NamedTuple):
    """What is to become of a due contract, of which the ladder has a use for `wanted`.

    `rule` is the one that closes; `reason` says why it does, or why all of it waits.
    """

    due: Due
    wanted: int = 0
    roll: int = 0
    close: int = 0
    rule: str = ROLLING_ID
    reason: str = ""


class Sight(NamedTuple):
    """What verdicts are made from: contracts in force by tier, and the stages' entry triggers."""

    targets: Mapping[Tier, int]
    entries: Mapping[int, Finding]


def due_now(case: Case) -> tuple[Due, ...]:
    """Return the held contracts that have reached their roll day, or go on with an early roll.

    An early roll goes on for its day, and after it where a part of the rung has moved already.
    """
    return tuple(due for due in _running(case) if not due.is_early or _goes_on(case, due))


def _goes_on(case: Case, due: Due) -> bool:
    if early.is_early_today(case, due.key):
        return True
    return begun_into(case, due.key.rung, due.option) is not None


def not_due(case: Case) -> tuple[Due, ...]:
    """Return the held contracts whose roll day lies ahead and that may be rolled early, once."""
    return tuple(
        due
        for due in _running(case)
        if due.is_early
        and not _goes_on(case, due)
        and not early.had_its_early_roll(case, due.key)
        and not untouchable(case.inputs.book, due.key.con_id)
    )


def ending(case: Case) -> dict[Key, int]:
    """Return what is held of the contracts that are at their final close."""
    return {
        key: held
        for key, held in holdings(case.inputs.book).items()
        if (option := case.market.option(key.con_id)) is not None and is_final(case, option)
    }


def wanted_of(case: Case, targets: Mapping[Tier, int], found: Iterable[Verdict]) -> dict[Key, int]:
    """Return how much of what is at its roll or its final close the ladder has a use for."""
    leaving = spare(case, targets)
    ends = {key: max(held - leaving[key], 0) for key, held in ending(case).items()}
    return ends | {verdict.due.key: verdict.wanted for verdict in found}


def _running(case: Case) -> Iterable[Due]:
    book = case.inputs.book
    replaced = owed_by_key(book, case.state.swaps)
    for key, held in holdings(book).items():
        option = case.market.option(key.con_id)
        if option is None or is_final(case, option) or has_stopped(case, option):
            continue
        dte = case.market.term(option).dte
        is_early = dte > case.policy.ladder.tier(key.rung.tier).roll_dte
        yield Due(key, option, dte, held - replaced[key], is_early)


def spare(case: Case, targets: Mapping[Tier, int]) -> Counter[Key]:
    """Return the contracts the ladder can do without, in the order in which they would leave."""
    book = case.inputs.book
    replaced = owed_by_key(book, case.state.swaps)
    ends = {key.con_id for key in ending(case)}
    found: Counter[Key] = Counter()
    for tier in Tier:
        excess = held_in_tier(case, tier).filled - targets[tier]
        found += first_to_leave(book, tier, excess, ends, replaced)
    return found


def verdicts(case: Case, draft: Draft, dues: Iterable[Due], sight: Sight) -> tuple[Verdict, ...]:
    """Return what is to become of each due contract."""
    leaving = spare(case, sight.targets)
    return tuple(_verdict(case, draft, due, leaving[due.key], sight) for due in dues)


def _verdict(case: Case, draft: Draft, due: Due, spare_count: int, sight: Sight) -> Verdict:
    if reason := untouchable(case.inputs.book, due.key.con_id):
        return Verdict(due, reason=reason)
    unwanted = min(spare_count, due.quantity)
    wanted = due.quantity - unwanted
    entry = _may_reopen(draft, due, sight) if wanted else Truth.TRUE
    if due.is_early:
        return Verdict(due, wanted, roll=wanted if entry.fires else 0, reason="before its time")
    rule, reason = _why_unwanted(case, draft, due, unwanted)
    if entry is Truth.TRUE:
        return Verdict(due, wanted, wanted, unwanted, rule, reason)
    if entry is Truth.FALSE:
        closed = f"the entry of stage {stage_of(due.key.label)} is not true"
        return Verdict(due, wanted, 0, due.quantity, rule, _joined(reason, closed))
    held = f"whether {due.key.label.rule} still asks for it is not known: held on"
    return Verdict(due, wanted, 0, unwanted, rule, _joined(reason, held))


def _joined(*reasons: str) -> str:
    return "; ".join(filter(None, reasons))


def _may_reopen(draft: Draft, due: Due, sight: Sight) -> Truth:
    """Return whether what the ladder has a use for may be opened again.

    A stage's contract asks for the stage's entry; an initial one for a size of R3 that is known.
    """
    stage = stage_of(due.key.label)
    if stage is not None:
        return sight.entries[stage].truth
    initial = next(one for one in draft.results if one.rule == INITIAL_ALLOCATION.id)
    is_doubted = due.key.label.rule == initial.rule and initial.truth is Truth.UNKNOWN
    return Truth.UNKNOWN if is_doubted else Truth.TRUE


def _why_unwanted(case: Case, draft: Draft, due: Due, unwanted: int) -> tuple[str, str]:
    """Return the rule that lets contracts run off, and its words."""
    stage = stage_of(due.key.label)
    if not unwanted:
        return ROLLING_ID, ""
    if not case.condors.found:
        return NO_CONDOR_ID, "no live condor"
    if stage is not None and not stages.is_on(draft.stages, stage):
        return RUN_OFF_ID, f"stage {stage} was left"
    return ROLLING_ID, "the ladder wants fewer"
