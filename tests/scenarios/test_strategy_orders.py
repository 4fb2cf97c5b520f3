"""Hand-worked days of buying and closing: what is bought, at what limit, and why sometimes not."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.account import Position
from bot.domain.book import Book, Break, Lot
from bot.domain.decision import Decision
from bot.domain.inputs import EvaluationKind, Farm
from bot.domain.instruments import ConId
from bot.domain.orders import Intent, IntentId, Order, OrderState, Side
from bot.domain.policy import FundPolicy, InitialPolicy, Policy
from bot.domain.quotes import DataType, Quote
from bot.domain.readings import Scalar
from bot.domain.rungs import RuleClass, Rung, Tier
from bot.domain.state import Advance, StrategyState
from bot.domain.value import replace
from bot.strategy.decide import decide_on
from tests.support.strategy_days import Desk, Row, bought, line_of, lot, play, sized, staged
from tests.support.strategy_world import (
    ACCOUNT,
    call_id,
    condor_positions,
    future_id,
    inputs,
    moment,
    quote,
    readings,
    spx_id,
    vix_option,
)

NOW = "2018-02-05 10:00"
RISE: dict[str, Scalar] = {"vix.level": 19.0, "vix.macd": "bullish"}
STORM: dict[str, Scalar] = {"vix.level": 25.0, "vix.macd": "bullish", "vix.rsi": 70.0}
PANIC: dict[str, Scalar] = {
    "vix.level": 37.0,
    "vix.macd": "bullish",
    "vix.rsi": 86.0,
    "vix.spike": True,
}

S_CALL, S34_CALL = call_id("mar", 16), call_id("mar", 18)


def evaluate(state: StrategyState, sees: Mapping[str, Scalar], **given: Any) -> Decision:
    settings = {"condors": 1} | given
    at = str(settings.pop("at", NOW))
    return decide_on(inputs(at, **settings), state, readings(sees))[0]


def reasons(decision: Decision, winner: str) -> list[str]:
    return [o.reason for o in decision.overrides if o.winner == winner]


def test_stage_one_buys_a_fifth_of_the_ladder_at_the_ask() -> None:
    """Ten contracts: two, in S1 and S2, of the March call with the delta nearest 0.50."""
    decision = evaluate(staged(1), RISE)
    first, second = decision.intents
    assert (first.rung, first.con_id, first.quantity) == (Rung.S1, S_CALL, 1)
    assert (second.rung, second.con_id, second.quantity) == (Rung.S2, S_CALL, 1)
    assert first.limit == Decimal("1.36")
    assert (first.rule, first.rule_class) == ("R5", RuleClass.STAGE)
    assert first.intent_id == f"{decision.decision_id}/S1"


def test_stage_two_buys_one_step_an_evaluation_over_s_then_m() -> None:
    """Stage 1's two at once, beside them one contract (8 % of ten), until S and M are full."""
    desk = Desk(state=staged(1, 2))
    seen = [bought(desk.evaluate(Row(f"2018-02-05 10:{n:02d}", STORM))) for n in range(8)]
    assert seen == [
        {Rung.S1: 1, Rung.S2: 1, Rung.S3: 1},
        {Rung.S4: 1},
        {Rung.M1: 1},
        {Rung.M2: 1},
        {Rung.M3: 1},
        {Rung.M4: 1},
        {},
        {},
    ]


def test_stage_three_buys_the_deep_rungs_as_an_emergency() -> None:
    decision = evaluate(staged(1, 2, 3), PANIC, book=Book(lots=_all_of_s_and_m()))
    assert bought(decision) == {Rung.D1: 1, Rung.D2: 1}
    assert {(i.rule, i.rule_class) for i in decision.intents} == {("R8", RuleClass.EMERGENCY)}


def _all_of_s_and_m() -> tuple[Lot, ...]:
    short = [lot(rung) for rung in (Rung.S1, Rung.S2)]
    higher = [lot(rung, strike=18) for rung in (Rung.S3, Rung.S4)]
    medium = [lot(r, month="apr", strike=20) for r in (Rung.M1, Rung.M2, Rung.M3, Rung.M4)]
    return (*short, *higher, *medium)


class TestAdvance:
    """Stage 3 spends 0.25 % of NAV and no more, over restarts and days."""

    FULL = staged(1, 2, 3, u=10.0)
    WHOLE = Book(lots=tuple(replace(one, quantity=10) for one in _all_of_s_and_m()))

    def test_is_cut_to_what_the_advance_pays(self) -> None:
        """NAV 60,000: an advance of 150 USD pays one call at 0.81 of the ten D1 lacks."""
        poor = replace(ACCOUNT, net_liquidation_usd=Decimal(60_000))
        decision = evaluate(self.FULL, PANIC, book=self.WHOLE, account=poor)
        assert bought(decision) == {Rung.D1: 1}
        assert reasons(decision, "R16") == [
            "D1: the advance pays for 1 of 10",
            "D2: the advance pays for 0 of 10",
        ]

    def test_is_booked_when_intended_and_not_spendable_twice(self) -> None:
        poor = replace(ACCOUNT, net_liquidation_usd=Decimal(60_000))
        given = inputs(NOW, condors=1, book=self.WHOLE, account=poor)
        decision, state = decide_on(given, self.FULL, readings(PANIC))
        intent = decision.intents[0]
        assert [c.worst_usd for c in state.advance.pending] == [Decimal("81.00")]
        working = Order(intent=intent, state=OrderState.WORKING, limit=intent.limit)
        later = inputs(
            "2018-02-05 10:05",
            condors=1,
            book=replace(self.WHOLE, orders=(working,)),
            account=poor,
        )
        again, state = decide_on(later, state, readings(PANIC))
        assert not bought(again)
        assert [c.worst_usd for c in state.advance.pending] == [Decimal("81.00")]

    def test_nothing_without_an_advance(self) -> None:
        none = Policy(fund=FundPolicy(advance_of_nav=0.0))
        assert not bought(evaluate(self.FULL, PANIC, book=self.WHOLE, policy=none))

    def test_spent_before_stays_spent(self) -> None:
        spent = Advance(spent_usd=Decimal(2500), renewed_on=moment("2018-01-02 10:00").date())
        state = replace(self.FULL, advance=spent)
        assert not bought(evaluate(state, PANIC, book=self.WHOLE))


class TestNoPurchase:
    """What bars purchases, each with its reason; the stages are decided all the same."""

    @pytest.mark.parametrize(
        ("given", "winner", "reason"),
        [
            ({"kind": EvaluationKind.CLOSE, "at": "2018-02-05 16:20"}, "cadence", "close"),
            ({"at": "2018-02-05 09:29"}, "data trust", "the session is not open"),
            ({"at": "2018-02-05 16:15"}, "data trust", "the session is not open"),
            ({"farm": Farm.DOWN}, "data trust", "the market data farm is down"),
            ({"farm": Farm.UNKNOWN}, "data trust", "the market data farm is unknown"),
            (
                {"account": replace(ACCOUNT, net_liquidation_usd=None)},
                "data trust",
                "net liquidation value is unknown",
            ),
            ({"account": replace(ACCOUNT, cash_usd=None)}, "data trust", "cash is unknown"),
            ({"positions": ()}, "R31", "no live condor"),
        ],
    )
    def test_bar(self, given: dict[str, Any], winner: str, reason: str) -> None:
        state = staged(1)
        before = inputs(NOW, condors=1)
        _, known = decide_on(before, state, readings(RISE))
        if winner == "R31":
            known = replace(known, condors=())
        decision = evaluate(known, RISE, **given)
        assert not decision.intents
        assert decision.stage == 1
        if winner != "R31":
            assert any(reason in text for text in reasons(decision, winner))
        assert reason in decision.summary

    @pytest.mark.parametrize("at", ["2018-02-05 09:34", "2018-02-05 16:10"])
    def test_edges_of_the_session(self, at: str) -> None:
        decision = evaluate(staged(1), RISE, at=at)
        assert not decision.intents
        assert "5 minutes of the session" in decision.summary

    def test_the_first_evaluation_of_the_day_may_buy(self) -> None:
        assert evaluate(staged(1), RISE, at="2018-02-05 09:35").intents

    def test_disturbed_market(self) -> None:
        decision = evaluate(staged(1), RISE | {"flow.disturbed": True})
        assert reasons(decision, "R29")[0] == "S1: the market is disturbed"

    def test_order_flow_unknown(self) -> None:
        given = inputs(NOW, condors=1)
        decision, _ = decide_on(given, staged(1), readings(RISE, stale=("flow.disturbed",)))
        assert not decision.intents

    def test_an_emergency_is_not_stopped_by_the_guard(self) -> None:
        decision = evaluate(staged(1, 2, 3), PANIC | {"flow.disturbed": True})
        assert set(bought(decision)) == {Rung.D1, Rung.D2}

    def test_wide_spread(self) -> None:
        """Every March strike within reach of delta 0.50 is too wide, the others are not."""
        now = moment(NOW)
        wide = [quote(call_id("mar", k), now, "0.90", "1.60") for k in range(13, 20)]
        decision = evaluate(staged(1), RISE, quotes=wide)
        assert not decision.intents
        assert all("spread 0.70 above 0.19" in text for text in reasons(decision, "R29"))

    def test_one_wide_strike_gives_way_to_the_next(self) -> None:
        wide = quote(S_CALL, moment(NOW), "0.95", "1.60")
        decision = evaluate(staged(1), RISE, quotes=[wide])
        assert {i.con_id for i in decision.intents} <= {call_id("mar", 15), call_id("mar", 17)}
        assert decision.intents

    @pytest.mark.parametrize("data", [DataType.FROZEN, DataType.DELAYED, DataType.DELAYED_FROZEN])
    def test_data_that_are_not_live_price_nothing(self, data: DataType) -> None:
        lines = inputs(NOW).snapshot.quotes
        dead = [replace(q, data_type=data) for q in lines]
        assert not evaluate(staged(1), RISE, quotes=dead).intents

    def test_condor_without_quotes_and_never_seen(self) -> None:
        """V* is unknown: the stage is entered, nothing is bought, and it is said."""
        legs = [p.con_id for p in condor_positions()]
        state = replace(staged(1), condors=())
        decision = evaluate(state, RISE, without=legs)
        assert not decision.intents
        assert "V* is unknown for want of quotes" in line_of(decision, "R1").followed
        assert decision.ladder is not None
        assert decision.ladder.u is None

    def test_condor_without_quotes_keeps_its_remembered_term(self) -> None:
        legs = [p.con_id for p in condor_positions()]
        decision = evaluate(staged(1), RISE, without=legs)
        assert bought(decision) == {Rung.S1: 1, Rung.S2: 1}
        assert decision.condors[0].vega_usd is None

    def test_reset_waits_for_a_condor_without_quotes_and_bars_purchases(self) -> None:
        """A second condor came whose legs are not quoted: the old ladder stands, no purchase."""
        _, known = decide_on(inputs(NOW, condors=1), staged(1), readings(RISE))
        more = (
            *condor_positions(1),
            Position(con_id=spx_id("P", 2450), quantity=2, average_cost_usd=Decimal(1)),
        )
        decision = evaluate(known, RISE, positions=more, without=[spx_id("P", 2450)])
        assert decision.unexplained == ("SPXW 2018-03-02 +2P2450",)
        assert (
            line_of(decision, "R2").followed == "a condor came or went: u waits until V* is known"
        )
        assert not decision.intents
        assert reasons(decision, "R1") == ["V* is unknown: not bought 1 S1, 1 S2"]

    def test_an_unexplained_group_alone_is_no_condor(self) -> None:
        odd = condor_positions(1)[:3]
        decision = evaluate(replace(staged(1), condors=()), RISE, positions=odd)
        assert not decision.intents
        assert "1 groups of SPX legs are unexplained" in decision.summary

    def test_no_matched_future_and_no_pair(self) -> None:
        """No March future and no March pair: no forward, so nothing is bought; never spot."""
        curve = {"apr": 15.5, "jun": 16.0}
        assert not evaluate(staged(1), RISE, curve=curve).intents

    def test_parity_stands_in_for_the_future(self) -> None:
        decision = evaluate(staged(1), RISE, without=[future_id("mar")])
        assert bought(decision) == {Rung.S1: 1, Rung.S2: 1}


class TestTopUp:
    """A rung holds one month and strike."""

    def test_the_same_contract_while_its_delta_is_near(self) -> None:
        """S1 wants two of twenty; it holds one March 15, whose delta is still near 0.50."""
        book = Book(lots=(lot(Rung.S1, strike=15),))
        decision = evaluate(staged(1, u=2.0), RISE, book=book)
        assert [i.con_id for i in decision.intents if i.rung is Rung.S1] == [call_id("mar", 15)]

    def test_a_contract_gone_far_makes_its_rung_wait_and_no_other(self) -> None:
        """S1's March 24 has a delta far below 0.50: S1 waits, S2 buys its own."""
        book = Book(lots=(lot(Rung.S1, strike=24),))
        decision = evaluate(staged(1, u=2.0), RISE, book=book)
        assert bought(decision) == {Rung.S2: 2}
        assert "S1: delta 0.1" in reasons(decision, "R29")[0]

    def test_a_contract_near_its_roll_waits(self) -> None:
        book = Book(lots=(lot(Rung.S1, month="feb", strike=15),))
        decision = evaluate(staged(1, u=2.0), RISE, book=book)
        assert "S1: what it holds is rolled or closed now" in reasons(decision, "R14")

    def test_a_locked_contract_is_not_traded(self) -> None:
        locked = Break(con_id=S_CALL, ours=1, brokers=0)
        held = Book(lots=(lot(Rung.S1),), breaks=(locked,))
        decision = evaluate(staged(1, u=2.0), RISE, book=held)
        assert S_CALL not in {i.con_id for i in decision.intents}
        assert "S1: VIX mar C16 is locked by a break" in reasons(decision, "R29")

    @pytest.mark.parametrize("book", [Book(unadopted=(S_CALL,)), Book(ignored=(S_CALL,))])
    def test_an_unadopted_or_ignored_contract_is_not_bought(self, book: Book) -> None:
        decision = evaluate(staged(1), RISE, book=book)
        assert decision.intents
        assert S_CALL not in {i.con_id for i in decision.intents}

    def test_without_a_quote_of_what_it_holds_a_rung_buys_nothing(self) -> None:
        book = Book(lots=(lot(Rung.S1),))
        decision = evaluate(staged(1, u=2.0), RISE, book=book, without=[S_CALL])
        assert "S1: no usable quote of VIX mar C16" in reasons(decision, "R29")


def order(
    rung: Rung,
    quantity: int = 1,
    *,
    con_id: ConId = S_CALL,
    limit: str = "1.36",
    side: Side = Side.BUY,
    state: OrderState = OrderState.WORKING,
) -> Order:
    intent = Intent(
        intent_id=IntentId(f"earlier/{rung}"),
        side=side,
        con_id=con_id,
        quantity=quantity,
        limit=Decimal(limit),
        rung=rung,
        rule="R5",
        rule_class=RuleClass.EMERGENCY if rung.tier is Tier.D else RuleClass.STAGE,
    )
    return Order(intent=intent, state=state, limit=Decimal(limit))


class TestWorkingOrders:
    def test_counts_against_the_target(self) -> None:
        book = Book(orders=(order(Rung.S1), order(Rung.S2)))
        decision = evaluate(staged(1), RISE, book=book)
        assert (decision.intents, decision.cancels, decision.reprices) == ((), (), ())

    def test_moves_to_the_ask(self) -> None:
        book = Book(orders=(order(Rung.S1, limit="1.20"), order(Rung.S2)))
        decision = evaluate(staged(1), RISE, book=book)
        assert [(r.intent_id, r.limit) for r in decision.reprices] == [
            ("earlier/S1", Decimal("1.36"))
        ]
        assert decision.summary == "Moves 1."

    @pytest.mark.parametrize("state", [OrderState.SENT, OrderState.IN_DOUBT, OrderState.CANCELLING])
    def test_only_a_working_order_is_moved(self, state: OrderState) -> None:
        book = Book(orders=(order(Rung.S1, limit="1.20", state=state), order(Rung.S2)))
        assert not evaluate(staged(1), RISE, book=book).reprices

    def test_is_not_moved_while_an_earlier_move_is_unanswered(self) -> None:
        asked = replace(order(Rung.S1, limit="1.20"), limit_asked=Decimal("1.30"))
        book = Book(orders=(asked, order(Rung.S2)))
        assert not evaluate(staged(1), RISE, book=book).reprices

    def test_is_not_moved_into_a_wide_market(self) -> None:
        wide = quote(S_CALL, moment(NOW), "1.00", "1.60")
        book = Book(orders=(order(Rung.S1), order(Rung.S2)))
        assert not evaluate(staged(1), RISE, book=book, quotes=[wide]).reprices

    def test_is_not_moved_in_a_disturbed_market_unless_an_emergency(self) -> None:
        deep = order(Rung.D1, con_id=call_id("jun", 40), limit="0.10")
        book = Book(orders=(order(Rung.S1, limit="1.20"), order(Rung.S2), deep))
        decision = evaluate(staged(1, 2, 3), PANIC | {"flow.disturbed": True}, book=book)
        assert [r.intent_id for r in decision.reprices] == ["earlier/D1"]

    def test_an_emergency_moves_only_as_far_as_the_advance_pays(self) -> None:
        deep = order(Rung.D1, con_id=call_id("jun", 40), limit="0.10")
        poor = replace(ACCOUNT, net_liquidation_usd=Decimal(10_000))
        book = Book(orders=(deep,))
        assert not evaluate(staged(1, 2, 3), PANIC, book=book, account=poor).reprices

    def test_what_an_emergency_may_cost_after_the_move_is_booked(self) -> None:
        deep = order(Rung.D1, con_id=call_id("jun", 40), limit="0.10")
        given = inputs(NOW, condors=1, book=Book(orders=(deep,)))
        decision, state = decide_on(given, staged(1, 2, 3), readings(PANIC))
        booked = {c.intent_id: c.worst_usd for c in state.advance.pending}
        assert booked[IntentId("earlier/D1")] == decision.reprices[0].limit * 100

    def test_is_cancelled_when_the_target_falls(self) -> None:
        """No stage and no R3: the highest rung first, only what exceeds the target of none."""
        book = Book(orders=(order(Rung.S1), order(Rung.S2)))
        none = Policy(initial=InitialPolicy(share_min=0.0, share_max=0.0))
        decision = evaluate(sized(), {}, book=book, policy=none)
        assert [c.intent_id for c in decision.cancels] == ["earlier/S2", "earlier/S1"]
        assert decision.summary == "Cancels 2."

    def test_only_the_excess_is_cancelled(self) -> None:
        book = Book(orders=(order(Rung.S1, 2), order(Rung.S2)))
        decision = evaluate(staged(1), RISE, book=book)
        assert [c.intent_id for c in decision.cancels] == ["earlier/S2"]

    def test_an_order_in_doubt_or_being_cancelled_is_left_alone(self) -> None:
        states = (OrderState.IN_DOUBT, OrderState.CANCELLING)
        orders = tuple(order(Rung.S1, state=state) for state in states)
        assert not evaluate(sized(), {}, book=Book(orders=orders)).cancels

    def test_an_order_in_a_contract_gone_far_is_cancelled(self) -> None:
        book = Book(orders=(order(Rung.S1, con_id=call_id("mar", 24), limit="0.40"),))
        decision = evaluate(staged(1), RISE, book=book)
        assert decision.cancels[0].reason.startswith("delta 0.1")

    def test_untrusted_data_touch_no_order(self) -> None:
        book = Book(orders=(order(Rung.S1, limit="1.20"), order(Rung.S2)))
        decision = evaluate(sized(), {}, book=book, farm=Farm.DOWN)
        assert (decision.cancels, decision.reprices) == ((), ())


class TestBand:
    """An increase that comes only from a reset of u needs a tenth of the ladder."""

    def _known(self, u: float) -> StrategyState:
        """Stage 1 on for a while, its target in force, one condor."""
        _, known = decide_on(inputs(NOW, condors=1), staged(1, u=u), readings(RISE))
        return known

    def test_a_small_increase_is_withheld(self) -> None:
        """100 contracts, 20 on; two odd puts make the ladder a little more: 21 is one more."""
        known = self._known(10.0)
        odd = Position(con_id=spx_id("P", 2450), quantity=2, average_cost_usd=Decimal(1))
        held = Book(lots=(lot(Rung.S1, 10), lot(Rung.S2, 10)))
        given = {"positions": (*condor_positions(1), odd), "book": held}
        decision = evaluate(known, RISE, **given)
        assert decision.ladder is not None
        assert decision.ladder.contracts > 100
        assert decision.ladder.tiers[0].target == 20
        assert not decision.intents
        assert reasons(decision, "R27")[0].startswith("S: a reset alone asks for 2")

    def test_a_large_increase_is_bought(self) -> None:
        """The condors double, so do V* and the ladder: 20 become 40."""
        known = self._known(10.0)
        held = Book(lots=(lot(Rung.S1, 10), lot(Rung.S2, 10)))
        decision = evaluate(known, RISE, positions=condor_positions(2), book=held)
        assert decision.ladder is not None
        assert decision.ladder.tiers[0].target == 40
        assert sum(bought(decision).values()) == 20

    def test_waiting_contracts_do_not_count_for_the_band(self) -> None:
        """S1 to S4 all hold a contract gone far: the whole increase waits, none is in force."""
        known = self._known(10.0)
        held = Book(lots=tuple(lot(r, 5, strike=30) for r in (Rung.S1, Rung.S2, Rung.S3, Rung.S4)))
        decision = evaluate(known, RISE, positions=condor_positions(2), book=held)
        assert decision.ladder is not None
        assert decision.ladder.tiers[0].target == 20


def test_condors_gone_let_the_ladder_shrink_to_nothing_and_sell_nothing() -> None:
    desk = Desk(state=staged(1))
    play([Row(NOW, RISE, stage=1)], desk)
    desk.positions = ()
    decision = play([Row("2018-02-05 10:05", RISE, stage=1)], desk)[0]
    assert decision.ladder is not None
    assert decision.ladder.contracts == 0
    assert line_of(decision, "R2").followed.endswith("there is nothing to hedge")
    assert line_of(decision, "R31").truth.value == "true"
    assert not decision.intents
    assert desk.book.in_tier(Tier.S) == 2


class TestFinalClose:
    """February calls last trade on Tuesday the 13th: Monday closes them, at the bid."""

    HELD = (lot(Rung.S1, 2, month="feb", strike=15), lot(Rung.S3, 1, month="feb", strike=15))
    CALL = call_id("feb", 15)

    def test_not_before(self) -> None:
        """The Friday before they are at their roll, and run off; it is not their last chance."""
        decision = evaluate(sized(), {}, at="2018-02-09 10:00", book=Book(lots=self.HELD))
        assert {intent.rule for intent in decision.intents} == {"R12"}
        assert line_of(decision, "R14").truth.value == "false"

    @pytest.mark.parametrize("day", ["2018-02-12", "2018-02-13"])
    def test_sells_all_at_the_bid(self, day: str) -> None:
        now = moment(f"{day} 09:31")
        bid = quote(self.CALL, now, "0.30", "0.40")
        decision = evaluate(sized(), {}, at=f"{day} 09:31", book=Book(lots=self.HELD), quotes=[bid])
        sold = [(i.rung, i.side, i.quantity, i.limit, i.rule_class) for i in decision.intents]
        assert sold == [
            (Rung.S1, Side.SELL, 2, Decimal("0.30"), RuleClass.CLOSE),
            (Rung.S3, Side.SELL, 1, Decimal("0.30"), RuleClass.CLOSE),
        ]
        assert decision.summary == "Sells 2 S1 at 0.30, 1 S3 at 0.30."

    def test_what_is_already_being_sold_is_not_sold_again(self) -> None:
        selling = order(Rung.S1, 2, con_id=self.CALL, side=Side.SELL, limit="0.10")
        book = Book(lots=self.HELD, orders=(selling,))
        decision = evaluate(sized(), {}, at="2018-02-12 10:00", book=book)
        assert [(i.rung, i.quantity) for i in decision.intents] == [(Rung.S3, 1)]

    def test_follows_the_bid_down(self) -> None:
        selling = order(Rung.S1, 2, con_id=self.CALL, side=Side.SELL, limit="5.00")
        bid = quote(self.CALL, moment("2018-02-12 10:00"), "0.30", "0.40")
        book = Book(lots=self.HELD, orders=(selling,))
        decision = evaluate(sized(), {}, at="2018-02-12 10:00", book=book, quotes=[bid])
        assert [(r.intent_id, r.limit) for r in decision.reprices] == [
            ("earlier/S1", Decimal("0.30"))
        ]

    def test_purchases_in_it_are_cancelled(self) -> None:
        book = Book(orders=(order(Rung.S1, con_id=self.CALL),))
        decision = evaluate(staged(1), RISE, at="2018-02-12 10:00", book=book)
        assert [c.reason for c in decision.cancels] == ["the contract stops trading"]

    def test_a_purchase_already_being_cancelled_is_left_alone(self) -> None:
        book = Book(orders=(order(Rung.S1, con_id=self.CALL, state=OrderState.CANCELLING),))
        assert not evaluate(staged(1), RISE, at="2018-02-12 10:00", book=book).cancels

    def _no_bid(self, at: str) -> list[Quote]:
        return [replace(quote(self.CALL, moment(at), 0, "0.05"), bid_size=0)]

    def test_no_bid_is_critical(self) -> None:
        at = "2018-02-12 10:00"
        book = Book(lots=self.HELD)
        decision = evaluate(sized(), {}, at=at, book=book, quotes=self._no_bid(at))
        assert not decision.intents
        (said,) = decision.critical
        assert said.startswith("CRITICAL: VIX feb C15 stops trading on 2018-02-13")
        assert said.endswith("cannot be closed: nobody bids for it")
        assert decision.summary.startswith("CRITICAL")

    @pytest.mark.parametrize("bid", ["0.004", "1.00"])
    def test_no_bid_worth_a_tick_or_crossed_is_critical(self, bid: str) -> None:
        at = "2018-02-12 10:00"
        odd = [quote(self.CALL, moment(at), bid, "0.05")]
        decision = evaluate(sized(), {}, at=at, book=Book(lots=self.HELD), quotes=odd)
        assert (bool(decision.critical), decision.intents) == (True, ())

    def test_no_quote_is_critical(self) -> None:
        decision = evaluate(
            sized(), {}, at="2018-02-12 10:00", book=Book(lots=self.HELD), without=[self.CALL]
        )
        assert "it has no quote that may be trusted" in decision.critical[0]

    def test_a_break_is_critical_and_nothing_is_sold(self) -> None:
        locked = Break(con_id=self.CALL, ours=3, brokers=1)
        book = Book(lots=self.HELD, breaks=(locked,))
        decision = evaluate(sized(), {}, at="2018-02-12 10:00", book=book)
        assert not decision.intents
        assert "it is locked by a break" in decision.critical[0]

    def test_not_at_the_close_evaluation(self) -> None:
        decision = evaluate(
            sized(), {}, at="2018-02-12 16:20", kind=EvaluationKind.CLOSE, book=Book(lots=self.HELD)
        )
        assert not decision.intents
        assert line_of(decision, "R14").followed == "the close evaluation sends no orders"

    def test_after_the_last_trading_day_there_is_nothing_to_sell(self) -> None:
        decision = evaluate(sized(), {}, at="2018-02-14 10:00", book=Book(lots=self.HELD))
        assert (decision.intents, decision.critical) == ((), ())

    def test_two_contracts_of_one_rung_have_ids_of_their_own(self) -> None:
        other = lot(Rung.S1, 1, month="feb", strike=16)
        decision = evaluate(sized(), {}, at="2018-02-12 10:00", book=Book(lots=(*self.HELD, other)))
        ids = [i.intent_id for i in decision.intents]
        assert len(set(ids)) == len(ids) == 3
        assert f"{decision.decision_id}/S1/2" in ids

    def test_a_rung_that_still_closes_another_contract_is_not_topped_up(self) -> None:
        """S1 still holds a February call beside its March one: one is sold, the other waits."""
        march, february = lot(Rung.S1), lot(Rung.S1, month="feb", strike=15)
        book = Book(lots=(march, february))
        decision = evaluate(staged(1, u=3.0), RISE, at="2018-02-12 10:00", book=book)
        sides = {(i.rung, i.side) for i in decision.intents}
        assert (Rung.S1, Side.SELL) in sides
        assert (Rung.S1, Side.BUY) not in sides
        assert "S1: what it holds is rolled or closed now" in reasons(decision, "R14")


def test_vix_option_of_the_builder_settles_the_day_after_its_last() -> None:
    option = vix_option("feb", 15)
    assert (option.settlement.date() - option.last_trading_day).days == 1
