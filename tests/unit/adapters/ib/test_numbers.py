"""Marks of absence are never numbers, and numbers carry no float dust."""

import math
from decimal import Decimal

import pytest

from bot.adapters.ib.numbers import exact, price_or_none, size_or_none, whole

UNSET_DOUBLE = 1.7976931348623157e308


@pytest.mark.parametrize(
    ("number", "text"),
    [(3.45, "3.45"), (0.1 + 0.2, "0.30000000000000004"), (12.0, "12"), (0.0, "0"), (-3.0, "-3")],
)
def test_a_number_is_spelt_as_it_was_sent(number: float, text: str) -> None:
    assert str(exact(number)) == text


@pytest.mark.parametrize("mark", [UNSET_DOUBLE, -UNSET_DOUBLE, math.nan, math.inf, -math.inf])
def test_an_unset_number_is_no_number(mark: float) -> None:
    with pytest.raises(ValueError, match="no number"):
        exact(mark)
    with pytest.raises(ValueError, match="whole number"):
        whole(mark, "it")
    assert price_or_none(mark) is None
    assert size_or_none(mark) is None


def test_prices_and_sizes_have_marks_of_their_own() -> None:
    assert price_or_none(-1.0) is None
    assert price_or_none(-2.0) is None
    assert price_or_none(0.0) == Decimal(0)
    assert size_or_none(0.0) is None
    assert size_or_none(-1.0) is None
    assert size_or_none(3.0) == 3


def test_a_fraction_of_a_contract_cannot_be_held() -> None:
    assert whole(3.0, "it") == 3
    with pytest.raises(ValueError, match=r"it must be a whole number of contracts, not 2\.5"):
        whole(2.5, "it")
