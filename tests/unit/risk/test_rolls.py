"""A roll passes no check that either of its contracts would not pass, nor any as a pair."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.book import COARSE_ROLL_GRID, Book, Break
from bot.domain.instruments import ConId, Universe
from bot.domain.orders import Order, OrderState, Side
from bot.domain.quotes import DataType, Quote
from bot.domain.value import replace
from bot.risk.check import check, check_all, check_change
from bot.risk.context import RiskContext
from bot.risk.limits import RiskLimits
from tests.support.orders import CALL, OTHER_CALL, intent, later, order, position, roll, vix_call
from tests.support.risk import context, lot, quote, refused_by

APRIL = datetime(2018, 4, 18, 13, 30, tzinfo=UTC)
NEAR, FAR = vix_call(CALL), vix_call(OTHER_CALL, settlement=APRIL)
NEAR_QUOTE = quote()
FAR_QUOTE = quote(con_id=OTHER_CALL, bid=Decimal("1.75"), ask=Decimal("1.90"))
"""The pair costs 1.90 - 1.40 = 0.50 at once, and 0.55 with five ticks of allowance."""


def held(**changes: Any) -> RiskContext:
    """Two of the near call are held, and both calls are quoted."""
    fields = {
        "quotes": (NEAR_QUOTE, FAR_QUOTE),
        "positions": (position(2),),
        "book": Book(lots=(lot(2),)),
        "universe": Universe(instruments=(NEAR, FAR)),
    }
    return context(**(fields | changes))


def with_quotes(near: Quote = NEAR_QUOTE, far: Quote = FAR_QUOTE) -> dict[str, Any]:
    return {"quotes": (near, far)}


def with_book(**changes: Any) -> dict[str, Any]:
    return {"book": Book(lots=(lot(2),), **changes)}


def working_roll(state: OrderState = OrderState.WORKING, **changes: Any) -> Order:
    wanted = roll("w", quantity=1)
    return Order(intent=wanted, state=state, limit=wanted.limit, **changes)


@pytest.mark.parametrize("limit", ["0.30", "0.55", "0", "-0.40"])
def test_a_sound_roll_passes_at_any_sign(limit: str) -> None:
    assert check(roll(limit=Decimal(limit)), held()) is None


@pytest.mark.parametrize("con_id", [CALL, OTHER_CALL])
def test_either_contract_locks_or_bars_the_roll(con_id: ConId) -> None:
    broken = Break(con_id=con_id, ours=2, brokers=1)
    assert refused_by(roll(), held(**with_book(breaks=(broken,)))) == "locked"
    assert refused_by(roll(), held(**with_book(unadopted=(con_id,)))) == "unadopted"
    alone = Universe(instruments=tuple(i for i in (NEAR, FAR) if i.con_id != con_id))
    assert refused_by(roll(), held(universe=alone)) == "instrument"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"data_type": DataType.DELAYED}, "live_quote"),
        ({"data_type": None}, "live_quote"),
        ({"as_of": later(-31)}, "fresh_quote"),
        ({"bid": None}, "two_sided_quote"),
        ({"ask_size": 0}, "two_sided_quote"),
        ({"bid": Decimal("1.95")}, "two_sided_quote"),
    ],
)
def test_either_quote_refuses_the_roll(changes: dict[str, Any], name: str) -> None:
    assert refused_by(roll(), held(**with_quotes(near=replace(NEAR_QUOTE, **changes)))) == name
    assert refused_by(roll(), held(**with_quotes(far=replace(FAR_QUOTE, **changes)))) == name


def test_a_roll_without_one_of_its_quotes_is_refused() -> None:
    assert refused_by(roll(), held(quotes=(FAR_QUOTE,))) == "live_quote"
    assert refused_by(roll(), held(quotes=(NEAR_QUOTE,))) == "live_quote"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"quantity": 21}, "quantity"),
        ({"limit": Decimal("0.305")}, "price_grid"),
        ({"limit": Decimal("-0.305")}, "price_grid"),
        ({"limit": Decimal("0.56")}, "price_band"),
        ({"con_id": CALL, "closes": OTHER_CALL}, "later_month"),
        ({"quantity": 3}, "short"),
    ],
)
def test_an_unsound_roll_is_refused_by_its_check(changes: dict[str, Any], name: str) -> None:
    assert refused_by(roll(**changes), held()) == name


def test_a_roll_within_one_month_is_none() -> None:
    same = Universe(instruments=(NEAR, vix_call(OTHER_CALL)))
    assert refused_by(roll(), held(universe=same)) == "later_month"


def test_a_settled_leg_is_not_rolled() -> None:
    where = held(now=NEAR.settlement)
    assert refused_by(roll(), where) == "settled"


def test_the_grid_is_the_one_the_broker_has_left() -> None:
    coarse = held(**with_book(roll_grid=COARSE_ROLL_GRID))
    assert refused_by(roll(limit=Decimal("0.31")), held()) is None
    assert refused_by(roll(limit=Decimal("0.31")), coarse) == "price_grid"
    assert refused_by(roll(limit=Decimal("-0.35")), coarse) is None


def test_the_allowance_is_in_the_coarser_tick_of_the_two() -> None:
    dear = replace(FAR_QUOTE, bid=Decimal("3.40"), ask=Decimal("3.50"))
    where = held(**with_quotes(far=dear))
    assert refused_by(roll(limit=Decimal("2.35")), where) is None
    assert refused_by(roll(limit=Decimal("2.36")), where) == "price_band"


def test_the_bought_leg_may_not_be_too_dear_however_small_the_net_price_is() -> None:
    """Net 0.30 with 1.40 for the sold call pays 1.70 for the bought one."""
    cheap = held(limits=RiskLimits(max_premium_points=Decimal("1.69")))
    assert refused_by(roll(), cheap) == "premium"
    enough = held(limits=RiskLimits(max_premium_points=Decimal("1.70")))
    assert refused_by(roll(), enough) is None


@pytest.mark.parametrize(
    ("positions", "name"),
    [
        (None, "position"),
        ((position(-1),), "position"),
        ((position(2), position(-1, OTHER_CALL)), "position"),
        ((position(1),), "short"),
        ((), "short"),
    ],
)
def test_what_is_not_surely_held_is_not_rolled(positions: Any, name: str) -> None:
    assert refused_by(roll(), held(positions=positions)) == name


def test_what_our_own_lots_do_not_hold_is_not_rolled() -> None:
    assert refused_by(roll(), held(book=Book(lots=(lot(1),)))) == "short"


@pytest.mark.parametrize("state", [s for s in OrderState if not s.is_terminal])
def test_working_rolls_and_sales_take_from_what_may_be_sold(state: OrderState) -> None:
    rolling = held(**with_book(orders=(working_roll(state),)))
    selling = held(**with_book(orders=(order(state, "s", side=Side.SELL, quantity=1),)))
    for where in (rolling, selling):
        assert refused_by(roll(), where) == "short"
        assert refused_by(intent(side=Side.SELL), where) == "short"
        assert refused_by(roll(quantity=1), where) is None


def test_what_a_working_roll_buys_may_not_be_sold_before_it_is_held() -> None:
    where = held(**with_book(orders=(working_roll(),)))
    sale = intent(side=Side.SELL, con_id=OTHER_CALL, quantity=1, limit=Decimal("1.75"))
    assert refused_by(sale, where) == "short"


def test_a_leg_that_is_ahead_still_counts_whole() -> None:
    """One of the near call has left, its pair is not complete: nothing more may be sold."""
    ahead = working_roll(ahead=1)
    where = held(positions=(position(1),), book=Book(lots=(lot(1),), orders=(ahead,)))
    assert refused_by(intent(side=Side.SELL, quantity=1), where) == "short"


def test_two_rolls_of_one_decision_cannot_together_sell_short() -> None:
    accepted, refused = check_all([roll("a"), roll("b")], held())
    assert [i.intent_id for i in accepted] == ["a"]
    assert [(i.intent_id, refusal.check) for i, refusal in refused] == [("b", "short")]


def test_a_roll_counts_towards_the_holding_like_the_purchase_it_contains() -> None:
    limits = RiskLimits(max_contracts_held=3)
    assert refused_by(roll(), held(limits=limits)) == "holding"
    assert refused_by(roll(quantity=1), held(limits=limits)) is None
    working = with_book(orders=(working_roll(),))
    assert refused_by(intent(quantity=1), held(limits=limits, **working)) == "holding"


@pytest.mark.parametrize(
    ("limit", "name"), [("0.40", None), ("-0.10", None), ("0", None), ("0.56", "price_band")]
)
def test_a_working_roll_may_be_moved_to_any_price_in_its_band(limit: str, name: str | None) -> None:
    rolling = working_roll()
    where = held(**with_book(orders=(rolling,)))
    refusal = check_change(rolling, Decimal(limit), where)
    assert (refusal and refusal.check) == name


def test_a_refusal_tells_both_quotes() -> None:
    refusal = check(roll(limit=Decimal("0.60")), held())
    assert refusal is not None
    assert refusal.reason == "roll limit 0.60 above 0.55 (ask 1.90, bid 1.40 of what is sold)"
