"""The figures take their margins from the rules of each segment."""

from decimal import Decimal

from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.venue.holding import Holding
from tests.support.venue_rig import CALL_15, FEBRUARY, Rig, quote

FUTURE = con_id_of(ContractKey(ContractClass.VX, FEBRUARY))


def test_a_naked_call_of_the_scenario_is_charged_by_rule() -> None:
    """Nobody may open one here; one that is there takes 20 % of its strike and its premium."""
    short = Holding(con_id=CALL_15, multiplier=100, quantity=-1, cost_usd=Decimal(-90))
    figures = Rig(lines=[quote(CALL_15, "1.00", "1.10")], holdings=[short]).venue.account.figures()
    assert figures.total.option_value_usd == -105
    assert figures.securities.initial_usd == figures.total.initial_usd == 405


def test_a_futures_margin_is_the_commodities() -> None:
    held = Holding(
        con_id=FUTURE,
        multiplier=1000,
        quantity=-1,
        cost_usd=Decimal(-20_000),
        is_future=True,
        settled_usd=Decimal(-20_000),
    )
    figures = Rig(lines=[quote(FUTURE, "20.95", "21.05")], holdings=[held]).venue.account.figures()
    assert figures.total.futures_pnl_usd == -1000
    assert figures.total.net_liquidation_usd == 99_000
    assert figures.securities.initial_usd == 0
    assert figures.commodities.initial_usd > figures.commodities.maintenance_usd > 4_000
    assert figures.total.available_usd == 99_000 - figures.commodities.initial_usd
