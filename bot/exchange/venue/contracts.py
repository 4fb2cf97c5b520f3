"""Contracts in both languages: the wire's patterns and names, and the reference's.

Everything a client calls a contract passes through here. What a pattern leaves open matches all.
"""

from datetime import date
from decimal import Decimal
from typing import assert_never

from bot.domain.instruments import ConId, Future, Index, Option, Right
from bot.exchange.reference.conid import UnknownContractError
from bot.exchange.reference.listing import Listing
from bot.exchange.reference.products import Product, Stock
from bot.exchange.reference.query import Query
from bot.exchange.reference.reference import Reference
from bot.exchange.wire.contract import WireContract

SMART = "SMART"
KINDS = ("IND", "FUT", "OPT", "STK")
_RIGHTS = {"CALL": Right.CALL, "PUT": Right.PUT, "C": Right.CALL, "P": Right.PUT}


class ConflictingFieldsError(Exception):
    """A contract number was given together with fields of another contract."""


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
            currency="USD",
            local_symbol=instrument.symbol,
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


def find_contracts(reference: Reference, pattern: WireContract, day: date) -> list[Listing]:
    """Return every contract known on `day` that `pattern` matches.

    Raises:
        ConflictingFieldsError: It names a contract number and something that contradicts it.
    """
    if pattern.con_id:
        return _by_number(reference, pattern, day)
    if not _is_possible(pattern):
        return []
    found = reference.find(_query(pattern), day)
    return [listing for listing in found if _has_multiplier(pattern, listing)]


def _is_possible(pattern: WireContract) -> bool:
    right_known = pattern.right in ("", "0", "?") or pattern.right in _RIGHTS
    return right_known and pattern.currency in ("", "USD")


def _query(pattern: WireContract) -> Query:
    return Query(
        symbol=pattern.symbol,
        sec_type=pattern.sec_type,
        trading_class=pattern.trading_class,
        last_trade_date=pattern.last_trade_date,
        strike=Decimal(str(pattern.strike)) if pattern.strike else None,
        right=_RIGHTS.get(pattern.right),
        exchange=pattern.exchange,
        local_symbol=pattern.local_symbol,
        include_expired=pattern.include_expired,
    )


def _has_multiplier(pattern: WireContract, listing: Listing) -> bool:
    if isinstance(listing.instrument, Index):
        return pattern.multiplier == ""
    return pattern.multiplier in ("", str(listing.instrument.multiplier))


def _by_number(reference: Reference, pattern: WireContract, day: date) -> list[Listing]:
    try:
        listing = reference.by_id(ConId(pattern.con_id), day)
    except UnknownContractError:
        return []
    full = spell_contract(listing.instrument, pattern.exchange)
    if pattern.exchange not in ("", *listing.valid_exchanges) or _disagrees(pattern, full):
        raise ConflictingFieldsError(
            "The contract identifier and other contract fields do not agree"
        )
    return [listing]


def _disagrees(pattern: WireContract, full: WireContract) -> bool:
    names = ("symbol", "sec_type", "currency", "local_symbol", "trading_class", "multiplier")
    texts = any(getattr(pattern, n) not in ("", getattr(full, n)) for n in names)
    right = pattern.right not in ("", "0", "?") and _RIGHTS.get(pattern.right) != full.right
    strike = pattern.strike not in (0.0, full.strike)
    return texts or right or strike or not full.last_trade_date.startswith(pattern.last_trade_date)
