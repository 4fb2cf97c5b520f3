"""The data-line budget, whatever is needed."""

from hypothesis import given
from hypothesis import strategies as st

from bot.app.lines import budget
from bot.domain.instruments import ConId

groups = st.lists(st.lists(st.integers(1, 40).map(ConId), max_size=20), max_size=8)


@given(groups, st.integers(0, 30))
def test_nothing_is_lost_nothing_is_twice_and_the_budget_holds(
    needed: list[list[ConId]], max_lines: int
) -> None:
    lines = budget(needed, max_lines)
    everything = [*lines.watched, *lines.left_out]
    assert len(lines.watched) <= max_lines
    assert len(everything) == len(set(everything))
    assert set(everything) == {con_id for group in needed for con_id in group}
    assert not lines.left_out or len(lines.watched) == max_lines


@given(groups, st.integers(0, 30))
def test_more_lines_never_take_one_away(needed: list[list[ConId]], max_lines: int) -> None:
    less, more = budget(needed, max_lines), budget(needed, max_lines + 1)
    assert more.watched[: len(less.watched)] == less.watched


@given(groups, st.lists(st.integers(1, 40).map(ConId), max_size=5), st.integers(5, 30))
def test_what_the_first_group_needs_is_always_watched(
    needed: list[list[ConId]], first: list[ConId], max_lines: int
) -> None:
    assert set(first) <= set(budget([first, *needed], max_lines).watched)
