"""The arithmetic of the 4/4/2: rounding, rung counts, shares, and hedge vega.

When the scale u is set, and to what, is R1's and R2's in `bot.strategy.sizing`.
"""

import math

from bot.domain.book import Book
from bot.domain.instruments import ConId
from bot.domain.policy import LadderPolicy, SharesPolicy
from bot.domain.rungs import LADDER, Rung, Tier, rungs_of
from bot.domain.state import Scale
from bot.pricing.black76 import DAYS_PER_YEAR
from bot.strategy.money import VIX_OPTION_USD
from bot.strategy.valuation import Market


def round_half_up(number: float) -> int:
    """Return the nearest whole number, halves upwards; the last digits of a float do not count."""
    return math.floor(round(number, 9) + 0.5)


def round_up(number: float) -> int:
    """Return the next whole number at or above; the last digits of a float do not count."""
    return math.ceil(round(number, 9))


def full_ladder_vega(ladder: LadderPolicy, tau_days: float) -> float:
    """Return the hedge vega of one 4/4/2 in USD per VIX point (R2).

    At purchase deltas and target tenors, with beta exp(-T / tau) (G26); never at the listed days
    of the moment, which would make the scale jump with the calendar.
    """
    return VIX_OPTION_USD * sum(
        ladder.delta_of(rung) * math.exp(-ladder.tier(rung.tier).target_dte / tau_days)
        for rung in LADDER
    )


def rung_counts(u: float) -> dict[Rung, int]:
    """Return the contracts of each rung: round(u k) - round(u (k - 1)), half up (R2)."""
    edges = [round_half_up(u * k) for k in range(len(LADDER) + 1)]
    return {rung: edges[k + 1] - edges[k] for k, rung in enumerate(LADDER)}


def scale_counts(scale: Scale) -> dict[Rung, int]:
    """Return the contracts of each rung of the ladder in force.

    A tier that was rolled since the last reset counts by its own scale (R2).
    """
    whole = rung_counts(scale.u)
    own = {one.tier: rung_counts(one.u) for one in scale.tiers}
    return {rung: own.get(rung.tier, whole)[rung] for rung in LADDER}


def hedge_vega_usd(book: Book, market: Market, tau_days: float) -> float | None:
    """Return the hedge vega held, USD per VIX point (section 1); None while a delta is unknown."""
    total = 0.0
    for lot in book.lots:
        each = contract_vega_usd(market, lot.con_id, tau_days)
        if each is None:
            return None
        total += lot.quantity * each
    return total


def contract_vega_usd(market: Market, con_id: ConId, tau_days: float) -> float | None:
    """Return the hedge vega of one call: 100 x its delta on the matched future x beta(T)."""
    line = market.lines.get(con_id)
    if line is None or line.delta is None:
        return None
    days = market.term(line.option).years * DAYS_PER_YEAR
    return VIX_OPTION_USD * line.delta * math.exp(-days / tau_days)


def tier_count(counts: dict[Rung, int], tier: Tier) -> int:
    """Return the contracts of one tier of a full ladder."""
    return sum(counts[rung] for rung in rungs_of(tier))


def stage_one_share(counts: dict[Rung, int], shares: SharesPolicy) -> int:
    """Return the contracts stage 1 asks for: "at least 20 %" rounds up, never beyond S (R5)."""
    wanted = round_up(shares.stage_one * sum(counts.values()))
    return min(wanted, tier_count(counts, Tier.S))


def confirmation_size(counts: dict[Rung, int], shares: SharesPolicy) -> int:
    """Return the contracts one confirmation adds: 10 % half up, at least 1 (R2, R6).

    A share of zero adds nothing.
    """
    if not shares.confirmation:
        return 0
    return max(1, round_half_up(shares.confirmation * sum(counts.values())))


def step_size(counts: dict[Rung, int], shares: SharesPolicy) -> int:
    """Return the contracts of one step of stage 2: 8 % half up, at least 1 (R2, R7)."""
    return max(1, round_half_up(shares.step * sum(counts.values())))


def band_size(counts: dict[Rung, int], ladder: LadderPolicy) -> int:
    """Return the contracts an increase from a reset of u must reach: 10 %, at least 1 (R27)."""
    return max(1, round_half_up(ladder.reset_band * sum(counts.values())))
