"""What differs between two decisions, and the fewest checks that tipped it."""

from decimal import Decimal

import pytest

from bot.domain.canonical import ContentHash
from bot.domain.decision import Cancel, Check, Decision, DecisionId, Override, Reprice, RuleResult
from bot.domain.decision import RuleStatus as Status
from bot.domain.logic import Every, Logic, Some
from bot.domain.orders import IntentId
from bot.domain.readings import ReadingState
from bot.domain.rungs import Rung, Tier
from bot.domain.truth import Truth
from bot.domain.value import replace
from bot.review.contrast import contrast
from bot.review.difference import Difference, difference
from tests.support import story

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
QUIET = story.quiet_decision(story.MORNING, 1)
STRESS = story.stress_decision()


def ruled(*checks: Check, truth: Truth, followed: str, logic: Logic | None) -> RuleResult:
    return RuleResult(
        rule="R8",
        title="Stage 3",
        status=Status.IN_FORCE,
        truth=truth,
        checks=checks,
        followed=followed,
        logic=logic,
    )


def check(what: str, truth: Truth, value: float = 1.0, threshold: float | None = 2.0) -> Check:
    return Check(what=what, truth=truth, value=value, operator=">=", threshold=threshold)


def under(*rules: RuleResult, stage: int = 0) -> Decision:
    return replace(QUIET, rules=rules, stage=stage)


def tipped(before: RuleResult, after: RuleResult) -> list[str]:
    """Return the names of the checks that tipped the rule; the stages move with it."""
    (tipping,) = difference(under(before), under(after, stage=3)).tipped or (None,)
    return [] if tipping is None else [one.what for one in tipping.checks]


def words(found: Difference) -> str:
    return "\n".join(line for one in contrast(found) for line in (one.heading, *one.lines))


class TestTipping:
    STORM = Every(parts=(0, Some(parts=(1, 2))))

    def storm(self, truths: tuple[Truth, Truth, Truth], whole: Truth, followed: str) -> RuleResult:
        names = ("stage 2 on", "rsi", "spike")
        checks = [check(name, truth) for name, truth in zip(names, truths, strict=True)]
        return ruled(*checks, truth=whole, followed=followed, logic=self.STORM)

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ((F, F, F), (T, T, T), ["stage 2 on", "rsi"]),
            ((T, F, F), (T, F, T), ["spike"]),
            ((F, T, F), (T, T, T), ["stage 2 on"]),
        ],
    )
    def test_the_fewest_checks_are_named(
        self,
        before: tuple[Truth, Truth, Truth],
        after: tuple[Truth, Truth, Truth],
        expected: list[str],
    ) -> None:
        assert tipped(self.storm(before, F, ""), self.storm(after, T, "entered")) == expected

    def test_a_rule_from_which_the_same_follows_is_not_on_the_way(self) -> None:
        before = self.storm((F, F, F), F, "stage 3 is on")
        after = self.storm((T, T, F), T, "stage 3 is on")
        assert tipped(before, after) == []

    def test_a_rule_that_judges_the_same_did_not_tip(self) -> None:
        before = self.storm((T, T, F), T, "stage 3 entered")
        after = self.storm((T, F, T), T, "stage 3 is on")
        assert tipped(before, after) == []

    def test_without_a_known_logic_every_turned_check_is_named(self) -> None:
        before = ruled(check("S", F), check("M", F), truth=F, followed="", logic=None)
        after = ruled(check("S", T), check("M", T), truth=T, followed="S lacks 1", logic=None)
        assert tipped(before, after) == ["S", "M"]

    def test_a_check_that_is_newly_asked_did_not_turn(self) -> None:
        """Stage 1 goes off: the confirmations are asked only then, and were not what turned."""
        before = ruled(
            check("vix", T), check("one", T), truth=T, followed="on", logic=Every(parts=(0, 1))
        )
        after = ruled(
            check("vix", T),
            check("one", F),
            check("breadth", F),
            truth=F,
            followed="",
            logic=Every(parts=(0, Some(parts=(1, 2)))),
        )
        assert tipped(before, after) == ["one"]

    def test_a_rule_that_asks_otherwise_names_what_turned_if_anything(self) -> None:
        before = ruled(
            check("vix", F), check("rsi", F), truth=F, followed="", logic=Every(parts=(0, 1))
        )
        after = ruled(
            check("new", T), check("rsi", T), truth=T, followed="on", logic=Some(parts=(0, 1))
        )
        assert tipped(before, after) == ["rsi"]
        assert tipped(before, replace(after, checks=(check("new", T), check("rsi", F)))) == []

    def test_a_rule_may_turn_by_its_numbers_alone(self) -> None:
        before = ruled(check("forward", T), truth=F, followed="0 contracts of S", logic=None)
        after = ruled(check("forward", T), truth=T, followed="9 contracts of S", logic=None)
        found = difference(under(before), under(after, stage=1))
        (tipping,) = found.tipped
        assert (tipping.before, tipping.after, tipping.checks) == (F, T, ())
        assert "turned from false to true: by its numbers alone. 9 contracts of S." in words(found)

    def test_nothing_tips_where_the_same_is_done(self) -> None:
        before, after = self.storm((F, F, F), F, "a"), self.storm((T, T, F), T, "b")
        found = difference(under(before), under(after))
        assert (found.acts, found.tipped) == (False, ())
        assert len(found.rules) == 1


class TestDifference:
    FOUND = difference(QUIET, STRESS)

    def test_equal_decisions_do_not_differ(self) -> None:
        found = difference(STRESS, STRESS)
        assert found == Difference(before=found.before, after=found.before)
        assert not found.acts

    def test_the_story_differs_where_it_was_told_to(self) -> None:
        found = self.FOUND
        assert found.acts
        assert {one.name for one in found.readings} == {
            "vix.level", "vix.change_1d", "vix.change_5d", "vix.spike", "vix.rsi",
        }  # fmt: skip
        assert [one.rule for one in found.rules] == ["R5", "R7", "R8"]
        assert [(one.tier, one.before, one.after) for one in found.targets] == [
            (Tier.S, 0, 4),
            (Tier.D, 0, 2),
        ]
        assert [one.before for one in found.orders] == [None] * 3
        assert [one.winner for one in found.overrides_new] == ["R29"]

    def test_the_way_back_is_the_mirror(self) -> None:
        back = difference(STRESS, QUIET)
        assert [(one.before, one.after) for one in back.targets] == [(4, 0), (2, 0)]
        assert back.overrides_gone == self.FOUND.overrides_new
        assert [one.after for one in back.orders] == [None] * 3

    def test_an_order_is_the_same_under_another_name(self) -> None:
        renamed = replace(story.BUY_S, intent_id=IntentId("other/S1"))
        found = difference(STRESS, replace(STRESS, intents=(renamed, *STRESS.intents[1:])))
        assert (found.orders, found.acts) == ((), False)

    def test_an_order_at_another_limit_is_one_change(self) -> None:
        dearer = replace(story.BUY_S, limit=Decimal("2.40"))
        found = difference(STRESS, replace(STRESS, intents=(dearer, *STRESS.intents[1:])))
        (order,) = found.orders
        assert (order.before, order.after) == (story.BUY_S, dearer)
        assert found.acts

    def test_two_orders_of_one_rung_are_paired_in_turn(self) -> None:
        once, twice = replace(STRESS, intents=(story.BUY_S,)), (story.BUY_S, story.BUY_S)
        (order,) = difference(once, replace(STRESS, intents=twice)).orders
        assert (order.before, order.after) == (None, story.BUY_S)

    @pytest.mark.parametrize(
        "changes",
        [
            {"left": 1},
            {"entered": (1,)},
            {"stage": 1},
            {"ladder": None},
            {"critical": ("CRITICAL: it cannot be closed",)},
            {"cancels": (Cancel(intent_id=IntentId("x/S1"), reason="stage left"),)},
            {"reprices": (Reprice(intent_id=IntentId("x/S1"), limit=Decimal(2), reason="walk"),)},
        ],
    )
    def test_whatever_is_done_otherwise_counts_as_acting(self, changes: dict[str, object]) -> None:
        other = replace(QUIET, **changes)
        assert difference(QUIET, other).acts
        assert difference(other, QUIET).acts

    def test_who_is_named_counts_for_nothing(self) -> None:
        other = replace(
            QUIET,
            decision_id=DecisionId("other"),
            at=story.STRESS,
            inputs_hash=ContentHash("9" * 64),
            policy_hash=ContentHash("8" * 64),
        )
        assert not difference(QUIET, other).acts


class TestContrast:
    def test_the_story_is_told_with_what_tipped_first(self) -> None:
        text = words(TestDifference.FOUND)
        lines = text.splitlines()
        assert lines[1].startswith("before  2018-02-05 10:00:00  stage 0  nothing to do")
        assert lines[2].startswith("after   2018-02-05 15:35:00  stage 0→3  stages 1, 2 and 3")
        assert lines[3] == "What tipped it"
        assert lines[4] == (
            "R5 (Stage 1) turned from false to true: VIX was 17.31, not above 18, and after that "
            "VIX was 32.50, above 18. Stage 1 was entered."
        )
        assert "Stages: stage 0 → stage 3 (1 entered, 2 entered, 3 entered)." in text
        assert "S should hold 0 → 4." in text
        assert "New order: buy 2 D1 @ 1.10 (R8)." in text
        assert "New: R29 stood above R7: the spread of S2's strike is 31% of its mid." in text
        assert "VIX: 17.31 → 32.50." in text

    def test_a_threshold_that_moved_is_told_as_such(self) -> None:
        before = ruled(check("vix.level", T, 19.0, 18.0), truth=T, followed="on", logic=0)
        after = ruled(check("vix.level", F, 19.0, 20.0), truth=F, followed="", logic=0)
        text = words(
            difference(
                under(before, stage=1), replace(under(after), policy_hash=ContentHash("8" * 64))
            )
        )
        assert "under different policies" in text
        assert (
            "R8 (Stage 3) turned from true to false: VIX was 19.00, at or above 18, but not at or "
            "above 20.\n"
        ) in text

    def test_where_only_numbers_moved_it_says_so(self) -> None:
        dearer = replace(story.BUY_S, limit=Decimal("2.40"))
        text = words(difference(STRESS, replace(STRESS, intents=(dearer, *STRESS.intents[1:]))))
        assert "No check turned on the way to it" in text
        assert "Order: buy 1 S1 @ 2.35 (R5) → buy 1 S1 @ 2.40 (R5)." in text

    def test_the_same_done_for_other_reasons(self) -> None:
        stale = replace(QUIET.readings[0], state=ReadingState.STALE)
        gone = replace(QUIET.readings[1], state=ReadingState.MISSING, value=None)
        other = replace(QUIET, summary="", readings=(stale, gone, *QUIET.readings[3:]))
        text = words(difference(QUIET, other))
        assert "What is done is the same in both." in text
        assert "nothing is said of it" in text
        assert "VIX: 17.31 → 17.31 (stale)." in text
        assert "The 1-day change of VIX: +1.44 points → nothing (missing)." in text
        assert "The 5-day change of VIX: +2.06 points → not read." in text
        assert "What tipped it" not in text

    def test_a_reading_that_moved_less_than_is_said_is_left_out(self) -> None:
        moved = replace(QUIET.readings[0], value=17.311)
        found = difference(QUIET, replace(QUIET, readings=(moved, *QUIET.readings[1:])))
        assert len(found.readings) == 1
        assert "VIX: " not in words(found)

    def test_rules_and_checks_that_only_one_side_asks_are_named(self) -> None:
        before = ruled(check("old", T), check("kept", T), truth=T, followed="", logic=None)
        after = ruled(check("kept", T), check("new", T), truth=T, followed="", logic=None)
        added = replace(after, rule="R3", title="Initial")
        text = words(difference(under(before), under(after, added)))
        assert "R8 (Stage 3): true; no longer asked: old; newly asked: new." in text
        assert "R3 (Initial): not asked → true; newly asked: kept and new." in text
        assert "R3 (Initial): true → not asked" in words(
            difference(under(before, added), under(before))
        )

    def test_the_same_rule_with_other_parts_turned_is_told(self) -> None:
        before = ruled(check("S", F), check("M", T), truth=T, followed="M1 lacks 1", logic=None)
        after = ruled(check("S", T), check("M", T), truth=T, followed="S1 lacks 1", logic=None)
        text = words(difference(under(before), under(after, stage=1)))
        assert "R8 (Stage 3) is as before: S was 1, not at or above 2, and after that S was" in text

    def test_all_that_is_no_longer_done_is_told(self) -> None:
        key = IntentId("x/S1")
        busy = replace(
            QUIET,
            left=2,
            ladder=None,
            cancels=(Cancel(intent_id=key, reason="stage left"),),
            reprices=(Reprice(intent_id=key, limit=Decimal(2), reason="walk"),),
            critical=("CRITICAL: no bid",),
            overrides=(Override(winner="R31", loser="R27", reason="no condor"),),
            intents=(replace(story.BUY_S, rung=Rung.S2),),
        )
        text = words(difference(busy, QUIET))
        for line in (
            "Stages: stage 0 (2 left) → stage 0.",
            "S should hold unknown → 0.",
            "No longer: buy 1 S2 @ 2.35 (R5).",
            "No longer: Order x/S1 was to be cancelled: stage left.",
            "No longer: Order x/S1 was to move to 2.00: walk.",
            "No longer: CRITICAL: no bid.",
            "No longer: R31 stood above R27: no condor.",
        ):
            assert line in text
        back = words(difference(QUIET, busy))
        assert "New: Order x/S1 was to move to 2.00: walk." in back
        assert "New: Order x/S1 was to be cancelled: stage left." in back
        assert "New: CRITICAL: no bid." in back
