from datetime import date, timedelta

import pytest

from bot.domain.history import FutureCloses
from bot.domain.readings import ReadingState
from bot.domain.sessions import settlement_instant
from bot.signals.front import front_line, front_series
from bot.signals.line import Line, missing
from tests.support.market_data import closes_of, history_before, needs_data
from tests.support.signal_inputs import Scene

DAY = date(2018, 2, 5)
OK, STALE, MISSING = ReadingState.OK, ReadingState.STALE, ReadingState.MISSING


def level(*futures: tuple[int, float | None]) -> float | None:
    """Return the front on one day from (days to settlement, settlement) pairs."""
    listed = tuple(
        FutureCloses(settlement=settlement_instant(DAY + timedelta(days=n)), closes=(close,))
        for n, close in futures
    )
    (front,) = front_series((DAY,), listed)
    return front


def test_it_lies_between_its_two_neighbours_in_proportion_to_days() -> None:
    # 30 days are 21/35 of the way from 9 to 44 days: 20 + 0.6 * (15 - 20)
    assert level((9, 20.0), (44, 15.0), (72, 14.0)) == pytest.approx(17.0)


def test_a_future_thirty_days_out_is_the_front() -> None:
    assert level((2, 20.0), (30, 15.5), (58, 14.0)) == pytest.approx(15.5)


def test_after_an_expiry_the_line_of_the_two_nearest_is_followed_back() -> None:
    # the slope is (16 - 14.5) / 30 a day; five days back from 14.5
    assert level((35, 14.5), (65, 16.0)) == pytest.approx(14.5 - 5 * 1.5 / 30)


def test_a_future_on_its_settlement_day_is_gone() -> None:
    assert level((0, 99.0), (35, 14.5), (65, 16.0)) == level((35, 14.5), (65, 16.0))
    assert level((-3, 99.0), (20, 14.0), (48, 15.0)) == level((20, 14.0), (48, 15.0))


@pytest.mark.parametrize(
    "futures",
    [
        ((9, 20.0),),
        ((9, 20.0), (28, 15.0)),
        ((38, 14.5), (66, 16.0)),
        ((35, 14.5),),
        ((9, None), (44, 15.0), (72, 16.0)),
        ((9, None), (44, None)),
        (),
    ],
    ids=["one", "all too near", "all too far", "no line", "near unknown", "unknown", "none"],
)
def test_where_it_cannot_be_told_it_is_unknown(
    futures: tuple[tuple[int, float | None], ...],
) -> None:
    assert level(*futures) is None


def test_no_dates_give_an_empty_series() -> None:
    assert front_series((), ()) == ()


def test_each_date_is_told_from_its_own_row() -> None:
    dates = (DAY, DAY + timedelta(days=1))
    near = FutureCloses(settlement=settlement_instant(DAY + timedelta(days=9)), closes=(20.0, None))
    far = FutureCloses(settlement=settlement_instant(DAY + timedelta(days=44)), closes=(15.0, 16.0))
    first, second = front_series(dates, (near, far))
    assert first == pytest.approx(17.0)
    assert second is None


@pytest.mark.parametrize(
    "futures",
    [
        ((9, 20.0), (44, 15.0), (72, 14.0)),
        ((35, 14.5), (65, 16.0)),
        ((2, 20.0), (30, 15.5), (58, 14.0)),
    ],
)
def test_the_live_front_is_the_one_the_close_will_show(
    futures: tuple[tuple[int, float], ...],
) -> None:
    lines = [Line(close, OK) for _, close in futures]
    live = front_line([days for days, _ in futures], lines)
    assert (live.value, live.state) == (level(*futures), OK)


def test_the_live_front_is_as_old_and_doubtful_as_the_futures_it_uses() -> None:
    now = Scene().now
    older = now - timedelta(minutes=3)
    lines = [Line(20.0, STALE, older, "old"), Line(15.0, OK, now), Line(14.0, STALE, older, "far")]
    assert front_line([9, 44, 72], lines)[1:] == (STALE, older, "old")
    assert front_line([9, 44, 72], [Line(20.0, OK, now), *lines[1:]])[1:] == (OK, now, "")


def test_the_live_front_beyond_the_curve_has_no_value() -> None:
    assert front_line([9, 28], [Line(20.0, OK), Line(15.0, OK)]).value is None
    assert front_line([9, 44, 72], [missing("none"), Line(15.0, OK), Line(16.0, OK)]).value is None


@pytest.mark.parametrize("lines", [[], [Line(20.0, OK)], [Line(20.0, OK), missing("none")]])
def test_without_two_quoted_futures_the_live_front_is_missing(lines: list[Line]) -> None:
    assert front_line([9, 44][: len(lines)], lines).state is MISSING


@needs_data
def test_the_front_is_known_on_every_session_of_eleven_years() -> None:
    history = history_before(date(2022, 12, 30), 2700)
    assert None not in history.vix_front


@needs_data
def test_the_front_moves_with_spot_vix_but_less() -> None:
    history = history_before(date(2018, 2, 6), 2)
    spot = closes_of("vix_daily.csv")
    (before, after), days = history.vix_front, history.dates
    assert before is not None
    assert after is not None
    assert 0.3 < (after - before) / (spot[days[1]] - spot[days[0]]) < 0.8
