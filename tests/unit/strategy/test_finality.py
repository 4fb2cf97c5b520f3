"""When a contract is due for its final close (R14); whole days are played in tests/scenarios."""

from dataclasses import replace as with_fields

import pytest

from bot.domain.inputs import Inputs
from bot.domain.sessions import SessionTable
from bot.domain.value import replace
from bot.strategy.draft import Case
from bot.strategy.finality import is_final
from tests.support.strategy_cases import case_of
from tests.support.strategy_world import SESSIONS, session_of, vix_option


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2018-02-09", False),
        ("2018-02-12", True),
        ("2018-02-13", True),
        ("2018-02-14", False),
    ],
)
def test_from_the_session_before_the_last_trading_day(day: str, due: bool) -> None:  # noqa: FBT001 - table column
    """February's calls last trade on Tuesday 2018-02-13."""
    assert is_final(case_of(f"{day} 10:00"), vix_option("feb", 15)) is due


@pytest.mark.parametrize(("day", "due"), [("2018-02-08", False), ("2018-02-09", True)])
def test_a_holiday_before_the_last_trading_day_moves_it(day: str, due: bool) -> None:  # noqa: FBT001 - table column
    """Without Monday the 12th as a session, Friday is the session before the last."""
    holiday = tuple(s for s in SESSIONS.sessions if s.date.isoformat() != "2018-02-12")
    case = case_of(f"{day} 10:00")
    inputs = replace(case.inputs, sessions=SessionTable(sessions=holiday))
    assert is_final(_with(case, inputs), vix_option("feb", 15)) is due


@pytest.mark.parametrize(("day", "due"), [("2018-02-12", False), ("2018-02-13", True)])
def test_a_table_that_ends_before_still_closes_on_the_last_day(day: str, due: bool) -> None:  # noqa: FBT001 - table column
    case = case_of(f"{day} 10:00")
    day_before = tuple(s for s in SESSIONS.sessions if s.date < session_of(case.day).date)
    inputs = replace(case.inputs, sessions=SessionTable(sessions=day_before))
    assert is_final(_with(case, inputs), vix_option("feb", 15)) is due


def test_a_table_that_begins_later_closes_nothing_early() -> None:
    case = case_of("2018-02-12 10:00")
    later = tuple(s for s in SESSIONS.sessions if s.date > case.day)
    inputs = replace(case.inputs, sessions=SessionTable(sessions=later))
    assert not is_final(_with(case, inputs), vix_option("feb", 15))


def _with(case: Case, inputs: Inputs) -> Case:
    return with_fields(case, inputs=inputs)
