"""What the user chooses about calls that nobody bought, carried out against the broker."""

from decimal import Decimal

import pytest

from bot.app.adoption import Adopt, AdoptAll, Ignore, LookAgain, Request, told
from bot.app.engine import Engine
from bot.app.ports import BrokerTimeoutError, BrokerUnreachableError
from bot.domain.account import Position
from bot.domain.broker import LinkChanged
from bot.domain.events import Adopted, BreakFound, Ignored, IgnoringEnded
from bot.domain.instruments import ConId
from bot.domain.orders import Side
from bot.domain.rungs import Rung
from bot.execution.adoption import AdoptionRefusedError
from tests.support import strategy_world as world
from tests.support.app_world import AppWorld, bought, caught_up, only, pumping, slot
from tests.support.orders import adoption

MARCH, JUNE = world.call_id("mar", 16), world.call_id("jun", 20)
FEBRUARY = world.call_id("feb", 13)


def hold(app: AppWorld, con_id: ConId, quantity: int, cost: str = "210.00") -> None:
    position = Position(con_id=con_id, quantity=quantity, average_cost_usd=Decimal(cost))
    app.broker.hold([position])


async def opened(app: AppWorld) -> Engine:
    engine = app.engine()
    await engine.open()
    return engine


async def test_a_call_is_given_to_a_rung_by_its_number(app: AppWorld) -> None:
    hold(app, MARCH, 3)
    engine = await opened(app)
    words = await engine.adopt(Adopt(contract=str(MARCH), rung="S2", label="R5"))
    assert words == (
        f"3 of VIX mar C16 ({MARCH}) belong to S2 as R5, at 2.10 by the broker's word",
    )
    (lot,) = engine.desk.book.lots
    assert (lot.rung, lot.quantity, lot.price, lot.rule) == (Rung.S2, 3, Decimal("2.1"), "R5")
    assert engine.desk.book.unadopted == ()


async def test_a_call_is_named_by_its_symbol_however_it_is_spaced(app: AppWorld) -> None:
    hold(app, MARCH, 3)
    engine = await opened(app)
    wish = Adopt(contract=" vix  MAR c16", rung="S1", quantity=2, price=Decimal("1.5"))
    (words,) = await engine.adopt(wish)
    assert words.endswith("belong to S1 as R3, at 1.50 by the user's word")
    assert [(one.con_id, one.quantity) for one in engine.desk.book.aside] == [(MARCH, 1)]


async def test_what_is_due_to_roll_is_said(app: AppWorld) -> None:
    """9 days to 14 February; S rolls at 10."""
    hold(app, FEBRUARY, 1)
    engine = await opened(app)
    (words,) = await engine.adopt(Adopt(contract=str(FEBRUARY), rung="S1"))
    assert words.endswith("; 9 days left, and S rolls at 10")


async def test_all_calls_go_to_their_suggested_rungs(app: AppWorld) -> None:
    hold(app, MARCH, 3)
    hold(app, JUNE, 2, "60.00")
    engine = await opened(app)
    words = await engine.adopt(AdoptAll())
    assert len(words) == len(engine.desk.book.lots) == 2
    assert {(lot.rung.tier.value, lot.con_id, lot.rule) for lot in engine.desk.book.lots} == {
        ("S", MARCH, "R3"),
        ("D", JUNE, "R8"),
    }
    assert [event.left for event in only(app.told(), Adopted)] == [0, 0]


async def test_a_known_scale_spreads_a_call_over_its_rungs(app: AppWorld) -> None:
    """After an evaluation the ladder counts its rungs; none takes more than that."""
    hold(app, FEBRUARY, 4)
    engine = await opened(app)
    async with pumping(engine):
        await engine.run_slot(slot("2018-02-05 10:00"))
    assert engine.cycle.last is not None
    assert engine.cycle.last.ladder is not None
    counts = engine.cycle.last.ladder.rungs
    assert len(await engine.adopt(AdoptAll(label="initial"))) > 1 or counts[Rung.S1] >= 4
    assert sum(lot.quantity for lot in engine.desk.book.lots) == 4
    assert {lot.rule for lot in engine.desk.book.lots} == {"R3"}


async def test_an_ignored_call_is_left_alone_until_it_is_looked_at_again(app: AppWorld) -> None:
    hold(app, MARCH, 3)
    engine = await opened(app)
    assert await engine.adopt(Ignore(contract=str(MARCH))) == (f"{MARCH} is ignored from now on",)
    hold(app, MARCH, 8)
    await engine.desk.settle_doubts()
    assert (engine.desk.book.unadopted, engine.desk.book.ignored) == ((), (MARCH,))
    assert await engine.adopt(LookAgain(contract=str(MARCH))) == (f"{MARCH} is no longer ignored",)
    assert list(engine.desk.book.unadopted) == [MARCH]
    assert [type(e) for e in only(app.told(), Ignored)] == [Ignored]
    assert only(app.told(), IgnoringEnded)


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (Adopt(contract=str(MARCH), rung="X9"), "expected a rung of S1, S2, .* got 'X9'"),
        (Adopt(contract="VIX mar C17", rung="S1"), "no VIX call the account holds is called 'VIX"),
        (Adopt(contract=str(JUNE), rung="S1"), "the broker holds none of it|holds no such"),
        (Adopt(contract=str(MARCH), rung="S1", label="R19"), "label: expected a rule that buys"),
        (Adopt(contract=str(MARCH), rung="S1", quantity=4), "3 of it can be adopted, not 4"),
        (AdoptAll(label="hope"), "label: expected a rule that buys"),
        (Ignore(contract="VIX"), "no VIX call the account holds is called 'VIX'"),
        (LookAgain(contract=str(MARCH)), "is not ignored"),
    ],
)
async def test_what_cannot_be_done_is_refused_and_nothing_is(
    app: AppWorld, request_: Request, reason: str
) -> None:
    hold(app, MARCH, 3)
    engine = await opened(app)
    before = engine.desk.state
    with pytest.raises(AdoptionRefusedError, match=reason):
        await engine.adopt(request_)
    assert engine.desk.state == before


async def test_all_of_nothing_is_refused(app: AppWorld) -> None:
    hold(app, MARCH, -2)
    engine = await opened(app)
    with pytest.raises(AdoptionRefusedError, match="no VIX call is nobody's and has a free rung"):
        await engine.adopt(AdoptAll())


async def test_a_position_that_changed_meanwhile_is_adopted_as_it_is_now(app: AppWorld) -> None:
    hold(app, MARCH, 3)
    engine = await opened(app)
    hold(app, MARCH, 2)
    await engine.adopt(Adopt(contract=str(MARCH), rung="S2"))
    assert engine.desk.book.contracts(MARCH) == 2
    assert only(app.told(), BreakFound) == []


async def test_nothing_is_chosen_while_the_broker_is_away(app: AppWorld) -> None:
    hold(app, MARCH, 3)
    engine = await opened(app)
    app.broker.fail("positions", BrokerTimeoutError("no answer"))
    with pytest.raises(BrokerTimeoutError):
        await engine.adopt(Adopt(contract=str(MARCH), rung="S2"))
    async with pumping(engine):
        app.broker.say(LinkChanged(what="upstream", up=False))
        await caught_up(app)
    with pytest.raises(BrokerUnreachableError, match="not connected, or not compared with yet"):
        await engine.adopt(Adopt(contract=str(MARCH), rung="S2"))
    assert engine.desk.book.lots == ()


async def test_adopted_contracts_are_sold_when_their_time_comes(app: AppWorld) -> None:
    """The session before the last trading day closes what is left, and no more than is ours."""
    app.clock.time = world.moment("2018-02-12 10:00")
    app.refresh_quotes()
    hold(app, FEBRUARY, 3)
    engine = await opened(app)
    await engine.adopt(Adopt(contract=str(FEBRUARY), rung="D1", quantity=2))
    async with pumping(engine):
        await engine.run_slot(slot("2018-02-12 10:00"))
        await caught_up(app)
    (sale,) = (order for order in app.broker.orders if order.side is Side.SELL)
    assert (sale.con_id, sale.quantity, sale.rung) == (FEBRUARY, 2, Rung.D1)
    assert engine.desk.book.contracts(FEBRUARY) == 0
    assert only(app.told(), BreakFound) == []


async def test_a_call_the_last_look_did_not_know_is_told_by_its_number(app: AppWorld) -> None:
    """It came between the look and the comparison with the broker."""
    engine = await opened(app)
    request = Adopt(contract="7", rung="S2")
    (words,) = told(request, [adoption(7)], await engine.look())
    assert words == "2 of contract (7) belong to S2 as R5, at 1.40 by the broker's word"


async def test_looking_decides_nothing(app: AppWorld) -> None:
    engine = app.engine()
    async with pumping(engine):
        await bought(app, engine)
        count = app.kinds().count("decision_made")
        seen = await engine.look()
    assert seen.book == engine.desk.book
    assert app.kinds().count("decision_made") == count
