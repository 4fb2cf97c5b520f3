"""Finds settings of a policy that are each legal and cannot hold together."""

from collections.abc import Iterator

from bot.domain.conditions import AllOf, Compare, Condition, Operator, describe
from bot.domain.policy import Policy, StagePolicy, TierPolicy
from bot.settings.problems import Problem

LOWER_BOUNDS = {Operator.ABOVE, Operator.AT_LEAST}
UPPER_BOUNDS = {Operator.BELOW, Operator.AT_MOST}


def contradictions(policy: Policy) -> list[Problem]:
    """Return everything in `policy` that contradicts itself."""
    return [
        *_stages(policy),
        *(problem for tier in policy.ladder.tiers for problem in _tier(tier)),
        *_ordered("beta", "min_tau_days", policy.beta.min_tau_days, policy.beta.max_tau_days),
        *_ordered("beta", "min_dte", policy.beta.min_dte, policy.beta.max_dte),
        *_ordered("signals", "macd_fast", policy.signals.macd_fast, policy.signals.macd_slow - 1),
    ]


def _stages(policy: Policy) -> Iterator[Problem]:
    for name, stage in (
        ("one", policy.stages.one),
        ("two", policy.stages.two),
        ("three", policy.stages.three),
    ):
        yield from _stage(name, stage)


def _stage(name: str, stage: StagePolicy) -> Iterator[Problem]:
    """A value that satisfies entry and exit at once would enter and leave in turns."""
    for entry in _conjuncts(stage.enter):
        for leaving in _conjuncts(stage.exit):
            if entry.signal == leaving.signal and _overlap(entry, leaving):
                yield Problem(
                    place=f"stages.{name}.exit",
                    text=(
                        f"exit above enter: {describe(leaving)!r} and {describe(entry)!r} hold at "
                        f"once, expected an exit at or below the entry"
                    ),
                )


def _conjuncts(condition: Condition) -> Iterator[Compare]:
    if isinstance(condition, Compare):
        yield condition
    if isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _conjuncts(part)


def _overlap(entry: Compare, leaving: Compare) -> bool:
    if isinstance(entry.threshold, str) or isinstance(leaving.threshold, str):
        return entry == leaving
    if entry.operator in LOWER_BOUNDS and leaving.operator in UPPER_BOUNDS:
        return entry.threshold < leaving.threshold
    if entry.operator in UPPER_BOUNDS and leaving.operator in LOWER_BOUNDS:
        return leaving.threshold < entry.threshold
    return entry == leaving


def _tier(tier: TierPolicy) -> Iterator[Problem]:
    place = f"ladder.tiers.{tier.tier}"
    yield from _ordered(place, "min_dte", tier.min_dte, tier.target_dte)
    yield from _ordered(place, "target_dte", tier.target_dte, tier.max_dte)
    yield from _ordered(place, "roll_dte", tier.roll_dte, tier.min_dte - 1)


def _ordered(place: str, key: str, value: float, limit: float) -> Iterator[Problem]:
    if value > limit:
        yield Problem(place=f"{place}.{key}", text=f"expected at most {limit:g}, got {value:g}")
