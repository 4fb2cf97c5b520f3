"""The span asked for holds the sessions wanted; of the bars that come only closes are taken."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.adapters.ib.history import completed_closes, duration_of
from bot.app.ports import DailyClose


@pytest.mark.parametrize(
    ("sessions", "duration"), [(1, "8 D"), (20, "37 D"), (239, "365 D"), (240, "2 Y"), (512, "3 Y")]
)
def test_spans_are_days_up_to_a_year_and_years_beyond(sessions: int, duration: str) -> None:
    assert duration_of(sessions) == duration


@pytest.mark.parametrize("sessions", [1, 5, 21, 63, 126, 250, 512])
def test_a_span_holds_its_sessions_even_with_a_tenth_of_weekdays_off(sessions: int) -> None:
    count, unit = duration_of(sessions).split()
    days = int(count) * {"D": 1, "Y": 365}[unit]
    start = date(2018, 2, 5)
    weekdays = sum((start - timedelta(days=d)).weekday() < 5 for d in range(1, days + 1))
    assert weekdays * 0.9 >= sessions


UNSET = 1.7976931348623157e308
BARS = [
    SimpleNamespace(date=day, close=close)
    for day, close in (
        ("20180131", 12.5),
        ("20180201", 0.0),
        ("20180202", -410.0),
        ("20180205", UNSET),
        ("20180206", 700.0),
        ("20180207", 800.0),
    )
]
NOON = datetime(2018, 2, 7, 17, tzinfo=UTC)


def taken(sessions: int, *, signed: bool) -> list[tuple[int, float]]:
    found = completed_closes(BARS, NOON, sessions, signed=signed)
    assert all(isinstance(close, DailyClose) for close in found)
    return [(close.date.day, close.close) for close in found]


def test_a_price_that_is_not_positive_is_no_close_and_today_is_not_over() -> None:
    assert taken(9, signed=False) == [(31, 12.5), (6, 700.0)]


def test_advances_less_declines_may_be_nothing_or_less() -> None:
    assert taken(9, signed=True) == [(31, 12.5), (1, 0.0), (2, -410.0), (6, 700.0)]


def test_only_the_last_sessions_are_taken() -> None:
    assert taken(2, signed=True) == [(2, -410.0), (6, 700.0)]
