"""Each check refuses what it is there for, in the name of that check; unknown always refuses."""

from decimal import Decimal
from typing import Any

import pytest

from bot.domain.account import AccountId, Mode
from bot.domain.book import Book, Break
from bot.domain.inputs import Farm
from bot.domain.instruments import ConId, Right, Universe
from bot.domain.orders import OrderState, Side
from bot.domain.quotes import DataType
from bot.domain.sessions import Session
from bot.risk.check import CHECKS, check, check_all, check_change
from bot.risk.limits import RiskLimits
from tests.support.orders import CALL, intent, later, order, position, vix_call
from tests.support.risk import SESSION, context, lot, quote, refused_by


def test_a_sound_purchase_passes() -> None:
    assert check(intent(), context()) is None


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"account_id": None}, "account"),
        ({"account_id": AccountId("U1")}, "account"),
        ({"mode": Mode.PAPER, "account_id": AccountId("DU1")}, "account"),
        ({"universe": Universe(instruments=())}, "instrument"),
        ({"universe": Universe(instruments=(vix_call(right=Right.PUT),))}, "instrument"),
        ({"universe": Universe(instruments=(vix_call(symbol="SPX"),))}, "instrument"),
        ({"now": vix_call().settlement}, "settled"),
        ({"session": None}, "session"),
        ({"now": SESSION.close_at}, "session"),
        ({"session": Session(date=SESSION.date, open_at=later(1), close_at=later(9))}, "session"),
        ({"book": Book(breaks=(Break(con_id=CALL, ours=1, brokers=2),))}, "locked"),
        ({"book": Book(unadopted=(CALL,))}, "unadopted"),
        ({"book": Book(ignored=(CALL,))}, "ignored"),
        ({"farm": Farm.DOWN}, "farm"),
        ({"farm": Farm.UNKNOWN}, "farm"),
        ({"quotes": ()}, "live_quote"),
        ({"quotes": (quote(data_type=None),)}, "live_quote"),
        ({"quotes": (quote(data_type=DataType.FROZEN),)}, "live_quote"),
        ({"quotes": (quote(data_type=DataType.DELAYED),)}, "live_quote"),
        ({"quotes": (quote(data_type=DataType.DELAYED_FROZEN),)}, "live_quote"),
        ({"quotes": (quote(as_of=later(-30.1)),)}, "fresh_quote"),
        ({"quotes": (quote(as_of=later(1.1)),)}, "fresh_quote"),
        ({"quotes": (quote(bid=None),)}, "two_sided_quote"),
        ({"quotes": (quote(ask=None),)}, "two_sided_quote"),
        ({"quotes": (quote(bid=Decimal(0)),)}, "two_sided_quote"),
        ({"quotes": (quote(bid_size=0),)}, "two_sided_quote"),
        ({"quotes": (quote(ask_size=None),)}, "two_sided_quote"),
        ({"quotes": (quote(bid=Decimal("1.51")),)}, "two_sided_quote"),
        ({"positions": None}, "position"),
        ({"positions": (position(-1),)}, "position"),
        ({"positions": (position(199),)}, "holding"),
        ({"book": Book(lots=(lot(199),))}, "holding"),
    ],
)
def test_an_unsound_situation_is_refused_by_its_check(changes: dict[str, Any], name: str) -> None:
    assert refused_by(intent(), context(**changes)) == name


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"con_id": ConId(999)}, "instrument"),
        ({"con_id": ConId(1)}, "instrument"),
        ({"quantity": 21}, "quantity"),
        ({"limit": Decimal("1.505")}, "price_grid"),
        ({"limit": Decimal("1.56")}, "price_band"),
        ({"side": Side.SELL, "limit": Decimal("1.34")}, "price_band"),
        ({"side": Side.SELL}, "short"),
    ],
)
def test_an_unsound_order_is_refused_by_its_check(changes: dict[str, Any], name: str) -> None:
    assert refused_by(intent(**changes), context()) == name


def test_limits_themselves_still_pass() -> None:
    aged = context(quotes=(quote(as_of=later(-30)),))
    assert check(intent(quantity=20, limit=Decimal("1.55")), aged) is None
    held = context(positions=(position(1),), book=Book(lots=(lot(1),)))
    sale = intent(side=Side.SELL, quantity=1, limit=Decimal("1.35"))
    assert check(sale, held) is None


def test_the_grid_is_the_row_that_holds_at_the_price() -> None:
    """VIX 2.99 is legal, 3.01 is not, 3.05 is (domain.md section 8.2)."""
    dear = context(quotes=(quote(bid=Decimal("3.00"), ask=Decimal("3.05")),))
    assert refused_by(intent(limit=Decimal("3.01")), dear) == "price_grid"
    assert refused_by(intent(limit=Decimal("2.99")), dear) is None
    assert refused_by(intent(limit=Decimal("3.05")), dear) is None


def test_no_premium_above_the_dearest() -> None:
    limits = RiskLimits(max_premium_points=Decimal("1.45"))
    assert refused_by(intent(), context(limits=limits)) == "premium"
    held = context(limits=limits, positions=(position(2),), book=Book(lots=(lot(2),)))
    assert refused_by(intent(side=Side.SELL), held) is None


@pytest.mark.parametrize(("broker", "ours"), [(2, 1), (1, 2)])
def test_a_sale_may_not_exceed_what_both_books_hold(broker: int, ours: int) -> None:
    """Each of the two lags after a fill; the smaller one is what is surely there."""
    where = context(positions=(position(broker),), book=Book(lots=(lot(ours),)))
    assert refused_by(intent(side=Side.SELL, quantity=2), where) == "short"
    assert refused_by(intent(side=Side.SELL, quantity=1), where) is None


@pytest.mark.parametrize("state", [s for s in OrderState if not s.is_terminal])
def test_working_sales_are_taken_off_whatever_their_state(state: OrderState) -> None:
    working = order(state, "w", side=Side.SELL, quantity=2, filled=1)
    where = context(positions=(position(2),), book=Book(lots=(lot(2),), orders=(working,)))
    assert refused_by(intent(side=Side.SELL, quantity=2), where) == "short"
    assert refused_by(intent(side=Side.SELL, quantity=1), where) is None


def test_ended_sales_and_purchases_and_other_contracts_are_not_taken_off() -> None:
    orders = (
        order(OrderState.CANCELLED, "a", side=Side.SELL),
        order(OrderState.WORKING, "b", side=Side.BUY),
        order(OrderState.WORKING, "c", side=Side.SELL, con_id=ConId(7)),
    )
    where = context(positions=(position(2),), book=Book(lots=(lot(2),), orders=orders))
    assert check(intent(side=Side.SELL), where) is None


def test_working_purchases_count_towards_the_holding() -> None:
    where = context(
        limits=RiskLimits(max_contracts_held=3), book=Book(orders=(order(quantity=2, key="w"),))
    )
    assert refused_by(intent(quantity=2), where) == "holding"
    assert refused_by(intent(quantity=1), where) is None


def test_other_instruments_do_not_count_as_vix_calls() -> None:
    where = context(limits=RiskLimits(max_contracts_held=2), positions=(position(-50, 77),))
    assert check(intent(), where) is None


def test_two_sales_of_one_decision_cannot_together_sell_short() -> None:
    where = context(positions=(position(3),), book=Book(lots=(lot(3),)))
    sales = [intent("a", side=Side.SELL), intent("b", side=Side.SELL)]
    accepted, refused = check_all(sales, where)
    assert [i.intent_id for i in accepted] == ["a"]
    assert [(i.intent_id, refusal.check) for i, refusal in refused] == [("b", "short")]


def test_a_change_is_checked_over_the_rest_without_counting_itself() -> None:
    working = order(OrderState.WORKING, side=Side.SELL, quantity=3, filled=1)
    where = context(positions=(position(2),), book=Book(lots=(lot(2),), orders=(working,)))
    assert check_change(working, Decimal("1.45"), where) is None
    refusal = check_change(working, Decimal("1.30"), where)
    assert refusal is not None
    assert refusal.check == "price_band"


@pytest.mark.parametrize(
    ("state", "limit"), [(OrderState.FILLED, "1.45"), (OrderState.WORKING, "0")]
)
def test_a_change_of_nothing_or_to_nothing_is_refused(state: OrderState, limit: str) -> None:
    refusal = check_change(order(state), Decimal(limit), context())
    assert refusal is not None
    assert refusal.check == "change"


def test_every_check_has_its_own_name() -> None:
    names = [name for name, _ in CHECKS]
    assert len(set(names)) == len(names)
