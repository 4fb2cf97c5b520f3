"""The data-line budget."""

from bot.app.lines import budget
from bot.domain.instruments import ConId


def ids(*numbers: int) -> list[ConId]:
    return [ConId(number) for number in numbers]


def test_the_first_groups_get_their_lines_first() -> None:
    lines = budget([ids(1, 2), ids(3), ids(4, 5)], max_lines=4)
    assert lines.watched == (1, 2, 3, 4)
    assert lines.left_out == (5,)


def test_a_contract_needed_twice_takes_one_line_at_its_first_place() -> None:
    lines = budget([ids(1, 2), ids(2, 3)], max_lines=3)
    assert lines.watched == (1, 2, 3)
    assert lines.left_out == ()


def test_without_limit_named_ninety_lines_are_watched() -> None:
    lines = budget([ids(*range(120))])
    assert len(lines.watched) == 90
    assert lines.left_out == tuple(range(90, 120))
