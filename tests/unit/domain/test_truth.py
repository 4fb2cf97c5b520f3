"""Kleene's strong three-valued logic, by its published tables."""

import pytest

from bot.domain.truth import Truth, all_of, any_of

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (T, T, T, T),
        (T, F, F, T),
        (T, U, U, T),
        (F, F, F, F),
        (F, U, F, U),
        (U, U, U, U),
    ],
)
def test_conjunction_and_disjunction(left: Truth, right: Truth, both: Truth, either: Truth) -> None:
    assert all_of([left, right]) is all_of([right, left]) is both
    assert any_of([left, right]) is any_of([right, left]) is either


def test_of_no_parts() -> None:
    assert all_of([]) is T
    assert any_of([]) is F


@pytest.mark.parametrize(("truth", "negated"), [(T, F), (F, T), (U, U)])
def test_negation_keeps_the_unknown(truth: Truth, negated: Truth) -> None:
    assert truth.negate() is negated


@pytest.mark.parametrize(("value", "truth"), [(True, T), (False, F), (None, U)])
def test_none_is_unknown(value: bool | None, truth: Truth) -> None:  # noqa: FBT001
    assert Truth.of(value) is truth


def test_only_true_fires() -> None:
    assert [t.fires for t in (T, F, U)] == [True, False, False]


@pytest.mark.parametrize("truth", list(Truth))
def test_a_truth_cannot_be_taken_for_a_boolean(truth: Truth) -> None:
    with pytest.raises(TypeError, match="three-valued"):
        bool(truth)
