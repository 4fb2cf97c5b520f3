"""The legs of a combination become products, or the broker's refusal says why not."""

from datetime import date

import msgspec
import pytest

from bot.domain.instruments import ConId, Right
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.underlyings import SPX_ID, SPY_ID
from bot.exchange.venue.contracts import (
    BadLegError,
    LegCountError,
    LegRatioError,
    LegsError,
    MissingLegsError,
    MixedLegsError,
    RepeatedLegError,
    ResolvedLeg,
    resolve_legs,
)
from bot.exchange.wire.contract import ComboLeg, WireContract
from tests.support.venue_rig import CALL_15, FEBRUARY, rig_reference, spx_option, vix_option

TODAY = date(2018, 1, 16)
CALL_20 = vix_option("20")
MARCH_VX = con_id_of(ContractKey(ContractClass.VX, date(2018, 3, 21)))
FEBRUARY_VX = con_id_of(ContractKey(ContractClass.VX, FEBRUARY))


def leg(con_id: int, action: str = "BUY", ratio: int = 1, exchange: str = "SMART") -> ComboLeg:
    return ComboLeg(con_id=con_id, ratio=ratio, action=action, exchange=exchange)


def bag(*legs: ComboLeg, **changes: str) -> WireContract:
    told = {"symbol": "VIX", "exchange": "SMART", "currency": "USD", **changes}
    return msgspec.structs.replace(WireContract(sec_type="BAG", combo_legs=legs), **told)


def resolved(pattern: WireContract) -> tuple[ResolvedLeg, ...]:
    return resolve_legs(rig_reference(), pattern, TODAY)


def test_a_vertical_has_one_long_and_one_short_leg() -> None:
    """In the order given, with the sign of buying one unit."""
    long, short = resolved(bag(leg(CALL_15), leg(CALL_20, "SELL", 2)))
    assert (long.product.con_id, long.signed_ratio, long.exchange) == (CALL_15, 1, "SMART")
    assert (short.product.con_id, short.signed_ratio, short.ratio) == (CALL_20, -2, 2)


def test_a_condor_has_four_legs() -> None:
    """The iron condor of the account: two puts and two calls of one expiry."""
    legs = [
        leg(spx_option(strike, right), action)
        for strike, right, action in (
            ("2500", Right.PUT, "BUY"),
            ("2550", Right.PUT, "SELL"),
            ("2900", Right.CALL, "SELL"),
            ("2950", Right.CALL, "BUY"),
        )
    ]
    assert [each.signed_ratio for each in resolved(bag(*legs, symbol="SPX"))] == [1, -1, -1, 1]


def test_a_calendar_of_futures_trades_at_their_exchange() -> None:
    """A leg without an exchange goes where the combination goes; one without either, home."""
    near, far = resolved(
        bag(leg(FEBRUARY_VX, "SELL", exchange=""), leg(MARCH_VX, exchange=""), exchange="CFE")
    )
    assert (near.exchange, far.exchange) == ("CFE", "CFE")
    nowhere = bag(leg(FEBRUARY_VX, "SELL", exchange=""), leg(MARCH_VX, exchange=""), exchange="")
    assert {each.exchange for each in resolved(nowhere)} == {"CFE"}


@pytest.mark.parametrize(
    ("pattern", "kind", "code"),
    [
        (bag(), MissingLegsError, 321),
        (bag(leg(CALL_15)), LegCountError, 312),
        (bag(*(leg(vix_option(str(strike))) for strike in range(15, 20))), LegCountError, 312),
        (bag(leg(CALL_15, ratio=2), leg(CALL_20, "SELL", 4)), LegRatioError, 312),
        (bag(leg(CALL_15), leg(CALL_15, "SELL")), RepeatedLegError, 312),
        (bag(leg(CALL_15), leg(spx_option("2550", Right.CALL))), MixedLegsError, 312),
        (bag(leg(CALL_15), leg(CALL_20), symbol="SPX"), MixedLegsError, 312),
        (bag(leg(CALL_15), leg(CALL_20), currency="EUR"), MixedLegsError, 312),
        (bag(leg(CALL_15), leg(77)), BadLegError, 313),
        (bag(leg(CALL_15), leg(CALL_20, "HOLD")), BadLegError, 313),
        (bag(leg(CALL_15), leg(CALL_20, ratio=0)), BadLegError, 313),
        (bag(leg(CALL_15), leg(CALL_20, exchange="CFE")), BadLegError, 313),
        (bag(leg(CALL_15), leg(FEBRUARY_VX, exchange="")), BadLegError, 313),
        (
            bag(
                leg(SPX_ID, exchange=""),
                leg(spx_option("2550", Right.CALL)),
                symbol="SPX",
                exchange="",
            ),
            BadLegError,
            313,
        ),
    ],
)
def test_what_is_no_combination_is_refused(
    pattern: WireContract, kind: type[LegsError], code: int
) -> None:
    """Each fault has its type and the broker's code."""
    with pytest.raises(kind) as refusal:
        resolved(pattern)
    assert refusal.value.code == code


def test_the_refusal_names_leg_and_cause() -> None:
    """A client sees which leg is wrong, and how."""
    with pytest.raises(BadLegError, match=r"for leg '77' are invalid\. No such contract is known"):
        resolved(bag(leg(CALL_15), leg(77)))


def test_shares_are_legs_too() -> None:
    """A share against another contract is of two symbols here, so it makes no combination."""
    with pytest.raises(MixedLegsError, match="SPX, SPY"):
        resolved(bag(leg(SPY_ID), leg(ConId(spx_option("2550", Right.CALL))), symbol="SPY"))
