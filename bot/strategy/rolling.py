"""R14's rolling: what is at its roll is rolled, closed or left waiting, and every word of it said.

What becomes of each contract stands in `bot.strategy.rollover`, the orders in
`bot.strategy.rollorders`, the early signs in `bot.strategy.early`, what is spent in
`bot.strategy.reopening`. Here they are put together, tier by tier the scale is reset (R2), and the
memory of what goes on is kept.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.domain.decision import Check, Override, RuleResult
from bot.domain.rungs import RuleClass, Tier
from bot.domain.state import EarlyRoll
from bot.domain.truth import Truth
from bot.strategy import early, motion
from bot.strategy.contracts import Refusal
from bot.strategy.draft import Case, Draft
from bot.strategy.holdings import holdings
from bot.strategy.ladder import scale_counts
from bot.strategy.reopening import entry_of, leaving_now, spent_now, stage_of
from bot.strategy.replacement import replacement
from bot.strategy.rollorders import RollOrders
from bot.strategy.rollover import (
    ROLLING_ID,
    Due,
    Sight,
    Verdict,
    due_now,
    not_due,
    verdicts,
    wanted_of,
)
from bot.strategy.rule import Rule, Step
from bot.strategy.shares import wanted_targets
from bot.strategy.sizing import rescaled_tier
from bot.strategy.slippage import moment_obstacle
from bot.strategy.swaps import going_on


class _Plan(NamedTuple):
    """What this evaluation makes of every contract at its roll, and what it looked at."""

    draft: Draft
    verdicts: tuple[Verdict, ...]
    checks: tuple[Check, ...]
    blind: tuple[str, ...]


def _roll(case: Case, draft: Draft) -> Draft:
    """R14: roll what has reached its roll day, or is worth rolling early; close the rest."""
    draft = _remembered(case, draft)
    if draft.scale is None:
        words = "the ladder has no scale yet: what is held is held on, at most to its final close"
        return draft.with_result(ROLLING.result(Truth.UNKNOWN, (), words))
    plan = _with_early(case, _planned(case, draft, due_now(case)))
    wanted = wanted_of(case, _targets(case, plan.draft), plan.verdicts)
    kept = plan.draft.changed(leaving=leaving_now(case, wanted))
    if case.trust.orders:
        words = "; ".join(bar.reason for bar in case.trust.orders) if plan.verdicts else ""
        return kept.with_result(_line(plan, words))
    orders = RollOrders(case, kept, _bar(case))
    orders.carry_out(plan.verdicts)
    stopped = tuple(
        Override(winner="R29", loser=ROLLING_ID, reason=f"{stop.rung}: {stop.reason}")
        for stop in orders.stops
    )
    done = kept.changed(
        intents=(*kept.intents, *orders.intents),
        cancels=(*kept.cancels, *orders.cancels),
        reprices=(*kept.reprices, *orders.reprices),
        overrides=(*kept.overrides, *stopped),
        swaps=tuple(orders.swaps),
        early=(*kept.early, *_begun_early(case, plan.verdicts, orders)),
    )
    return done.with_result(_line(plan, _words(case, plan, orders)))


def _remembered(case: Case, draft: Draft) -> Draft:
    """Return the draft with what the last evaluation left behind brought up to date."""
    return draft.changed(
        spent=spent_now(case, draft),
        leaving=(),
        swaps=going_on(case.inputs.book, draft.swaps),
        early=early.still_held(case, draft.early),
    )


def _planned(case: Case, draft: Draft, dues: tuple[Due, ...]) -> _Plan:
    """Judge what is due; a tier that rolls has its scale reset first, once a month (R2)."""
    found = verdicts(case, draft, dues, _sight(case, draft, dues))
    for verdict in found:
        if verdict.roll:
            settlement = verdict.due.option.settlement
            draft = rescaled_tier(case, draft, verdict.due.key.rung.tier, settlement)
    sight = _sight(case, draft, dues)
    found = verdicts(case, draft, dues, sight)
    entries = [sight.entries[stage] for stage in sorted(sight.entries)]
    checks = (
        *(_due_check(case, due) for due in dues),
        *_target_checks(case, dues, sight),
        *(check for entry in entries for check in entry.checks),
    )
    return _Plan(draft, found, checks, tuple(name for entry in entries for name in entry.blind))


def _sight(case: Case, draft: Draft, dues: Iterable[Due]) -> Sight:
    named = {stage_of(due.key.label) for due in dues} - {None}
    entries = {stage: entry_of(case, draft, stage) for stage in named if stage is not None}
    return Sight(_targets(case, draft), entries)


def _targets(case: Case, draft: Draft) -> dict[Tier, int]:
    """Return what the ladder wants of each tier: nothing without a live condor (R31)."""
    assert draft.scale is not None
    if not case.condors.found:
        return dict.fromkeys(Tier, 0)
    counts = scale_counts(draft.scale)
    return motion.banded_targets(case, draft, counts, wanted_targets(case, draft, counts))


def _with_early(case: Case, plan: _Plan) -> _Plan:
    """Add what is worth rolling before its time, while one of the signs is true.

    Not where no roll can be ordered now: a tier's scale is reset at its roll, not by a sign (R2).
    """
    candidates = not_due(case)
    if not candidates:
        return plan
    signs = early.signs(case)
    seen = plan._replace(checks=(*plan.checks, *signs.checks), blind=(*plan.blind, *signs.blind))
    if not signs.truth.fires or case.trust.orders or _bar(case):
        return seen
    sight = _sight(case, plan.draft, candidates)
    weighed = {
        verdict.due: check
        for verdict in verdicts(case, plan.draft, candidates, sight)
        if verdict.roll == verdict.due.quantity and (check := _worth(case, verdict.due)) is not None
    }
    worthy = _whole_rungs(case, weighed)
    again = _planned(case, plan.draft, (*(verdict.due for verdict in plan.verdicts), *worthy))
    return again._replace(
        checks=(*again.checks, *signs.checks, *weighed.values()),
        blind=(*again.blind, *signs.blind),
    )


def _whole_rungs(case: Case, weighed: Mapping[Due, Check]) -> list[Due]:
    """Return what is worth rolling early, where that is all a rung holds: it holds one contract."""
    worthy = [due for due, check in weighed.items() if check.truth.fires]
    moving = {due.key for due in worthy}
    staying = {key.rung for key in holdings(case.inputs.book) if key not in moving}
    return [due for due in worthy if due.key.rung not in staying]


def _worth(case: Case, due: Due) -> Check | None:
    """Return the check of an early roll's cost, None where there is nothing to roll into."""
    choice = replacement(case, due.key.rung, due.option)
    if isinstance(choice, Refusal):
        return None
    found = early.worth(case, due.key.con_id, choice.option.con_id)
    return early.worth_check(due.option, due.key.rung, found, case.policy.rolling.theta_days)


def _begun_early(case: Case, found: Iterable[Verdict], orders: RollOrders) -> tuple[EarlyRoll, ...]:
    """Return the memory of early rolls ordered now: once per contract."""
    before_time = {verdict.due.key for verdict in found if verdict.due.is_early}
    return tuple(
        EarlyRoll(rung=key.rung, closes=key.con_id, con_id=con_id, day=case.day)
        for key, con_id in orders.rolled
        if key in before_time and not early.is_early_today(case, key)
    )


def _bar(case: Case) -> str:
    """Return what keeps every roll from being made now: unknown money, or R29's moment."""
    unknown = "; ".join(bar.reason for bar in case.trust.buys)
    return unknown or moment_obstacle(case)


def _due_check(case: Case, due: Due) -> Check:
    limit = case.policy.ladder.tier(due.key.rung.tier).roll_dte
    return Check(
        what=f"days left of {due.option.local_symbol} in {due.key.rung}",
        truth=Truth.of(due.dte <= limit),
        value=due.dte,
        operator="<=",
        threshold=limit,
    )


def _target_checks(case: Case, dues: Iterable[Due], sight: Sight) -> tuple[Check, ...]:
    tiers = dict.fromkeys(due.key.rung.tier for due in dues)
    held = {tier: motion.held_in_tier(case, tier).filled for tier in tiers}
    return tuple(
        Check(
            what=f"{tier} held against its target",
            truth=Truth.of(held[tier] > sight.targets[tier]),
            value=held[tier],
            operator=">",
            threshold=sight.targets[tier],
        )
        for tier in tiers
    )


def _line(plan: _Plan, words: str) -> RuleResult:
    truth = Truth.of(bool(plan.verdicts))
    return ROLLING.result(truth, plan.checks, words, tuple(dict.fromkeys(plan.blind)))


def _words(case: Case, plan: _Plan, orders: RollOrders) -> str:
    """Return what follows for each contract, what stands in the way, and what else changed."""
    return "; ".join(
        [
            *(_verdict_words(verdict) for verdict in plan.verdicts),
            *(f"{stop.rung}: {stop.reason}" for stop in orders.stops),
            *_scale_words(case, plan.draft),
            *(f"{one.quantity} of {one.tier} count as spent" for one in plan.draft.spent),
        ]
    )


def _verdict_words(verdict: Verdict) -> str:
    due = verdict.due
    acts = [
        f"{verb} {count}"
        for verb, count in (("rolls", verdict.roll), ("closes", verdict.close))
        if count
    ]
    said = " and ".join(acts) or "waits"
    reason = f" ({verdict.reason})" if verdict.reason else ""
    return f"{due.key.rung} {said} of {due.option.local_symbol}{reason}"


def _scale_words(case: Case, draft: Draft) -> tuple[str, ...]:
    before = () if case.state.scale is None else case.state.scale.tiers
    after = () if draft.scale is None else draft.scale.tiers
    return tuple(f"u of {one.tier} is {one.u:.3f} now" for one in after if one not in before)


ROLLING = Rule(
    id=ROLLING_ID,
    title="Rolling",
    source=("A0", "A1", "A4"),
    step=Step.ROLL,
    rule_class=RuleClass.ROLL,
    reads=("G2", "G3", "G5"),
    evaluate=_roll,
)
