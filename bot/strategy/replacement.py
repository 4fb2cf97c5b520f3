"""What a held contract is rolled into, and at what price (R14, R29).

The tier's next month at the rung's purchase delta, in a later month only. A rung holds one contract
and strike: what is left of a half-done roll goes into what the other half went into.
"""

from decimal import Decimal

from bot.domain.instruments import ConId, Option
from bot.domain.rungs import Rung
from bot.strategy.afoot import live_rolls
from bot.strategy.contracts import (
    Choice,
    Refusal,
    far_side,
    nearest,
    target_series,
    untouchable,
    within_delta,
)
from bot.strategy.draft import Case
from bot.strategy.slippage import spread_obstacle
from bot.strategy.valuation import Line

NO_QUOTE = "no live two-sided quote"


def replacement(case: Case, rung: Rung, held: Option) -> Choice | Refusal:
    """Return what `held` of `rung` is rolled into now, and its ask, or why it is not."""
    begun = begun_into(case, rung, held)
    if begun is not None:
        return _continued(case, rung, begun)
    tier = case.policy.ladder.tier(rung.tier)
    calls = target_series(case.inputs.universe, tier, case.inputs.snapshot.now)
    if calls is None or calls.settlement <= held.settlement:
        return Refusal(f"no later monthly expiry within the {rung.tier} window")
    return nearest(case, rung, calls, lambda line: spread_obstacle(case, line))


def obstacle_to(case: Case, rung: Rung, con_id: ConId) -> str:
    """Return why a contract must not be bought for `rung` any more, empty while it may be."""
    delta = case.market.delta(con_id)
    if reason := untouchable(case.inputs.book, con_id):
        return f"the contract {reason}"
    if delta is None or within_delta(case, rung, delta):
        return ""
    return f"delta {delta:.2f} has left {case.policy.ladder.delta_of(rung):.2f}"


def net_price(case: Case, ask: Decimal, held: Option) -> Decimal | str:
    """Return what the pair costs at the far sides in points, or why `held` cannot be sold so.

    Negative where more is received than paid.
    """
    line = case.market.lines.get(held.con_id)
    if line is None:
        return f"{held.local_symbol}: {NO_QUOTE}"
    if reason := spread_obstacle(case, line):
        return f"{held.local_symbol}: {reason}"
    assert line.quote.bid is not None, "a valued line has two sides"
    return case.inputs.book.roll_grid.ceil(ask - held.grid.floor(line.quote.bid))


def buyable(case: Case, con_id: ConId) -> Line | str:
    """Return the line of a contract that R29 lets be bought, or the reason why it does not."""
    line = case.market.lines.get(con_id)
    if line is None:
        return NO_QUOTE
    return spread_obstacle(case, line) or line


def begun_into(case: Case, rung: Rung, held: Option) -> ConId | None:
    """Return the later contract that a roll of this rung has already gone or is going into."""
    book = case.inputs.book
    in_rung = [lot.con_id for lot in book.lots if lot.rung is rung]
    coming = [order.intent.con_id for order in live_rolls(book) if order.intent.rung is rung]
    for con_id in (*in_rung, *coming):
        option = case.market.option(con_id)
        if option is not None and option.settlement > held.settlement:
            return con_id
    return None


def _continued(case: Case, rung: Rung, con_id: ConId) -> Choice | Refusal:
    reason = obstacle_to(case, rung, con_id)
    line = buyable(case, con_id)
    if reason or isinstance(line, str):
        option = case.market.instruments[con_id]
        return Refusal(f"contract {option.con_id} of a roll begun: {reason or line}")
    return Choice(line.option, far_side(line))
