"""Contracts in the wire's words, and the legs of combinations.

What a client describes is looked for in `bot.exchange.venue.search`.

A combination (secType BAG) has no listing of its own: it is two to four contracts of one symbol
that trade on one route, in ratios that have no common divisor, so that its quantity counts units
(domain.md section 1.5). The codes are the broker's own for combinations: 312 when the whole does
not fit, 313 when one leg does not.
"""

from collections.abc import Sequence
from datetime import date
from math import gcd
from typing import assert_never

import msgspec

from bot.domain.instruments import ConId, Future, Index, Option
from bot.exchange.reference.conid import UnknownContractError
from bot.exchange.reference.listing import Listing
from bot.exchange.reference.products import Product, Stock, Tradable
from bot.exchange.reference.reference import Reference
from bot.exchange.reference.sheets import sheet_of
from bot.exchange.wire.contract import ComboLeg, WireContract

SMART = "SMART"
BAG = "BAG"
BAG_CON_ID = ConId(28812380)
"""The number that the broker gives to every combination; the legs tell them apart."""

LEAST_LEGS, MOST_LEGS = 2, 4
_SIGNS = {"BUY": 1, "SELL": -1, "SSHORT": -1}


def sec_type(instrument: Product) -> str:
    """Return the wire's word for the kind of `instrument`."""
    match instrument:
        case Index():
            return "IND"
        case Future():
            return "FUT"
        case Option():
            return "OPT"
        case Stock():
            return "STK"
        case _:
            assert_never(instrument)


def spell_contract(instrument: Product, exchange: str) -> WireContract:
    """Return the full wire form, routed to `exchange` (empty where none is meant)."""
    if isinstance(instrument, Index | Stock):
        return WireContract(
            con_id=instrument.con_id,
            symbol=instrument.symbol,
            sec_type=sec_type(instrument),
            exchange=exchange,
            primary_exchange=sheet_of(instrument).primary_exchange,
            currency="USD",
            local_symbol=instrument.symbol,
            trading_class="" if isinstance(instrument, Index) else instrument.trading_class,
        )
    strike, right = 0.0, ""
    if isinstance(instrument, Option):
        strike, right = float(instrument.strike), instrument.right.value
    return WireContract(
        con_id=instrument.con_id,
        symbol=instrument.symbol,
        sec_type=sec_type(instrument),
        last_trade_date=f"{instrument.last_trading_day:%Y%m%d}",
        strike=strike,
        right=right,
        multiplier=str(instrument.multiplier),
        exchange=exchange,
        currency="USD",
        local_symbol=instrument.local_symbol,
        trading_class=instrument.trading_class,
    )


class ResolvedLeg(msgspec.Struct, frozen=True, kw_only=True):
    """One leg: `signed_ratio` contracts of `product` per unit bought (negative: it is sold)."""

    product: Tradable
    signed_ratio: int
    exchange: str

    @property
    def ratio(self) -> int:
        """Contracts per unit, whichever way they go."""
        return abs(self.signed_ratio)


class LegsError(ValueError):
    """The legs of a combination cannot be traded together; `code` is the broker's."""

    code = 312
    headline = "The combo details are invalid."

    def __init__(self, cause: str) -> None:
        super().__init__(f"{self.headline} {cause}".rstrip())


class MissingLegsError(LegsError):
    """A combination without legs."""

    code = 321
    headline = (
        "Error validating request.-'bN' : cause - Security type 'BAG' requires combo leg details."
    )


class LegCountError(LegsError):
    """Too few or too many legs."""


class LegRatioError(LegsError):
    """The ratios are not the smallest whole numbers in their proportion."""


class RepeatedLegError(LegsError):
    """The same contract stands in two legs."""


class MixedLegsError(LegsError):
    """The legs are of several symbols, or none of what the combination says it is."""


class BadLegError(LegsError):
    """One leg is not a contract that can be traded that way."""

    code = 313

    def __init__(self, leg: ComboLeg, cause: str) -> None:
        self.headline = f"The combo details for leg '{leg.con_id}' are invalid."
        super().__init__(cause)


def resolve_legs(reference: Reference, pattern: WireContract, day: date) -> tuple[ResolvedLeg, ...]:
    """Return the legs of a combination in the order given, expired contracts among them.

    Raises:
        LegsError: They are no combination; the subclass and the text say why.
    """
    legs = pattern.combo_legs
    _check_count(legs)
    listings = [_listing(reference, leg, pattern, day) for leg in legs]
    _check_together(legs)
    _check_symbol(listings, pattern)
    return tuple(
        _resolved(leg, listing, pattern) for leg, listing in zip(legs, listings, strict=True)
    )


def _check_count(legs: Sequence[ComboLeg]) -> None:
    if not legs:
        raise MissingLegsError("")
    if not LEAST_LEGS <= len(legs) <= MOST_LEGS:
        raise LegCountError(f"It has {len(legs)} legs, not {LEAST_LEGS} to {MOST_LEGS}.")


def _check_together(legs: Sequence[ComboLeg]) -> None:
    if len({leg.con_id for leg in legs}) < len(legs):
        raise RepeatedLegError("A contract stands in two legs.")
    ratios = [leg.ratio for leg in legs]
    if gcd(*ratios) > 1:
        raise LegRatioError(f"The ratios {ratios} have a common divisor.")


def _check_symbol(listings: Sequence[Listing], pattern: WireContract) -> None:
    symbols = {listing.instrument.symbol for listing in listings}
    if len(symbols) > 1:
        raise MixedLegsError(f"The legs are of several symbols: {', '.join(sorted(symbols))}.")
    if pattern.symbol and pattern.symbol not in symbols:
        raise MixedLegsError(f"The legs are of {symbols.pop()}, not of {pattern.symbol}.")
    if pattern.currency not in ("", "USD"):
        raise MixedLegsError(f"The legs are in USD, not in {pattern.currency}.")


def _listing(reference: Reference, leg: ComboLeg, pattern: WireContract, day: date) -> Listing:
    if leg.action not in _SIGNS:
        raise BadLegError(leg, f"Its action is '{leg.action}'.")
    if leg.ratio < 1:
        raise BadLegError(leg, f"Its ratio is {leg.ratio}.")
    try:
        listing = reference.by_id(ConId(leg.con_id), day)
    except UnknownContractError as error:
        raise BadLegError(leg, "No such contract is known.") from error
    for exchange in (leg.exchange, pattern.exchange):
        if exchange not in ("", *listing.valid_exchanges):
            raise BadLegError(leg, f"It is not traded at {exchange}.")
    return listing


def _resolved(leg: ComboLeg, listing: Listing, pattern: WireContract) -> ResolvedLeg:
    product = listing.instrument
    if isinstance(product, Index):
        raise BadLegError(leg, f"{product.symbol} is an index and cannot be traded.")
    return ResolvedLeg(
        product=product,
        signed_ratio=_SIGNS[leg.action] * leg.ratio,
        exchange=leg.exchange or pattern.exchange or listing.valid_exchanges[0],
    )
