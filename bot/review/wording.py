"""A decision told as a person would tell it.

Pure: a decision, the fate of its orders, the contracts' names and the policy become passages of
plain sentences. What was seen, what each rule asked and how it came out, what followed, what did
not and why, what could not be seen, what overrode what, and what is only declared.
"""

from typing import NamedTuple

from bot.domain.decision import Decision, Ladder, RuleResult, RuleStatus
from bot.domain.inputs import EvaluationKind
from bot.domain.policy import Policy
from bot.domain.truth import Truth
from bot.domain.value import Value
from bot.review.following import LaterOrders, OrderStory
from bot.review.phrases import capitalised, comparison, listed, time_of_day, when
from bot.review.sight import could_not_see, spike_detail, what_was_seen
from bot.review.trades import Instruments, cancelled, fate, repriced, wanted


class Passage(Value):
    """Sentences under one heading; each line is a paragraph. The opening has no heading."""

    heading: str
    lines: tuple[str, ...]


class Telling(NamedTuple):
    """All that is known for telling one decision; `policy` is None where it is not stored."""

    decision: Decision
    orders: tuple[OrderStory, ...] = ()
    later: tuple[LaterOrders, ...] = ()
    instruments: Instruments = {}  # noqa: RUF012 - only read
    policy: Policy | None = None


def explain(telling: Telling) -> tuple[Passage, ...]:
    """Return the decision in passages; one that would be empty is left out."""
    decision = telling.decision
    passages = (
        Passage(heading="", lines=(_opening(decision),)),
        Passage(heading="What it saw", lines=what_was_seen(decision)),
        Passage(heading="Which rules fired", lines=_rules(telling, fired=True)),
        Passage(heading="What followed", lines=_followed(telling)),
        Passage(heading="What did not follow, and why", lines=_not_followed(telling)),
        Passage(heading="What it could not see", lines=could_not_see(decision)),
        Passage(heading="What overrode what", lines=_overrides(decision)),
        Passage(heading="", lines=_declared(decision)),
    )
    return tuple(passage for passage in passages if passage.lines)


def stages_named(stages: tuple[int, ...]) -> str:
    """Return `stage 1` or `stages 1, 2 and 3`."""
    return f"stage{'s' if len(stages) > 1 else ''} {listed([str(stage) for stage in stages])}"


def _opening(decision: Decision) -> str:
    before = f"stage {decision.stage_before}" if decision.stage_before else "no stage"
    if decision.entered:
        order = " in that order" if len(decision.entered) > 1 else ""
        move = f"the bot entered {stages_named(decision.entered)}{order}, coming from {before}"
    elif decision.left is not None:
        after = f"stage {decision.stage}" if decision.stage else "no stage"
        move = f"the bot left stage {decision.left} and is now in {after}"
    else:
        move = f"the bot stayed in {before}"
    close = " (at the official close, where nothing is ordered)"
    kind = close if decision.kind is EvaluationKind.CLOSE else ""
    summary = f" In short: {decision.summary.removesuffix('.')}." if decision.summary else ""
    return f"On {when(decision.at)}{kind} {move}.{summary}"


def _rules(telling: Telling, *, fired: bool) -> tuple[str, ...]:
    return tuple(
        _rule(telling, result)
        for result in telling.decision.rules
        if result.status is RuleStatus.IN_FORCE and result.truth.fires is fired
    )


def _rule(telling: Telling, result: RuleResult) -> str:
    outcome = {
        Truth.TRUE: "fired",
        Truth.FALSE: "did not fire",
        Truth.UNKNOWN: "could not be judged, so it did not fire",
    }[result.truth]
    detail = spike_detail(telling.decision, telling.policy)
    clauses = [
        comparison(check) + (detail if check.what == "vix.spike" else "") for check in result.checks
    ]
    reasons = f": {'; '.join(clauses)}" if clauses else ""
    followed = f" {capitalised(result.followed)}." if result.followed else ""
    return f"{result.rule} ({result.title}) {outcome}{reasons}.{followed}"


def _followed(telling: Telling) -> tuple[str, ...]:
    decision = telling.decision
    lines = []
    if decision.entered:
        lines.append(f"{capitalised(stages_named(decision.entered))} came on.")
    if decision.left is not None:
        lines.append(f"Stage {decision.left} was left.")
    if decision.ladder is not None:
        lines += _ladder(decision.ladder)
    lines += [
        f"It wanted to {wanted(story.intent, telling.instruments)}: {fate(story)}."
        for story in telling.orders
        if not story.refused_by
    ]
    lines += [repriced(one) for one in decision.reprices]
    lines += [cancelled(one) for one in decision.cancels]
    lines += [line for one in telling.later for line in _later(telling, one)]
    return tuple(lines) or ("Nothing: no stage moved and no order was wanted.",)


def _later(telling: Telling, later: LaterOrders) -> list[str]:
    return [
        f"Later that session, at {time_of_day(later.at)}, it wanted to "
        f"{wanted(story.intent, telling.instruments)}: "
        + (f"risk refused it: {story.reason}" if story.refused_by else fate(story))
        + "."
        for story in later.orders
    ]


def _ladder(ladder: Ladder) -> list[str]:
    scale = "an unknown scale" if ladder.u is None else f"scale {ladder.u:.2f}"
    tiers = [
        f"{tier.tier} wants {tier.target} of {tier.full} and has {tier.filled + tier.working}"
        + (f" (and {tier.spent} spent)" if tier.spent else "")
        for tier in ladder.tiers
    ]
    wants = f"; {listed(tiers)}" if tiers else ""
    lines = [f"The ladder is {ladder.contracts} contracts at {scale}{wants}."]
    if ladder.hedge_vega_usd is not None and ladder.v_star_usd is not None:
        cover = "" if ladder.cover_ratio is None else f", a cover of {ladder.cover_ratio:.0%}"
        lines.append(
            f"The hedge that is on gains {ladder.hedge_vega_usd:,.0f} USD per VIX point against "
            f"{ladder.v_star_usd:,.0f} USD of condor vega{cover}."
        )
    return lines


def _not_followed(telling: Telling) -> tuple[str, ...]:
    refused = tuple(
        f"It wanted to {wanted(story.intent, telling.instruments)}, "
        f"but risk refused ({story.refused_by}): {story.reason}."
        for story in telling.orders
        if story.refused_by
    )
    return refused + _rules(telling, fired=False)


def _overrides(decision: Decision) -> tuple[str, ...]:
    return tuple(
        f"{one.winner} stood above {one.loser}: {one.reason}." for one in decision.overrides
    )


def _declared(decision: Decision) -> tuple[str, ...]:
    names = [
        f"{result.rule} ({result.title})"
        for result in decision.rules
        if result.status is RuleStatus.DECLARED
    ]
    if not names:
        return ()
    verb = "is" if len(names) == 1 else "are"
    return (f"Only declared, not in force: {listed(names)} {verb} missing from this decision.",)
