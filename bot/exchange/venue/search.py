"""Finding what a client describes: by number, in part or in full.

What a pattern leaves open matches all. A number decides alone; what is said beside it must agree
with the contract, or the request is at odds with itself.
"""

from datetime import date
from decimal import Decimal

from bot.domain.instruments import ConId, Right
from bot.exchange.reference.conid import UnknownContractError
from bot.exchange.reference.listing import Listing
from bot.exchange.reference.query import CONTINUOUS, Query
from bot.exchange.reference.reference import Reference
from bot.exchange.venue.contracts import spell_contract
from bot.exchange.wire.contract import WireContract

_OPEN_RIGHTS = ("", "0", "?")
_RIGHTS = {"CALL": Right.CALL, "PUT": Right.PUT, "C": Right.CALL, "P": Right.PUT}
_BOTH_FUTURES = "FUT+CONTFUT"

_LISTED_KINDS = frozenset({"IND", "FUT", "OPT", "STK", CONTINUOUS, _BOTH_FUTURES})
_OTHER_KINDS = frozenset(
    {"BILL", "BOND", "BSK", "CASH", "CFD", "CMDTY", "CRYPTO", "FIXED", "FOP", "FUND", "FWD"}
    | {"ICS", "ICU", "IOPT", "NEWS", "SLB", "WAR"}
)
SECURITY_TYPES = _LISTED_KINDS | _OTHER_KINDS
"""The broker's security types, combinations left out; contracts of some are listed here."""


class ConflictingFieldsError(Exception):
    """A contract number was given together with fields of another contract."""

    def __init__(self, name: str, asked: str, held: str) -> None:
        super().__init__(
            "Parameters in request conflicts with contract parameters received by contract id: "
            f"requested {name} {asked}, in contract {held};"
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
    kinds = ("FUT", CONTINUOUS) if pattern.sec_type == _BOTH_FUTURES else (pattern.sec_type,)
    return [each for kind in kinds for each in reference.find(_query(pattern, kind), day)]


def _is_possible(pattern: WireContract) -> bool:
    named = pattern.symbol or pattern.local_symbol or pattern.sec_id
    right_known = pattern.right in _OPEN_RIGHTS or pattern.right in _RIGHTS
    return bool(named) and right_known and pattern.currency in ("", "USD")


def _query(pattern: WireContract, kind: str) -> Query:
    return Query(
        symbol=pattern.symbol,
        sec_type=kind,
        trading_class=pattern.trading_class,
        last_trade_date=pattern.last_trade_date,
        strike=Decimal(str(pattern.strike)) if pattern.strike else None,
        right=_RIGHTS.get(pattern.right),
        exchange=pattern.exchange,
        primary_exchange=pattern.primary_exchange,
        local_symbol=pattern.local_symbol,
        multiplier=pattern.multiplier,
        sec_id=(pattern.sec_id_type, pattern.sec_id) if pattern.sec_id else None,
        include_expired=pattern.include_expired,
    )


def _by_number(reference: Reference, pattern: WireContract, day: date) -> list[Listing]:
    """Return the contract of a number, expired ones too: an account's past speaks of them."""
    try:
        listing = reference.by_id(ConId(pattern.con_id), day)
    except UnknownContractError:
        return []
    if pattern.exchange not in ("", *listing.valid_exchanges):
        raise ConflictingFieldsError("exchange", pattern.exchange, listing.valid_exchanges[0])
    _check_texts(pattern, spell_contract(listing.instrument, pattern.exchange))
    return [listing]


def _check_texts(pattern: WireContract, full: WireContract) -> None:
    kind = "FUT" if pattern.sec_type == CONTINUOUS else pattern.sec_type
    right = "" if pattern.right in _OPEN_RIGHTS else _RIGHTS.get(pattern.right, pattern.right)
    told = (
        ("symbol", pattern.symbol, full.symbol),
        ("type", kind, full.sec_type),
        ("currency", pattern.currency, full.currency),
        ("local symbol", pattern.local_symbol, full.local_symbol),
        ("trading class", pattern.trading_class, full.trading_class),
        ("multiplier", pattern.multiplier, full.multiplier),
        ("expiry", pattern.last_trade_date, full.last_trade_date[: len(pattern.last_trade_date)]),
        ("strike", pattern.strike or "", full.strike),
        ("right", right, full.right),
    )
    for name, asked, held in told:
        if asked not in ("", held):
            raise ConflictingFieldsError(name, str(asked), str(held))
