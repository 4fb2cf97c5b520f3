"""A decision is told in sentences that name values, thresholds, reasons and fates."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.canonical import ContentHash
from bot.domain.decision import (
    Cancel,
    Check,
    CondorView,
    Decision,
    Reprice,
    RuleResult,
    RuleStatus,
    TierTarget,
)
from bot.domain.events import (
    CommissionReceived,
    FillReceived,
    JournalEvent,
    OrderChangeIntended,
    OrderIntended,
    OrderSent,
    PolicyChanged,
    RunEnded,
    RunId,
)
from bot.domain.inputs import EvaluationKind
from bot.domain.instruments import ConId, Future, Right
from bot.domain.orders import OrderState, Side
from bot.domain.policy import Policy
from bot.domain.readings import Reading, ReadingState
from bot.domain.rungs import Tier
from bot.domain.sessions import settlement_instant
from bot.domain.truth import Truth
from bot.domain.value import replace
from bot.review.following import follow, later_orders
from bot.review.phrases import age, comparison, fact, listed
from bot.review.trades import fate, instrument_name, wanted
from bot.review.wording import Telling, explain
from tests.support import story

STRESS = story.stress_decision()
UNIVERSE = story.UNIVERSE.by_id()


def told(decision: Decision, events: Iterable[JournalEvent] = (), policy: bool = True) -> str:  # noqa: FBT001, FBT002 - a test's switch
    """Return the whole telling as text."""
    telling = Telling(
        decision, follow(decision, events), (), UNIVERSE, Policy() if policy else None
    )
    return "\n".join(line for one in explain(telling) for line in (one.heading, *one.lines))


def told_rule(*checks: Check, truth: Truth = Truth.FALSE, followed: str = "") -> str:
    rule = RuleResult(
        rule="R99",
        title="Test",
        status=RuleStatus.IN_FORCE,
        truth=truth,
        checks=checks,
        followed=followed,
    )
    return told(replace(STRESS, rules=(rule,), readings=()))


class TestOpening:
    def test_several_stages_are_named_in_order(self) -> None:
        assert "entered stages 1, 2 and 3 in that order, coming from no stage" in told(STRESS)

    def test_one_stage_is_one_stage(self) -> None:
        decision = replace(STRESS, entered=(2,), stage_before=1, stage=2)
        assert "entered stage 2, coming from stage 1" in told(decision)

    @pytest.mark.parametrize(("left", "stage", "now"), [(3, 2, "stage 2"), (1, 0, "no stage")])
    def test_leaving_a_stage_at_the_close_is_said(self, left: int, stage: int, now: str) -> None:
        decision = replace(
            STRESS,
            entered=(),
            left=left,
            stage_before=left,
            stage=stage,
            kind=EvaluationKind.CLOSE,
            summary="",
        )
        text = told(decision)
        assert f"the bot left stage {left} and is now in {now}" in text
        assert "at the official close, where nothing is ordered" in text
        assert f"Stage {left} was left." in text
        assert "In short" not in text

    def test_a_quiet_decision_says_that_nothing_followed(self) -> None:
        decision = replace(story.quiet_decision(story.MORNING, 1), ladder=None)
        text = told(decision)
        assert "the bot stayed in no stage" in text
        assert "Nothing: no stage moved and no order was wanted." in text


class TestSeen:
    def test_vix_rsi_macd_and_curve_come_with_value_and_age(self) -> None:
        text = told(STRESS)
        assert (
            "VIX stood at 32.50, having moved +13.27 points over one day and +18.96 points over "
            "five sessions (1 s old)" in text
        )
        assert "Its RSI was 83.4 and rising (1 s old)" in text
        assert "Its MACD had been bullish for 17 bars (1 s old)" in text
        assert "VX2 stood 2.15 points below VX1, so the curve was inverted (1 s old)" in text

    def test_a_normal_curve_and_a_falling_rsi_are_told_as_such(self) -> None:
        readings = (
            story.ok("G2", "vix.rsi", 40.0, story.STRESS),
            story.ok("G2", "vix.rsi_rising", value=False, at=story.STRESS),
            story.ok("G7", "curve.slope", 1.25, story.STRESS),
            story.ok("G3", "spx.macd", "bearish", story.STRESS),
            Reading(signal="G9", name="skew.level", state=ReadingState.OK, value=1234.5),
        )
        text = told(replace(STRESS, readings=readings))
        assert "Its RSI was 40.0 and not rising" in text
        assert "VX2 stood 1.25 points above VX1, so the curve was not inverted" in text
        assert "Besides: the SPX MACD was bearish and skew level was 1,234." in text

    def test_readings_without_time_or_company_are_told_alone(self) -> None:
        readings = tuple(
            Reading(signal="G1", name=name, state=ReadingState.OK, value=value)
            for name, value in (("vix.level", 20.0), ("vix.rsi", 50.0), ("vix.macd", "bearish"))
        )
        text = told(replace(STRESS, readings=readings))
        assert "VIX stood at 20.00. Its RSI was 50.0. Its MACD had been bearish." in text

    def test_condors_are_named(self) -> None:
        strikes = tuple(Decimal(n) for n in (2500, 2525, 2850, 2875))
        one = CondorView(key="k", expiry="2018-03-16", quantity=1, strikes=strikes, vega_usd=521.4)
        two = replace(one, quantity=2, vega_usd=None)
        text = told(replace(STRESS, condors=(one, two)))
        assert "1 condor 2500/2525/2850/2875 expiring 2018-03-16, of 521 USD vega" in text
        assert "2 condors 2500/2525/2850/2875 expiring 2018-03-16, of unknown vega" in text


class TestRules:
    def test_stage_three_names_rsi_and_change_with_their_thresholds(self) -> None:
        text = told(STRESS)
        assert "R8 (Stage 3, the Second Engine) fired: VIX RSI was 83.4, at or above 80" in text
        assert "VIX had a spike, as asked (its 5-day change was +18.96 points, above 8)" in text

    def test_a_spike_that_was_none_is_told_with_its_change(self) -> None:
        text = told(story.quiet_decision(story.MORNING, 1))
        assert "VIX had no spike, which is not what was asked" in text
        assert "(its 5-day change was +2.06 points, not above 8)" in text

    def test_without_the_policy_the_change_stands_alone(self) -> None:
        assert "(its 5-day change was +18.96 points);" in told(STRESS, policy=False)

    def test_a_rule_that_could_not_be_judged_says_why(self) -> None:
        text = told(story.quiet_decision(story.MORNING, 1))
        assert "R8 (Stage 3, the Second Engine) could not be judged, so it did not fire" in text
        assert "whether the z-score of MOVE was at or above 2.5 is not known" in text

    def test_declared_rules_close_the_telling_by_name(self) -> None:
        last = explain(Telling(STRESS))[-1].lines[-1]
        assert last == (
            "Only declared, not in force: R6 (Confirmations) and R19 (Monetise) are missing from "
            "this decision."
        )

    def test_one_declared_rule_is_singular_and_none_is_silent(self) -> None:
        one = replace(STRESS, rules=STRESS.rules[-1:])
        assert "R19 (Monetise) is missing" in told(one)
        assert "Only declared" not in told(replace(STRESS, rules=()))

    def test_a_rule_without_comparisons_is_a_plain_sentence(self) -> None:
        assert "R99 (Test) fired. It did." in told_rule(truth=Truth.TRUE, followed="it did")

    @pytest.mark.parametrize(
        ("check", "words"),
        [
            (story.compared("vix.level", 15.0, "<", 16.0, holds=True), "VIX was 15.00, below 16"),
            (
                story.compared("breadth.z", -1.0, "<=", -2.0, holds=False),
                "the z-score of the advance-decline line was -1.00, not at or below -2",
            ),
            (
                story.compared("vix.macd", "bearish", "is", "bullish", holds=False),
                "the VIX MACD was bearish, where bullish was asked",
            ),
            (
                story.compared(
                    "vix.spike", value=False, operator="is", threshold=False, holds=True
                ),
                "VIX had no spike, as asked",
            ),
            (
                story.compared("my.flag", value=True, operator="is", threshold=True, holds=True),
                "my flag was true, as asked",
            ),
            (
                Check(what="V of SPXW 2018", truth=Truth.TRUE, value=5210.4),
                "V of SPXW 2018 was 5,210",
            ),
            (Check(what="V of SPXW 2018", truth=Truth.UNKNOWN), "V of SPXW 2018 is not known"),
            (Check(what="stage 1 on", truth=Truth.TRUE), "stage 1 was on"),
            (Check(what="stage 2 on", truth=Truth.FALSE), "stage 2 was not on"),
            (
                Check(what="breadth divergence newly true", truth=Truth.FALSE),
                "breadth divergence was not newly true",
            ),
            (
                Check(
                    what="vix.level",
                    truth=Truth.UNKNOWN,
                    value=17.0,
                    operator=">",
                    threshold=18.0,
                    state=ReadingState.STALE,
                    age_seconds=400.0,
                ),
                "whether VIX was above 18 is not known (it last said 17.00, 7 min ago)",
            ),
            (
                Check(
                    what="vix.level",
                    truth=Truth.UNKNOWN,
                    value=17.0,
                    operator=">",
                    threshold=18.0,
                    state=ReadingState.STALE,
                ),
                "whether VIX was above 18 is not known (it last said 17.00)",
            ),
            (
                Check(what="vix.spike", truth=Truth.UNKNOWN, operator="is", threshold=False),
                "whether VIX had no spike is not known",
            ),
            (
                Check(what="vix.macd", truth=Truth.UNKNOWN, operator="is", threshold="bullish"),
                "whether the VIX MACD was bullish is not known",
            ),
            (
                Check(what="days", truth=Truth.TRUE, value=3, operator="within", threshold=5),
                "days was 3, within 5",
            ),
        ],
    )
    def test_a_comparison_reads_as_a_clause(self, check: Check, words: str) -> None:
        assert comparison(check) == words


class TestFollowed:
    def test_the_ladder_says_scale_counts_and_cover(self) -> None:
        text = told(STRESS)
        assert "10 contracts at scale 1.00; S wants 4 of 4 and has 0" in text
        assert "0 USD per VIX point against 5,210 USD of condor vega, a cover of 0%" in text

    def test_what_is_unknown_of_the_ladder_stays_unsaid(self) -> None:
        ladder = STRESS.ladder
        assert ladder is not None
        spent = TierTarget(tier=Tier.S, full=4, target=4, filled=1, working=1, spent=1)
        thin = replace(ladder, u=None, tiers=(spent,), cover_ratio=None)
        text = told(replace(STRESS, ladder=thin))
        assert "an unknown scale; S wants 4 of 4 and has 2 (and 1 spent)" in text
        assert "condor vega." in text
        bare = replace(ladder, tiers=(), hedge_vega_usd=None)
        assert "10 contracts at scale 1.00." in told(replace(STRESS, ladder=bare))

    def test_changes_of_working_orders_are_told(self) -> None:
        key = story.BUY_S.intent_id
        decision = replace(
            STRESS,
            cancels=(Cancel(intent_id=key, reason="no longer wanted"),),
            reprices=(Reprice(intent_id=key, limit=Decimal("2.40"), reason="the walk"),),
        )
        text = told(decision)
        assert f"Order {key} was to move to 2.40: the walk." in text
        assert f"Order {key} was to be cancelled: no longer wanted." in text

    def test_a_refusal_is_told_with_its_reason(self) -> None:
        text = told(STRESS, story.order_events())
        assert "but risk refused (contracts): 900 contracts pass the limit of 50." in text

    def test_orders_of_later_cycles_belong_to_an_entry(self) -> None:
        later = replace(
            story.quiet_decision(story.STRESS + timedelta(minutes=5), 9), intents=(story.BUY_S,)
        )
        orders = later_orders(STRESS, [later], story.order_events())
        telling = Telling(STRESS, (), orders, UNIVERSE)
        lines = [line for one in explain(telling) for line in one.lines]
        assert any(
            line.startswith("Later that session, at 15:40:00, it wanted to buy 1 VIX 21 Mar 2018")
            and "filled at 2.30" in line
            for line in lines
        )

    def test_a_later_refusal_is_told_too(self) -> None:
        later = replace(story.quiet_decision(story.STRESS, 9), intents=(story.BUY_D2,))
        orders = later_orders(STRESS, [later], story.order_events())
        lines = [line for one in explain(Telling(STRESS, (), orders)) for line in one.lines]
        assert any("risk refused it: 900 contracts pass" in line for line in lines)

    @pytest.mark.parametrize(
        "later",
        [
            replace(story.quiet_decision(story.STRESS, 9), entered=(3,), intents=(story.BUY_S,)),
            replace(story.quiet_decision(story.STRESS, 9), left=3, intents=(story.BUY_S,)),
            replace(
                story.quiet_decision(story.STRESS + timedelta(days=1), 9), intents=(story.BUY_S,)
            ),
        ],
    )
    def test_they_end_with_the_next_move_or_day(self, later: Decision) -> None:
        assert later_orders(STRESS, [later], ()) == ()

    def test_a_decision_without_entry_has_no_later_orders(self) -> None:
        later = replace(story.quiet_decision(story.STRESS, 9), intents=(story.BUY_S,))
        quiet = story.quiet_decision(story.STRESS, 8)
        assert later_orders(quiet, [later], ()) == ()


class TestUnseen:
    def test_stale_missing_and_blind_are_told_apart(self) -> None:
        text = told(STRESS)
        assert "stale: order flow was not disturbed (7 min old): the last two-sided quote" in text
        assert "The z-score of MOVE: no source." in text
        assert "Blind for move.z: no source." in text

    def test_what_is_missing_for_one_reason_is_one_sentence(self) -> None:
        readings = (
            Reading(signal="G6", name="move.z", state=ReadingState.MISSING),
            Reading(signal="G18", name="term.ratio", state=ReadingState.MISSING),
            Reading(signal="G1", name="vix.level", state=ReadingState.STALE),
        )
        text = told(replace(STRESS, readings=readings, blind=(), unexplained=("2 x 4711",)))
        assert "The z-score of MOVE and VIX3M over VIX: no source." in text
        assert "VIX was stale." in text
        assert "Positions it could not explain: 2 x 4711." in text
        assert "Blind for" not in text

    def test_an_override_names_winner_loser_and_reason(self) -> None:
        assert "R29 stood above R7: the spread of S2's strike" in told(STRESS)


class TestFates:
    """What became of one order, from the broker's word alone."""

    def fate_after(self, *events: JournalEvent) -> str:
        decision = replace(STRESS, intents=(story.BUY_D,))
        (one,) = follow(decision, events)
        return fate(one)

    def sent(self) -> tuple[JournalEvent, ...]:
        return (
            OrderIntended(intent=story.BUY_D, decision_id=STRESS.decision_id),
            OrderSent(intent_id=story.BUY_D.intent_id, order_id=12),
        )

    def test_an_order_nobody_spoke_of_again_is_said_to_be_so(self) -> None:
        assert self.fate_after() == "nothing more is recorded of it"

    def test_an_order_about_to_be_sent_is_not_called_sent(self) -> None:
        assert self.fate_after(self.sent()[0]) == "it was about to be sent"

    def test_an_order_without_answer_is_told_as_such(self) -> None:
        assert self.fate_after(*self.sent()) == "sent as order 12; no answer is recorded"

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            (OrderState.WORKING, "it was still working at 1.10 when the record ends"),
            (OrderState.CANCELLING, "it was being cancelled when the record ends"),
            (OrderState.IN_DOUBT, "what became of it is in doubt (line lost)"),
            (OrderState.CANCELLED, "it was cancelled (line lost)"),
            (OrderState.REJECTED, "the broker rejected it (line lost)"),
            (OrderState.ABANDONED, "it was given up (line lost)"),
        ],
    )
    def test_each_state_has_its_words(self, state: OrderState, words: str) -> None:
        changed = replace(story.changed(story.BUY_D, state, 0), reason="line lost")
        assert self.fate_after(*self.sent(), changed) == f"sent as order 12; {words}"

    def test_fills_are_averaged_and_a_correction_replaces(self) -> None:
        first = story.fill(story.BUY_D, "0002.01.01", 1, "1.10")
        second = story.fill(story.BUY_D, "0003.01.01", 1, "1.20")
        events = (
            *self.sent(),
            FillReceived(fill=first),
            FillReceived(fill=first),
            FillReceived(fill=second),
            FillReceived(fill=story.corrected(second, "1.00")),
            CommissionReceived(exec_id="0002.01.01", commission_usd=Decimal("0.65")),
            CommissionReceived(exec_id="0002.01.01", commission_usd=Decimal("0.65")),
            CommissionReceived(exec_id="0003.01.02", commission_usd=Decimal("0.60")),
            CommissionReceived(exec_id="9999.01.01", commission_usd=Decimal("9.99")),
            story.changed(story.BUY_D, OrderState.FILLED, 2),
        )
        words = "sent as order 12; filled at 1.05, for 1.25 USD commission"
        assert self.fate_after(*events) == words

    def test_changes_on_the_way_are_told(self) -> None:
        key = story.BUY_D.intent_id
        events = (
            *self.sent(),
            OrderChangeIntended(intent_id=key, limit=Decimal("1.15"), reason="the walk"),
            OrderChangeIntended(intent_id=key, limit=None, reason=""),
            RunEnded(run_id=RunId("r"), reason="done"),
            PolicyChanged(before=None, after=ContentHash("0" * 64)),
        )
        found = self.fate_after(*events)
        assert "; it was asked to move to 1.15 (the walk); it was asked to be cancelled;" in found


class TestNames:
    def test_contracts_are_named_as_traders_do(self) -> None:
        future = Future(
            con_id=ConId(5),
            symbol="VIX",
            trading_class="VX",
            exchange="CFE",
            multiplier=1000,
            last_trading_day=story.DAY,
            settlement=settlement_instant(story.DAY),
            grid=story.VIX_GRID,
            local_symbol="VXG8",
        )
        put = replace(story.S_CALL, con_id=ConId(6), right=Right.PUT, strike=Decimal("17.5"))
        names = {ConId(5): future, ConId(6): put, **UNIVERSE}
        assert instrument_name(ConId(5), names) == "VX future of 5 Feb 2018"
        assert instrument_name(ConId(6), names) == "VIX 21 Mar 2018 17.5 put"
        assert instrument_name(story.VIX.con_id, names) == "VIX"
        assert instrument_name(ConId(9), names) == "contract 9"

    def test_a_sale_is_a_sale(self) -> None:
        sale = replace(story.BUY_S, side=Side.SELL)
        assert wanted(sale, UNIVERSE).startswith("sell 1 VIX 21 Mar 2018 20 call for S1 at 2.35")

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [(1.4, "1 s"), (119.0, "119 s"), (420.0, "7 min"), (9000.0, "2 h"), (200000.0, "2 days")],
    )
    def test_an_age_has_one_unit(self, seconds: float, words: str) -> None:
        assert age(seconds) == words

    def test_lists_are_joined_as_spoken(self) -> None:
        assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
            "",
            "a",
            "a and b",
            "a, b and c",
        ]

    def test_a_flag_without_words_is_true_or_false(self) -> None:
        assert fact("my.flag", value=False) == "my flag was false"
