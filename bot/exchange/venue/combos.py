"""Combinations: the grid of their net price, and how the wire names them.

A net price may be negative or zero: bought for a credit, or for nothing (domain.md section 1.5). It
moves by 0.01 for options on VIX and for futures spreads, by 0.05 for options on SPX, but by 0.01
for a box, whose price is a discount factor and no opinion (sections 1.1, 1.3 and 1.4).
"""

from collections.abc import Sequence

from bot.domain.instruments import Option
from bot.domain.money import PriceGrid, price_grid
from bot.exchange.reference.products import Tradable
from bot.exchange.venue.contracts import BAG, BAG_CON_ID, ResolvedLeg
from bot.exchange.venue.orders import Leg
from bot.exchange.wire.contract import ComboLeg, WireContract

_CENT_GRID = price_grid(("0", "0.01"))
_NICKEL_GRID = price_grid(("0", "0.05"))
_LEGS_OF_A_BOX = 4


def net_grid(legs: Sequence[ResolvedLeg]) -> PriceGrid:
    """Return the legal net prices of a combination."""
    of_spx = all(isinstance(leg.product, Option) and leg.product.symbol == "SPX" for leg in legs)
    return _NICKEL_GRID if of_spx and not is_box(legs) else _CENT_GRID


def is_box(legs: Sequence[ResolvedLeg]) -> bool:
    """Tell whether the legs pay the same whatever happens: a bull spread and its bear mirror."""
    options = [leg.product for leg in legs if isinstance(leg.product, Option)]
    if len(options) != _LEGS_OF_A_BOX or any(leg.ratio != 1 for leg in legs):
        return False
    expiries = {(each.trading_class, each.settlement) for each in options}
    low, high = min(each.strike for each in options), max(each.strike for each in options)
    held = {
        (each.strike, each.right.value): leg.signed_ratio
        for each, leg in zip(options, legs, strict=True)
    }
    calls = [held.get((low, "C"), 0), held.get((high, "C"), 0)]
    puts = [held.get((low, "P"), 0), held.get((high, "P"), 0)]
    return len(expiries) == 1 and calls in ([1, -1], [-1, 1]) and puts == [-calls[0], -calls[1]]


def booked_legs(legs: Sequence[ResolvedLeg]) -> tuple[Leg, ...]:
    """Return the legs as an order keeps them."""
    return tuple(Leg(leg.product.con_id, leg.signed_ratio, leg.exchange) for leg in legs)


def spell_combo(product: Tradable, legs: Sequence[Leg], exchange: str) -> WireContract:
    """Return the wire form of a combination on the symbol of `product`."""
    return WireContract(
        con_id=BAG_CON_ID,
        symbol=product.symbol,
        sec_type=BAG,
        exchange=exchange,
        currency="USD",
        local_symbol=product.symbol,
        trading_class="COMB",
        combo_legs_text=",".join(f"{leg.con_id}|{leg.signed_ratio}" for leg in legs),
        combo_legs=tuple(
            ComboLeg(
                con_id=leg.con_id,
                ratio=leg.ratio,
                action="BUY" if leg.signed_ratio > 0 else "SELL",
                exchange=leg.exchange,
            )
            for leg in legs
        ),
    )
