"""Any instant has one moment of the market, never a later one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.exchange.market.timeline import BeforeHistoryError, Moment, Timeline
from tests.support.paper_market import STORM_DAY, at, scenario, sessions_of
from tests.support.session_tables import index_option_sessions


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return Timeline(scenario(), sessions_of())


def place(day: date) -> int:
    return [each.date for each in scenario().days].index(day)


@pytest.mark.parametrize(
    ("now", "step", "grid"),
    [
        (at(STORM_DAY, 9, 30), 0, at(STORM_DAY, 9, 30)),
        (at(STORM_DAY, 9, 30, 29), 0, at(STORM_DAY, 9, 30)),
        (at(STORM_DAY, 9, 30, 30), 1, at(STORM_DAY, 9, 30, 30)),
        (at(STORM_DAY, 16, 15), 810, at(STORM_DAY, 16, 15)),
        (at(STORM_DAY, 23), 810, at(STORM_DAY, 16, 15)),
        (at(STORM_DAY + timedelta(days=1), 9, 29, 59), 810, at(STORM_DAY, 16, 15)),
    ],
)
def test_the_last_grid_time_reached_holds(
    timeline: Timeline, now: datetime, step: int, grid: datetime
) -> None:
    """Within a session the grid time at or before now, outside it the last close."""
    assert timeline.moment(now) == Moment(place(STORM_DAY), step, grid)


def test_after_the_scenario_its_last_close_stands(timeline: Timeline) -> None:
    """Nothing is known of the sessions that follow."""
    assert timeline.moment(at(date(2018, 6, 1), 12)).at == at(date(2018, 3, 2), 16, 15)


def test_the_close_before_is_the_previous_sessions(timeline: Timeline) -> None:
    """Monday looks back to Friday; the first session of all to its own opening."""
    monday = timeline.moment(at(STORM_DAY, 12))
    assert timeline.close_before(monday).at == at(date(2018, 2, 2), 16, 15)
    first = timeline.moment(at(scenario().days[0].date, 12))
    assert timeline.close_before(first) == Moment(0, 0, at(scenario().days[0].date, 9, 30))


def test_an_early_close_has_fewer_steps(timeline: Timeline) -> None:
    """24 November 2017 closed at 13:15: 225 minutes."""
    assert timeline.steps(place(date(2017, 11, 24))) == 450
    assert timeline.date(timeline.close(place(date(2017, 11, 24)))) == date(2017, 11, 24)


def test_a_time_before_the_history_is_refused(timeline: Timeline) -> None:
    """There is no value to give, and none is invented."""
    with pytest.raises(BeforeHistoryError):
        timeline.moment(datetime(2015, 1, 2, tzinfo=UTC))


def test_a_table_that_differs_from_the_history_is_refused() -> None:
    """A session too few would shift every day."""
    short = index_option_sessions(date(2016, 1, 5), date(2018, 12, 31))
    with pytest.raises(ValueError, match="differ in their sessions"):
        Timeline(scenario(), short)
