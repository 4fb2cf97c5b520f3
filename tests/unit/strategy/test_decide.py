"""The whole decision: pure, named by its inputs, complete in its reasons."""

import re
from decimal import Decimal

from bot.domain.account import Position
from bot.domain.book import Book
from bot.domain.decision import RuleStatus
from bot.domain.inputs import EvaluationKind
from bot.domain.instruments import ConId
from bot.domain.readings import Scalar
from bot.domain.rungs import LADDER, Rung
from bot.domain.state import StrategyState
from bot.domain.truth import Truth
from bot.domain.value import replace
from bot.signals.catalog import OUTPUTS, read_signals
from bot.strategy.catalog import RULES
from bot.strategy.decide import decide, decide_on, inputs_hash
from tests.support.strategy_days import CONDOR, Desk, Row, line_of, lot, sized, staged
from tests.support.strategy_world import (
    ACCOUNT,
    SPX_ID,
    call_id,
    condor_positions,
    inputs,
    readings,
)

ONE = Book(lots=(lot(Rung.S1),))
"""What R3 asks for one condor."""

RISE: dict[str, Scalar] = {"vix.level": 19.0, "vix.macd": "bullish"}


def test_reads_the_signals_itself() -> None:
    given = inputs(condors=1)
    whole = decide(given, sized())
    by_hand = decide_on(given, sized(), read_signals(given, sized()))
    assert whole == by_hand


def test_a_market_without_history_decides_nothing_and_says_so() -> None:
    decision, _ = decide(inputs(condors=1), sized())
    assert not decision.intents
    assert line_of(decision, "R3").truth is Truth.UNKNOWN
    assert decision.summary.startswith("Nothing to do: vix.level is")


def test_every_signal_and_every_rule_leaves_its_line() -> None:
    decision, _ = decide_on(inputs(condors=1), sized(), readings(RISE))
    assert {reading.name for reading in decision.readings} == set(OUTPUTS)
    assert [result.rule for result in decision.rules] == [rule.id for rule in RULES]
    assert {r.truth for r in decision.rules if r.status is RuleStatus.DECLARED} == {Truth.UNKNOWN}


def test_the_same_inputs_give_the_same_decision_and_memory() -> None:
    first = decide_on(inputs(condors=1), staged(1), readings(RISE))
    again = decide_on(inputs(condors=1), staged(1), readings(RISE))
    assert first == again
    assert first[0].digest() == again[0].digest()


def test_calls_that_no_rung_has_are_named_beside_the_legs_in_no_condor() -> None:
    """They are shown and left alone; also one the universe does not know."""
    call, strange = call_id("mar", 20), ConId(7)
    held = [
        Position(con_id=con_id, quantity=quantity, average_cost_usd=Decimal(100))
        for con_id, quantity in ((call, 3), (strange, -1))
    ]
    given = inputs(positions=(*condor_positions(1), *held), book=Book(unadopted=(strange, call)))
    decision, _ = decide_on(given, sized(), readings(RISE))
    assert decision.unexplained == ("-1 contract 7", "+3 VIX 2018-03-21 C20")
    assert {intent.con_id for intent in decision.intents}.isdisjoint({call, strange})


def test_the_id_names_the_minute_in_utc_and_the_inputs() -> None:
    given = inputs("2018-02-05 10:00", condors=1)
    decision, _ = decide_on(given, sized(), readings())
    assert re.fullmatch(r"20180205T1500-[0-9a-f]{8}", decision.decision_id)
    assert decision.decision_id.endswith(decision.inputs_hash[:8])
    assert decision.inputs_hash == inputs_hash(given)


def test_another_quote_position_or_book_is_another_input() -> None:
    given = inputs(condors=1)
    others = [
        inputs(condors=1, spx=2701.0),
        inputs(condors=2),
        inputs(condors=1, book=Book(lots=(lot(Rung.S1),))),
        inputs("2018-02-05 10:05", condors=1),
    ]
    assert len({inputs_hash(one) for one in [given, *others]}) == 5


def test_the_memory_of_spreads_grows_during_the_session_and_not_at_the_close() -> None:
    _, during = decide_on(inputs(condors=1), sized(), readings())
    assert {memory.key for memory in during.spreads} == {"VIX/S", "VIX/M", "VIX/D"}
    closing = inputs("2018-02-05 16:20", kind=EvaluationKind.CLOSE, condors=1)
    _, after = decide_on(closing, during, readings())
    assert after.spreads == during.spreads


def test_ladder_shows_scale_counts_hedge_vega_and_cover() -> None:
    book = Book(lots=(lot(Rung.S1),))
    decision, _ = decide_on(inputs(condors=1, book=book), staged(1), readings(RISE))
    ladder = decision.ladder
    assert ladder is not None
    assert (ladder.contracts, [ladder.rungs[r] for r in LADDER]) == (10, [1] * 10)
    assert ladder.hedge_vega_usd is not None
    assert ladder.v_star_usd is not None
    assert ladder.cover_ratio == ladder.hedge_vega_usd / ladder.v_star_usd


def test_hedge_vega_and_cover_are_unknown_without_a_delta() -> None:
    held = lot(Rung.S1)
    given = inputs(condors=1, book=Book(lots=(held,)), without=[held.con_id])
    decision, _ = decide_on(given, staged(1), readings(RISE))
    assert decision.ladder is not None
    assert (decision.ladder.hedge_vega_usd, decision.ladder.cover_ratio) == (None, None)


def test_a_condor_is_shown_with_its_weighted_vega() -> None:
    decision, _ = decide_on(inputs(condors=2), StrategyState(), readings())
    (condor,) = decision.condors
    assert (condor.key, condor.quantity, condor.expiry) == (CONDOR, 2, "2018-03-02")
    term = line_of(decision, "R1").checks[0].value
    assert isinstance(term, float)
    assert condor.vega_usd is not None
    assert condor.vega_usd > term  # 25 days: sqrt(30 / 25) above 1, capped in the term only


def test_a_condor_without_quotes_is_shown_without_vega() -> None:
    legs = [p.con_id for p in inputs(condors=1).snapshot.positions]
    decision, _ = decide_on(inputs(condors=1, without=legs), sized(), readings())
    assert decision.condors[0].vega_usd is None


def test_blind_signals_are_named_once() -> None:
    decision, _ = decide_on(inputs(condors=1), sized(), readings(missing=("vix.rsi",)))
    assert len(set(decision.blind)) == len(decision.blind)
    assert {"vix.rsi", "move.z", "wacc.rising"} <= set(decision.blind)


class TestSummary:
    def test_an_unknown_reading_is_said(self) -> None:
        decision, _ = decide_on(
            inputs(condors=1, book=ONE), sized(), readings(missing=("vix.level",))
        )
        assert decision.summary == "Nothing to do: vix.level is missing."

    def test_a_word_that_does_not_match_is_said(self) -> None:
        seen = readings({"vix.level": 19.0, "vix.macd": "bearish"})
        decision, _ = decide_on(inputs(condors=1, book=ONE), sized(), seen)
        assert decision.summary == "Nothing to do: vix.macd bearish is not bullish."

    def test_an_entry_with_nothing_to_buy_says_why(self) -> None:
        state = replace(sized(), enter_streak=1)
        poor = inputs(condors=1, account=replace(ACCOUNT, cash_usd=None))
        decision, _ = decide_on(poor, state, readings(RISE))
        assert decision.summary == (
            "Stage 1 entered; nothing is bought: "
            "the account's cash is unknown: not bought 1 S1, 1 S2."
        )

    def test_a_bar_with_nothing_to_buy_is_said_in_a_stage(self) -> None:
        state = replace(staged(1), condors=())
        decision, _ = decide_on(inputs(positions=()), state, readings(RISE))
        assert decision.summary == "Nothing to do: no live condor."

    def test_a_stage_barred_today_is_said(self) -> None:
        desk = Desk(state=replace(sized(), left_on=None), book=ONE)
        desk.state = replace(desk.state, enter_streak=1, exited_stages=(1,))
        day = inputs().snapshot.session.date
        desk.state = replace(desk.state, session=day, left_on=day)
        decision = desk.evaluate(Row("2018-02-05 10:00", RISE))
        assert "stage 1 was left in this session" in decision.summary


def test_spot_spx_missing_leaves_a_decision() -> None:
    decision, _ = decide_on(inputs(condors=1, without=[SPX_ID]), sized(), readings(RISE))
    assert decision.stage == 0
