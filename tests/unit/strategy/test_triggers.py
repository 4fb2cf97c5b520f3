"""Conditions over readings: three truths, every comparison shown, exits that see past the blind."""

import pytest

from bot.domain.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Negation,
    Operator,
    above,
    at_least,
    at_most,
    below,
    holds,
    says,
)
from bot.domain.decision import Check
from bot.domain.logic import Every, Inverse, Some
from bot.domain.readings import Reading, Readings, ReadingState, Scalar
from bot.domain.truth import Truth
from bot.strategy.triggers import every, found, judge, judge_exit, some
from tests.support.strategy_world import moment

NOW = moment("2018-02-05 10:00")
TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def seen(**values: Scalar) -> Readings:
    """Return ok readings, named with `_` for the dot, seen at 09:59."""
    return Readings(
        by_name={
            name.replace("_", "."): Reading(
                signal="G0",
                name=name.replace("_", "."),
                state=ReadingState.OK,
                value=value,
                as_of=moment("2018-02-05 09:59"),
            )
            for name, value in values.items()
        }
    )


def with_state(readings: Readings, name: str, state: ReadingState) -> Readings:
    value = 1.0 if state is ReadingState.STALE else None
    row = Reading(signal="G0", name=name, state=state, value=value)
    return Readings(by_name=readings.by_name | {name: row})


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        (above("vix.level", 17.9), TRUE),
        (above("vix.level", 18.0), FALSE),
        (at_least("vix.level", 18.0), TRUE),
        (at_least("vix.level", 18.1), FALSE),
        (below("vix.level", 18.0), FALSE),
        (below("vix.level", 18.1), TRUE),
        (at_most("vix.level", 18.0), TRUE),
        (at_most("vix.level", 17.9), FALSE),
        (above("vix.count", 2), TRUE),
        (says("vix.macd", "bullish"), TRUE),
        (says("vix.macd", "bearish"), FALSE),
        (holds("vix.spike"), FALSE),
        (Negation(part=holds("vix.spike")), TRUE),
        (says("vix.level", "bullish"), UNKNOWN),
        (holds("vix.macd"), UNKNOWN),
        (above("vix.spike", 0.5), UNKNOWN),
        (above("no.such", 1.0), UNKNOWN),
        (Negation(part=above("no.such", 1.0)), UNKNOWN),
    ],
)
def test_comparison(condition: Condition, truth: Truth) -> None:
    readings = seen(vix_level=18.0, vix_count=3, vix_macd="bullish", vix_spike=False)
    assert judge(condition, readings, NOW).truth is truth


@pytest.mark.parametrize(
    ("parts", "every", "one"),
    [
        ("TT", TRUE, TRUE),
        ("TF", FALSE, TRUE),
        ("TU", UNKNOWN, TRUE),
        ("FU", FALSE, UNKNOWN),
        ("FF", FALSE, FALSE),
        ("", TRUE, FALSE),
    ],
)
def test_joins(parts: str, every: Truth, one: Truth) -> None:
    leaf = {"T": holds("is.true"), "F": holds("is.false"), "U": holds("no.such")}
    leaves = tuple(leaf[letter] for letter in parts)
    readings = seen(is_true=True, is_false=False)
    assert judge(AllOf(parts=leaves), readings, NOW).truth is every
    assert judge(AnyOf(parts=leaves), readings, NOW).truth is one


def test_each_comparison_is_shown_with_value_threshold_state_and_age() -> None:
    condition = AllOf(parts=(above("vix.level", 18.0), holds("no.such")))
    finding = judge(condition, seen(vix_level=19.5), NOW)
    level, gone = finding.checks
    assert (level.what, level.operator, level.threshold) == ("vix.level", ">", 18.0)
    assert (level.value, level.truth, level.age_seconds) == (19.5, TRUE, 60.0)
    assert (gone.state, gone.value, gone.age_seconds) == (ReadingState.MISSING, None, None)
    assert finding.blind == ("no.such",)


def test_nested_parts_keep_their_own_truth() -> None:
    inner = AnyOf(parts=(holds("is.false"), Negation(part=holds("is.false"))))
    condition = AllOf(parts=(holds("is.true"), inner, holds("is.true")))
    assert judge(condition, seen(is_true=True, is_false=False), NOW).truth is TRUE


A, B = below("a.x", 10.0), below("b.x", 10.0)


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        (A, UNKNOWN),
        (AllOf(parts=(A, B)), TRUE),
        (AnyOf(parts=(A, B)), TRUE),
        (AllOf(parts=(A,)), UNKNOWN),
        (AnyOf(parts=(A,)), UNKNOWN),
        (AllOf(parts=(Negation(part=A), B)), TRUE),
        (Negation(part=B), FALSE),
        (AllOf(parts=(AnyOf(parts=(A,)), B)), TRUE),
    ],
)
def test_an_exit_drops_what_has_no_source_while_something_remains(
    condition: Condition, truth: Truth
) -> None:
    readings = with_state(seen(b_x=1.0), "a.x", ReadingState.MISSING)
    finding = judge_exit(condition, readings, NOW)
    assert finding.truth is truth
    assert ("a.x" in finding.blind) is any(
        leaf.what == "a.x" for leaf in judge(condition, readings, NOW).checks
    )


def test_an_exit_with_a_stale_part_stays_unknown() -> None:
    readings = with_state(seen(b_x=1.0), "a.x", ReadingState.STALE)
    finding = judge_exit(AllOf(parts=(A, B)), readings, NOW)
    assert (finding.truth, finding.blind) == (UNKNOWN, ())


def test_a_condition_is_left_as_it_is() -> None:
    assert Compare(signal="a.x", operator=Operator.BELOW, threshold=10.0) == A


class TestJoined:
    """Findings joined: checks one after another, blindness once, the logic over all of them."""

    READINGS = seen(vix_level=19.0, vix_macd="bullish")
    HIGH = judge(above("vix.level", 18.0), READINGS, NOW)
    BLIND = judge(at_least("move.z", 2.5), READINGS, NOW)
    LATE = found(Check(what="evaluations in a row", truth=FALSE))

    def test_every_is_as_true_as_all_of_them(self) -> None:
        joined = every(self.HIGH, self.BLIND, self.LATE)
        assert joined.truth is FALSE
        assert every(self.HIGH, self.BLIND).truth is UNKNOWN
        assert [check.what for check in joined.checks] == [
            "vix.level",
            "move.z",
            "evaluations in a row",
        ]
        assert joined.blind == ("move.z",)
        assert joined.logic == Every(parts=(0, 1, 2))

    def test_some_is_as_true_as_one_of_them(self) -> None:
        assert some(self.LATE, self.HIGH).truth is TRUE
        assert some(self.LATE, self.BLIND, self.BLIND).blind == ("move.z",)

    def test_joins_nest_and_keep_their_places(self) -> None:
        condition = AllOf(parts=(above("vix.level", 18.0), Negation(part=holds("vix.macd"))))
        whole = every(self.LATE, some(judge(condition, self.READINGS, NOW), self.HIGH))
        inner = Every(parts=(1, Inverse(part=2)))
        assert whole.logic == Every(parts=(0, Some(parts=(inner, 3))))

    def test_an_exit_keeps_only_what_it_sees_in_its_logic(self) -> None:
        condition = AllOf(parts=(below("vix.level", 65.0), below("move.z", 2.0)))
        leaving = judge_exit(condition, self.READINGS, NOW)
        assert (leaving.truth, leaving.logic) == (TRUE, Every(parts=(0,)))
        assert len(leaving.checks) == 2
