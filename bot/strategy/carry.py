"""What it is expected to cost to carry a call until its roll (R18).

Spot, curve and volatility standing still, a call loses time value, and its future slides down the
curve towards spot. R18 counts theta, the roll-down where it is a loss, and half the spread, which
is paid on the way in.
"""

import math
from typing import NamedTuple

from bot.domain.instruments import Right
from bot.pricing import black76
from bot.pricing.black76 import DAYS_PER_YEAR
from bot.pricing.curve import constant_maturity
from bot.strategy.draft import Case
from bot.strategy.valuation import Line, days_to, series_of


class Carry(NamedTuple):
    """The expected cost of one contract to its roll, USD; `days` are the days until then."""

    days: int
    theta_usd: float
    roll_down_usd: float
    half_spread_usd: float

    @property
    def usd(self) -> float:
        """All of it."""
        return self.theta_usd + self.roll_down_usd + self.half_spread_usd

    @property
    def usd_per_year(self) -> float:
        """The same at that pace for a year: a rung is bought anew at each roll."""
        return self.usd * DAYS_PER_YEAR / self.days


def carry_to_roll(case: Case, line: Line, roll_dte: int) -> Carry | None:
    """Return the expected cost of holding one call of `line` until it has `roll_dte` days left.

    With C(F, T) the Black-76 call at the line's own strike and implied volatility, F0 and T0 of
    today, T1 the time left at the roll and F1 today's price of the curve at T1:

        theta      = C(F0, T0) - C(F0, T1)
        roll-down  = max(C(F0, T1) - C(F1, T1), 0)
        spread     = (ask - bid) / 2

    Source: R18 (methodology.md section 3, Money). None where no volatility or no level of the curve
    at T1 is known, or the call is due for its roll.
    """
    option = line.option
    forward = case.market.forwards.get(series_of(option))
    term = case.market.term(option)
    later = _curve_level(case, roll_dte)
    days = term.dte - roll_dte
    if forward is None or later is None or line.volatility is None or days <= 0:
        return None
    years_left = term.years - days / DAYS_PER_YEAR
    strike, volatility = float(option.strike), line.volatility
    rate, is_call = case.policy.signals.rate, option.right is Right.CALL
    now, aged, rolled = black76.price(
        [forward, forward, later],
        strike,
        [term.years, years_left, years_left],
        volatility,
        rate,
        is_call,
    ).tolist()
    return Carry(
        days=days,
        theta_usd=(now - aged) * option.multiplier,
        roll_down_usd=max(aged - rolled, 0.0) * option.multiplier,
        half_spread_usd=line.spread / 2.0 * option.multiplier,
    )


def _curve_level(case: Case, days: int) -> float | None:
    """Return the VX curve so many days out, from spot on; None beyond what is quoted."""
    now = case.inputs.snapshot.now
    points = {float(days_to(settles, now)): mid for settles, mid in case.market.futures.items()}
    spot = case.readings.number("vix.level")
    if spot is not None:
        points[0.0] = spot
    if not points:
        return None
    level = float(constant_maturity(list(points), list(points.values()), float(days)))
    return None if math.isnan(level) else level
