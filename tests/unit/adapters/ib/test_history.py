"""The span asked for holds the sessions wanted, in words the broker takes."""

from datetime import date, timedelta

import pytest

from bot.adapters.ib.history import duration_of


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
