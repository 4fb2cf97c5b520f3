"""What positions tie up, worked by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.domain.instruments import ConId, Future, Index, Option, Right
from bot.exchange.reference.conid import ContractClass, ContractKey
from bot.exchange.reference.contracts import instrument_from_key
from bot.exchange.reference.underlyings import SPY
from bot.exchange.venue.margin import HeldPosition, Requirement, requirement
from bot.exchange.venue.margin_futures import charge_usd
from bot.exchange.venue.margin_levels import Levels
from bot.exchange.venue.margin_options import intrinsic
from tests.support.venue_rig import rig_reference, rig_sessions, spx_option, vix_option

NOWHERE = Levels()
MARCH = date(2018, 3, 21)
APRIL = date(2018, 4, 18)


def held(con_id: ConId, quantity: int, mark: str | None = None) -> HeldPosition:
    product = rig_reference().instrument(con_id)
    assert not isinstance(product, Index)
    return HeldPosition(product, quantity, None if mark is None else Decimal(mark))


def future(label: ContractClass, settlement: date = MARCH) -> Future:
    made = instrument_from_key(ContractKey(label, settlement), rig_sessions())
    assert isinstance(made, Future)
    return made


def kept_usd(*positions: HeldPosition, levels: Levels = NOWHERE) -> Decimal:
    found = requirement(positions, levels)
    assert found is not None
    return found.maintenance_usd


CONDOR = [
    held(spx_option("2540", Right.PUT), 3),
    held(spx_option("2575", Right.PUT), -3),
    held(spx_option("2825", Right.CALL), -3),
    held(spx_option("2860", Right.CALL), 3),
]


def test_a_condor_ties_up_one_side() -> None:
    tied = Decimal(3 * 35 * 100)
    assert requirement(CONDOR, NOWHERE) == Requirement(initial_usd=tied, maintenance_usd=tied)


def test_unequal_wings_tie_up_the_wider_one() -> None:
    wide = [*CONDOR[:3], held(spx_option("2875", Right.CALL), 3)]
    assert kept_usd(*wide) == 3 * 50 * 100


def test_a_long_option_ties_up_nothing_beyond_its_premium() -> None:
    assert kept_usd(held(vix_option("15"), 10)) == 0
    assert kept_usd(held(vix_option("15", Right.PUT), 10)) == 0
    assert kept_usd() == 0


def test_a_short_call_has_no_limit() -> None:
    assert requirement([*CONDOR, held(vix_option("15"), -1)], NOWHERE) is None


def test_a_short_put_may_lose_its_strike() -> None:
    assert kept_usd(held(vix_option("15", Right.PUT), -2)) == 2 * 15 * 100


def test_another_settlement_covers_nothing() -> None:
    march = held(vix_option("15", settlement=MARCH), 1)
    assert requirement([march, held(vix_option("15"), -1)], NOWHERE) is None
    assert kept_usd(held(vix_option("20"), 1), held(vix_option("15"), -1)) == 500


@pytest.mark.parametrize(
    ("strike", "levels", "usd"),
    [
        ("15", Levels(vix=Decimal(15)), 100 * (Decimal("3.00") + 1)),
        ("16", Levels(vix=Decimal(15)), 100 * (Decimal("2.00") + 1)),
        ("25", Levels(vix=Decimal(15)), 100 * (Decimal("1.50") + 1)),
        ("15", NOWHERE, 100 * (Decimal("3.00") + 1)),
    ],
    ids=["at the money", "out of the money", "least", "level unknown"],
)
def test_a_naked_call_that_is_held_is_charged_by_rule(
    strike: str, levels: Levels, usd: Decimal
) -> None:
    """20 % of VIX less out of the money, 10 % at least, and the premium of 1.00."""
    found = requirement([held(vix_option(strike), -1, "1.00")], levels, naked_calls=True)
    assert found == Requirement(initial_usd=usd, maintenance_usd=usd)


def test_the_highest_strikes_of_the_short_calls_are_the_naked_ones() -> None:
    """Of shorts at 2825 and 2860 the long 2800 covers the first: 15 % of 2800 less 60 points."""
    mixed = [
        held(spx_option("2800", Right.CALL), 1),
        held(spx_option("2825", Right.CALL), -1),
        held(spx_option("2860", Right.CALL), -1, "5.00"),
    ]
    found = requirement(mixed, Levels(spx=Decimal(2800)), naked_calls=True)
    assert found is not None
    assert found.initial_usd == 100 * (420 - 60 + 5)


def test_shares_follow_regulation_t() -> None:
    long, short = HeldPosition(SPY, 100, Decimal(280)), HeldPosition(SPY, -100, Decimal(280))
    assert requirement([long], NOWHERE) == Requirement(
        initial_usd=Decimal(14_000), maintenance_usd=Decimal(7_000)
    )
    assert requirement([short], NOWHERE) == Requirement(
        initial_usd=Decimal(14_000), maintenance_usd=Decimal(8_400)
    )
    assert requirement([HeldPosition(SPY, 100)], NOWHERE) is None


def test_an_sp_future_is_charged_for_two_bad_days() -> None:
    """1.25 x 2.326 x 0.25 x sqrt(2/252) = 6.4755 % of 2800 x 50 USD."""
    es = HeldPosition(future(ContractClass.ES), -1, Decimal(2800))
    found = requirement([es], Levels(vix=Decimal(25)))
    assert found is not None
    assert float(found.maintenance_usd) == pytest.approx(0.064755 * 140_000, rel=1e-4)
    assert float(found.initial_usd) == pytest.approx(1.1 * float(found.maintenance_usd), abs=0.01)


def test_calm_does_not_cheapen_a_future_below_the_long_run() -> None:
    es = HeldPosition(future(ContractClass.ES), 1, Decimal(2800))
    assert kept_usd(es, levels=Levels(vix=Decimal(9))) == kept_usd(es) > 7_000


@pytest.mark.parametrize(
    ("days", "part"),
    [(0, 0.5181), (15, 0.3397), (30, 0.2228), (90, 0.1557), (150, 0.1088), (300, 0.1088)],
)
def test_a_vix_future_is_charged_by_its_beta(days: int, part: float) -> None:
    """0.2228 = 1.25 x 2.326 x 0.86 x sqrt(2/252); the rest by beta / 0.43."""
    vx = future(ContractClass.VX)
    at = vx.settlement - timedelta(days=days)
    charge = charge_usd(vx, Decimal(20), Levels(at=at))
    assert charge is not None
    assert float(charge) == pytest.approx(part * 20_000, rel=1e-3)


def test_a_future_past_its_settlement_or_of_unknown_time_is_charged_most() -> None:
    vx = future(ContractClass.VX)
    late = Levels(at=vx.settlement + timedelta(days=1))
    assert charge_usd(vx, Decimal(20), late) == charge_usd(vx, Decimal(20), NOWHERE)


def test_volatility_of_volatility_raises_the_charge_of_vix_futures_alone() -> None:
    levels = Levels(vvix=Decimal(172))
    vx, es = future(ContractClass.VX), future(ContractClass.ES)
    calm, wild = charge_usd(vx, Decimal(20), NOWHERE), charge_usd(vx, Decimal(20), levels)
    assert calm is not None
    assert wild is not None
    assert float(wild / calm) == pytest.approx(2)
    assert charge_usd(es, Decimal(2800), levels) == charge_usd(es, Decimal(2800), NOWHERE)


def test_a_future_without_a_price_takes_its_index_or_nothing() -> None:
    vx = HeldPosition(future(ContractClass.VX), 1)
    assert requirement([vx], NOWHERE) is None
    assert requirement([vx], Levels(vix=Decimal(20))) == requirement(
        [HeldPosition(vx.product, 1, Decimal(20))], NOWHERE
    )


def test_minis_net_the_big_contract_for_their_size() -> None:
    vx = HeldPosition(future(ContractClass.VX), 1, Decimal(20))
    minis = HeldPosition(future(ContractClass.VXM), -10, Decimal(20))
    assert kept_usd(vx, minis) == 0


def test_a_calendar_of_futures_is_relieved_but_not_free() -> None:
    """32 % of the smaller leg, and the difference in full."""
    near, far = future(ContractClass.VX), future(ContractClass.VX, APRIL)
    at = near.settlement - timedelta(days=30)
    levels = Levels(at=at)
    legs = [HeldPosition(near, 1, Decimal(20)), HeldPosition(far, -1, Decimal(20))]
    full_near, full_far = (kept_usd(leg, levels=levels) for leg in legs)
    expected = full_near - full_far + full_far * Decimal("0.316228")
    assert float(kept_usd(*legs, levels=levels)) == pytest.approx(float(expected), abs=0.02)
    both = full_near + full_far
    same_way = [legs[0], HeldPosition(far, 1, Decimal(20))]
    assert kept_usd(*same_way, levels=levels) == both


def test_families_do_not_relieve_each_other() -> None:
    vx = HeldPosition(future(ContractClass.VX), 1, Decimal(20))
    es = HeldPosition(future(ContractClass.ES), 1, Decimal(2800))
    assert kept_usd(vx, es) == kept_usd(vx) + kept_usd(es)


def test_intrinsic_values() -> None:
    reference = rig_reference()
    call, put = (reference.instrument(vix_option("15", right)) for right in Right)
    assert isinstance(call, Option)
    assert isinstance(put, Option)
    if call.right is Right.PUT:
        call, put = put, call
    assert intrinsic(call, Decimal(20)) == intrinsic(put, Decimal(10)) == 5
    assert intrinsic(call, Decimal(10)) == intrinsic(put, Decimal(20)) == 0
