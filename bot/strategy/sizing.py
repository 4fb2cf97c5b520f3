"""Sizing: the intended hedge and the scale of the ladder (R1, R2); R4 is declared.

V* remembers what the condors' vega was before a spike eats it; H* is the share of it that a full
ladder covers; u scales the 4/4/2 to H*. Nothing here follows the ticks: the scale is reset only
when a stage is entered or a condor comes or goes.
"""

from datetime import datetime
from typing import NamedTuple

from bot.domain.decision import Check
from bot.domain.readings import Reading, ReadingState, Scalar
from bot.domain.rungs import Tier
from bot.domain.state import CondorVega, Scale, StageEntry, TierScale
from bot.domain.truth import Truth
from bot.domain.value import replace
from bot.signals.beta import tenor_weight
from bot.strategy.draft import Case, Draft
from bot.strategy.ladder import full_ladder_vega, scale_counts
from bot.strategy.positions import Group, vega_usd
from bot.strategy.rule import Rule, Step


class _Term(NamedTuple):
    """A group's term of V*, and the memory it leaves; None where its vega was never known."""

    group: Group
    memory: CondorVega | None

    @property
    def usd(self) -> float | None:
        if self.memory is None:
            return None
        return max(self.memory.first, self.memory.peak or 0.0)


def _term(case: Case, group: Group, *, in_stage: bool) -> _Term:
    """Return the term of one condor (R1): the larger of V first seen and its peak in a stage.

    Where a leg has no usable quote the last known memory stands; without one the term is unknown.
    """
    vega = vega_usd(group, case.market)
    policy = case.policy
    weight = tenor_weight(group.dte, policy, policy.sizing.first_weight_cap)
    now = None if vega is None else vega * weight
    known = _remembered(case.state.condors, group)
    if known is None:
        if now is None:
            return _Term(group, None)
        known = CondorVega(key=group.key, first=now, quantity=group.quantity)
    if not in_stage:
        return _Term(group, replace(known, peak=None))
    peaks = [peak for peak in (known.peak, now) if peak is not None]
    return _Term(group, replace(known, peak=max(peaks, default=None)))


def _remembered(memories: tuple[CondorVega, ...], group: Group) -> CondorVega | None:
    """Return the memory of a group, scaled to the condors that are left of it (or were added)."""
    known = next((memory for memory in memories if memory.key == group.key), None)
    if known is None or known.quantity == group.quantity:
        return known
    share = group.quantity / known.quantity
    peak = None if known.peak is None else known.peak * share
    return replace(known, first=known.first * share, peak=peak, quantity=group.quantity)


class _Urgency(NamedTuple):
    check: Check
    weight: float
    is_blind: bool


def _near_event(case: Case, name: str, limit: int, weight: float) -> _Urgency:
    """Judge one event's distance (R1): a gap in the calendar is near, no dates are neutral."""
    reading = case.readings.get(name)
    is_blind = reading.state is ReadingState.MISSING
    distance = case.readings.number(name)
    near = not is_blind and (distance is None or distance <= limit)
    truth = Truth.UNKNOWN if is_blind or distance is None else Truth.of(near)
    return _Urgency(_check(case, reading, "<=", limit, truth), weight if near else 0.0, is_blind)


def _flagged(case: Case, name: str, weight: float) -> _Urgency:
    """Judge a macro flag (R1): unknown is neutral and blind."""
    reading, flag = case.readings.get(name), case.readings.flag(name)
    check = _check(case, reading, "is", "true", Truth.of(flag))
    return _Urgency(check, weight if flag is True else 0.0, flag is None)


def _check(case: Case, reading: Reading, operator: str, threshold: Scalar, truth: Truth) -> Check:
    now = case.inputs.snapshot.now
    return Check(
        what=reading.name,
        truth=truth,
        value=reading.value,
        operator=operator,
        threshold=threshold,
        state=reading.state,
        age_seconds=None if reading.as_of is None else (now - reading.as_of).total_seconds(),
    )


def _urgencies(case: Case) -> list[_Urgency]:
    sizing = case.policy.sizing
    releases = [
        _near_event(case, name, sizing.release_sessions, sizing.release_urgency)
        for name in ("event.cpi_sessions", "event.ppi_sessions")
    ]
    fomc = _near_event(case, "event.fomc_sessions", sizing.fomc_sessions, sizing.fomc_urgency)
    inflation = _flagged(case, "inflation.pressure", sizing.inflation_urgency)
    wacc = _flagged(case, "wacc.rising", sizing.wacc_urgency)
    return [fomc, *releases, inflation, wacc]


def _ratio(case: Case, urgencies: list[_Urgency]) -> float:
    """Return 35 % + 20 % x urgency; CPI and PPI count once together, urgency at most 1 (R1)."""
    fomc, cpi, ppi, inflation, wacc = (urgency.weight for urgency in urgencies)
    urgency = min(fomc + max(cpi, ppi) + inflation + wacc, 1.0)
    return case.policy.sizing.base_ratio + case.policy.sizing.urgency_ratio * urgency


def _intend(case: Case, draft: Draft) -> Draft:
    """R1: V* from the condors and their memory, and the ratio of it that is hedged."""
    terms = [_term(case, group, in_stage=bool(draft.stages)) for group in case.condors.all]
    unknown = [term.group.key for term in terms if term.usd is None]
    v_star = None if unknown else sum(term.usd or 0.0 for term in terms)
    urgencies = _urgencies(case)
    ratio = _ratio(case, urgencies)
    seen = tuple(
        Check(what=f"V of {t.group.key}", truth=Truth.of(t.usd is not None or None), value=t.usd)
        for t in terms
    )
    result = INTENDED_HEDGE.result(
        Truth.of(None if unknown else True),
        seen + tuple(urgency.check for urgency in urgencies),
        _intended_words(v_star, ratio, unknown),
        tuple(urgency.check.what for urgency in urgencies if urgency.is_blind),
    )
    memories = tuple(term.memory for term in terms if term.memory is not None)
    return draft.changed(condors=memories, v_star=v_star, ratio=ratio).with_result(result)


def _intended_words(v_star: float | None, ratio: float, unknown: list[str]) -> str:
    if v_star is None:
        return f"V* is unknown for want of quotes of {', '.join(unknown)}: no purchase"
    return f"V* {v_star:.0f} USD per point, {ratio:.0%} of it is the full ladder"


INTENDED_HEDGE = Rule(
    id="R1",
    title="Intended hedge",
    source=("A0", "A2", "A3"),
    step=Step.SIZING,
    reads=("G11", "G12", "G15"),
    evaluate=_intend,
)


def _composition(case: Case) -> tuple[str, ...]:
    return tuple(sorted(f"{group.key} x {group.quantity}" for group in case.condors.all))


def _entries(stages: tuple[StageEntry, ...]) -> tuple[str, ...]:
    return tuple(f"stage {entry.stage} {entry.entered_on}" for entry in stages)


def _cause(case: Case, draft: Draft) -> str:
    """Return why the scale must be reset, empty when it stands (R2)."""
    if draft.scale is None:
        return "first start"
    if set(_entries(draft.stages)) - set(draft.scale.entries):
        return "a stage was entered"
    return "" if _composition(case) == draft.scale.condors else "a condor came or went"


def _rescale(case: Case, draft: Draft) -> Draft:
    """R2: reset u when there is a cause and V* is known, else keep it."""
    cause = _cause(case, draft)
    if not cause:
        return draft.with_result(SCALE.result(Truth.FALSE, _scale_checks(draft), "u stands"))
    if draft.v_star is None:
        words = f"{cause}: u waits until V* is known"
        return draft.with_result(SCALE.result(Truth.UNKNOWN, _scale_checks(draft), words))
    reset = draft.changed(scale=_new_scale(case, draft, draft.v_star, cause))
    return reset.with_result(SCALE.result(Truth.TRUE, _scale_checks(reset), _reset_words(reset)))


def _new_scale(case: Case, draft: Draft, v_star: float, cause: str) -> Scale:
    tau = case.readings.number("curve.tau_days") or case.policy.beta.default_tau_days
    full = full_ladder_vega(case.policy.ladder, tau)
    h_star = draft.ratio * v_star
    return Scale(
        u=h_star / full,
        ratio=draft.ratio,
        v_star=v_star,
        h_star=h_star,
        full_ladder_vega=full,
        tau_days=tau,
        reset_on=case.day,
        cause=cause,
        condors=_composition(case),
        entries=_entries(draft.stages),
    )


def rescaled_tier(case: Case, draft: Draft, tier: Tier, settlement: datetime) -> Draft:
    """Return the draft with a new scale of the one tier that rolls, once for each month (R2).

    While V* is unknown the tier keeps the scale it has.
    """
    if draft.scale is None or draft.v_star is None:
        return draft
    known = {one.tier: one for one in draft.scale.tiers}
    if tier in known and known[tier].settlement == settlement:
        return draft
    u = _new_scale(case, draft, draft.v_star, "").u
    known[tier] = TierScale(tier=tier, u=u, settlement=settlement, reset_on=case.day)
    return draft.changed(
        scale=replace(draft.scale, tiers=tuple(known[t] for t in Tier if t in known))
    )


def _scale_checks(draft: Draft) -> tuple[Check, ...]:
    if draft.scale is None:
        return ()
    known = {"u": draft.scale.u, "H*": draft.scale.h_star, "tau_days": draft.scale.tau_days}
    return tuple(Check(what=what, truth=Truth.TRUE, value=value) for what, value in known.items())


def _reset_words(draft: Draft) -> str:
    assert draft.scale is not None
    contracts = sum(scale_counts(draft.scale).values())
    size = f"{contracts} contracts" if contracts else "no contract: the condors are too small"
    if draft.scale.v_star <= 0.0:
        size = "no contract: there is nothing to hedge"
    return f"u {draft.scale.u:.3f} ({draft.scale.cause}): the ladder is {size}"


SCALE = Rule(
    id="R2",
    title="Scale of the ladder",
    source=("A0", "A1"),
    step=Step.SIZING,
    evaluate=_rescale,
)

WING_LIMIT = Rule(
    id="R4",
    title="Wing limit",
    source=("A0",),
    step=Step.SIZING,
)
