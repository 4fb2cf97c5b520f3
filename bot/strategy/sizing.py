"""Sizing: the intended hedge and the scale of the ladder (R1, R2); R3 and R4 are declared.

V* remembers what the condors' vega was before a spike eats it; H* is the share of it that a full
ladder covers; u scales the 4/4/2 to H*. Nothing here follows the ticks: the scale is reset only
when a stage is entered or a condor comes or goes.
"""

import math
from typing import NamedTuple

from bot.domain.decision import Check
from bot.domain.policy import LadderPolicy, Policy
from bot.domain.readings import Readings, ReadingState
from bot.domain.rungs import LADDER, RuleClass, Rung
from bot.domain.state import CondorVega, Scale
from bot.domain.truth import Truth
from bot.domain.value import replace
from bot.strategy.draft import Case, Draft
from bot.strategy.positions import Group, vega_usd
from bot.strategy.rule import Rule, Step

CONTRACT_MULTIPLIER = 100.0
"""USD per VIX point of one VIX call (domain.md section 1.1)."""


def round_half_up(number: float) -> int:
    """Return the nearest whole number, halves upwards; the last digits of a float do not count."""
    return math.floor(round(number, 9) + 0.5)


def round_up(number: float) -> int:
    """Return the next whole number at or above; the last digits of a float do not count."""
    return math.ceil(round(number, 9))


def tenor_weight(dte: int, tenor_days: int, cap: float) -> float:
    """Return w = min(cap, sqrt(tenor / DTE)) (G27); the cap on the last day."""
    return cap if dte <= 0 else min(cap, math.sqrt(tenor_days / dte))


def full_ladder_vega(ladder: LadderPolicy, tau_days: float) -> float:
    """Return the hedge vega of one 4/4/2 in USD per VIX point (R2).

    At purchase deltas and target tenors, with beta exp(-T / tau) (G26); never at the listed days
    of the moment, which would make the scale jump with the calendar.
    """
    return CONTRACT_MULTIPLIER * sum(
        ladder.delta_of(rung) * math.exp(-ladder.tier(rung.tier).target_dte / tau_days)
        for rung in LADDER
    )


def rung_counts(u: float) -> dict[Rung, int]:
    """Return the contracts of each rung: round(u k) - round(u (k - 1)), half up (R2)."""
    edges = [round_half_up(u * k) for k in range(len(LADDER) + 1)]
    return {rung: edges[k + 1] - edges[k] for k, rung in enumerate(LADDER)}
