"""The slippage guard's tests (R29): what forbids an order at this moment or in this quote.

Each returns the reason in words, empty where nothing forbids. Emergency purchases and final closes
are not asked. The rule itself stands in `bot.strategy.discipline`.
"""

from datetime import timedelta

from bot.domain.policy import SlippagePolicy
from bot.domain.readings import ReadingState
from bot.signals.flow import line_spread
from bot.strategy.draft import Case
from bot.strategy.valuation import Line

_EPSILON = 1e-9


def moment_obstacle(case: Case) -> str:
    """Return why no order may be sent now: the edges of the session, or a disturbed market."""
    snapshot = case.inputs.snapshot
    minutes = case.policy.slippage.open_close_minutes
    edge = timedelta(minutes=minutes)
    if snapshot.now < snapshot.session.open_at + edge:
        return f"the first {minutes} minutes of the session"
    if snapshot.now >= snapshot.session.close_at - edge:
        return f"the last {minutes} minutes of the session"
    disturbed = case.readings.flag("flow.disturbed")
    if disturbed is None:
        return "whether the market is disturbed is unknown"
    return "the market is disturbed" if disturbed else ""


def spread_obstacle(case: Case, line: Line) -> str:
    """Return why this quote may not be traded: its spread, alone or against its usual one."""
    limit = spread_limit(line.mid, case.policy.slippage)
    if line.spread > limit + _EPSILON:
        return f"spread {line.spread:.2f} above {limit:.2f}"
    usual = line_spread(line.option, line.quote, case.day, case.state, case.policy)
    if usual.disturbed:
        return f"spread {usual.multiple or 0.0:.1f} times its usual"
    return ""


def spread_limit(mid: float, policy: SlippagePolicy) -> float:
    """Return the widest spread in points that may be traded at a mid of so many points (R29)."""
    if mid < policy.cheap_below:
        return policy.cheap_spread_of_mid * mid
    return max(policy.max_spread_of_mid * mid, policy.max_spread_floor)


def left_out(case: Case) -> tuple[str, ...]:
    """Return the tests that have nothing to compare with yet, and so are blind (section 4)."""
    name = "flow.spread_multiple"
    return (name,) if case.readings.get(name).state is ReadingState.MISSING else ()
