"""What positions tie up: the one question that funds checks, what-if answers and account ask.

Each kind has its own rule, and no kind relieves another (domain.md section 1.5: cross-margin must
not be assumed): options the worst loss at expiry (`margin_options`), futures a move of their price
(`margin_futures`), shares the percentages of Regulation T. A long option ties up nothing further:
its premium is paid and has no loan value (domain.md sections 3.5 and 5.5).
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import assert_never

import msgspec

from bot.domain.instruments import Future, Option
from bot.domain.money import to_cents
from bot.exchange.reference.products import Stock, Tradable
from bot.exchange.venue.margin_futures import FuturePosition, futures_maintenance_usd
from bot.exchange.venue.margin_levels import Levels
from bot.exchange.venue.margin_options import OptionPosition, options_usd

# Regulation T, 12 CFR 220.12: half the value to open, long or short.
_STOCK_INITIAL = Decimal("0.50")
# FINRA rule 4210(c): a quarter of a long share to keep it, 30 % of a short one.
_LONG_STOCK_MAINTENANCE = Decimal("0.25")
_SHORT_STOCK_MAINTENANCE = Decimal("0.30")
# What the futures exchanges ask of a speculator to open, on top of what keeps a position: 110 %
# (CME rule 930, "heightened risk profile"); the broker asks the same.
_FUTURE_INITIAL = Decimal("1.10")


class HeldPosition(msgspec.Struct, frozen=True):
    """Signed units of one product; `mark_points` is its price where known."""

    product: Tradable
    quantity: int
    mark_points: Decimal | None = None


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """USD to the cent that must be there to open positions, and to keep them."""

    initial_usd: Decimal
    maintenance_usd: Decimal


def requirement(
    positions: Iterable[HeldPosition], levels: Levels, *, naked_calls: bool = False
) -> Requirement | None:
    """Return what `positions` tie up together.

    None where the risk has no limit (calls short on balance, unless `naked_calls` lets them be
    charged by rule) or where a share or future has no price: unknown is never zero.
    """
    options: list[OptionPosition] = []
    futures: list[FuturePosition] = []
    stocks: list[tuple[int, Decimal | None]] = []
    for held in positions:
        product, mark = held.product, held.mark_points
        match product:
            case Option():
                options.append(OptionPosition(product, held.quantity, mark))
            case Future():
                futures.append(FuturePosition(product, held.quantity, mark))
            case Stock():
                stocks.append((held.quantity, mark))
            case _:
                assert_never(product)
    tied = options_usd(options, levels, naked_calls=naked_calls)
    kept = futures_maintenance_usd(futures, levels)
    shares = _stocks(stocks)
    if tied is None or kept is None or shares is None:
        return None
    return Requirement(
        initial_usd=tied + to_cents(kept * _FUTURE_INITIAL) + shares.initial_usd,
        maintenance_usd=tied + kept + shares.maintenance_usd,
    )


def _stocks(stocks: Iterable[tuple[int, Decimal | None]]) -> Requirement | None:
    initial = maintenance = Decimal(0)
    for quantity, mark in stocks:
        if mark is None:
            return None
        value = abs(quantity) * mark
        rate = _LONG_STOCK_MAINTENANCE if quantity > 0 else _SHORT_STOCK_MAINTENANCE
        initial += to_cents(value * _STOCK_INITIAL)
        maintenance += to_cents(value * rate)
    return Requirement(initial_usd=initial, maintenance_usd=maintenance)
