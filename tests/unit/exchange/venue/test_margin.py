"""What positions tie up: the worst loss at expiry, worked by hand."""

from datetime import date
from decimal import Decimal

from bot.domain.instruments import ConId, Option, Right
from bot.exchange.venue.margin import OptionPosition, intrinsic, requirement_usd
from tests.support.venue_rig import rig_reference, spx_option, vix_option


def held(con_id: ConId, quantity: int) -> OptionPosition:
    option = rig_reference().instrument(con_id)
    assert isinstance(option, Option)
    return OptionPosition(option, quantity)


CONDOR = [
    held(spx_option("2540", Right.PUT), 3),
    held(spx_option("2575", Right.PUT), -3),
    held(spx_option("2825", Right.CALL), -3),
    held(spx_option("2860", Right.CALL), 3),
]


def test_a_condor_ties_up_one_side() -> None:
    assert requirement_usd(CONDOR) == 3 * 35 * 100


def test_a_long_call_ties_up_nothing() -> None:
    assert requirement_usd([held(vix_option("15"), 10)]) == 0
    assert requirement_usd([]) == 0


def test_a_short_call_has_no_limit() -> None:
    assert requirement_usd([*CONDOR, held(vix_option("15"), -1)]) is None


def test_a_short_put_may_lose_its_strike() -> None:
    assert requirement_usd([held(vix_option("15", Right.PUT), -2)]) == 2 * 15 * 100


def test_another_settlement_covers_nothing() -> None:
    march = held(vix_option("15", settlement=date(2018, 3, 21)), 1)
    assert requirement_usd([march, held(vix_option("15"), -1)]) is None
    assert requirement_usd([held(vix_option("20"), 1), held(vix_option("15"), -1)]) == 500


def test_intrinsic_values() -> None:
    call, put = held(vix_option("15"), 1).option, held(vix_option("15", Right.PUT), 1).option
    assert intrinsic(call, Decimal(20)) == intrinsic(put, Decimal(10)) == 5
    assert intrinsic(call, Decimal(10)) == intrinsic(put, Decimal(20)) == 0
