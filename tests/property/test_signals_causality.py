"""What comes after an evaluation changes none of its readings."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.history import FutureCloses, History
from bot.domain.sessions import settlement_instant
from bot.domain.state import StrategyState
from bot.domain.value import replace
from bot.signals.catalog import read_signals
from bot.signals.front import front_series
from tests.support.signal_inputs import DAY, SESSIONS, Scene, completed

LEVELS = st.floats(min_value=9.0, max_value=90.0)
KNOWN_OR_NOT = st.one_of(st.none(), LEVELS)


def followed_by(history: History, later: list[float | None]) -> History:
    """Return `history` with the running session and later ones behind it."""
    first = next(n for n, s in enumerate(SESSIONS.sessions) if s.date == DAY)
    days = tuple(s.date for s in SESSIONS.sessions[first : first + len(later)])
    more = tuple(later)
    return History(
        dates=history.dates + days,
        vix=history.vix + more,
        spx=history.spx + more,
        vix_front=history.vix_front + more,
        futures=tuple(replace(f, closes=f.closes + more) for f in history.futures),
        indices=tuple(replace(i, closes=i.closes + more) for i in history.indices),
    )


@settings(max_examples=40, deadline=None)
@given(later=st.lists(KNOWN_OR_NOT, min_size=1, max_size=8), count=st.sampled_from([0, 300, 512]))
def test_cutting_the_future_off_changes_no_reading(later: list[float | None], count: int) -> None:
    past = completed(count)
    cut, whole = Scene(history=past), Scene(history=followed_by(past, later))
    state = StrategyState()
    assert read_signals(cut.inputs(), state) == read_signals(whole.inputs(), state)


@settings(max_examples=60, deadline=None)
@given(
    closes=st.lists(st.tuples(KNOWN_OR_NOT, KNOWN_OR_NOT, KNOWN_OR_NOT), min_size=2, max_size=40),
    data=st.data(),
)
def test_the_front_of_a_day_knows_only_that_day(
    closes: list[tuple[float | None, float | None, float | None]], data: st.DataObject
) -> None:
    dates = tuple(date(2018, 1, 2) + timedelta(days=n) for n in range(len(closes)))
    expiries = (date(2018, 1, 17), date(2018, 2, 14), date(2018, 3, 21))
    futures = tuple(
        FutureCloses(settlement=settlement_instant(day), closes=tuple(row[n] for row in closes))
        for n, day in enumerate(expiries)
    )
    whole = front_series(dates, futures)
    end = data.draw(st.integers(min_value=1, max_value=len(closes)))
    cut = tuple(replace(f, closes=f.closes[:end]) for f in futures)
    assert front_series(dates[:end], cut) == whole[:end]


@settings(max_examples=60, deadline=None)
@given(near=LEVELS, far=LEVELS, days=st.integers(min_value=1, max_value=30))
def test_a_bracketed_front_lies_between_its_neighbours(near: float, far: float, days: int) -> None:
    today = date(2018, 1, 2)
    futures = tuple(
        FutureCloses(settlement=settlement_instant(today + timedelta(days=n)), closes=(close,))
        for n, close in ((days, near), (days + 35, far))
    )
    (front,) = front_series((today,), futures)
    assert front is not None
    low, high = sorted((near, far))
    assert low - 1e-9 <= front <= high + 1e-9
    assert front == pytest.approx(near + (30 - days) / 35 * (far - near))
