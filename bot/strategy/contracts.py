"""What a rung buys: the expiry, the strike and the limit (methodology.md section 1).

A monthly expiry within the tier's window, nearest its target days (of two equally near the later
one: time is what a hedge buys); the listed strike nearest the rung's delta by Black-76 on the
matched forward with the strike's own volatility (of two equally near the higher one). A rung that
holds a contract tops up that one, or waits.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from bot.domain.book import Book
from bot.domain.instruments import ConId, Option, Right, Universe
from bot.domain.orders import Order, Side
from bot.domain.policy import TierPolicy
from bot.domain.rungs import RuleClass, Rung, Tier
from bot.signals.memo import remembered
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
    return next((order.intent.con_id for order in live_buys(book) if _rung(order) is rung), None)


def live_buys(book: Book) -> tuple[Order, ...]:
    """Return the purchases that may still fill."""
    return tuple(order for order in book.live_orders() if order.intent.side is Side.BUY)


def _rung(order: Order) -> Rung:
    return order.intent.rung


def fit(case: Case, rung: Rung, con_id: ConId) -> Fit:
    """Tell whether `rung` may buy more of the contract it holds (section 1)."""
    option = case.market.option(con_id)
    if option is None:
        return Fit(Standing.UNKNOWN, f"contract {con_id} is not known")
    if reason := _not_ours(case.inputs.book, con_id):
        return Fit(Standing.WAITS, f"{option.local_symbol} {reason}")
    roll_dte = case.policy.ladder.tier(rung.tier).roll_dte
    dte = case.market.term(option).dte
    if dte <= roll_dte:
        return Fit(Standing.WAITS, f"{dte} days left, rolled at {roll_dte}")
    delta = case.market.delta(con_id)
    if delta is None:
        return Fit(Standing.UNKNOWN, f"no usable quote of {option.local_symbol}")
    wanted = case.policy.ladder.delta_of(rung)
    if not _within(case, delta, wanted):
        return Fit(Standing.WAITS, f"delta {delta:.2f} has left {wanted:.2f}")
    return Fit(Standing.FITS)


def _not_ours(book: Book, con_id: ConId) -> str:
    if book.is_locked(con_id):
        return "is locked by a break"
    if con_id in book.ignored:
        return "is ignored"
    return "is not adopted" if con_id in book.unadopted else ""


def _within(case: Case, delta: float, wanted: float) -> bool:
    return round(abs(delta - wanted), _DIGITS) <= case.policy.ladder.delta_tolerance


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
    return _nearest(case, rung, calls)


def _top_up(case: Case, rung: Rung, con_id: ConId) -> Choice | Refusal:
    found = fit(case, rung, con_id)
    line = case.market.lines.get(con_id)
    if found.standing is not Standing.FITS or line is None:
        return Refusal(found.reason)
    reason = guard(case, rung, line)
    return Refusal(reason) if reason else Choice(line.option, far_side(line))


def _nearest(case: Case, rung: Rung, calls: Series) -> Choice | Refusal:
    wanted = case.policy.ladder.delta_of(rung)
    near = [
        (round(abs(line.delta - wanted), _DIGITS), -line.option.strike, line)
        for line in case.market.in_series(calls)
        if line.option.right is Right.CALL
        and line.delta is not None
        and _within(case, line.delta, wanted)
        and not _not_ours(case.inputs.book, line.option.con_id)
    ]
    reason = (
        f"no quoted strike within {case.policy.ladder.delta_tolerance:.2f} of delta {wanted:.2f}"
    )
    for _, _, line in sorted(near, key=lambda found: found[:2]):
        obstacle = guard(case, rung, line)
        if not obstacle:
            return Choice(line.option, far_side(line))
        reason = f"{line.option.local_symbol}: {obstacle}"
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
