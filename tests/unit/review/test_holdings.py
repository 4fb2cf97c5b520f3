"""The book as a person reads it, against figures worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.account import Position
from bot.domain.book import Aside, Book, Break
from bot.domain.decision import Decision
from bot.domain.inputs import Inputs
from bot.domain.instruments import ConId
from bot.domain.orders import IntentId
from bot.domain.rungs import Rung
from bot.domain.state import Advance, Commitment, Counted, StrategyState
from bot.domain.value import replace
from bot.review.holding_rows import BookView, SuggestionRow
from bot.review.holdings import book_view
from bot.strategy.decide import decide
from tests.support.strategy_days import CONDOR, line_of, lot, sized
from tests.support.strategy_world import (
    SPX_ID,
    call_id,
    condor_positions,
    future_id,
    inputs,
    spx_id,
)

MARCH = call_id("mar", 16)
JUNE = call_id("jun", 20)


def seen(book: Book | None = None, *held: Position, without: tuple[ConId, ...] = ()) -> Inputs:
    """Return a market with two condors and what else the account holds."""
    positions = (*condor_positions(2), *held)
    return inputs("2018-02-05 10:00", book=book or Book(), positions=positions, without=without)


def call(con_id: ConId, quantity: int) -> Position:
    return Position(con_id=con_id, quantity=quantity, average_cost_usd=Decimal("140.00"))


def shown(given: Inputs, memory: StrategyState | None = None) -> BookView:
    return book_view(given, None, memory or StrategyState())


def test_a_condor_with_its_figures() -> None:
    view = shown(seen())
    (condor,) = view.condors
    assert (condor.name, condor.quantity, condor.dte) == (CONDOR, 2, 25)
    assert condor.notional_usd == Decimal(10_000)
    assert condor.credit is not None
    assert condor.lower == Decimal(2550) - condor.credit
    assert condor.upper == Decimal(2850) + condor.credit
    assert view.spx is not None
    below, above = view.spx - float(condor.lower), float(condor.upper) - view.spx
    assert (condor.lower_points, condor.upper_points) == pytest.approx((below, above))
    assert condor.lower_share == pytest.approx(below / view.spx)
    assert condor.upper_share == pytest.approx(above / view.spx)
    assert condor.max_loss_usd == Decimal(10_000) - condor.credit * 200
    assert condor.vega_usd is not None


def test_without_a_level_of_spx_its_distances_are_unknown() -> None:
    view = shown(seen(without=(SPX_ID,)))
    (condor,) = view.condors
    assert view.spx is None
    assert (condor.lower_points, condor.upper_points) == (None, None)
    assert (condor.lower_share, condor.upper_share) == (None, None)
    assert condor.lower is not None


def test_a_blended_credit_is_unknown_but_the_notional_is_not() -> None:
    """Where a leg has no quote, what closing costs is unknown, and the vega."""
    view = shown(seen(without=(spx_id("P", 2550),)))
    (condor,) = view.condors
    assert (condor.cost_to_close, condor.captured, condor.vega_usd) == (None, None, None)


def test_legs_in_no_condor_stand_apart() -> None:
    extra = Position(con_id=spx_id("P", 2450), quantity=-1, average_cost_usd=Decimal("155.00"))
    view = shown(seen(None, extra))
    (leg,) = view.unexplained
    assert (leg.quantity, leg.average_cost, leg.dte) == (-1, Decimal("1.55"), 25)
    assert leg.contract == "SPXW 2 Mar 2018 2450 put"


def test_a_rung_tells_what_it_holds_and_when_it_rolls() -> None:
    """3 at 1.00 and 1 adopted at 2.00: 1.25 each. Ten days before is a Sunday, so Monday."""
    adopted = replace(lot(Rung.S1, 1, price="2.00"), intent_id=IntentId("adopted/1/1"), rule="R3")
    given = seen(Book(lots=(lot(Rung.S1, 3), adopted)), call(MARCH, 4))
    (rung,) = shown(given).rungs
    assert (rung.rung, rung.quantity, rung.average_cost) == (Rung.S1, 4, Decimal("1.25"))
    assert (rung.labels, rung.adopted, rung.locked) == ({"R5": 3, "R3": 1}, 1, False)
    assert (rung.dte, rung.roll_date) == (44, date(2018, 3, 12))
    assert rung.contract == "VIX 21 Mar 2018 16 call"
    quote = given.snapshot.quote(MARCH)
    assert quote is not None
    assert quote.bid is not None
    assert (rung.bid, rung.value_usd) == (quote.bid, quote.bid * 400)
    assert rung.delta is not None
    assert rung.vega_usd == pytest.approx(shown(given).hedge_vega_usd)


def test_a_rung_in_two_contracts_is_two_rows() -> None:
    """That should not be; where it is, it is not hidden."""
    given = seen(Book(lots=(lot(Rung.S1), lot(Rung.S1, month="apr", strike=16))))
    assert [row.con_id for row in shown(given).rungs] == [MARCH, call_id("apr", 16)]


def test_what_is_not_quoted_or_not_known_is_unknown() -> None:
    unknown = replace(lot(Rung.S2), con_id=call_id("mar", 99))
    given = seen(Book(lots=(lot(Rung.S1), unknown)), without=(MARCH,))
    first, second = shown(given).rungs
    assert (first.bid, first.value_usd, first.delta, first.vega_usd) == (None, None, None, None)
    assert first.dte == 44
    assert (second.dte, second.roll_date, second.contract) == (None, None, "contract 20990")
    assert shown(given).hedge_vega_usd is None


def test_a_roll_beyond_the_known_sessions_has_no_date() -> None:
    given = seen(Book(lots=(lot(Rung.S1),)))
    cut = tuple(s for s in given.sessions.sessions if s.date < date(2018, 3, 1))
    short = replace(given, sessions=replace(given.sessions, sessions=cut))
    assert shown(short).rungs[0].roll_date is None


def test_a_sale_beyond_the_holding_is_shown_as_it_stands() -> None:
    """A rung whose lots cancel out has no average; the lots' own price is told."""
    both = (lot(Rung.S1, 1), replace(lot(Rung.S1, -1), intent_id=IntentId("sale")))
    (row,) = shown(seen(Book(lots=both))).rungs
    assert (row.quantity, row.average_cost) == (0, Decimal("1.00"))


def test_calls_of_nobody_come_with_suggestions() -> None:
    given = seen(Book(unadopted=(MARCH, JUNE)), call(MARCH, 3), call(JUNE, -1))
    first, second = shown(given).nobodys
    assert (first.con_id, first.quantity, first.average_cost) == (MARCH, 3, Decimal("1.40"))
    assert first.symbol == "VIX mar C16"
    assert first.dte == 44
    assert sum(one.quantity for one in first.suggestions) == 3
    assert (second.quantity, second.suggestions) == (-1, ())


def test_a_known_ladder_says_how_many_each_rung_takes() -> None:
    """Two condors make a u of 2."""
    given = seen(Book(unadopted=(MARCH,)), call(MARCH, 3))
    decision, memory = decide(given, sized(1.0))
    (row,) = book_view(given, decision, memory).nobodys
    assert row.suggestions == (
        SuggestionRow(rung=Rung.S1, quantity=2),
        SuggestionRow(rung=Rung.S2, quantity=1),
    )


def test_what_is_ignored_or_broken_is_told() -> None:
    book = Book(
        lots=(lot(Rung.S1, 2),),
        ignored=(JUNE,),
        aside=(Aside(con_id=MARCH, quantity=1),),
        breaks=(Break(con_id=MARCH, ours=2, brokers=1, aside=1),),
    )
    view = shown(seen(book, call(MARCH, 1), call(JUNE, 4)))
    (ignored,) = view.ignored
    assert (ignored.con_id, ignored.quantity) == (JUNE, 4)
    (broken,) = view.breaks
    assert (broken.ours, broken.aside, broken.brokers) == (2, 1, 1)
    assert view.rungs[0].locked


def test_an_ignored_call_that_is_gone_counts_nothing() -> None:
    (ignored,) = shown(seen(Book(ignored=(JUNE,)))).ignored
    assert ignored.quantity == 0


def test_the_hedge_is_measured_against_the_last_decisions_v_star() -> None:
    given = seen(Book(lots=(lot(Rung.S1, 2),)), call(MARCH, 2))
    decision, memory = decide(given, sized(1.0))
    view = book_view(given, decision, memory)
    assert decision.ladder is not None
    assert view.v_star_usd == decision.ladder.v_star_usd
    assert view.hedge_vega_usd == pytest.approx(decision.ladder.hedge_vega_usd)
    assert view.cover_ratio == pytest.approx(decision.ladder.cover_ratio)
    assert view.tiers == decision.ladder.tiers


def test_confirmations_are_those_of_the_memory_and_of_the_last_decision() -> None:
    given = seen()
    decision, memory = decide(given, sized(1.0))
    counted = Counted(name="vix_rsi", session=date(2018, 2, 5))
    view = book_view(given, decision, replace(memory, counted=(counted,)))
    assert view.confirmations == ("vix_rsi",)
    assert view.queue == line_of(decision, "R6").followed != ""


def test_without_a_decision_the_cover_is_unknown() -> None:
    view = shown(seen())
    assert (view.v_star_usd, view.cover_ratio, view.tiers) == (None, None, ())
    assert (view.confirmations, view.queue) == ((), "")


def test_without_a_forward_the_hedge_is_unknown() -> None:
    given = seen(Book(lots=(lot(Rung.S1),)), without=(future_id("mar"), MARCH))
    decision: tuple[Decision, StrategyState] = decide(given, sized(1.0))
    assert book_view(given, *decision).cover_ratio is None


def test_the_advance_is_told_as_far_as_it_goes() -> None:
    """0.25 % of 1,000,000 USD, or of what the account is worth, less what is spent and pending."""
    pending = Commitment(intent_id=IntentId("i"), worst_usd=Decimal(100))
    memory = StrategyState(advance=Advance(spent_usd=Decimal(200), pending=(pending,)))
    given = seen()
    nav = given.snapshot.account.net_liquidation_usd
    assert nav is not None
    advance = shown(given, memory).advance
    assert (advance.spent_usd, advance.pending_usd) == (Decimal(200), Decimal(100))
    assert advance.available_usd == nav * Decimal("0.0025") - 300
