"""Hand-worked days of rolling (R14): what is rolled into what, what runs off, what is spent.

On 2018-02-05 a February call has 9 days left: the short tier is at its roll (10), and March, 44
days away, is its next month. The ladder of u = 1 holds ten contracts, stage 1 asks for two.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.book import Book, Break
from bot.domain.decision import Decision
from bot.domain.inputs import EvaluationKind
from bot.domain.instruments import ConId
from bot.domain.orders import Intent, IntentId, Label, Order, OrderState, Side
from bot.domain.policy import Policy, RollingPolicy
from bot.domain.readings import Scalar
from bot.domain.rungs import RuleClass, Rung, Tier
from bot.domain.state import Asked, EarlyRoll, Spent, StrategyState
from bot.domain.value import replace
from bot.strategy.decide import decide_on
from tests.support.strategy_days import (
    Desk,
    Row,
    bought,
    line_of,
    lot,
    rolled,
    sized,
    sold,
    staged,
)
from tests.support.strategy_world import (
    ACCOUNT,
    call_id,
    condor_positions,
    inputs,
    moment,
    quote,
    readings,
)

NOW = "2018-02-05 10:00"
TRUE_ENTRY: dict[str, Scalar] = {"vix.level": 19.0, "vix.macd": "bullish"}
FALSE_ENTRY: dict[str, Scalar] = {"vix.level": 19.0, "vix.macd": "bearish"}
FEB, MAR = call_id("feb", 15), call_id("mar", 16)
STAGE = Label(rule="R5", rule_class=RuleClass.STAGE)


def due(rung: Rung, quantity: int = 1, **given: Any) -> Any:
    """Return a February lot: at its roll."""
    return lot(rung, quantity, month="feb", strike=15, **given)


TWO_DUE = Book(lots=(due(Rung.S1), due(Rung.S2)))


def evaluate(
    sees: Mapping[str, Scalar], state: StrategyState | None = None, **given: Any
) -> tuple[Decision, StrategyState]:
    settings: dict[str, Any] = {"condors": 1, "book": TWO_DUE} | given
    at = str(settings.pop("at", NOW))
    seen = readings(sees, stale=settings.pop("stale", ()), missing=settings.pop("missing", ()))
    return decide_on(inputs(at, **settings), state or staged(1), seen)


def desk_of(book: Book, **given: Any) -> Desk:
    return Desk(**({"state": staged(1), "book": book} | given))


def at_work(
    intent: Intent, *, state: OrderState = OrderState.WORKING, limit: str | None = None
) -> Order:
    return Order(
        intent=intent, state=state, limit=intent.limit if limit is None else Decimal(limit)
    )


class TestAtTheRollDay:
    """What is due and still wanted is replaced by the tier's next month, as one combination."""

    def test_each_rung_is_one_combination_at_the_far_sides(self) -> None:
        """March 16 is offered at 1.36, February 15 is bid: the difference is the limit."""
        first, second = evaluate(TRUE_ENTRY)[0].intents
        assert (first.rung, first.side, first.con_id, first.closes) == (
            Rung.S1,
            Side.BUY,
            MAR,
            FEB,
        )
        given = {q.con_id: q for q in inputs(NOW).snapshot.quotes}
        assert (given[MAR].ask, given[FEB].bid) == (Decimal("1.36"), Decimal("0.73"))
        assert first.limit == Decimal("0.63")
        assert (first.quantity, first.rule, first.rule_class) == (1, "R14.roll", RuleClass.ROLL)
        assert first.keeps == STAGE
        assert second.rung is Rung.S2

    def test_a_credit_is_a_negative_limit(self) -> None:
        rich = quote(FEB, moment(NOW), "5.00", "5.10")
        intent = evaluate(TRUE_ENTRY, quotes=[rich])[0].intents[0]
        assert intent.limit == Decimal("-3.64")

    @pytest.mark.parametrize(("at", "rolls"), [("2018-02-02 10:00", 0), ("2018-02-05 10:00", 2)])
    def test_not_before_its_day(self, at: str, rolls: int) -> None:
        """12 days left on Friday, 9 on Monday."""
        assert len(evaluate(TRUE_ENTRY, at=at)[0].intents) == rolls

    def test_one_missed_while_away_is_made_up_for(self) -> None:
        """On the 9th, 5 days left, no roll was ever tried."""
        assert rolled(evaluate(TRUE_ENTRY, at="2018-02-09 10:00")[0]) == {Rung.S1: 1, Rung.S2: 1}

    def test_one_intent_a_label(self) -> None:
        """S1 holds an initial contract and one of stage 1: each roll hands its own label on."""
        book = Book(lots=(due(Rung.S1, rule="R3"), due(Rung.S1)))
        first, second = evaluate(TRUE_ENTRY, staged(1, u=2.0), book=book)[0].intents[:2]
        assert (first.rung, second.rung) == (Rung.S1, Rung.S1)
        assert {first.label.rule, second.label.rule} == {"R3", "R5"}
        assert first.con_id == second.con_id
        assert first.intent_id != second.intent_id

    def test_a_roll_adds_nothing_to_the_tier(self) -> None:
        desk = desk_of(TWO_DUE)
        decision = desk.evaluate(Row(NOW, TRUE_ENTRY, stage=1))
        assert decision.ladder is not None
        assert (bought(decision), decision.ladder.tiers[0].filled) == ({}, 2)
        again = desk.evaluate(Row("2018-02-05 10:05", TRUE_ENTRY, stage=1))
        assert not again.intents
        assert {one.con_id for one in desk.book.lots} == {MAR}
        assert {one.label for one in desk.book.lots} == {STAGE}

    def test_the_reasons_are_told(self) -> None:
        decision, _ = evaluate(TRUE_ENTRY)
        line = line_of(decision, "R14.roll")
        assert line.truth.value == "true"
        assert [(c.value, c.operator, c.threshold) for c in line.checks[:3]] == [
            (9, "<=", 10),
            (9, "<=", 10),
            (2, ">", 2),
        ]
        assert [c.what for c in line.checks[3:5]] == ["vix.level", "vix.macd"]
        assert line.followed.startswith("S1 rolls 1 of VIX feb C15; S2 rolls 1")
        assert decision.summary == "Rolls 1 S1 at 0.63, 1 S2 at 0.63."

    def test_without_a_scale_nothing_is_rolled(self) -> None:
        """A first start whose condor has no quotes: what the ladder wants is not known."""
        dark = [position.con_id for position in condor_positions(1)]
        decision, _ = evaluate(TRUE_ENTRY, StrategyState(), without=dark)
        assert not decision.intents
        assert line_of(decision, "R14.roll").truth.value == "unknown"


class TestWhatIsNotRolled:
    """What the ladder does not want any more runs off at its roll, and only there."""

    def test_a_stage_that_was_left_lets_its_contracts_run_off(self) -> None:
        """Without a stage one contract of S is wanted (R3): the newest of stage 1 goes."""
        decision, state = evaluate(TRUE_ENTRY, sized())
        assert sold(decision) == {Rung.S2: 1}
        assert [(i.rule, i.rule_class, i.keeps) for i in decision.intents[1:]] == [
            ("R12", RuleClass.CLOSE, STAGE)
        ]
        assert "stage 1 was left" in line_of(decision, "R14.roll").followed
        assert [one.spends for one in state.leaving] == [1]

    def test_not_at_once(self) -> None:
        book = Book(lots=(lot(Rung.S1), lot(Rung.M1, month="apr", strike=20)))
        assert not evaluate(FALSE_ENTRY, sized(), book=book)[0].intents

    def test_without_a_condor_all_runs_off(self) -> None:
        decision, _ = evaluate(TRUE_ENTRY, positions=())
        assert sold(decision) == {Rung.S1: 1, Rung.S2: 1}
        assert {i.rule for i in decision.intents} == {"R31"}

    def test_what_is_too_many_leaves_stage_contracts_first_newest_first(self) -> None:
        """Three held, two wanted: the newest of stage 1 leaves, the initial one is rolled."""
        book = Book(
            lots=(
                due(Rung.S1, rule="R3", opened="2018-02-02 10:00"),
                due(Rung.S2, opened="2018-01-03 10:00"),
                due(Rung.S3, opened="2018-01-04 10:00"),
            )
        )
        decision, _ = evaluate(TRUE_ENTRY, book=book)
        assert rolled(decision) == {Rung.S1: 1, Rung.S2: 1}
        assert sold(decision) == {Rung.S3: 1}
        assert "the ladder wants fewer" in line_of(decision, "R14.roll").followed

    def test_one_that_is_not_due_leaves_before_one_that_is(self) -> None:
        """S3's March call is newer: it is the one too many, and runs off at its own roll."""
        book = Book(lots=(due(Rung.S1), due(Rung.S2), lot(Rung.S3, opened="2018-02-02 10:00")))
        decision, _ = evaluate(TRUE_ENTRY, book=book)
        assert rolled(decision) == {Rung.S1: 1, Rung.S2: 1}
        assert not sold(decision)

    def test_a_discretionary_contract_rolls_while_it_is_wanted(self) -> None:
        book = Book(lots=(due(Rung.S1, rule="R9"),))
        assert rolled(evaluate(FALSE_ENTRY, book=book)[0]) == {Rung.S1: 1}

    def test_a_sale_goes_on_when_r29_stops_a_roll(self) -> None:
        decision, _ = evaluate({**FALSE_ENTRY, "flow.disturbed": True})
        assert sold(decision) == {Rung.S1: 1, Rung.S2: 1}

    def test_a_sale_without_a_bid_waits_and_says_so(self) -> None:
        empty = replace(quote(FEB, moment(NOW), 0, "0.05"), bid_size=0)
        decision, _ = evaluate(FALSE_ENTRY, quotes=[empty])
        assert not decision.intents
        assert "S1: VIX feb C15: nobody bids for it" in line_of(decision, "R14.roll").followed


class TestReopening:
    """What a stage bought is opened again only while its entry trigger is true."""

    def test_a_false_entry_closes_and_the_contract_is_spent(self) -> None:
        desk = desk_of(TWO_DUE)
        first = desk.evaluate(Row(NOW, FALSE_ENTRY, stage=1))
        assert sold(first) == {Rung.S1: 1, Rung.S2: 1}
        assert {i.rule for i in first.intents} == {"R14.roll"}
        second = desk.evaluate(Row("2018-02-05 10:05", FALSE_ENTRY, stage=1))
        assert not second.intents
        assert desk.state.spent == (Spent(tier=Tier.S, label=STAGE, quantity=2),)
        assert second.ladder is not None
        assert [row.spent for row in second.ladder.tiers] == [2, 0, 0]
        assert line_of(second, "R14.roll").followed == "2 of S count as spent"

    def test_it_is_bought_again_once_the_entry_is_true(self) -> None:
        desk = desk_of(TWO_DUE)
        for minute in (0, 5):
            desk.evaluate(Row(f"2018-02-05 10:{minute:02d}", FALSE_ENTRY, stage=1))
        again = desk.evaluate(Row("2018-02-05 10:10", TRUE_ENTRY, stage=1))
        assert bought(again) == {Rung.S1: 1, Rung.S2: 1}
        assert desk.state.spent == ()

    def test_it_stays_spent_while_the_entry_is_unknown(self) -> None:
        desk = desk_of(TWO_DUE)
        for minute in (0, 5):
            desk.evaluate(Row(f"2018-02-05 10:{minute:02d}", FALSE_ENTRY, stage=1))
        dark = desk.evaluate(Row("2018-02-05 10:10", TRUE_ENTRY, stale=("vix.macd",), stage=1))
        assert not dark.intents
        assert [one.quantity for one in desk.state.spent] == [2]

    def test_it_stays_spent_until_the_stage_ends(self) -> None:
        spent = replace(staged(1), spent=(Spent(tier=Tier.S, label=STAGE, quantity=2),))
        _, kept = evaluate(FALSE_ENTRY, spent, book=Book())
        assert kept.spent == spent.spent
        _, gone = evaluate(FALSE_ENTRY, replace(spent, stages=()), book=Book())
        assert gone.spent == ()

    def test_an_unknown_entry_holds_on(self) -> None:
        """Nothing is rolled on unknown, and nothing sold: the final close is the last word."""
        decision, state = evaluate(TRUE_ENTRY, stale=("vix.macd",))
        assert not decision.intents
        said = line_of(decision, "R14.roll").followed
        assert (
            "S1 waits of VIX feb C15 (whether R5 still asks for it is not known: held on)" in said
        )
        late, _ = evaluate(TRUE_ENTRY, state, stale=("vix.macd",), at="2018-02-12 10:00")
        assert sold(late) == {Rung.S1: 1, Rung.S2: 1}
        assert {i.rule for i in late.intents} == {"R14"}

    @pytest.mark.parametrize(("sees", "buys"), [(FALSE_ENTRY, 0), (TRUE_ENTRY, 2)])
    def test_the_same_test_follows_a_final_close(self, sees: dict[str, Scalar], buys: int) -> None:
        desk = desk_of(TWO_DUE)
        closing = desk.evaluate(Row("2018-02-12 10:00", sees, stage=1))
        assert sold(closing) == {Rung.S1: 1, Rung.S2: 1}
        after = desk.evaluate(Row("2018-02-12 10:05", sees, stage=1))
        assert sum(bought(after).values()) == buys

    def test_an_initial_contract_needs_no_entry(self) -> None:
        book = Book(lots=(due(Rung.S1, rule="R3"), due(Rung.S2, rule="R3")))
        assert rolled(evaluate(FALSE_ENTRY, book=book)[0]) == {Rung.S1: 1, Rung.S2: 1}

    def test_an_initial_contract_waits_while_its_size_is_unknown(self) -> None:
        """R3 without the RSI of VIX and without a stage: what is held stays, nothing is rolled."""
        state = replace(sized(), initial=1)
        book = Book(lots=(due(Rung.S1, rule="R3"),))
        decision, _ = evaluate({}, state, book=book, stale=("vix.rsi",))
        assert not decision.intents
        assert "whether R3 still asks for it is not known" in (
            line_of(decision, "R14.roll").followed
        )

    @pytest.mark.parametrize(
        ("level", "macd", "rolls"), [(23.0, "bearish", 1), (22.9, "bullish", 0)]
    )
    def test_stage_two_asks_for_its_own_level(self, level: float, macd: str, rolls: int) -> None:
        """An M call of stage 2, 28 days left on 2018-02-21 (rolled at 30)."""
        book = Book(lots=(lot(Rung.M1, rule="R7"),))
        sees: dict[str, Scalar] = {"vix.level": level, "vix.macd": macd}
        decision, _ = evaluate(sees, staged(1, 2), book=book, at="2018-02-21 10:00")
        assert rolled(decision).get(Rung.M1, 0) == rolls
        assert sold(decision).get(Rung.M1, 0) == 1 - rolls

    def test_a_contract_of_the_deep_tier_runs_off_after_all_stages_are_left(self) -> None:
        """An R8 call with 44 days left (rolled at 45), no stage on."""
        book = Book(lots=(lot(Rung.D1, rule="R8", strike=24),))
        decision, _ = evaluate(TRUE_ENTRY, sized(), book=book)
        assert sold(decision) == {Rung.D1: 1}
        assert decision.intents[0].rule == "R12"

    def test_what_was_only_too_many_is_not_spent(self) -> None:
        """Three held, two wanted, the entry false: all three go, two count as filled."""
        desk = desk_of(Book(lots=(due(Rung.S1), due(Rung.S2), due(Rung.S3))))
        desk.evaluate(Row(NOW, FALSE_ENTRY, stage=1))
        desk.evaluate(Row("2018-02-05 10:05", FALSE_ENTRY, stage=1))
        assert sum(one.quantity for one in desk.state.spent) == 2


class TestTheGuard:
    """R29 binds rolls on both legs; a lock binds both; unknown money binds what buys."""

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"at": "2018-02-05 09:31"}, "first 5 minutes"),
            ({"sees": {"flow.disturbed": True}}, "disturbed"),
            ({"account": replace(ACCOUNT, cash_usd=None)}, "cash is unknown"),
            ({"quotes": [quote(FEB, moment(NOW), "0.40", "0.80")]}, "VIX feb C15: spread 0.40"),
            ({"without": [FEB]}, "VIX feb C15: no live two-sided quote"),
            ({"curve": {"feb": 15.0, "jun": 16.0}}, "no quoted strike within 0.10"),
        ],
    )
    def test_stops_a_roll(self, given: dict[str, Any], said: str) -> None:
        settings = dict(given)
        sees = TRUE_ENTRY | settings.pop("sees", {})
        decision, _ = evaluate(sees, **settings)
        assert not decision.intents
        stopped = [o.reason for o in decision.overrides if o.loser == "R14.roll"]
        assert stopped[0].startswith("S1: ")
        assert said in stopped[0]

    def test_takes_another_strike_where_the_nearest_is_too_wide(self) -> None:
        wide = quote(MAR, moment(NOW), "0.90", "1.80")
        assert evaluate(TRUE_ENTRY, quotes=[wide])[0].intents[0].con_id == call_id("mar", 15)

    @pytest.mark.parametrize("con_id", [FEB, MAR])
    def test_a_break_locks_either_leg(self, con_id: Any) -> None:
        book = replace(TWO_DUE, breaks=(Break(con_id=con_id, ours=2, brokers=1),))
        decision, _ = evaluate(TRUE_ENTRY, book=book)
        assert con_id not in {c for i in decision.intents for c in i.con_ids}
        if con_id == FEB:
            assert "is locked by a break" in line_of(decision, "R14.roll").followed

    def test_no_later_month_within_the_window(self) -> None:
        """An S call of June: there is nothing later to roll it into, however due it is."""
        book = Book(lots=(due(Rung.S1),))
        decision, _ = evaluate(TRUE_ENTRY, book=book, universe=_only("feb"))
        assert not rolled(decision)
        assert "no later monthly expiry" in line_of(decision, "R14.roll").followed

    def test_nothing_at_the_close_evaluation(self) -> None:
        decision, _ = evaluate(TRUE_ENTRY, at="2018-02-05 16:20", kind=EvaluationKind.CLOSE)
        assert not decision.intents
        assert line_of(decision, "R14.roll").followed == "the close evaluation sends no orders"

    def test_nothing_after_the_last_trading_day(self) -> None:
        assert not evaluate(TRUE_ENTRY, at="2018-02-14 10:00")[0].intents


def _only(month: str) -> Any:
    universe = inputs(NOW).universe
    later = {call_id(m, k) for m in ("mar", "apr", "may", "jun") for k in range(10, 41)}
    del month
    return replace(
        universe, instruments=tuple(i for i in universe.instruments if i.con_id not in later)
    )


class TestAtWork:
    """A roll at work counts once, follows the market, and goes when it is not wanted any more."""

    def _rolling(self, **changes: Any) -> tuple[Intent, Book]:
        intent = evaluate(TRUE_ENTRY, book=Book(lots=(due(Rung.S1),)))[0].intents[0]
        order = at_work(intent, **changes)
        return intent, Book(lots=(due(Rung.S1), lot(Rung.S2)), orders=(order,))

    def test_is_not_ordered_twice(self) -> None:
        _, book = self._rolling()
        decision, _ = evaluate(TRUE_ENTRY, book=book)
        assert (decision.intents, decision.cancels, decision.reprices) == ((), (), ())
        assert decision.ladder is not None
        assert (decision.ladder.tiers[0].filled, decision.ladder.tiers[0].working) == (2, 0)

    def test_follows_the_far_side(self) -> None:
        intent, book = self._rolling(limit="0.50")
        decision, _ = evaluate(TRUE_ENTRY, book=book)
        (moved,) = decision.reprices
        assert (moved.intent_id, moved.limit) == (intent.intent_id, intent.limit)
        assert moved.reason == "the far side moved from 0.50 to 0.63"

    @pytest.mark.parametrize(
        "wide",
        [quote(MAR, moment(NOW), "0.90", "1.80"), quote(FEB, moment(NOW), "0.40", "0.80")],
    )
    def test_is_not_moved_through_a_wide_market(self, wide: Any) -> None:
        _, book = self._rolling(limit="0.20")
        assert not evaluate(TRUE_ENTRY, book=book, quotes=[wide])[0].reprices

    def test_is_not_moved_in_a_disturbed_market(self) -> None:
        _, book = self._rolling(limit="0.20")
        sees = {**TRUE_ENTRY, "flow.disturbed": True}
        decision, _ = evaluate(sees, book=book)
        assert (decision.reprices, decision.cancels) == ((), ())

    @pytest.mark.parametrize(
        ("sees", "given", "said"),
        [
            (FALSE_ENTRY, {}, "the roll is not wanted any more"),
            (TRUE_ENTRY, {"positions": ()}, "the roll is not wanted any more"),
            (TRUE_ENTRY, {"stale": ("vix.level",)}, "the roll is not wanted any more"),
            (TRUE_ENTRY, {"curve": {"feb": 15.0, "mar": 11.0}}, "has left 0.50"),
        ],
    )
    def test_is_cancelled(self, sees: dict[str, Scalar], given: dict[str, Any], said: str) -> None:
        """Nothing else is done to the contract while the broker has not confirmed the cancel."""
        intent, book = self._rolling()
        decision, _ = evaluate(sees, book=book, **given)
        (cancel,) = decision.cancels
        assert cancel.intent_id == intent.intent_id
        assert said in cancel.reason
        assert not [i for i in decision.intents if i.rung is Rung.S1]

    def test_is_cancelled_when_what_it_buys_is_locked(self) -> None:
        _, book = self._rolling()
        broken = (Break(con_id=MAR, ours=1, brokers=2),)
        decision, _ = evaluate(TRUE_ENTRY, book=replace(book, breaks=broken))
        assert [c.reason for c in decision.cancels] == ["the contract is locked by a break"]

    def test_is_left_alone_while_what_it_buys_has_no_quote(self) -> None:
        _, book = self._rolling(limit="0.20")
        decision, _ = evaluate(TRUE_ENTRY, book=book, without=[MAR])
        assert (decision.cancels, decision.reprices) == ((), ())

    def test_is_left_alone_while_the_broker_owes_an_answer(self) -> None:
        intent, book = self._rolling(limit="0.20")
        asked = replace(book.orders[0], limit_asked=intent.limit)
        decision, _ = evaluate(TRUE_ENTRY, book=replace(book, orders=(asked,)))
        assert decision.reprices == ()

    def test_is_cancelled_when_its_contract_is_gone(self) -> None:
        _, book = self._rolling()
        decision, _ = evaluate(TRUE_ENTRY, book=replace(book, lots=(lot(Rung.S2),)))
        assert [c.reason for c in decision.cancels] == ["what it replaces is not held any more"]

    def test_is_called_back_at_the_final_close_and_the_contract_sold_after(self) -> None:
        _, book = self._rolling()
        first, _ = evaluate(TRUE_ENTRY, book=book, at="2018-02-12 10:00")
        assert len(first.cancels) == 1
        assert not sold(first)
        then, _ = evaluate(TRUE_ENTRY, book=replace(book, orders=()), at="2018-02-12 10:05")
        assert sold(then) == {Rung.S1: 1}

    def test_one_in_doubt_at_the_final_close_is_critical(self) -> None:
        _, book = self._rolling(state=OrderState.IN_DOUBT)
        decision, _ = evaluate(TRUE_ENTRY, book=book, at="2018-02-12 10:00")
        assert not decision.cancels
        assert "the fate of its roll" in decision.critical[0]

    def test_a_sale_at_work_is_cancelled_when_the_entry_becomes_true(self) -> None:
        sale = evaluate(FALSE_ENTRY, book=Book(lots=(due(Rung.S1),)))[0].intents[0]
        book = Book(lots=(due(Rung.S1), lot(Rung.S2)), orders=(at_work(sale),))
        decision, _ = evaluate(TRUE_ENTRY, book=book)
        assert [c.reason for c in decision.cancels] == ["the contract is to be kept"]
        assert not decision.intents

    def test_a_sale_at_work_follows_the_bid_down(self) -> None:
        sale = evaluate(FALSE_ENTRY, book=Book(lots=(due(Rung.S1),)))[0].intents[0]
        book = Book(lots=(due(Rung.S1), lot(Rung.S2)), orders=(at_work(sale),))
        lower = quote(FEB, moment(NOW), "0.30", "0.40")
        decision, _ = evaluate(FALSE_ENTRY, book=book, quotes=[lower])
        assert [(r.limit, r.reason) for r in decision.reprices] == [
            (Decimal("0.30"), "the bid moved from 0.73 to 0.30")
        ]
        assert not decision.intents

    def test_a_sale_at_work_at_the_bid_is_left_alone(self) -> None:
        sale = evaluate(FALSE_ENTRY, book=Book(lots=(due(Rung.S1),)))[0].intents[0]
        book = Book(lots=(due(Rung.S1), lot(Rung.S2)), orders=(at_work(sale),))
        decision, _ = evaluate(FALSE_ENTRY, book=book)
        assert (decision.intents, decision.reprices, decision.cancels) == ((), (), ())

    def test_one_leg_ahead_of_the_other_counts_once(self) -> None:
        """The March call is bought, the February one not sold yet: still one contract of S1."""
        intent, book = self._rolling()
        new = replace(lot(Rung.S1), intent_id=intent.intent_id)
        ahead = replace(book.orders[0], ahead=1)
        bought_first = replace(book, lots=(*book.lots, new), orders=(ahead,))
        sold_first = replace(book, lots=(lot(Rung.S2),), orders=(ahead,))
        for halfway in (bought_first, sold_first):
            decision, _ = evaluate(TRUE_ENTRY, book=halfway)
            assert decision.ladder is not None
            assert decision.ladder.tiers[0].filled == 2
            assert not decision.intents

    def test_the_rest_of_a_half_done_roll_goes_into_the_same_contract(self) -> None:
        """One of two is rolled into March 15; the other follows, though March 16 is nearer."""
        book = Book(lots=(due(Rung.S1), lot(Rung.S1, strike=15)))
        intent = evaluate(TRUE_ENTRY, staged(1, u=2.0), book=book)[0].intents[0]
        assert (intent.closes, intent.con_id) == (FEB, call_id("mar", 15))

    def test_the_rest_waits_where_that_contract_has_gone_far(self) -> None:
        book = Book(lots=(due(Rung.S1), lot(Rung.S1, strike=30)))
        decision, _ = evaluate(TRUE_ENTRY, staged(1, u=2.0), book=book)
        assert Rung.S1 not in rolled(decision)
        assert "of a roll begun: delta" in line_of(decision, "R14.roll").followed


class TestTwoSteps:
    """Where the broker rejected the combination: buy first, then sell what was replaced."""

    def _rejected(self, quantity: int = 1) -> Book:
        held = (due(Rung.S1, quantity),)
        intent = Intent(
            intent_id=IntentId("earlier/S1"),
            side=Side.BUY,
            con_id=MAR,
            quantity=quantity,
            limit=Decimal("0.74"),
            rung=Rung.S1,
            rule="R14.roll",
            rule_class=RuleClass.ROLL,
            closes=FEB,
            keeps=STAGE,
        )
        dead = Order(intent=intent, state=OrderState.REJECTED, limit=intent.limit)
        return Book(lots=held, failed_rolls=(dead,))

    def test_buys_the_new_and_then_sells_the_old(self) -> None:
        desk = desk_of(self._rejected())
        first = desk.evaluate(Row(NOW, TRUE_ENTRY, stage=1))
        buy = next(i for i in first.intents if i.rung is Rung.S1)
        assert (buy.side, buy.con_id, buy.closes, buy.rule_class, buy.keeps) == (
            Side.BUY,
            MAR,
            None,
            RuleClass.ROLL,
            STAGE,
        )
        second = desk.evaluate(Row("2018-02-05 10:05", TRUE_ENTRY, stage=1))
        (sale,) = [i for i in second.intents if i.rung is Rung.S1]
        assert (sale.side, sale.con_id, sale.quantity) == (Side.SELL, FEB, 1)
        third = desk.evaluate(Row("2018-02-05 10:10", TRUE_ENTRY, stage=1))
        assert not third.intents
        assert [one.con_id for one in desk.book.lots if one.rung is Rung.S1] == [MAR]
        assert desk.state.swaps == ()

    def test_the_contract_and_its_replacement_count_once(self) -> None:
        desk = desk_of(self._rejected())
        desk.evaluate(Row(NOW, TRUE_ENTRY, stage=1))
        between = desk.evaluate(Row("2018-02-05 10:05", TRUE_ENTRY, stage=1))
        assert between.ladder is not None
        assert between.ladder.tiers[0].filled == 2

    def test_a_part_that_was_bought_replaces_a_part_that_was_held(self) -> None:
        """Three held, two bought so far: two are sold, one waits for its replacement."""
        desk = desk_of(self._rejected(3), fills=False, state=staged(1, u=3.0))
        first = desk.evaluate(Row(NOW, TRUE_ENTRY, stage=1))
        buy = next(i for i in first.intents if i.rung is Rung.S1)
        working = replace(at_work(buy), filled=2)
        part = replace(lot(Rung.S1, 2), intent_id=buy.intent_id)
        desk.book = replace(desk.book, lots=(*desk.book.lots, part), orders=(working,))
        second = desk.evaluate(Row("2018-02-05 10:05", TRUE_ENTRY, stage=1))
        mine = [(i.side, i.con_id, i.quantity) for i in second.intents if i.rung is Rung.S1]
        assert mine == [(Side.SELL, FEB, 2)]

    def test_what_is_still_missing_is_bought_beside_it(self) -> None:
        """Three held, one bought before its order ended: one is sold, two more are bought."""
        desk = desk_of(self._rejected(3), fills=False, state=staged(1, u=3.0))
        first = desk.evaluate(Row(NOW, TRUE_ENTRY, stage=1))
        buy = next(i for i in first.intents if i.rung is Rung.S1)
        part = replace(lot(Rung.S1, 1), intent_id=buy.intent_id)
        desk.book = replace(desk.book, lots=(*desk.book.lots, part))
        second = desk.evaluate(Row("2018-02-05 10:05", TRUE_ENTRY, stage=1))
        mine = [(i.side, i.con_id, i.quantity) for i in second.intents if i.rung is Rung.S1]
        assert mine == [(Side.SELL, FEB, 1), (Side.BUY, MAR, 2)]
        assert [swap.whole for swap in desk.state.swaps] == [3]

    def test_a_purchase_at_work_follows_the_ask_and_is_not_made_twice(self) -> None:
        desk = desk_of(self._rejected(), fills=False)
        buy = desk.evaluate(Row(NOW, TRUE_ENTRY, stage=1)).intents[0]
        desk.book = replace(desk.book, orders=(at_work(buy, limit="1.00"),))
        again = desk.evaluate(Row("2018-02-05 10:05", TRUE_ENTRY, stage=1))
        assert [r.limit for r in again.reprices] == [Decimal("1.36")]
        assert Rung.S1 not in {i.rung for i in again.intents}

    def test_a_false_entry_sells_what_was_replaced_and_closes_the_rest(self) -> None:
        desk = desk_of(self._rejected(2), fills=False, state=staged(1, u=2.0))
        buy = next(
            i for i in desk.evaluate(Row(NOW, TRUE_ENTRY, stage=1)).intents if i.rung is Rung.S1
        )
        part = replace(lot(Rung.S1, 1), intent_id=buy.intent_id)
        working = replace(at_work(buy), filled=1)
        desk.book = replace(desk.book, lots=(*desk.book.lots, part), orders=(working,))
        second = desk.evaluate(Row("2018-02-05 10:05", FALSE_ENTRY, stage=1))
        assert [c.intent_id for c in second.cancels] == [buy.intent_id]
        assert sold(second)[Rung.S1] == 2

    def test_nothing_is_bought_for_what_nobody_would_take(self) -> None:
        empty = replace(quote(FEB, moment(NOW), 0, "0.05"), bid_size=0)
        decision, _ = evaluate(TRUE_ENTRY, book=self._rejected(), quotes=[empty])
        assert Rung.S1 not in {i.rung for i in decision.intents}

    def test_a_replacement_still_coming_counts_once_its_contract_is_closed(self) -> None:
        """At the final close the old one is sold; what is still being bought fills the tier."""
        desk = desk_of(self._rejected(), fills=False)
        buy = desk.evaluate(Row(NOW, TRUE_ENTRY, stage=1)).intents[0]
        gone = Book(orders=(at_work(buy, state=OrderState.CANCELLING),))
        desk.book = gone
        after = desk.evaluate(Row("2018-02-05 10:05", TRUE_ENTRY, stage=1))
        assert after.ladder is not None
        assert after.ladder.tiers[0].working == 1


def test_an_oversold_lot_and_an_unknown_contract_are_left_alone() -> None:
    """Both are breaks to be mended by the broker's word, not by a roll."""
    unknown = replace(lot(Rung.S2), con_id=ConId(77))
    book = Book(lots=(replace(due(Rung.S1), quantity=-1), unknown))
    decision, _ = evaluate(TRUE_ENTRY, book=book)
    assert not rolled(decision)
    assert not sold(decision)


class TestBeforeItsTime:
    """An early roll: a sign, a later month, once, and worth its cost.

    On Friday 2018-02-02 a February call has 12 days left, and March, 47 days away, is already the
    short tier's month.
    """

    SIGN: Mapping[str, Scalar] = {"vix.macd_inflection": True, "vix.macd_slope": -0.2}
    AT = "2018-02-02 10:00"

    def _signed(self, **given: Any) -> tuple[Decision, StrategyState]:
        return evaluate({**TRUE_ENTRY, **self.SIGN}, **({"at": self.AT} | given))

    @pytest.mark.parametrize(
        "sign",
        [
            SIGN,
            {"breadth.divergence": True},
            {"vix.rsi_previous": 71.0, "vix.rsi": 69.0},
        ],
    )
    def test_each_sign_rolls(self, sign: dict[str, Scalar]) -> None:
        decision, state = evaluate({**TRUE_ENTRY, **sign}, at=self.AT)
        assert rolled(decision) == {Rung.S1: 1, Rung.S2: 1}
        assert [one.closes for one in state.early] == [FEB, FEB]
        assert "S1 rolls 1 of VIX feb C15 (before its time)" in (
            line_of(decision, "R14.roll").followed
        )

    @pytest.mark.parametrize(
        "sign",
        [
            {},
            {"vix.macd_inflection": True, "vix.macd_slope": 0.2},
            {"vix.rsi_previous": 69.0, "vix.rsi": 60.0},
        ],
    )
    def test_not_without_a_sign(self, sign: dict[str, Scalar]) -> None:
        assert not evaluate({**TRUE_ENTRY, **sign}, at=self.AT)[0].intents

    def test_a_source_that_is_missing_is_blind_and_the_others_still_speak(self) -> None:
        assert (
            "breadth.divergence"
            in line_of(self._signed(missing=("breadth.divergence",))[0], "R14.roll").blind
        )

    def test_not_on_a_stale_sign(self) -> None:
        assert not self._signed(stale=("vix.macd_inflection", "vix.macd_slope"))[0].intents

    def test_not_within_the_same_month(self) -> None:
        """On 2018-01-26, 19 days before, February is still the short tier's own month."""
        assert not self._signed(at="2018-01-26 10:00")[0].intents

    def test_neither_rolled_nor_closed_where_the_entry_is_false(self) -> None:
        assert not evaluate({**FALSE_ENTRY, **self.SIGN}, at=self.AT)[0].intents

    def test_the_cost_stands_in_the_decision(self) -> None:
        """Half of 0.04 and half of 0.10, against seven days of decay.

        By hand, 11.98 days before settlement at the money with 80 %: 15 n(0.0725) 0.80 / (2 root T)
        is 13.17 points a year, 0.0361 a day, less 0.0000 of interest: 0.252 in seven days.
        """
        decision, _ = self._signed()
        cost = [c for c in line_of(decision, "R14.roll").checks if c.what.startswith("cost of")]
        assert [(c.truth.value, c.operator) for c in cost] == [("true", "<")] * 2
        assert cost[0].value == pytest.approx(0.07)
        assert cost[0].threshold == pytest.approx(0.252, abs=0.002)

    def test_not_where_it_costs_more_than_its_theta(self) -> None:
        """The policy counts one day's theta: 0.03 points do not pay for 0.10."""
        one_day = Policy(rolling=RollingPolicy(theta_days=1.0))
        decision, state = self._signed(policy=one_day)
        assert not decision.intents
        check = next(c for c in line_of(decision, "R14.roll").checks if c.what.startswith("cost"))
        assert check.truth.value == "false"
        assert state.early == ()

    def test_not_where_its_theta_is_unknown(self) -> None:
        """A quote below intrinsic value has no volatility, and so no theta."""
        odd = quote(call_id("feb", 12), moment(self.AT), "2.00", "2.05")
        book = Book(lots=(lot(Rung.S1, month="feb", strike=12),))
        decision, _ = self._signed(book=book, quotes=[odd])
        check = next(c for c in line_of(decision, "R14.roll").checks if c.what.startswith("cost"))
        assert (check.truth.value, rolled(decision)) == ("unknown", {})

    def test_not_where_there_is_no_line_of_what_is_held(self) -> None:
        assert not rolled(self._signed(without=[FEB])[0])

    def test_not_a_locked_contract(self) -> None:
        book = replace(TWO_DUE, breaks=(Break(con_id=FEB, ours=2, brokers=1),))
        assert not rolled(self._signed(book=book)[0])

    def test_one_that_came_from_an_early_roll_waits_for_its_day(self) -> None:
        came = EarlyRoll(
            rung=Rung.S1, closes=call_id("feb", 14), con_id=FEB, day=moment(self.AT).date()
        )
        decision, _ = self._signed(state=replace(staged(1), early=(came,)))
        assert rolled(decision) == {Rung.S2: 1}

    def test_goes_on_for_the_day_when_the_sign_is_gone(self) -> None:
        desk = desk_of(TWO_DUE, fills=False)
        first = desk.evaluate(Row(self.AT, {**TRUE_ENTRY, **self.SIGN}, stage=1))
        desk.book = replace(TWO_DUE, orders=tuple(at_work(i) for i in first.intents))
        later = desk.evaluate(Row("2018-02-02 10:05", TRUE_ENTRY, stage=1))
        assert (later.intents, later.cancels) == ((), ())

    def test_is_not_tried_a_second_day_but_rolls_on_its_own(self) -> None:
        desk = desk_of(TWO_DUE, fills=False)
        sees = {**TRUE_ENTRY, **self.SIGN}
        tried = [
            bool(rolled(desk.evaluate(Row(f"{day} 10:00", sees, stage=1))))
            for day in ("2018-02-01", "2018-02-02", "2018-02-05")
        ]
        assert tried == [True, False, True]

    @pytest.mark.parametrize(
        "given",
        [
            {"at": "2018-02-02 16:20", "kind": EvaluationKind.CLOSE},
            {"at": "2018-02-02 09:31"},
        ],
    )
    def test_a_sign_that_cannot_be_followed_now_leaves_nothing_behind(
        self, given: dict[str, Any]
    ) -> None:
        """At the close evaluation and in R29's first minutes: no roll, and u of S stands."""
        decision, state = self._signed(**given)
        assert not decision.intents
        assert state.early == ()
        assert state.scale is not None
        assert state.scale.tiers == ()

    def test_is_forgotten_with_the_contract(self) -> None:
        _, state = self._signed()
        _, after = evaluate(TRUE_ENTRY, state, book=Book(), at="2018-02-05 10:00")
        assert after.early == ()


class TestScaleOfATier:
    """u is reset at a roll for the tier that rolls, once a month (R2)."""

    def test_only_the_tier_that_rolls(self) -> None:
        """FOMC is near: the ratio is 0.35 + 0.20 x 0.4, so u of S rises by 0.43 / 0.35."""
        sees = {**TRUE_ENTRY, "event.fomc_sessions": 2}
        desk = desk_of(TWO_DUE)
        desk.evaluate(Row("2018-02-02 10:00", TRUE_ENTRY, stage=1))
        assert desk.state.scale is not None
        before = desk.state.scale.u
        decision = desk.evaluate(Row(NOW, sees, stage=1))
        (own,) = desk.state.scale.tiers
        assert own.tier is Tier.S
        assert own.u == pytest.approx(before * 0.43 / 0.35)
        assert desk.state.scale.u == before
        assert "u of S is" in line_of(decision, "R14.roll").followed
        again = {**TRUE_ENTRY, "event.fomc_sessions": 20}
        desk.evaluate(Row("2018-02-05 10:05", again, stage=1))
        assert desk.state.scale.tiers == (own,)

    def test_not_while_v_star_is_unknown(self) -> None:
        dark = [position.con_id for position in condor_positions(1)]
        desk = desk_of(TWO_DUE)
        desk.evaluate(Row("2018-02-02 10:00", TRUE_ENTRY, stage=1))
        state = replace(desk.state, condors=())
        _, after = evaluate(TRUE_ENTRY, state, without=dark)
        assert after.scale is not None
        assert after.scale.tiers == ()


def test_a_rung_that_is_rolling_is_not_topped_up() -> None:
    """S1 lacks a contract of a ladder of two, and its March call fits: it waits all the same."""
    intent = evaluate(TRUE_ENTRY, book=Book(lots=(due(Rung.S1),)))[0].intents[0]
    book = Book(lots=(due(Rung.S1), lot(Rung.S2, 2)), orders=(at_work(intent),))
    decision, _ = evaluate(TRUE_ENTRY, staged(1, u=2.0), book=book)
    assert Rung.S1 not in bought(decision)


def test_a_rung_that_is_rolled_in_this_evaluation_is_not_topped_up() -> None:
    """An early roll takes the February call of S1; the contract S1 lacks is bought afterwards."""
    sees = {**TRUE_ENTRY, **TestBeforeItsTime.SIGN}
    decision, _ = evaluate(
        sees, staged(1, u=2.0), book=Book(lots=(due(Rung.S1),)), at=TestBeforeItsTime.AT
    )
    assert rolled(decision) == {Rung.S1: 1}
    assert Rung.S1 not in bought(decision)
    assert "S1: what it holds is rolled or closed now" in [o.reason for o in decision.overrides]


def test_a_rung_between_two_contracts_makes_the_band_wait() -> None:
    """What a rung lacks while it is rolled does not count for R27's band."""
    intent = evaluate(TRUE_ENTRY, book=Book(lots=(due(Rung.S1),)))[0].intents[0]
    book = Book(lots=(due(Rung.S1),), orders=(at_work(intent),))
    before = Asked(stage=1, initial=9, confirmations=9)
    state = replace(staged(1, u=3.0), targets={Tier.S: 5}, asked=before)
    decision, _ = evaluate(TRUE_ENTRY, state, book=book)
    assert decision.ladder is not None
    assert decision.ladder.tiers[0].target == 5
