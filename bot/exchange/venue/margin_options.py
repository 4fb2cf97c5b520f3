"""The worst loss of options at expiry.

Per underlying and settlement the payoff of all options together is piecewise linear, so its minimum
lies at zero, at a strike, or - with calls short on balance - nowhere. A condor thus ties up its
wider side once. No position offsets one of another settlement, for each has its own underlying
(domain.md section 1.5).

Calls that are short on balance are normally refused. Where an account holds them already, those of
the highest strikes are charged by FINRA rule 4210(f)(2)(E) and, on VIX, by Cboe's specification.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from bot.domain.instruments import Option, Right
from bot.domain.money import to_cents
from bot.exchange.venue.margin_levels import Levels

# Broad index 15 %, volatility index 20 % of the underlying, less what the option is out of the
# money, but 10 % at least; the premium comes on top.
_INDEX_RATE = Decimal("0.15")
_VOLATILITY_RATE = Decimal("0.20")
_LOWEST_RATE = Decimal("0.10")


class OptionPosition(msgspec.Struct, frozen=True):
    """Signed contracts of one option; `mark_points` is its price where known."""

    option: Option
    quantity: int
    mark_points: Decimal | None = None


def options_usd(
    positions: Iterable[OptionPosition], levels: Levels, *, naked_calls: bool
) -> Decimal | None:
    """Return what options tie up in USD, None if a loss has no limit and must have one."""
    groups: dict[object, list[OptionPosition]] = defaultdict(list)
    for position in positions:
        groups[position.option.symbol, position.option.settlement].append(position)
    total = Decimal(0)
    for group in groups.values():
        covered, naked = _split(group)
        if naked and not naked_calls:
            return None
        total += _worst_loss_usd(covered)
        total += sum((_naked_call_usd(call, levels) for call in naked), Decimal(0))
    return to_cents(total)


def _split(group: list[OptionPosition]) -> tuple[list[OptionPosition], list[OptionPosition]]:
    """Set the short calls apart that no long call covers: those of the highest strikes."""
    excess = -sum(p.quantity for p in group if p.option.right is Right.CALL)
    covered, naked = [], []
    for position in sorted(group, key=lambda p: p.option.strike, reverse=True):
        is_short_call = position.option.right is Right.CALL and position.quantity < 0
        apart = min(max(excess, 0), -position.quantity) if is_short_call else 0
        excess -= apart
        if apart:
            naked.append(msgspec.structs.replace(position, quantity=-apart))
        covered.append(msgspec.structs.replace(position, quantity=position.quantity + apart))
    return covered, naked


def _worst_loss_usd(group: list[OptionPosition]) -> Decimal:
    levels = {Decimal(0)} | {p.option.strike for p in group}
    return max(Decimal(0), *(-_payoff_usd(group, level) for level in levels))


def _payoff_usd(group: list[OptionPosition], level: Decimal) -> Decimal:
    return sum(
        (p.quantity * p.option.multiplier * intrinsic(p.option, level) for p in group), Decimal(0)
    )


def _naked_call_usd(call: OptionPosition, levels: Levels) -> Decimal:
    """Return the charge by rule; an unknown level is taken at the strike, which deducts nothing."""
    option = call.option
    level = levels.underlying(option.symbol) or option.strike
    rate = _VOLATILITY_RATE if option.symbol == "VIX" else _INDEX_RATE
    out_of_the_money = max(option.strike - level, Decimal(0))
    charge = max(rate * level - out_of_the_money, _LOWEST_RATE * level)
    return -call.quantity * option.multiplier * (charge + (call.mark_points or Decimal(0)))


def intrinsic(option: Option, level: Decimal) -> Decimal:
    """Return what `option` pays in points when its underlying settles at `level`."""
    gain = level - option.strike if option.right is Right.CALL else option.strike - level
    return max(Decimal(0), gain)
