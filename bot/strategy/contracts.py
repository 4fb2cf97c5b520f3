"""What a rung buys: the expiry, the strike and the limit (methodology.md section 1).

A monthly expiry within the tier's window, nearest its target days (of two equally near the later
one: time is what a hedge buys); the listed strike nearest the rung's delta by Black-76 on the
matched forward with the strike's own volatility (of two equally near the higher one). A rung that
holds a contract tops up that one, or waits.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from bot.domain.book import Book
from bot.domain.instruments import ConId, Option, Right, Universe
from bot.domain.policy import TierPolicy
from bot.domain.rungs import RuleClass, Rung, Tier
from bot.signals.memo import remembered
from bot.strategy.afoot import is_rolling, live_buys
from bot.strategy.draft import Case
from bot.strategy.slippage import spread_obstacle
from bot.strategy.valuation import Line, Series, days_to, series_of

MONTHLY_CLASS = "VIX"
_DIGITS = 9


class Choice(NamedTuple):
    """A contract that may be bought now, and the limit on its grid: the far side, in points."""

    option: Option
    limit: Decimal


class Refusal(NamedTuple):
    """Why a rung buys nothing now."""

    reason: str


class Standing(StrEnum):
    """How a rung's own contract stands to a top-up."""

    FITS = "fits"
    WAITS = "waits"
    UNKNOWN = "unknown"


class Fit(NamedTuple):
    """Whether a rung's contract may be topped up, with the reason where it may not."""

    standing: Standing
    reason: str = ""


def target_series(universe: Universe, tier: TierPolicy, now: datetime) -> Series | None:
    """Return the monthly calls a tier buys at `now`, None when none is within its window."""
    days = {series: days_to(series.settlement, now) for series in _monthly(universe)}
    within = [s for s, left in days.items() if tier.min_dte <= left <= tier.max_dte]
    return min(within, key=lambda s: (abs(days[s] - tier.target_dte), -days[s]), default=None)


@remembered
def _monthly(universe: Universe) -> tuple[Series, ...]:
    calls = universe.options("VIX", Right.CALL)
    monthly = (series_of(call) for call in calls if call.trading_class == MONTHLY_CLASS)
    return tuple(dict.fromkeys(monthly))


def rung_contract(book: Book, rung: Rung) -> ConId | None:
    """Return the one contract a rung holds or has a live purchase in."""
    held = book.contract_of(rung)
    if held is not None:
        return held
    return next((o.intent.con_id for o in live_buys(book) if o.intent.rung is rung), None)


def waits(case: Case, rung: Rung, con_id: ConId) -> bool:
    """Tell whether a top-up of the rung's contract must wait for its roll (section 1)."""
    if is_rolling(case.inputs.book, rung):
        return True
    return fit(case, rung, con_id).standing is Standing.WAITS


def fit(case: Case, rung: Rung, con_id: ConId) -> Fit:
    """Tell whether `rung` may buy more of the contract it holds (section 1)."""
    option = case.market.option(con_id)
    if option is None:
        return Fit(Standing.UNKNOWN, f"contract {con_id} is not known")
    if reason := untouchable(case.inputs.book, con_id):
        return Fit(Standing.WAITS, f"{option.local_symbol} {reason}")
    roll_dte = case.policy.ladder.tier(rung.tier).roll_dte
    dte = case.market.term(option).dte
    if dte <= roll_dte:
        return Fit(Standing.WAITS, f"{dte} days left, rolled at {roll_dte}")
    delta = case.market.delta(con_id)
    if delta is None:
        return Fit(Standing.UNKNOWN, f"no usable quote of {option.local_symbol}")
    wanted = case.policy.ladder.delta_of(rung)
    if not within_delta(case, rung, delta):
        return Fit(Standing.WAITS, f"delta {delta:.2f} has left {wanted:.2f}")
    return Fit(Standing.FITS)


def untouchable(book: Book, con_id: ConId) -> str:
    """Return why a contract may not be traded whatever its quote is, empty when it may."""
    if book.is_locked(con_id):
        return "is locked by a break"
    if con_id in book.ignored:
        return "is ignored"
    return "is not adopted" if con_id in book.unadopted else ""


def within_delta(case: Case, rung: Rung, delta: float) -> bool:
    """Tell whether `delta` is near enough to the purchase delta of `rung`."""
    return _distance(case, rung, delta) <= case.policy.ladder.delta_tolerance


def _distance(case: Case, rung: Rung, delta: float) -> float:
    return round(abs(delta - case.policy.ladder.delta_of(rung)), _DIGITS)


def choose(case: Case, rung: Rung, series: dict[Tier, Series | None]) -> Choice | Refusal:
    """Return what `rung` buys now, or why it buys nothing.

    Args:
        case: The evaluation.
        rung: The rung that lacks contracts.
        series: The monthly calls each tier buys, from `target_series`.
    """
    held = rung_contract(case.inputs.book, rung)
    if held is not None:
        return _top_up(case, rung, held)
    calls = series[rung.tier]
    if calls is None:
        return Refusal(f"no monthly expiry within the {rung.tier} window")
    return nearest(case, rung, calls, lambda line: guard(case, rung, line))


def _top_up(case: Case, rung: Rung, con_id: ConId) -> Choice | Refusal:
    if is_rolling(case.inputs.book, rung):
        return Refusal("it is being rolled")
    found = fit(case, rung, con_id)
    line = case.market.lines.get(con_id)
    if found.standing is not Standing.FITS or line is None:
        return Refusal(found.reason)
    reason = guard(case, rung, line)
    return Refusal(reason) if reason else Choice(line.option, far_side(line))


def nearest(
    case: Case, rung: Rung, calls: Series, obstacle: Callable[[Line], str]
) -> Choice | Refusal:
    """Return the call of a series nearest the rung's delta that nothing stands against.

    Args:
        case: The evaluation.
        rung: Whose purchase delta is wanted.
        calls: The expiry.
        obstacle: What speaks against a line, empty when nothing does.
    """
    near = [
        (_distance(case, rung, line.delta), -line.option.strike, line)
        for line in case.market.in_series(calls)
        if line.option.right is Right.CALL
        and line.delta is not None
        and within_delta(case, rung, line.delta)
        and not untouchable(case.inputs.book, line.option.con_id)
    ]
    ladder = case.policy.ladder
    reason = (
        f"no quoted strike within {ladder.delta_tolerance:.2f} of delta {ladder.delta_of(rung):.2f}"
    )
    for _, _, line in sorted(near, key=lambda found: found[:2]):
        against = obstacle(line)
        if not against:
            return Choice(line.option, far_side(line))
        reason = f"{line.option.local_symbol}: {against}"
    return Refusal(reason)


def guard(case: Case, rung: Rung, line: Line) -> str:
    """Return what R29 has against buying this quote for `rung`; emergencies are not asked."""
    if rule_class_of(rung) is RuleClass.EMERGENCY:
        return ""
    return spread_obstacle(case, line)


def rule_class_of(rung: Rung) -> RuleClass:
    """Return the class of a rung's purchases: the deep ones are stage 3's emergency."""
    return RuleClass.EMERGENCY if rung.tier is Tier.D else RuleClass.STAGE


def far_side(line: Line) -> Decimal:
    """Return the ask of a line on its legal grid, in points."""
    assert line.quote.ask is not None
    return line.option.grid.ceil(line.quote.ask)
