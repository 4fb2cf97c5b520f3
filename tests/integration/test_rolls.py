"""A roll from Intent to fills and back, with the real adapter, journal and desk over a socket."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.events import FillReceived, OrderRefused, OrderSent
from bot.domain.orders import IntentId, OrderState, Side
from bot.domain.rungs import RuleClass, Rung
from bot.exchange.venue.account_rules import AccountRules
from tests.support.roll_floor import RollFloor, roll_floor

LESS = Decimal("0.20")
MANY, SOME = 400, 30
"""More, and fewer, calls than the near one's bid shows at a time."""


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[RollFloor]:
    async with roll_floor(tmp_path / "journal.sqlite") as floor:
        yield floor


def executions(floor: RollFloor, key: str) -> list[tuple[int, Side, int]]:
    """Return what the journal says was executed of an order, each execution once."""
    fills = [e.event.fill for e in floor.journal.events() if isinstance(e.event, FillReceived)]
    return [(f.con_id, f.side, f.quantity) for f in fills if f.intent_id == key]


async def test_a_roll_fills_as_a_pair_and_keeps_its_rung(floor: RollFloor) -> None:
    await floor.hold(SOME)
    net = floor.at_once()
    await floor.want(floor.roll("r-1", SOME, net))
    await floor.until_done("r-1")
    assert floor.order("r-1").state is OrderState.FILLED
    assert executions(floor, "r-1") == [
        (floor.far.con_id, Side.BUY, SOME),
        (floor.near.con_id, Side.SELL, SOME),
    ]
    told = [e for e in await floor.broker.executions() if e.order_ref == "r-1"]
    assert len(told) == 2  # the legs, without the summary of the pair
    (lot,) = floor.desk.book.lots
    assert (lot.con_id, lot.quantity, lot.rung) == (floor.far.con_id, SOME, Rung.S1)
    assert (lot.rule, lot.rule_class) == ("R14", RuleClass.ROLL)
    paid = [f.side.sign * f.price for f in floor.desk.state.fills.values() if f.intent_id == "r-1"]
    assert sum(paid) <= net
    await floor.assert_agreement()


async def test_a_roll_rests_is_moved_fills_in_part_and_is_cancelled(floor: RollFloor) -> None:
    await floor.hold(MANY)
    await floor.want(floor.roll("r-1", MANY, floor.at_once() - LESS))
    assert (floor.order("r-1").state, floor.order("r-1").filled) == (OrderState.WORKING, 0)
    net = floor.at_once()
    await floor.reprice("r-1", net)
    order = floor.order("r-1")
    assert (order.state, order.limit, order.limit_asked) == (OrderState.WORKING, net, None)
    assert 0 < order.filled < MANY
    assert order.ahead == 0
    assert floor.held(floor.far) == order.filled == MANY - floor.held(floor.near)
    await floor.reprice("r-1", -LESS)
    assert floor.order("r-1").limit == -LESS
    (listed,) = await floor.broker.open_orders()
    assert (listed.order_ref, listed.legs, listed.limit) == ("r-1", order.intent.legs, -LESS)
    assert (listed.quantity, listed.filled) == (MANY, order.filled)
    await floor.cancel("r-1")
    assert floor.order("r-1").state is OrderState.CANCELLED
    (over,) = [o for o in await floor.broker.completed_orders() if o.order_ref == "r-1"]
    assert (over.legs, over.filled) == (order.intent.legs, order.filled)
    await floor.assert_agreement()


async def test_the_exchange_refuses_to_sell_what_is_not_held(floor: RollFloor) -> None:
    await floor.hold(SOME)
    await floor.want(floor.roll("r-1", SOME + 1, floor.at_once()))
    order = floor.order("r-1")
    assert (order.state, order.filled) == (OrderState.REJECTED, 0)
    assert "201" in order.reason
    assert "short of VIX calls" in order.reason
    assert floor.desk.book.failed_rolls == (order,)
    await floor.restart()
    assert floor.desk.book.failed_rolls == (order,)
    await floor.want(floor.roll("r-1", SOME + 1, floor.at_once()))
    assert len([e for e in floor.journal.events() if isinstance(e.event, OrderSent)]) == 2
    await floor.assert_agreement()


async def test_an_account_without_combinations_shows_the_other_way(tmp_path: Path) -> None:
    """Bought first, and then no more sold than is held: the failed roll is done with."""
    rules = AccountRules(may_trade=frozenset({"OPT"}))
    async with roll_floor(tmp_path / "journal.sqlite", rules) as floor:
        await floor.hold(SOME)
        await floor.want(floor.roll("r-1", SOME, floor.at_once()))
        assert floor.order("r-1").state is OrderState.REJECTED
        (failed,) = floor.desk.book.failed_rolls
        ask, bid = floor.quote(floor.far).ask, floor.quote(floor.near).bid
        assert ask is not None
        assert bid is not None
        await floor.want(floor.intent("b-1", floor.far, failed.intent.quantity, ask))
        await floor.until_done("b-1")
        await floor.want(floor.sale("s-1", floor.near, SOME, bid))
        await floor.until_done("s-1")
        assert (floor.held(floor.near), floor.held(floor.far)) == (0, SOME)
        assert floor.desk.book.failed_rolls == ()
        await floor.assert_agreement()


async def test_a_new_process_takes_a_partly_filled_roll_up_and_goes_on(floor: RollFloor) -> None:
    await floor.hold(MANY)
    await floor.want(floor.roll("r-1", MANY, floor.at_once()))
    before = floor.order("r-1")
    assert 0 < before.filled < MANY
    await floor.restart()
    after = floor.order("r-1")
    assert (after.state, after.filled, after.limit) == (
        OrderState.WORKING,
        before.filled,
        before.limit,
    )
    await floor.reprice("r-1", before.limit - LESS)
    assert floor.order("r-1").limit == before.limit - LESS
    await floor.cancel("r-1")
    assert floor.order("r-1").state is OrderState.CANCELLED
    await floor.assert_agreement()


@pytest.mark.parametrize("heard", [0, 1])
async def test_a_process_killed_between_the_legs_learns_the_rest(
    floor: RollFloor, heard: int
) -> None:
    await floor.hold(SOME)
    await floor.want_and_die("r-1", SOME, after=heard)
    assert len(executions(floor, "r-1")) == heard
    await floor.start()
    order = floor.order("r-1")
    assert (order.state, order.filled, order.ahead) == (OrderState.FILLED, SOME, 0)
    assert len(executions(floor, "r-1")) == 2
    assert (floor.held(floor.near), floor.held(floor.far)) == (0, SOME)
    await floor.assert_agreement()


async def test_what_fills_while_nobody_listens_is_learnt(floor: RollFloor) -> None:
    await floor.hold(MANY)
    await floor.want(floor.roll("r-1", MANY, floor.at_once()))
    before = floor.order("r-1").filled
    await floor.stop()
    for _ in range(60):
        await floor.advance()
    await floor.start()
    order = floor.order("r-1")
    assert order.filled > before
    assert order.filled == floor.held(floor.far) == MANY - floor.held(floor.near)
    if order.state is OrderState.WORKING:
        await floor.cancel("r-1")
    await floor.assert_agreement()


async def test_while_the_line_is_down_no_roll_is_sent(floor: RollFloor) -> None:
    await floor.hold(SOME)
    await floor.stop()
    floor.lose_line()
    floor.desk.want(floor.wanted(floor.roll("r-1", SOME, Decimal("0.30"))))
    assert IntentId("r-1") not in floor.desk.state.orders
    (refused,) = [e.event for e in floor.journal.events() if isinstance(e.event, OrderRefused)]
    assert (refused.check, refused.intent.closes) == ("link", floor.near.con_id)
    await floor.start()
