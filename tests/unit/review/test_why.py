"""Why a rule fires or not: what it asks, what it lacks, since when, and what stands above it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.decision import Check, Decision, Override, RuleResult, RuleStatus
from bot.domain.logic import Every, Inverse, Logic, Some
from bot.domain.readings import ReadingState
from bot.domain.truth import Truth
from bot.domain.value import replace
from bot.review.because import because
from bot.review.why import Why, lacking, why
from tests.support import story

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
STORM: Logic = Every(parts=(0, Some(parts=(1, 2))))


def check(what: str, truth: Truth, value: float | None = None, threshold: float = 80.0) -> Check:
    asked = None if value is None else threshold
    return Check(what=what, truth=truth, value=value, operator=">=", threshold=asked)


def result(
    truth: Truth, *checks: Check, logic: Logic | None = STORM, followed: str = ""
) -> RuleResult:
    return RuleResult(
        rule="R8",
        title="Stage 3",
        status=RuleStatus.IN_FORCE,
        truth=truth,
        checks=checks,
        followed=followed,
        logic=logic,
    )


CALM = result(F, check("stage 2 on", F), check("vix.rsi", F, 61.2), check("vix.spike", F))
FIRED = result(
    T,
    check("stage 2 on", T),
    check("vix.rsi", T, 83.0),
    check("vix.spike", T),
    followed="stage 3 entered",
)


def at(minute: int, *rules: RuleResult, **changes: object) -> Decision:
    decision = story.quiet_decision(story.MORNING + timedelta(minutes=minute), minute)
    return replace(decision, rules=rules, **changes)


def of(*newest_first: Decision, recent: int = 10) -> Why:
    found = why(newest_first, "R8", recent)
    assert found is not None
    return found


def words(found: Why) -> str:
    return "\n".join(line for one in because(found) for line in (one.heading, *one.lines))


class TestLacking:
    @pytest.mark.parametrize(
        ("truths", "lacks"),
        [
            ((F, F, F), ["stage 2 on", "rsi"]),
            ((T, F, F), ["rsi"]),
            ((F, U, T), ["stage 2 on"]),
            ((T, U, F), ["rsi"]),
            ((T, T, F), []),
        ],
    )
    def test_it_is_the_fewest_checks_that_must_turn(
        self, truths: tuple[Truth, Truth, Truth], lacks: list[str]
    ) -> None:
        names = ("stage 2 on", "rsi", "spike")
        checks = [check(name, truth) for name, truth in zip(names, truths, strict=True)]
        whole = T if truths == (T, T, F) else F
        found = lacking(result(whole, *checks))
        assert found is not None
        assert [one.what for one in found] == lacks

    def test_a_negated_check_must_become_false(self) -> None:
        found = lacking(result(F, check("spike", T), logic=Inverse(part=0)))
        assert found is not None
        assert [one.what for one in found] == ["spike"]

    def test_it_is_not_told_of_a_rule_that_is_more_than_its_checks(self) -> None:
        assert lacking(result(F, check("closes", F), logic=None)) is None

    def test_what_no_checks_can_bring_about_is_not_told_either(self) -> None:
        assert lacking(result(F, check("closes", F), logic=Some(parts=()))) is None


class TestWhy:
    def test_a_rule_the_newest_decision_does_not_know_is_none(self) -> None:
        assert why([at(2), at(1, CALM)], "R8") is None
        assert why([], "R8") is None

    def test_since_when_it_does_not_fire_and_when_it_last_did(self) -> None:
        unknown = replace(CALM, truth=U)
        found = of(at(5, CALM), at(4, unknown), at(3, CALM), at(2, FIRED), at(1, CALM))
        assert (found.since.at, found.since.decisions) == (at(3).at, 3)
        assert not found.since.is_whole
        assert found.last_fired is not None
        assert (found.last_fired.at, found.last_fired.followed) == (at(2).at, "stage 3 entered")
        assert found.looked == 5

    def test_a_record_that_begins_with_the_row_may_be_cut(self) -> None:
        found = of(at(2, CALM), at(1, CALM))
        assert (found.since.is_whole, found.since.decisions) == (True, 2)
        assert (found.last_fired, found.last_ordered) == (None, None)

    def test_a_decision_that_did_not_know_the_rule_breaks_the_row(self) -> None:
        found = of(at(3, CALM), at(2), at(1, CALM))
        assert found.since.decisions == 1
        assert [one.at for one in found.recent] == [at(3).at, at(1).at]

    def test_it_reads_no_further_than_the_answer_lies(self) -> None:
        def decisions() -> Iterator[Decision]:
            yield at(4, CALM)
            yield at(3, FIRED, intents=(story.BUY_D,))
            yield at(2, CALM)
            pytest.fail("read too far")

        assert why(decisions(), "R8", 3) is not None

    def test_the_newest_orders_by_the_rule_are_found(self) -> None:
        found = of(at(3, CALM), at(2, FIRED, intents=(story.BUY_S, story.BUY_D)), at(1, CALM))
        assert found.last_ordered is not None
        assert found.last_ordered.intents == (story.BUY_D,)

    def test_overrides_are_told_from_either_side_with_since_when(self) -> None:
        above = Override(winner="R29", loser="R8", reason="the spread is 31% of mid")
        before = replace(above, reason="the spread is 40% of mid")
        below = Override(winner="R8", loser="R27", reason="one step")
        other = Override(winner="R31", loser="R27", reason="no condor")
        found = of(
            at(4, CALM, overrides=(above, below, other)),
            at(3, CALM, overrides=(before,)),
            at(2, CALM),
            at(1, CALM, overrides=(above,)),
        )
        (standing,) = found.above_it
        assert (standing.override, standing.since.at) == (above, at(3).at)
        (beneath,) = found.below_it
        assert (beneath.override.loser, beneath.since.decisions) == ("R27", 1)


class TestWords:
    def test_a_rule_that_does_not_fire(self) -> None:
        above = Override(winner="R29", loser="R8", reason="the spread is 31% of mid")
        blind = replace(CALM, blind=("move.z",))
        text = words(
            of(
                at(3, blind, overrides=(above,)),
                at(2, CALM),
                at(1, FIRED, intents=(story.BUY_D,)),
            )
        )
        for line in (
            "New York R8 (Stage 3) does not fire, since 2018-02-05 10:02:00 (2 decisions).",
            "It last fired at 2018-02-05 10:01:00: stage 3 entered.  [20180205-0001-quiet]",
            "It last ordered at 2018-02-05 10:01:00: buy 2 D1 @ 1.10 (R8).  [20180205-0001-quiet]",
            "VIX RSI was 61.2, not at or above 80.",
            "It is blind for move.z.",
            "What it lacks\nStage 2 was not on.\nVIX RSI was 61.2, not at or above 80: 18.8 short.",
            "What stands above it\nR29, since 2018-02-05 10:03:00 (1 decision): the spread is 31%",
            "2018-02-05 10:03:00  false    stage 2 on: no; VIX RSI 61.2: no; a VIX spike: no",
            "2018-02-05 10:01:00  true     stage 2 on: yes; VIX RSI 83.0: yes; a VIX spike: yes",
        ):
            assert line in text

    def test_a_rule_that_fires(self) -> None:
        below = Override(winner="R8", loser="R27", reason="one step")
        text = words(of(at(2, FIRED, overrides=(below,)), at(1, FIRED)))
        assert "R8 (Stage 3) fires (stage 3 entered), as in all 2 decisions since the rec" in text
        assert "It last fired" not in text
        assert "What it lacks" not in text
        assert (
            "What it stands above\nR27, since 2018-02-05 10:02:00 (1 decision): one step." in text
        )

    def test_a_rule_that_cannot_be_judged(self) -> None:
        gone = Check(
            what="move.z",
            truth=U,
            operator=">=",
            threshold=2.5,
            state=ReadingState.MISSING,
        )
        text = words(of(at(1, result(U, gone, logic=0))))
        assert "does not fire, for it cannot be judged, as in all 1 decision since" in text
        assert "It fired in none of the 1 decisions on record." in text
        assert "Whether the z-score of MOVE was at or above 2.5 is not known (it has no" in text

    def test_a_rule_that_is_more_than_its_checks(self) -> None:
        partly = result(F, check("closes", F, 1.0, 3.0), check("vix", T), logic=None)
        assert "It does not hang on its checks alone; of these not true: closes." in words(
            of(at(1, partly))
        )
        bare = words(of(at(1, result(F, logic=None))))
        assert "It does not hang on its checks alone.\n" in bare
        assert "2018-02-05 10:01:00  false" in bare.splitlines()

    @pytest.mark.parametrize(
        ("operator", "value", "threshold", "distance"),
        [
            (">", 17.0, 18.0, ": 1.00 short."),
            ("<=", 18.0, 17.5, ": 0.50 too much."),
            ("within", 18.0, 17.5, "17.5."),
            ("is", "bearish", "bullish", "where bullish was asked."),
        ],
    )
    def test_what_is_lacking_says_how_far_it_is(
        self, operator: str, value: float | str, threshold: float | str, distance: str
    ) -> None:
        one = Check(what="vix.level", truth=F, value=value, operator=operator, threshold=threshold)
        passage = next(
            one
            for one in because(of(at(1, result(F, one, logic=0))))
            if one.heading == "What it lacks"
        )
        assert passage.lines[0].endswith(distance)

    def test_a_declared_rule_says_only_that(self) -> None:
        declared = replace(result(U, logic=None), status=RuleStatus.DECLARED)
        assert words(of(at(1, declared))) == (
            "\nR8 (Stage 3) is only declared, not in force: it never fires."
        )
