"""Conditions compare what can be compared and read as a person would write them."""

import pytest

from bot.domain.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Negation,
    Operator,
    above,
    at_least,
    at_most,
    below,
    comparisons,
    describe,
    fails,
    holds,
    says,
)
from bot.domain.readings import Scalar


@pytest.mark.parametrize(
    ("operator", "threshold"),
    [(Operator.IS, 3.0), (Operator.ABOVE, "bullish"), (Operator.BELOW, True), (Operator.IS, 3)],
)
def test_order_wants_numbers_and_is_wants_words(operator: Operator, threshold: Scalar) -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        Compare(signal="x", operator=operator, threshold=threshold)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (above("vix.level", 18.0), "vix.level > 18.0"),
        (at_least("x", 2.0), "x >= 2.0"),
        (below("x", 2.0), "x < 2.0"),
        (at_most("x", 2.0), "x <= 2.0"),
        (says("vix.macd", "bullish"), "vix.macd is bullish"),
        (holds("x"), "x is true"),
        (fails("x"), "x is false"),
        (Negation(part=holds("x")), "not (x is true)"),
        (AllOf(parts=()), "always"),
        (AnyOf(parts=()), "never"),
    ],
)
def test_description(made: Compare, text: str) -> None:
    assert describe(made) == text


NESTED = AllOf(
    parts=(
        holds("a"),
        AnyOf(parts=(holds("b"), Negation(part=holds("c")))),
        AnyOf(parts=(holds("d"),)),
    )
)


def test_nested_conditions_are_grouped_where_it_matters() -> None:
    assert describe(NESTED) == "a is true and (b is true or not (c is true)) and d is true"


def test_comparisons_come_left_to_right() -> None:
    assert [c.signal for c in comparisons(NESTED)] == ["a", "b", "c", "d"]
