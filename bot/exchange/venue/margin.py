"""What positions tie up.

Defined-risk positions need their worst loss at expiry: per underlying and settlement the payoff of
all options together is piecewise linear, so its minimum lies at zero, at a strike, or - with calls
short on balance - nowhere. No position offsets one of another settlement (domain.md section 1.5).
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from bot.domain.instruments import Option, Right


class OptionPosition(msgspec.Struct, frozen=True):
    """Signed contracts of one option."""

    option: Option
    quantity: int


def requirement_usd(positions: Iterable[OptionPosition]) -> Decimal | None:
    """Return the worst loss at expiry in USD, None if it has no limit."""
    groups: dict[object, list[OptionPosition]] = defaultdict(list)
    for position in positions:
        groups[position.option.symbol, position.option.settlement].append(position)
    losses = [_worst_loss_usd(group) for group in groups.values()]
    known = [loss for loss in losses if loss is not None]
    return sum(known, Decimal(0)) if len(known) == len(losses) else None


def _worst_loss_usd(group: list[OptionPosition]) -> Decimal | None:
    calls = sum(p.quantity * p.option.multiplier for p in group if p.option.right is Right.CALL)
    if calls < 0:
        return None
    levels = {Decimal(0)} | {p.option.strike for p in group}
    return max(Decimal(0), *(-_payoff_usd(group, level) for level in levels))


def _payoff_usd(group: list[OptionPosition], level: Decimal) -> Decimal:
    return sum(
        (p.quantity * p.option.multiplier * intrinsic(p.option, level) for p in group), Decimal(0)
    )


def intrinsic(option: Option, level: Decimal) -> Decimal:
    """Return what `option` pays in points when its underlying settles at `level`."""
    gain = level - option.strike if option.right is Right.CALL else option.strike - level
    return max(Decimal(0), gain)
