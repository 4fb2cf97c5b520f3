"""Any instant has one moment of the market, never a later one."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from bot.exchange.market.timeline import BeforeHistoryError, Moment, Timeline
from tests.support.paper_market import STORM_DAY, at, scenario, sessions_of
from tests.support.session_tables import index_option_sessions


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return Timeline(scenario(), sessions_of())


def place(day: date) -> int:
    return [each.date for each in scenario().days].index(day)


TUESDAY = STORM_DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "day", "tick", "grid"),
    [
        (at(STORM_DAY, 9, 30), STORM_DAY, 0, at(STORM_DAY, 9, 30)),
        (at(STORM_DAY, 9, 30, 4), STORM_DAY, 0, at(STORM_DAY, 9, 30)),
        (at(STORM_DAY, 9, 30, 29), STORM_DAY, 5, at(STORM_DAY, 9, 30, 25)),
        (at(STORM_DAY, 9, 30, 30), STORM_DAY, 6, at(STORM_DAY, 9, 30, 30)),
        (at(STORM_DAY, 16, 15), STORM_DAY, 4860, at(STORM_DAY, 16, 15)),
        (at(STORM_DAY, 17, 30), STORM_DAY, 5760, at(STORM_DAY, 17, 30)),
        (at(STORM_DAY, 18), TUESDAY, -11160, at(STORM_DAY, 18)),
        (at(TUESDAY, 9, 29, 59), TUESDAY, -1, at(TUESDAY, 9, 29, 55)),
        (at(date(2018, 2, 3), 12), date(2018, 2, 2), 7560, at(date(2018, 2, 2), 20)),
        (at(date(2018, 2, 4), 17, 59), date(2018, 2, 2), 7560, at(date(2018, 2, 2), 20)),
        (at(date(2018, 2, 4), 18), STORM_DAY, -11160, at(date(2018, 2, 4), 18)),
    ],
)
def test_the_last_grid_time_reached_holds(
    timeline: Timeline, now: datetime, day: date, tick: int, grid: datetime
) -> None:
    """A trading day runs from 18:00 of the eve; over a weekend Friday's evening stands."""
    assert timeline.moment(now) == Moment(place(day), tick, grid)


def test_after_the_scenario_its_last_evening_stands(timeline: Timeline) -> None:
    """Nothing is known of the sessions that follow."""
    assert timeline.moment(at(date(2018, 6, 1), 12)).at == at(date(2018, 3, 2), 20)


@pytest.mark.parametrize(
    ("now", "begun"),
    [
        (at(STORM_DAY, 12), at(STORM_DAY, 12)),
        (at(STORM_DAY, 17), at(STORM_DAY, 16, 15)),
        (at(STORM_DAY, 19), at(STORM_DAY, 16, 15)),
        (at(TUESDAY, 9, 29), at(STORM_DAY, 16, 15)),
    ],
)
def test_what_knows_sessions_only_stands_at_the_close(
    timeline: Timeline, now: datetime, begun: datetime
) -> None:
    """A night counts as the close before it, an evening as its own session's."""
    assert timeline.begun(timeline.moment(now)).at == begun


def test_the_trading_days_of_many_times(timeline: Timeline) -> None:
    """As `moment` gives them one by one."""
    times = [at(STORM_DAY, 17), at(STORM_DAY, 18), at(TUESDAY, 12)]
    seconds = np.array([int(each.timestamp()) for each in times])
    assert timeline.days_of(seconds).tolist() == [timeline.moment(each).day for each in times]


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
