"""Trading hours are worded in Chicago's time, closed days included."""

from datetime import date

from bot.exchange.reference.hours import future_hours, option_hours
from tests.support.session_tables import index_option_sessions

SESSIONS = index_option_sessions(date(2017, 1, 3), date(2018, 12, 31))


def test_liquid_hours_are_the_regular_session() -> None:
    """09:30 to 16:15 in New York is 08:30 to 15:15 in Chicago; a weekend is closed."""
    liquid = option_hours(date(2018, 2, 8), SESSIONS).liquid.split(";")
    assert liquid[:4] == [
        "20180208:0830-20180208:1515",
        "20180209:0830-20180209:1515",
        "20180210:CLOSED",
        "20180211:CLOSED",
    ]
    assert len(liquid) == 7


def test_an_early_close_is_told() -> None:
    """The day after Thanksgiving ends at 13:15 in New York; Thanksgiving itself is closed."""
    told = option_hours(date(2017, 11, 23), SESSIONS).liquid.split(";")
    assert told[:2] == ["20171123:CLOSED", "20171124:0830-20171124:1215"]


def test_option_nights_begin_the_evening_before() -> None:
    """Night, regular session, curb (domain.md section 1.1)."""
    told = option_hours(date(2018, 2, 5), SESSIONS).trading.split(";")
    assert told[:3] == [
        "20180204:1915-20180205:0825",
        "20180205:0830-20180205:1515",
        "20180205:1515-20180205:1600",
    ]


def test_futures_trade_nearly_around_the_clock() -> None:
    """From 18:00 the evening before to 17:00 in New York (domain.md section 1.3)."""
    hours = future_hours(date(2018, 2, 5), SESSIONS)
    assert hours.trading.split(";")[0] == "20180204:1700-20180205:1600"
    assert hours.liquid.split(";")[0] == "20180205:0830-20180205:1515"
