"""Finds settings of a policy that are each legal and cannot hold together."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from bot.domain.conditions import AllOf, Compare, Condition, Operator, describe
from bot.domain.policy import LadderPolicy, Policy, StagePolicy, TierPolicy
from bot.domain.policy_keys import policy_keys
from bot.settings.problems import Problem

LOWER_BOUNDS = {Operator.ABOVE, Operator.AT_LEAST}
UPPER_BOUNDS = {Operator.BELOW, Operator.AT_MOST}

ORDERED = (
    ("beta.min_tau_days", "beta.default_tau_days"),
    ("beta.default_tau_days", "beta.max_tau_days"),
    ("beta.min_dte", "beta.max_dte"),
    ("initial.share_min", "initial.share_max"),
    ("shares.small_step", "shares.step"),
    ("sizing.first_weight_cap", "sizing.weight_cap"),
    ("slippage.max_spread_of_mid", "slippage.cheap_spread_of_mid"),
)
"""Keys of which the first may not be above the second."""


def contradictions(policy: Policy) -> list[Problem]:
    """Return everything in `policy` that contradicts itself."""
    values = {key.place: key.value for key in policy_keys(policy)}
    return [
        *_stages(policy),
        *(p for key in policy_keys(policy) if key.is_trigger for p in _never(key.place, key.value)),
        *_ladder(policy.ladder),
        *(p for low, high in ORDERED for p in _ordered(low, values[low], values[high], high)),
        *_ordered("signals.macd_fast", policy.signals.macd_fast, policy.signals.macd_slow - 1),
    ]


def _stages(policy: Policy) -> Iterator[Problem]:
    stages = {name: getattr(policy.stages, name) for name in ("one", "two", "three")}
    for name, stage in stages.items():
        yield from _stage(name, stage)
    for (name, stage), (higher, above) in pairwise(stages.items()):
        for entry, leaving in _both(above.enter, stage.exit):
            yield Problem(
                place=f"stages.{higher}.enter",
                text=(
                    f"enter where stage {name} is left: {describe(entry)!r} and "
                    f"{describe(leaving)!r} hold at once, and a stage holds the ones below it"
                ),
            )


def _stage(name: str, stage: StagePolicy) -> Iterator[Problem]:
    """A value that satisfies entry and exit at once would enter and leave in turns."""
    for entry, leaving in _both(stage.enter, stage.exit):
        yield Problem(
            place=f"stages.{name}.exit",
            text=(
                f"exit above enter: {describe(leaving)!r} and {describe(entry)!r} hold at "
                f"once, expected an exit at or below the entry"
            ),
        )


def _both(enter: Condition, leave: Condition) -> Iterator[tuple[Compare, Compare]]:
    """Yield what an entry and an exit ask of one signal where one value satisfies both."""
    for entry in _conjuncts(enter):
        for leaving in _conjuncts(leave):
            if entry.signal == leaving.signal and not _excludes(entry, leaving):
                yield entry, leaving


def _never(place: str, condition: Condition) -> Iterator[Problem]:
    """A trigger that asks two things of one signal that never hold together can never be true."""
    for first, second in combinations(_conjuncts(condition), 2):
        if first.signal == second.signal and _excludes(first, second):
            both = f"{describe(first)!r} and {describe(second)!r}"
            yield Problem(place=place, text=f"can never be true: {both} exclude each other")


def _conjuncts(condition: Condition) -> Iterator[Compare]:
    if isinstance(condition, Compare):
        yield condition
    if isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _conjuncts(part)


def _excludes(first: Compare, second: Compare) -> bool:
    """Tell whether no value of their one signal satisfies both."""
    if Operator.IS in {first.operator, second.operator}:
        return first != second
    if first.operator in LOWER_BOUNDS and second.operator in UPPER_BOUNDS:
        return _is_empty(first, second)
    if first.operator in UPPER_BOUNDS and second.operator in LOWER_BOUNDS:
        return _is_empty(second, first)
    return False


def _is_empty(lower: Compare, upper: Compare) -> bool:
    """Tell whether nothing lies between two bounds; a shared bound counts if both include it."""
    closed = lower.operator is Operator.AT_LEAST and upper.operator is Operator.AT_MOST
    low, high = float(lower.threshold), float(upper.threshold)
    return low > high or (low == high and not closed)


def _ladder(ladder: LadderPolicy) -> Iterator[Problem]:
    for tier in ladder.tiers:
        yield from _tier(tier)
    for near, far in pairwise(ladder.tiers):
        place, limit = f"ladder.tiers.{near.tier}.target_dte", far.target_dte - 1
        yield from _ordered(place, near.target_dte, limit, f"nearer than tier {far.tier}")


def _tier(tier: TierPolicy) -> Iterator[Problem]:
    place = f"ladder.tiers.{tier.tier}"
    yield from _ordered(f"{place}.min_dte", tier.min_dte, tier.target_dte, "target_dte")
    yield from _ordered(f"{place}.target_dte", tier.target_dte, tier.max_dte, "max_dte")
    yield from _ordered(f"{place}.roll_dte", tier.roll_dte, tier.min_dte - 1, "below min_dte")


def _ordered(place: str, value: float, limit: float, why: str = "") -> Iterator[Problem]:
    if value > limit:
        reason = f" ({why})" if why else ""
        yield Problem(place=place, text=f"expected at most {limit:g}{reason}, got {value:g}")
