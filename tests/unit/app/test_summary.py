"""A run told from its journal, checked by hand.

The story of `tests.support.story`: one S call bought at 2.30 for 0.65, one of two D calls at 1.10.
"""

from decimal import Decimal

import pytest

from bot.app.summary import RunSummary, summarise
from bot.domain.account import Position
from bot.domain.book import Break
from bot.domain.canonical import ContentHash
from bot.domain.decision import GENESIS, DecisionId
from bot.domain.events import (
    Adopted,
    BreakFound,
    DecisionMade,
    FillReceived,
    InputsTaken,
    JournalEvent,
    OrderIntended,
    PositionSettled,
)
from bot.domain.instruments import ConId
from bot.domain.orders import ExecId, IntentId, Side
from bot.domain.quotes import DataType, Quote
from bot.domain.readings import Reading, ReadingState
from bot.domain.rungs import Rung
from bot.domain.value import replace
from tests.support import story
from tests.support.app_world import AppWorld
from tests.support.orders import adoption

BLOBS = story.blobs(ContentHash("4" * 64), ContentHash("5" * 64))
LEG = ConId(4711)


def quote(con_id: ConId, bid: str, ask: str) -> Quote:
    return Quote(
        con_id=con_id,
        as_of=story.STRESS,
        data_type=DataType.LIVE,
        bid=Decimal(bid),
        ask=Decimal(ask),
        bid_size=10,
        ask_size=10,
    )


MARKS = (
    quote(story.S_CALL.con_id, "2.50", "2.60"),
    quote(story.D_CALL.con_id, "1.00", "1.10"),
    quote(LEG, "5.00", "5.20"),
)


def taken(quotes: tuple[Quote, ...] = MARKS) -> InputsTaken:
    inputs = story.inputs_taken(story.stress_decision(), BLOBS)
    return replace(inputs, snapshot=replace(inputs.snapshot, quotes=quotes))


def told(app: AppWorld, *events: JournalEvent) -> RunSummary:
    app.journal.append(events, story.STRESS)
    return summarise(app.journal.events())


def decisions() -> tuple[DecisionMade, DecisionMade]:
    quiet = story.decision_made(story.quiet_decision(story.MORNING, 1))
    return quiet, story.decision_made(story.stress_decision(), quiet.link)


def test_an_empty_journal_is_an_empty_summary(app: AppWorld) -> None:
    summary = told(app)
    assert (summary.decisions, summary.sessions, summary.orders, summary.fills) == (0, 0, 0, 0)
    assert summary.decision_hash == GENESIS
    assert summary.books is None


def test_decisions_orders_and_fills_are_counted(app: AppWorld) -> None:
    quiet, stress = decisions()
    summary = told(app, quiet, taken(), stress, *story.order_events())
    assert (summary.decisions, summary.sessions) == (2, 1)
    assert (summary.orders, summary.fills) == (2, 2)
    assert summary.decision_hash == stress.link
    assert summary.breaks == 0


def test_a_roll_is_one_order_with_the_fills_of_both_legs(app: AppWorld) -> None:
    roll = replace(story.BUY_D, intent_id=IntentId("r-1"), closes=story.S_CALL.con_id)
    bought = replace(story.fill(story.BUY_D, "0009.01.01", 1, "1.10"), intent_id=IntentId("r-1"))
    sold = replace(bought, exec_id=ExecId("0009.02.01"), con_id=story.S_CALL.con_id, side=Side.SELL)
    events = (
        OrderIntended(intent=roll, decision_id=DecisionId("d-1")),
        FillReceived(fill=bought),
        FillReceived(fill=sold),
    )
    summary = told(app, *decisions(), *story.order_events(), *events)
    assert (summary.orders, summary.rolls, summary.fills) == (3, 1, 4)
    assert told(app).rolls == 1


def test_each_stage_is_told_when_it_was_first_entered(app: AppWorld) -> None:
    quiet, stress = decisions()
    again = story.decision_made(story.stress_decision(), stress.link)
    summary = told(app, quiet, stress, again)
    assert [(s.stage, s.at) for s in summary.stages] == [(n, story.STRESS) for n in (1, 2, 3)]
    assert summary.stages[0].summary == "stages 1, 2 and 3 entered; buy 1 S, 902 D"


def test_rungs_count_as_opened_when_something_was_bought_for_them(app: AppWorld) -> None:
    summary = told(app, *decisions(), *story.order_events())
    assert summary.rungs_opened == (Rung.S1, Rung.D1)


def test_breaks_are_counted(app: AppWorld) -> None:
    broken = Break(con_id=story.S_CALL.con_id, ours=1, brokers=0)
    assert told(app, BreakFound(broken=broken)).breaks == 1


def test_cash_positions_and_profit_are_those_of_the_fills(app: AppWorld) -> None:
    summary = told(app, story.account_proved(), taken(), *decisions(), *story.order_events())
    books = summary.books
    assert books is not None
    # 1,004,100.00 - 230.00 - 0.65 - 110.00
    assert books.cash_usd == Decimal("1003759.35")
    assert books.positions == {story.S_CALL.con_id: 1, story.D_CALL.con_id: 1}
    # the S call is worth 255.00 and cost 230.65, the D call is worth 105.00 and cost 110.00
    assert books.hedge_pnl_usd == Decimal("19.35")
    assert books.condor_pnl_usd == Decimal("0.00")


def test_a_corrected_fill_counts_once_at_its_new_price(app: AppWorld) -> None:
    first = story.fill(story.BUY_S, "0001.01.01", 1, "2.30")
    events = story.order_events()
    correction = FillReceived(fill=story.corrected(first, "2.20"))
    summary = told(app, story.account_proved(), taken(), *decisions(), *events, correction)
    assert summary.fills == 2
    assert summary.books is not None
    assert summary.books.cash_usd == Decimal("1003769.35")
    assert ExecId(f"{first.root}.02") != first.exec_id


def test_what_was_there_before_is_marked_against_its_cost(app: AppWorld) -> None:
    short = Position(con_id=LEG, quantity=-2, average_cost_usd=Decimal("612.40"))
    opening = replace(story.account_proved(), positions=(short,))
    books = told(app, opening, taken(), *decisions(), *story.order_events()).books
    assert books is not None
    assert books.positions[LEG] == -2
    # -2 x (510.00 - 612.40)
    assert books.condor_pnl_usd == Decimal("204.80")


def test_adopted_contracts_of_the_opening_were_paid_before(app: AppWorld) -> None:
    """5 calls stood there at 240.00; 2 of them are adopted, the cash of the opening stays.

    Two are worth 510.00 and cost 480.00; of the three that stay nobody's each is worth 255.00.
    """
    call = story.S_CALL.con_id
    held = Position(con_id=call, quantity=5, average_cost_usd=Decimal("240.00"))
    opening = replace(story.account_proved(), positions=(held,))
    given = adoption(call, price=Decimal("2.40"), cost_usd=Decimal("480.00"))
    books = told(app, opening, taken(), *decisions(), Adopted(adoption=given, left=3)).books
    assert books is not None
    assert books.cash_usd == Decimal("1004100.00")
    assert books.positions == {call: 5}
    assert books.hedge_pnl_usd == Decimal("30.00")
    assert books.condor_pnl_usd == Decimal("45.00")


def settled(level: float | None, strike: str | None = "20") -> tuple[JournalEvent, ...]:
    """The D call settles; the evaluation after it reads this level of VIX, or none."""
    gone = PositionSettled(
        con_id=story.D_CALL.con_id,
        quantity=1,
        strike=None if strike is None else Decimal(strike),
    )
    ok = Reading(signal="G1", name="vix.level", state=ReadingState.OK, value=level or 0.0)
    seen = () if level is None else (ok,)
    decision = replace(story.quiet_decision(story.STRESS, 3), readings=seen)
    return gone, story.decision_made(decision)


def test_a_call_that_settled_below_its_strike_paid_nothing(app: AppWorld) -> None:
    """The D call cost 110.00, which is lost; the S call stands at 19.35 + 5.00 of before."""
    events = (*decisions(), *story.order_events(), *settled(19.99))
    books = told(app, story.account_proved(), taken(), *events).books
    assert books is not None
    assert books.cash_usd == Decimal("1003759.35")
    assert books.positions == {story.S_CALL.con_id: 1}
    # 255.00 - 230.65 - 110.00
    assert books.hedge_pnl_usd == Decimal("-85.65")


@pytest.mark.parametrize(("level", "strike"), [(20.0, "20"), (19.0, None), (None, "20")])
def test_what_a_call_paid_that_settled_above_it_is_not_made_up(
    app: AppWorld, level: float | None, strike: str | None
) -> None:
    events = (*decisions(), *story.order_events(), *settled(level, strike))
    assert told(app, story.account_proved(), taken(), *events).books is None


def test_the_level_may_be_read_an_evaluation_later(app: AppWorld) -> None:
    gone, blind = settled(None)
    _, seen = settled(15.0)
    events = (*decisions(), *story.order_events(), gone, blind, seen)
    assert told(app, story.account_proved(), taken(), *events).books is not None


def test_the_part_of_a_call_that_was_left_aside_settles_with_it(app: AppWorld) -> None:
    """5 stood there at 240.00, 2 were adopted: all are gone, and what they cost is lost."""
    call = story.D_CALL.con_id
    held = Position(con_id=call, quantity=5, average_cost_usd=Decimal("240.00"))
    opening = replace(story.account_proved(), positions=(held,))
    given = adoption(call, price=Decimal("2.40"), cost_usd=Decimal("480.00"))
    events = (*decisions(), Adopted(adoption=given, left=3), *settled(12.0))
    books = told(app, opening, taken(MARKS[:1]), *events).books
    assert books is not None
    assert books.positions == {}
    assert books.cash_usd == Decimal("1004100.00")
    assert (books.hedge_pnl_usd, books.condor_pnl_usd) == (Decimal("-480.00"), Decimal("-720.00"))


def test_what_was_adopted_of_nothing_that_stood_there_is_paid_in_full(app: AppWorld) -> None:
    given = adoption(story.S_CALL.con_id, price=Decimal("2.40"), cost_usd=Decimal("480.00"))
    books = told(app, story.account_proved(), taken(), *decisions(), Adopted(adoption=given)).books
    assert books is not None
    assert books.cash_usd == Decimal("1003620.00")
    assert books.positions == {story.S_CALL.con_id: 2}


def test_adopted_contracts_that_came_later_are_paid_at_their_cost(app: AppWorld) -> None:
    """1 of 3 stood there at the opening: two thirds of 720.00 were paid since."""
    call = story.S_CALL.con_id
    held = Position(con_id=call, quantity=1, average_cost_usd=Decimal("240.00"))
    opening = replace(story.account_proved(), positions=(held,))
    given = adoption(call, quantity=3, price=Decimal("2.40"), cost_usd=Decimal("720.00"))
    books = told(app, opening, taken(), *decisions(), Adopted(adoption=given)).books
    assert books is not None
    assert books.cash_usd == Decimal("1003620.00")
    assert books.positions == {call: 3}
    assert books.condor_pnl_usd == Decimal("0.00")


def test_a_holding_without_a_quote_has_no_profit_rather_than_a_wrong_one(app: AppWorld) -> None:
    short = Position(con_id=LEG, quantity=-2, average_cost_usd=Decimal("612.40"))
    opening = replace(story.account_proved(), positions=(short,))
    books = told(app, opening, taken(MARKS[:1]), *decisions(), *story.order_events()).books
    assert books is not None
    assert books.hedge_pnl_usd is None
    assert books.condor_pnl_usd is None
    assert books.cash_usd == Decimal("1003759.35")


def test_without_the_opening_cash_there_are_no_books(app: AppWorld) -> None:
    proved = story.account_proved()
    blind = replace(proved, opening=replace(proved.opening, cash_usd=None))
    assert told(app, blind, taken(), *decisions()).books is None


def test_without_any_inputs_there_are_no_books(app: AppWorld) -> None:
    assert told(app, story.account_proved()).books is None
