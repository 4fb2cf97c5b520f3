"""Calls nobody knows: given to a rung, left alone, or looked at again; rungs add up throughout."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.account import Position
from bot.domain.adoption import CostSource
from bot.domain.book import Break
from bot.domain.broker import LinkChanged
from bot.domain.events import Adopted, BreakLifted, Ignored, IgnoringEnded, UnadoptedFound
from bot.domain.instruments import ConId
from bot.domain.orders import IntentId, Label, Leg, Side
from bot.domain.rungs import RuleClass, Rung
from bot.execution.adoption import (
    AdoptionRefusedError,
    AdoptionWish,
    adopt,
    ignore,
    look_again,
)
from bot.execution.book import book_of
from bot.execution.reconcile import BrokerView
from bot.execution.restore import restore
from bot.execution.state import ExecutionState, apply
from tests.support.execution import EMPTY_VIEW, Desk, view
from tests.support.orders import (
    CALL,
    NOW,
    OTHER_CALL,
    execution,
    later,
    listed,
    position,
    status,
    vix_call,
    vix_index,
)

STAGE = Label(rule="R5", rule_class=RuleClass.STAGE)
SOON = later(60)
BOUGHT_LEG = Leg(con_id=CALL, side=Side.BUY)


def held(quantity: int, con_id: ConId = CALL, **changes: Any) -> BrokerView:
    """Return a broker that holds one call at an average cost of 1.40 points."""
    fields = {
        "positions": (position(quantity, con_id),) if quantity else (),
        "instruments": (vix_call(con_id),),
    }
    return view(**(fields | changes))


def wish(**changes: Any) -> AdoptionWish:
    fields: dict[str, Any] = {"con_id": CALL, "rung": Rung.S2, "label": STAGE}
    return AdoptionWish(**(fields | changes))


def found(seen: BrokerView) -> Desk:
    """Return a desk that has compared with the broker."""
    return Desk().reconcile(seen, SOON)


def adopted(desk: Desk, seen: BrokerView, at: datetime = SOON, **changes: Any) -> Desk:
    """Adopt, and prove on the way that comparing again changes nothing."""
    desk._take(adopt(desk.state, seen, wish(**changes), at))
    before = desk.state
    assert desk.reconcile(seen, at).state == before
    return desk


def rungs(desk: Desk) -> list[tuple[Rung, int, int]]:
    return [(lot.rung, lot.con_id, lot.quantity) for lot in desk.state.lots]


def test_what_nobody_knew_belongs_to_the_rung_at_the_brokers_average_cost() -> None:
    desk = adopted(found(held(3)), held(3), later(60.5))
    (lot,) = desk.state.lots
    assert (lot.rung, lot.con_id, lot.quantity, lot.price) == (Rung.S2, CALL, 3, Decimal("1.4"))
    assert (lot.rule, lot.rule_class, lot.intent_id) == ("R5", RuleClass.STAGE, "adopted/101/1")
    assert lot.opened_at == later(60)
    (adoption,) = desk.state.adoptions
    assert (adoption.cost_usd, adoption.source) == (Decimal("420.00"), CostSource.BROKER)
    assert desk.state.unadopted == ()
    assert desk.journal[-2:] == [Adopted(adoption=adoption), UnadoptedFound(con_ids=())]


def test_the_user_may_say_what_it_cost() -> None:
    desk = adopted(found(held(3)), held(3), price=Decimal("2.005"))
    (adoption,) = desk.state.adoptions
    assert (adoption.price, adoption.cost_usd) == (Decimal("2.005"), Decimal("601.50"))
    assert adoption.source is CostSource.USER


def test_the_parts_of_a_position_cost_what_the_whole_did() -> None:
    """7.07 USD over three contracts is no whole number of cents each."""
    odd = Position(con_id=CALL, quantity=3, average_cost_usd=Decimal("7.07") / 3)
    seen = held(3, positions=(odd,))
    desk = found(seen)
    for rung in (Rung.S1, Rung.S2, Rung.S3):
        adopted(desk, seen, rung=rung, quantity=1)
    costs = [adoption.cost_usd for adoption in desk.state.adoptions]
    assert costs == [Decimal("2.36"), Decimal("2.35"), Decimal("2.36")]
    assert sum(costs) == Decimal("7.07")


def test_a_restart_knows_what_was_adopted() -> None:
    desk = adopted(found(held(3)), held(3), quantity=2)
    state = ExecutionState()
    for event in desk.journal:
        state = apply(state, event, SOON)
    assert (state.lots, state.aside) == (desk.state.lots, {CALL: 1})
    assert restore(()).lots == ()


def test_the_rest_of_a_part_stays_nobodys_and_can_be_adopted_later() -> None:
    """2 of 5 for S2; the 3 others are no break, and then go to S3."""
    desk = adopted(found(held(5)), held(5), quantity=2)
    assert (desk.state.aside, desk.state.breaks, desk.state.unadopted) == ({CALL: 3}, (), ())
    adopted(desk, held(5), rung=Rung.S3)
    assert rungs(desk) == [(Rung.S2, CALL, 2), (Rung.S3, CALL, 3)]
    assert desk.state.aside == {}
    assert [lot.intent_id for lot in desk.state.lots] == ["adopted/101/1", "adopted/101/2"]


@pytest.mark.parametrize("now_held", [0, 2, 4, 6])
def test_a_later_difference_is_a_break_until_it_is_gone(now_held: int) -> None:
    desk = adopted(found(held(5)), held(5), quantity=2)
    desk.reconcile(held(now_held), SOON)
    assert desk.state.breaks == (Break(con_id=CALL, ours=2, brokers=now_held, aside=3),)
    assert not desk.reconcile(held(5), SOON).state.breaks


def test_what_came_on_top_of_a_rungs_contract_can_be_adopted() -> None:
    """The bot bought 1, a stranger 2 more: a break, which the adoption lifts."""
    desk = Desk().sent(quantity=1).feed(execution()).reconcile(held(3), SOON)
    assert list(desk.state.breaks) == [Break(con_id=CALL, ours=1, brokers=3)]
    adopted(desk, held(3), rung=Rung.S1)
    assert desk.state.contracts(CALL) == 3
    assert not desk.state.breaks
    assert BreakLifted(con_id=CALL) in desk.journal


def test_a_sale_takes_adopted_contracts_as_it_takes_bought_ones() -> None:
    desk = adopted(found(held(3)), held(3))
    desk.sent("s-1", side=Side.SELL, rung=Rung.S2, quantity=2)
    sale = execution("a.9.01", "s-1", side=Side.SELL, quantity=2, executed_at=later(60))
    desk.feed(sale)
    assert rungs(desk) == [(Rung.S2, CALL, 1)]
    desk.reconcile(held(1), later(120))
    assert desk.state.breaks == ()


def test_adopted_contracts_settle() -> None:
    desk = adopted(found(held(5)), held(5), quantity=2)
    desk.reconcile(held(0), vix_call().settlement)
    assert (desk.state.lots, desk.state.aside, desk.state.breaks) == ((), {}, ())


def test_the_rest_settles_also_where_the_rung_is_empty() -> None:
    """The part of the rung was sold before; what was left aside is no break for ever."""
    desk = adopted(found(held(5)), held(5), quantity=2)
    desk.sent("s-1", side=Side.SELL, rung=Rung.S2)
    sold = execution("a.9.01", "s-1", side=Side.SELL, quantity=2, executed_at=later(90))
    desk.feed(sold).reconcile(held(3), later(120))
    assert (desk.state.lots, desk.state.breaks) == ((), ())
    desk.reconcile(held(0), vix_call().settlement)
    assert (desk.state.aside, desk.state.breaks) == ({}, ())


class TestIgnoring:
    def test_an_ignored_call_may_come_and_go(self) -> None:
        desk = found(held(3))
        desk._take(ignore(desk.state, held(3), CALL, SOON))
        assert desk.journal[-2:] == [Ignored(con_id=CALL), UnadoptedFound(con_ids=())]
        written = len(desk.journal)
        for quantity in (7, 0, -2, 3):
            desk.reconcile(held(quantity), SOON)
        assert len(desk.journal) == written
        assert book_of(desk.state).ignored == (CALL,)

    def test_looked_at_again_it_is_unadopted(self) -> None:
        desk = found(held(3))
        desk._take(ignore(desk.state, held(3), CALL, SOON))
        desk._take(look_again(desk.state, held(3), CALL, SOON))
        assert (desk.state.unadopted, desk.state.ignored) == ((CALL,), frozenset())

    def test_adopting_an_ignored_call_ends_the_ignoring(self) -> None:
        desk = found(held(3))
        desk._take(ignore(desk.state, held(3), CALL, SOON))
        adopted(desk, held(3), quantity=1)
        assert (desk.state.ignored, desk.state.aside) == (frozenset(), {CALL: 2})
        assert IgnoringEnded(con_id=CALL, left=3) in desk.journal

    def test_beside_a_rung_only_the_rungs_contracts_must_be_there(self) -> None:
        """2 of 5 are adopted, the rest is ignored: 2 to any number is fine, 1 is a break."""
        desk = adopted(found(held(5)), held(5), quantity=2)
        desk._take(ignore(desk.state, held(5), CALL, SOON))
        for quantity in (2, 9):
            assert desk.reconcile(held(quantity), SOON).state.breaks == ()
        desk.reconcile(held(1), SOON)
        assert desk.state.breaks == (Break(con_id=CALL, ours=2, brokers=1),)

    def test_looked_at_again_beside_a_rung_the_rest_is_left_aside(self) -> None:
        desk = adopted(found(held(5)), held(5), quantity=2)
        desk._take(ignore(desk.state, held(5), CALL, SOON))
        desk._take(look_again(desk.state, held(4), CALL, SOON))
        assert (desk.state.aside, desk.state.breaks) == ({CALL: 2}, ())

    def test_it_settles_a_break_that_a_stranger_made(self) -> None:
        desk = Desk().sent(quantity=1).feed(execution()).reconcile(held(3), SOON)
        desk._take(ignore(desk.state, held(3), CALL, SOON))
        assert desk.state.breaks == ()

    def test_a_short_position_can_be_ignored(self) -> None:
        desk = found(held(-2))
        desk._take(ignore(desk.state, held(-2), CALL, SOON))
        assert desk.state.unadopted == ()


def in_s2(con_id: ConId = OTHER_CALL) -> Desk:
    """Return a desk whose S2 holds one contract it bought."""
    desk = Desk().sent(con_id=con_id, rung=Rung.S2, quantity=1)
    return desk.feed(execution(con_id=con_id))


def beside_s2(quantity: int) -> BrokerView:
    return view(
        positions=(position(1, OTHER_CALL), position(quantity, CALL)),
        instruments=(vix_call(CALL), vix_call(OTHER_CALL)),
    )


def costless() -> BrokerView:
    free = Position(con_id=CALL, quantity=1, average_cost_usd=Decimal(0))
    return held(1, positions=(free,))


REFUSED: list[tuple[Callable[[], Desk], BrokerView, dict[str, Any], str]] = [
    (Desk, EMPTY_VIEW, {}, "the account holds no such contract"),
    (Desk, view(instruments=(vix_index(),)), {"con_id": ConId(1)}, "contract 1: VIX is no VIX"),
    (Desk, view(instruments=(vix_call(symbol="SPX"),)), {}, "SPX is no VIX call"),
    (Desk, held(0), {}, "the broker holds none of it"),
    (Desk, held(-2), {}, "the position is short 2, a rung holds bought calls only"),
    (Desk, held(3), {"quantity": 4}, "3 of it can be adopted, not 4"),
    (Desk, held(3), {"quantity": 0}, "3 of it can be adopted, not 0"),
    (Desk, held(3), {"price": Decimal(0)}, "a price above zero is expected, got 0"),
    (Desk, costless(), {}, "the broker tells no cost of it: give a price"),
    (
        Desk,
        held(3, open_orders=(listed(key="", con_id=CALL, order_id=31),)),
        {},
        r"an order in it is open at the broker \(number 31\)",
    ),
    (
        Desk,
        held(3, open_orders=(listed(key="manual", con_id=CALL),)),
        {},
        r"an order in it is open at the broker \(manual\)",
    ),
    (
        Desk,
        held(3, open_orders=(listed(key="combo", con_id=ConId(9), legs=(BOUGHT_LEG,)),)),
        {},
        r"an order in it is open at the broker \(combo\)",
    ),
    (lambda: Desk().sent(), held(3), {}, "order i-1 in it is at work"),
    (
        lambda: Desk().sent(con_id=OTHER_CALL, rung=Rung.S2),
        held(3),
        {},
        "S2 is buying contract 102, and a rung holds one contract",
    ),
    (in_s2, beside_s2(3), {}, "S2 holds contract 102, and a rung holds one contract"),
    (
        lambda: Desk().sent(quantity=1).feed(execution(price=Decimal("1.30"))),
        held(3),
        {},
        "blended with that of the rungs: give a price",
    ),
    (
        lambda: Desk().sent(quantity=3).feed(execution(quantity=3)),
        held(2),
        {},
        "the broker holds 2, fewer than the 3 of the rungs",
    ),
    (
        lambda: adopted(found(held(3)), held(3)),
        held(3),
        {},
        "nothing of it is nobody's: all 3 are in S2",
    ),
]


@pytest.mark.parametrize(("made", "seen", "changes", "reason"), REFUSED)
def test_what_cannot_be_adopted_is_refused_with_the_reason(
    made: Callable[[], Desk], seen: BrokerView, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(AdoptionRefusedError, match=reason):
        adopt(made().state, seen, wish(**changes), SOON)


def test_a_contract_that_settled_is_refused() -> None:
    at = vix_call().settlement + timedelta(seconds=1)
    with pytest.raises(AdoptionRefusedError, match="it settled on 2018-03-21"):
        adopt(Desk().state, held(3), wish(), at)


def test_what_cannot_be_ignored_is_refused_with_the_reason() -> None:
    desk = found(held(3))
    with pytest.raises(AdoptionRefusedError, match="nothing of it is nobody's: all 0 are in none"):
        ignore(desk.state, held(0), CALL, SOON)
    with pytest.raises(AdoptionRefusedError, match="contract 101 is not ignored"):
        look_again(desk.state, held(3), CALL, SOON)
    desk._take(ignore(desk.state, held(3), CALL, SOON))
    with pytest.raises(AdoptionRefusedError, match="it is ignored already"):
        ignore(desk.state, held(3), CALL, SOON)


def test_beside_adopted_contracts_the_brokers_average_is_that_of_strangers() -> None:
    """Whatever the user said of the first part, the average speaks of what nobody here bought."""
    desk = adopted(found(held(3)), held(3), quantity=1, price=Decimal("1.30"))
    adopted(desk, held(3))
    assert [lot.price for lot in desk.state.lots] == [Decimal("1.30"), Decimal("1.4")]


def test_a_day_order_of_yesterday_ends_beside_what_was_left_aside() -> None:
    """The position agrees although strangers hold a part of it."""
    desk = adopted(found(held(5)), held(5), quantity=2)
    desk.sent("i-9", rung=Rung.S2).feed(status(key="i-9"), LinkChanged(what="socket", up=False))
    desk.reconcile(held(5), NOW + timedelta(days=1))
    assert desk.state.orders[IntentId("i-9")].state.is_terminal
