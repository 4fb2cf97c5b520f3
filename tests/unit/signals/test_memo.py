from collections.abc import Callable
from datetime import date

import pytest

from bot.signals.memo import KEPT, remembered

Box = list[int]
"""Equal to every other one with the same content, so that only identity tells two apart."""


def counted() -> tuple[list[object], Callable[..., int]]:
    calls: list[object] = []

    @remembered
    def look_at(box: Box, day: date) -> int:
        calls.append(box)
        return len(calls)

    return calls, look_at


def test_the_same_object_is_computed_once() -> None:
    calls, look_at = counted()
    box = Box([1])
    assert look_at(box, date(2018, 2, 5)) == look_at(box, date(2018, 2, 5)) == 1
    assert calls == [box]


def test_an_equal_but_other_object_is_computed_again() -> None:
    calls, look_at = counted()
    look_at(Box([1]), date(2018, 2, 5))
    look_at(Box([1]), date(2018, 2, 5))
    assert len(calls) == 2


def test_another_day_is_computed_again() -> None:
    calls, look_at = counted()
    box = Box([1])
    look_at(box, date(2018, 2, 5))
    look_at(box, date(2018, 2, 6))
    assert len(calls) == 2


def test_only_the_last_results_are_kept() -> None:
    calls, look_at = counted()
    boxes = [Box([1]) for _ in range(KEPT + 1)]
    for box in boxes:
        look_at(box, date(2018, 2, 5))
    look_at(boxes[1], date(2018, 2, 5))
    assert len(calls) == KEPT + 1
    look_at(boxes[0], date(2018, 2, 5))
    assert len(calls) == KEPT + 2


def test_arguments_by_name_are_refused() -> None:
    _, look_at = counted()
    with pytest.raises(AssertionError, match="by position"):
        look_at(Box([1]), day=date(2018, 2, 5))
