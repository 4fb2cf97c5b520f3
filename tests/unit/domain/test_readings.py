"""A reading that is not ok cannot be used, and one that is has a value."""

import pytest

from bot.domain.readings import Reading, Readings, ReadingState, Scalar


def reading(name: str, value: Scalar | None, state: ReadingState = ReadingState.OK) -> Reading:
    return Reading(signal="G1", name=name, state=state, value=value)


READINGS = Readings(
    by_name={
        r.name: r
        for r in (
            reading("level", 18),
            reading("spike", value=True),
            reading("macd", "bullish"),
            reading("old", 20.0, ReadingState.STALE),
        )
    }
)


def test_an_ok_reading_has_a_value() -> None:
    with pytest.raises(ValueError, match="level"):
        reading("level", None)


def test_a_stale_value_is_only_for_show() -> None:
    assert READINGS.get("old").value == 20.0
    assert READINGS.get("old").usable is None
    assert READINGS.number("old") is None


def test_each_kind_is_read_as_what_it_is() -> None:
    assert READINGS.number("level") == 18.0
    assert READINGS.flag("spike") is True
    assert READINGS.word("macd") == "bullish"


def test_a_truth_or_a_word_is_not_a_number_and_so_on() -> None:
    assert READINGS.number("spike") is None
    assert READINGS.number("macd") is None
    assert READINGS.flag("level") is None
    assert READINGS.word("level") is None


def test_an_unknown_name_raises() -> None:
    with pytest.raises(KeyError):
        READINGS.get("nothing")
