"""The emergency advance: what is booked, corrected, and renewed."""

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.book import Book
from bot.domain.instruments import ConId
from bot.domain.orders import Intent, IntentId, Order, OrderState, Side
from bot.domain.policy import FundPolicy
from bot.domain.rungs import RuleClass, Rung
from bot.domain.sessions import SessionTable
from bot.domain.state import Advance, Commitment
from bot.domain.value import replace
from bot.strategy.money import available_usd, commit, settle_advance
from tests.support.strategy_days import lot
from tests.support.strategy_world import SESSIONS

DAY = date(2018, 2, 5)
FUND = FundPolicy()
INTENT = Intent(
    intent_id=IntentId("d/D1"),
    side=Side.BUY,
    con_id=ConId(1),
    quantity=4,
    limit=Decimal("0.80"),
    rung=Rung.D1,
    rule="R8",
    rule_class=RuleClass.EMERGENCY,
)
BOOKED = commit(Advance(), INTENT, INTENT.limit, DAY)


def settled(advance: Advance, book: Book, day: date = DAY) -> Advance:
    return settle_advance(advance, book, FUND, day, SESSIONS)


def order(state: OrderState, filled: int, limit: str = "0.80") -> Order:
    return Order(intent=INTENT, state=state, limit=Decimal(limit), filled=filled)


def test_a_purchase_is_booked_at_its_worst_and_begins_the_term() -> None:
    assert BOOKED.pending == (Commitment(intent_id=INTENT.intent_id, worst_usd=Decimal(320)),)
    assert BOOKED.renewed_on == DAY


def test_booking_it_again_at_another_limit_replaces_the_first() -> None:
    again = commit(BOOKED, INTENT, Decimal("1.00"), date(2018, 2, 6))
    assert [c.worst_usd for c in again.pending] == [Decimal(400)]
    assert again.renewed_on == DAY


@pytest.mark.parametrize(
    ("nav", "spent", "left"),
    [
        (Decimal(1_000_000), "0", "2180"),
        (Decimal(1_000_000), "2000", "180"),
        (Decimal(1_000_000), "2500", "0"),
        (None, "0", "0"),
    ],
)
def test_what_is_left(nav: Decimal | None, spent: str, left: str) -> None:
    """0.25 % of a million is 2,500 USD, of which 320 are booked."""
    advance = replace(BOOKED, spent_usd=Decimal(spent))
    assert available_usd(advance, nav, FUND) == Decimal(left)


@pytest.mark.parametrize("state", [s for s in OrderState if not s.is_terminal])
def test_a_live_order_stays_booked_at_its_worst(state: OrderState) -> None:
    assert settled(BOOKED, Book(orders=(order(state, 1),))) == BOOKED


def test_a_live_order_moved_up_is_booked_at_its_new_limit() -> None:
    moved = settled(BOOKED, Book(orders=(order(OrderState.WORKING, 0, "1.00"),)))
    assert moved.pending[0].worst_usd == Decimal(400)


def test_a_move_not_answered_yet_is_booked_at_the_dearer_limit() -> None:
    asked = replace(order(OrderState.WORKING, 0), limit_asked=Decimal("1.20"))
    assert settled(BOOKED, Book(orders=(asked,))).pending[0].worst_usd == Decimal(480)


def test_a_dead_order_costs_what_its_lot_did() -> None:
    mine = replace(lot(Rung.D1, 3, price="0.75"), intent_id=INTENT.intent_id)
    book = Book(lots=(mine,), orders=(order(OrderState.CANCELLED, 3),))
    after = settled(BOOKED, book)
    assert (after.pending, after.spent_usd) == ((), Decimal(225))


def test_a_dead_order_whose_lot_is_gone_costs_its_limit() -> None:
    after = settled(BOOKED, Book(orders=(order(OrderState.FILLED, 4),)))
    assert after.spent_usd == Decimal(320)


def test_an_order_forgotten_by_the_book_costs_its_lot_or_nothing() -> None:
    mine = replace(lot(Rung.D1, 2, price="0.75"), intent_id=INTENT.intent_id)
    assert settled(BOOKED, Book(lots=(mine,))).spent_usd == Decimal(150)
    assert settled(BOOKED, Book()).spent_usd == Decimal(0)


SPENT = Advance(spent_usd=Decimal(2000), renewed_on=date(2017, 2, 6))
"""2017-02-06 is 260 weekdays before 2018-02-05."""


def test_the_advance_is_renewed_after_its_sessions() -> None:
    assert settled(SPENT, Book()) == Advance()


def test_what_is_still_pending_at_a_renewal_begins_the_next_term() -> None:
    spent = replace(BOOKED, spent_usd=Decimal(2000), renewed_on=date(2017, 2, 6))
    after = settled(spent, Book(orders=(order(OrderState.WORKING, 0),)))
    assert (after.spent_usd, after.renewed_on) == (Decimal(0), DAY)
    assert after.pending == BOOKED.pending


def test_it_is_not_renewed_before() -> None:
    recent = replace(SPENT, renewed_on=date(2017, 2, 20))
    assert settled(recent, Book()) == recent


def test_a_table_that_begins_later_counts_only_what_it_knows() -> None:
    known = SessionTable(sessions=SESSIONS.sessions[200:])
    assert settle_advance(SPENT, Book(), FUND, DAY, known) == SPENT


def test_a_day_outside_the_table_renews_nothing() -> None:
    assert settled(SPENT, Book(), date(2020, 1, 6)) == SPENT
