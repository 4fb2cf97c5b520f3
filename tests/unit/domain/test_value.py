"""Values are frozen, keyword-only and refuse what they do not know."""

import msgspec
import pytest

from bot.domain.value import Value, replace


class Pair(Value):
    left: int
    right: int = 0


def test_a_value_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Pair(left=1).left = 2


def test_a_value_is_built_by_keywords_only() -> None:
    with pytest.raises(TypeError):
        Pair(1)


def test_a_change_is_a_new_value() -> None:
    before = Pair(left=1)
    assert replace(before, right=5) == Pair(left=1, right=5)
    assert before == Pair(left=1, right=0)


def test_an_unknown_field_is_refused_in_code_and_in_data() -> None:
    with pytest.raises(TypeError):
        replace(Pair(left=1), middle=3)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"left": 1, "middle": 3}, Pair)
