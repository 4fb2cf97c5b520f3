"""Trading hours are worded in Chicago's time, closed days included."""

from datetime import date

from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.contracts import instrument_of
from bot.exchange.reference.hours import hours_of
from bot.exchange.reference.underlyings import SPX_ID
from tests.support.paper_market import future, option
from tests.support.session_tables import index_option_sessions

SESSIONS = index_option_sessions(date(2017, 1, 3), date(2018, 12, 31))
CALL = instrument_of(option(ContractClass.VIX, date(2018, 3, 21), "17"), SESSIONS)
VX = instrument_of(future(date(2018, 3, 21)), SESSIONS)
SPX = instrument_of(SPX_ID, SESSIONS)


def test_liquid_hours_are_the_regular_session() -> None:
    """09:30 to 16:15 in New York is 08:30 to 15:15 in Chicago; a weekend is closed."""
    liquid = hours_of(CALL, date(2018, 2, 8), SESSIONS).liquid.split(";")
    assert liquid[:4] == [
        "20180208:0830-20180208:1515",
        "20180209:0830-20180209:1515",
        "20180210:CLOSED",
        "20180211:CLOSED",
    ]
    assert len(liquid) == 7


def test_an_early_close_is_told() -> None:
    """The day after Thanksgiving ends at 13:15 in New York; Thanksgiving itself is closed."""
    told = hours_of(CALL, date(2017, 11, 23), SESSIONS).liquid.split(";")
    assert told[:2] == ["20171123:CLOSED", "20171124:0830-20171124:1215"]


def test_option_nights_begin_the_evening_before() -> None:
    """Night, regular session, curb (domain.md section 1.1)."""
    told = hours_of(CALL, date(2018, 2, 5), SESSIONS).trading.split(";")
    assert told[:3] == [
        "20180204:1915-20180205:0825",
        "20180205:0830-20180205:1515",
        "20180205:1515-20180205:1600",
    ]


def test_futures_trade_nearly_around_the_clock() -> None:
    """From 18:00 the evening before to 17:00 in New York (domain.md section 1.3)."""
    hours = hours_of(VX, date(2018, 2, 5), SESSIONS)
    assert hours.trading.split(";")[:3] == [
        "20180204:1700-20180205:0830",
        "20180205:0830-20180205:1515",
        "20180205:1515-20180205:1600",
    ]
    assert hours.liquid.split(";")[0] == "20180205:0830-20180205:1515"


def test_a_stock_index_ends_with_the_stocks() -> None:
    """SPX is computed until 16:00 in New York and at no other time."""
    hours = hours_of(SPX, date(2018, 2, 5), SESSIONS)
    assert hours.trading.split(";")[0] == hours.liquid.split(";")[0]
    assert hours.liquid.split(";")[0] == "20180205:0830-20180205:1500"
