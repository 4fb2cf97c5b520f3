"""Rolling before its time: R14's early triggers, and whether the move is worth its cost.

When the storm turns, time value is best sold while it is dear. So a contract is rolled early, once,
and only into a later month, while one of the policy's signs is true and crossing half the spread of
both legs costs less than seven days' theta of what is held (our Black-76 at its own volatility).
"""

from typing import NamedTuple

from bot.domain.decision import Check
from bot.domain.instruments import ConId, Option
from bot.domain.rungs import Rung
from bot.domain.state import EarlyRoll
from bot.domain.truth import Truth
from bot.pricing import black76
from bot.strategy.draft import Case
from bot.strategy.holdings import Key, holdings
from bot.strategy.triggers import Finding, judge_exit
from bot.strategy.valuation import Line, series_of


class Worth(NamedTuple):
    """What an early roll costs against what it saves, both in points; None where unknown."""

    cost: float | None
    theta: float | None

    @property
    def truth(self) -> Truth:
        """Whether the roll costs less than it saves."""
        if self.cost is None or self.theta is None:
            return Truth.UNKNOWN
        return Truth.of(self.cost < self.theta)


def signs(case: Case) -> Finding:
    """Judge the policy's early triggers; a part without any source is blind and drops out."""
    return judge_exit(case.policy.rolling.early, case.readings, case.inputs.snapshot.now)


def worth(case: Case, held: ConId, bought: ConId) -> Worth:
    """Weigh a roll from `held` into `bought`: half the spread of both, and days of theta."""
    old, new = case.market.lines.get(held), case.market.lines.get(bought)
    if old is None or new is None:
        return Worth(None, None)
    daily = daily_theta(case, old)
    theta = None if daily is None else daily * case.policy.rolling.theta_days
    return Worth((old.spread + new.spread) / 2.0, theta)


def daily_theta(case: Case, line: Line) -> float | None:
    """Return the points a call loses a day, its forward and volatility held; None if unknown."""
    forward = case.market.forwards.get(series_of(line.option))
    if line.volatility is None or forward is None:
        return None
    greeks = black76.greeks(
        forward,
        float(line.option.strike),
        case.market.term(line.option).years,
        line.volatility,
        case.policy.signals.rate,
        is_call=True,
    )
    return -float(greeks.theta)


def worth_check(option: Option, rung: Rung, found: Worth, days: float) -> Check:
    """Return the check of one early roll's cost."""
    return Check(
        what=f"cost of rolling {option.local_symbol} of {rung} early, against {days:g} days' theta",
        truth=found.truth,
        value=found.cost,
        operator="<",
        threshold=found.theta,
    )


def is_early_today(case: Case, key: Key) -> bool:
    """Tell whether an early roll of this contract was begun today, and so goes on."""
    return any(
        (one.rung, one.closes, one.day) == (key.rung, key.con_id, case.day)
        for one in case.state.early
    )


def had_its_early_roll(case: Case, key: Key) -> bool:
    """Tell whether this contract was tried early before, or came from an early roll itself."""
    return any(
        one.rung is key.rung and key.con_id in {one.closes, one.con_id} for one in case.state.early
    )


def still_held(case: Case, rolls: tuple[EarlyRoll, ...]) -> tuple[EarlyRoll, ...]:
    """Return the early rolls worth remembering: today's, and those whose contracts are held."""
    held = {(key.rung, key.con_id) for key in holdings(case.inputs.book)}
    return tuple(
        one
        for one in rolls
        if one.day == case.day or {(one.rung, one.closes), (one.rung, one.con_id)} & held
    )
