from datetime import date

import pytest
from typing_extensions import override

from bot.signals.memo import KEPT, remembered


class Box:
    """A thing that equals every other one, so that only identity tells two apart."""

    @override
    def __eq__(self, other: object) -> bool:
        return True

    @override
    def __hash__(self) -> int:
        return 0


def counted() -> tuple[list[object], object]:
    calls: list[object] = []

    @remembered
    def look_at(box: Box, day: date) -> int:
        calls.append(box)
        return len(calls)

    return calls, look_at


def test_the_same_object_is_computed_once() -> None:
    calls, look_at = counted()
    box = Box()
    assert look_at(box, date(2018, 2, 5)) == look_at(box, date(2018, 2, 5)) == 1  # type: ignore[operator]
    assert calls == [box]


def test_an_equal_but_other_object_is_computed_again() -> None:
    calls, look_at = counted()
    look_at(Box(), date(2018, 2, 5))  # type: ignore[operator]
    look_at(Box(), date(2018, 2, 5))  # type: ignore[operator]
    assert len(calls) == 2


def test_another_day_is_computed_again() -> None:
    calls, look_at = counted()
    box = Box()
    look_at(box, date(2018, 2, 5))  # type: ignore[operator]
    look_at(box, date(2018, 2, 6))  # type: ignore[operator]
    assert len(calls) == 2


def test_only_the_last_results_are_kept() -> None:
    calls, look_at = counted()
    boxes = [Box() for _ in range(KEPT + 1)]
    for box in boxes:
        look_at(box, date(2018, 2, 5))  # type: ignore[operator]
    look_at(boxes[1], date(2018, 2, 5))  # type: ignore[operator]
    assert len(calls) == KEPT + 1
    look_at(boxes[0], date(2018, 2, 5))  # type: ignore[operator]
    assert len(calls) == KEPT + 2


def test_arguments_by_name_are_refused() -> None:
    _, look_at = counted()
    with pytest.raises(AssertionError, match="by position"):
        look_at(Box(), day=date(2018, 2, 5))  # type: ignore[operator]
