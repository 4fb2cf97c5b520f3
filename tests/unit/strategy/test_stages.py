"""The moves of the stage machine on their own; whole days are played in tests/scenarios."""

from datetime import date

import pytest

from bot.domain.sessions import SessionTable
from bot.domain.state import StageEntry, StrategyState
from bot.domain.truth import Truth
from bot.strategy.stages import begin_session, count_close, enter, is_barred, leave, next_streak
from tests.support.strategy_world import SESSIONS

MONDAY, FRIDAY, THURSDAY = date(2018, 2, 5), date(2018, 2, 2), date(2018, 2, 1)


def on(*numbers: int, closes: int = 0) -> tuple[StageEntry, ...]:
    return tuple(StageEntry(stage=n, entered_on=FRIDAY, exit_closes=closes) for n in numbers)


@pytest.mark.parametrize(
    ("before", "stage", "after", "new"),
    [
        ((), 1, (1,), (1,)),
        ((), 3, (1, 2, 3), (1, 2, 3)),
        ((1,), 2, (1, 2), (2,)),
        ((2,), 3, (1, 2, 3), (1, 3)),
        ((1, 2), 2, (1, 2), ()),
    ],
)
def test_entering_brings_what_is_below(
    before: tuple[int, ...], stage: int, after: tuple[int, ...], new: tuple[int, ...]
) -> None:
    entries, entered = enter(on(*before), stage, MONDAY)
    assert tuple(entry.stage for entry in entries) == after
    assert entered == new
    assert all(e.entered_on == MONDAY for e in entries if e.stage in new)
    assert all(e.entered_on == FRIDAY for e in entries if e.stage in before)


@pytest.mark.parametrize(
    ("truth", "streak"), [(Truth.TRUE, 3), (Truth.FALSE, 0), (Truth.UNKNOWN, 2)]
)
def test_streak(truth: Truth, streak: int) -> None:
    assert next_streak(2, truth) == streak
    assert count_close(on(1, closes=2)[0], truth).exit_closes == streak


@pytest.mark.parametrize(
    ("stages", "left"),
    [
        ((), None),
        (on(1, 2, closes=2), None),
        (on(1, 2, closes=3), 2),
        ((*on(1, closes=5), *on(2, closes=1)), None),
    ],
)
def test_only_the_highest_may_leave(stages: tuple[StageEntry, ...], left: int | None) -> None:
    kept, gone = leave(stages, 3)
    assert gone == left
    assert [e.stage for e in kept] == [e.stage for e in stages if e.stage != left]


@pytest.mark.parametrize(
    ("left_on", "stage", "new_high", "barred"),
    [
        (MONDAY, 2, False, True),
        (MONDAY, 2, None, True),
        (MONDAY, 2, True, False),
        (MONDAY, 1, False, False),
        (FRIDAY, 2, False, False),
        (None, 2, False, False),
    ],
)
def test_bar(left_on: date | None, stage: int, new_high: bool | None, barred: bool) -> None:  # noqa: FBT001 - table columns
    state = StrategyState(left_on=left_on, exited_stages=(2,))
    assert is_barred(state, stage, MONDAY, new_high=new_high) is barred


@pytest.mark.parametrize(
    ("last", "table", "clear_before"),
    [
        (FRIDAY, SESSIONS, ("x",)),
        (THURSDAY, SESSIONS, ()),
        (None, SESSIONS, ()),
        (FRIDAY, SessionTable(sessions=SESSIONS.sessions[-5:]), ()),
    ],
)
def test_a_new_session_knows_the_one_before_and_no_older(
    last: date | None, table: SessionTable, clear_before: tuple[str, ...]
) -> None:
    begun = begin_session(StrategyState(session=last, clear=("x",)), MONDAY, table)
    assert (begun.session, begun.clear_before) == (MONDAY, clear_before)


def test_within_a_session_nothing_changes() -> None:
    state = StrategyState(session=MONDAY, clear=("x",), clear_before=("y",))
    assert begin_session(state, MONDAY, SESSIONS) is state
