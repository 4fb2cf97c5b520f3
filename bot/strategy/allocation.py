"""R3, the initial allocation: the cheap hedge held before anything happens.

Its size is a share of the condors' notional, from 15 % at a low VIX RSI, when calls are cheap and
what comes is a rise, down to 10 % at a high one. It speaks only while no stage is on; what it asked
for last stays in the target while one is (R27 adds the confirmations to it).

While the RSI or the forward is unknown the size is: then nothing is bought, and what is held or at
work stays wanted. Not even the 10 % is taken for granted, since unknown is never true
(methodology.md section 4).
"""

from typing import NamedTuple

from bot.domain.decision import Check
from bot.domain.policy import InitialPolicy
from bot.domain.readings import ReadingState
from bot.domain.rungs import RuleClass, Tier
from bot.domain.truth import Truth
from bot.strategy.contracts import target_series
from bot.strategy.draft import Case, Draft
from bot.strategy.ladder import round_half_up, scale_counts, tier_count
from bot.strategy.money import VIX_OPTION_USD
from bot.strategy.motion import held_in_tier
from bot.strategy.positions import notional_usd
from bot.strategy.rule import Rule, Step

RSI = "vix.rsi"


class _Size(NamedTuple):
    """What the allocation is made of; None where unknown.

    `condors_usd`: the condors' notional; `share`: what is hedged of it; `forward`: of the expiry
    that S buys, in points.
    """

    condors_usd: float
    share: float | None
    forward: float | None

    @property
    def hedge_usd(self) -> float | None:
        """The hedge notional asked for."""
        return None if self.share is None else self.share * self.condors_usd

    @property
    def contracts(self) -> int | None:
        """The contracts asked for."""
        if self.hedge_usd is None or self.forward is None:
            return None
        return contracts_for(self.hedge_usd, self.forward)


def share_at(rsi: float, policy: InitialPolicy) -> float:
    """Return the share of condor notional at a VIX RSI: straight between two, flat beyond."""
    slide = (policy.rsi_high - rsi) / (policy.rsi_high - policy.rsi_low)
    return policy.share_min + (policy.share_max - policy.share_min) * min(max(slide, 0.0), 1.0)


def contracts_for(hedge_usd: float, forward: float) -> int:
    """Return the calls of a notional, half up and at least one; none of a notional of nothing."""
    if hedge_usd <= 0.0:
        return 0
    return max(1, round_half_up(hedge_usd / (VIX_OPTION_USD * forward)))


def _allocate(case: Case, draft: Draft) -> Draft:
    live = len(case.condors.found)
    condors = Check(
        what="live condors", truth=Truth.of(live > 0), value=live, operator=">", threshold=0
    )
    stage = Check(what="a stage on", truth=Truth.of(bool(draft.stages)))
    if draft.stages:
        words = f"a stage is on: the {draft.initial} contracts asked for before it stay"
        return draft.with_result(INITIAL_ALLOCATION.result(Truth.FALSE, (condors, stage), words))
    if not live:
        result = INITIAL_ALLOCATION.result(Truth.FALSE, (condors, stage), "nothing to hedge")
        return draft.changed(initial=0).with_result(result)
    size = _size(case)
    asked = size.contracts
    initial = _kept(case, draft) if asked is None else asked
    after = draft.changed(initial=initial)
    result = INITIAL_ALLOCATION.result(
        Truth.of(None if asked is None else asked > 0),
        (condors, stage, _rsi_check(case), *_size_checks(size)),
        _words(after, size),
        (RSI,) if case.readings.get(RSI).state is ReadingState.MISSING else (),
    )
    return after.with_result(result)


def _kept(case: Case, draft: Draft) -> int:
    """Return what stays wanted while the size is unknown: what was asked for and is there."""
    return min(draft.initial, held_in_tier(case, Tier.S).total)


def _size(case: Case) -> _Size:
    tier = case.policy.ladder.tier(Tier.S)
    series = target_series(case.inputs.universe, tier, case.inputs.snapshot.now)
    rsi = case.readings.number(RSI)
    return _Size(
        condors_usd=sum(float(notional_usd(group)) for group in case.condors.found),
        share=None if rsi is None else share_at(rsi, case.policy.initial),
        forward=None if series is None else case.market.forwards.get(series),
    )


def _rsi_check(case: Case) -> Check:
    reading = case.readings.get(RSI)
    as_of = reading.as_of
    return Check(
        what=RSI,
        truth=Truth.of(None if case.readings.number(RSI) is None else True),
        value=reading.value,
        state=reading.state,
        age_seconds=None if as_of is None else (case.inputs.snapshot.now - as_of).total_seconds(),
    )


def _size_checks(size: _Size) -> tuple[Check, ...]:
    known = {
        "condor notional": size.condors_usd,
        "hedge notional": size.hedge_usd,
        "forward of S": size.forward,
    }
    return tuple(
        Check(what=what, truth=Truth.of(None if value is None else True), value=value)
        for what, value in known.items()
    )


def _words(draft: Draft, size: _Size) -> str:
    if size.share is None or size.forward is None:
        lacking = "the RSI of VIX" if size.share is None else "a forward of an S expiry"
        return f"{lacking} is unknown: nothing is bought, {draft.initial} contracts stay wanted"
    asked = f"{size.share:.1%} of the condors' notional is {draft.initial} contracts of S"
    if draft.scale is None:
        return asked
    room = tier_count(scale_counts(draft.scale), Tier.S)
    return f"{asked}, of which R2 has {room}" if draft.initial > room else asked


INITIAL_ALLOCATION = Rule(
    id="R3",
    title="Initial allocation",
    source=("A2",),
    step=Step.LADDER,
    rule_class=RuleClass.INITIAL,
    reads=("G2",),
    evaluate=_allocate,
)
