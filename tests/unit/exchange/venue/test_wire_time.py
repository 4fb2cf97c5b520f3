"""Times in the wire's forms."""

import pytest

from bot.exchange.venue.wire_time import read_time, spell_time
from tests.support.venue_rig import at

NOON = at("2018-02-05T12:00")


def test_times_are_told_in_new_york() -> None:
    assert spell_time(NOON) == "20180205 12:00:00 US/Eastern"


@pytest.mark.parametrize(
    "text",
    [
        "20180205 12:00:00",
        "20180205  12:00:00",
        "20180205 12:00:00 US/Eastern",
        "20180205 11:00:00 US/Central",
        "20180205-17:00:00",
    ],
)
def test_each_form_is_read(text: str) -> None:
    assert read_time(text) == NOON


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20180205",
        "20180205 12:00:00 Mars/North",
        "20180205 12:00:00 US",
        "20180205 12:00:00 ../US/Eastern",
        "20180205 12:00:00 a b",
        "99991231 23:59:59",
        "a-b",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each kind words it differently
        read_time(text)
