"""Whether a product trades, kept between changes and still right after each."""

import pytest

from bot.domain.instruments import ConId
from bot.exchange.reference.phases import Phase, phase_at
from bot.exchange.reference.underlyings import SPX_ID, SPY_ID, VIX_ID
from bot.exchange.venue.open_hours import OpenHours
from tests.support.venue_rig import CALL_15, at, rig_reference, rig_sessions

CLOSED = "2018-01-16T18:30"


@pytest.mark.parametrize("con_id", [CALL_15, VIX_ID, SPX_ID, SPY_ID])
def test_the_kept_answer_is_that_of_the_calendar(con_id: ConId) -> None:
    """Three days in steps of a quarter of an hour, over a weekend's end."""
    hours, product = OpenHours(rig_sessions()), rig_reference().instrument(con_id)
    for day in (12, 13, 16, 17):
        for quarter in range(96):
            now = at(f"2018-01-{day}T{quarter // 4:02}:{quarter % 4 * 15:02}")
            expected = phase_at(product, rig_sessions(), now)
            assert hours.phase(product, now) is expected
            assert hours.is_open(product, now) is (expected is not Phase.CLOSED)


@pytest.mark.parametrize(
    ("con_id", "now", "last"),
    [
        (CALL_15, "2018-01-16T10:00", "2018-01-16T10:00"),
        (CALL_15, CLOSED, "2018-01-16T16:59:59"),
        (CALL_15, "2018-01-16T09:27", "2018-01-16T09:24:59"),
        (SPX_ID, "2018-01-16T08:00", "2018-01-12T15:59:59"),
    ],
)
def test_the_last_open_instant(con_id: ConId, now: str, last: str) -> None:
    hours, product = OpenHours(rig_sessions()), rig_reference().instrument(con_id)
    assert hours.last_open(product, at(now)) == at(last)


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2018-01-16T10:00", "2018-01-16T10:00"),
        ("2018-01-16T16:40", "2018-01-16T16:14:59"),
        (CLOSED, "2018-01-16T16:14:59"),
        ("2018-01-16T05:00", "2018-01-12T16:14:59"),
    ],
)
def test_the_last_regular_instant(now: str, last: str) -> None:
    hours, product = OpenHours(rig_sessions()), rig_reference().instrument(CALL_15)
    assert hours.last_regular(product, at(now)) == at(last)


def test_a_day_begins_with_its_night() -> None:
    hours, product = OpenHours(rig_sessions()), rig_reference().instrument(CALL_15)
    assert hours.day_began(product, at("2018-01-17T10:00")) == at("2018-01-16T20:15")
