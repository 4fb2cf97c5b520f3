"""Trading hours are worded in the product's own time, closed days included."""

from datetime import date

import pytest

from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.contracts import instrument_of
from bot.exchange.reference.hours import hours_of
from bot.exchange.reference.underlyings import AD_NYSE_ID, SPX_ID, SPY
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


def test_new_york_products_are_told_in_new_york_time() -> None:
    """A share from 04:00 to 20:00, breadth with the stocks; on early closes three hours less."""
    share = hours_of(SPY, date(2018, 2, 5), SESSIONS)
    assert share.trading.split(";")[:3] == [
        "20180205:0400-20180205:0930",
        "20180205:0930-20180205:1600",
        "20180205:1600-20180205:2000",
    ]
    breadth = instrument_of(AD_NYSE_ID, SESSIONS)
    assert hours_of(breadth, date(2017, 11, 24), SESSIONS).liquid.startswith(
        "20171124:0930-20171124:1300;20171125:CLOSED"
    )


def test_the_last_day_of_a_contract_ends_sooner() -> None:
    """An expiring SPXW stops at 16:00 and has no curb; the day after it is closed."""
    weekly = instrument_of(option(ContractClass.SPXW, date(2018, 2, 7), "2700"), SESSIONS)
    told = hours_of(weekly, date(2018, 2, 7), SESSIONS)
    assert told.trading.split(";")[:3] == [
        "20180206:1915-20180207:0825",
        "20180207:0830-20180207:1500",
        "20180208:CLOSED",
    ]
    assert told.liquid.split(";")[:2] == ["20180207:0830-20180207:1500", "20180208:CLOSED"]


def test_a_future_settles_before_its_regular_hours() -> None:
    """On its settlement day VX trades until 08:00 in Chicago and has no liquid hours."""
    told = hours_of(VX, date(2018, 3, 21), SESSIONS)
    assert told.trading.split(";")[:2] == ["20180320:1700-20180321:0800", "20180322:CLOSED"]
    assert told.liquid.startswith("20180321:CLOSED;")


# domain.md section 1.4: full holidays and early closes of the index options.
HOLIDAYS = [
    *(date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1), date(2027, 1, 18)),
    *(date(2027, 2, 15), date(2027, 3, 26), date(2027, 5, 31), date(2027, 6, 18)),
    *(date(2027, 7, 5), date(2027, 9, 6), date(2027, 11, 25), date(2027, 12, 24)),
]
EARLY_CLOSES = [date(2026, 11, 27), date(2026, 12, 24), date(2027, 11, 26)]
LATER = index_option_sessions(date(2026, 1, 2), date(2028, 12, 29))
LATE_CALL = instrument_of(option(ContractClass.VIX, date(2028, 1, 19), "17"), LATER)
LATE_VX = instrument_of(future(date(2028, 1, 19)), LATER)


@pytest.mark.parametrize("day", HOLIDAYS)
def test_a_holiday_is_closed_for_everything(day: date) -> None:
    """Options, futures, shares and indices; the night before belongs to no session."""
    for product in (LATE_CALL, LATE_VX, SPY, SPX):
        hours = hours_of(product, day, LATER)
        for told in (hours.trading, hours.liquid):
            assert told.startswith(f"{day:%Y%m%d}:CLOSED;")


@pytest.mark.parametrize("day", EARLY_CLOSES)
def test_an_early_close_ends_options_at_quarter_past_one(day: date) -> None:
    """13:15 in New York for the options, 13:00 for the stocks and their index."""
    stamp = f"{day:%Y%m%d}"
    liquid = [hours_of(each, day, LATER).liquid for each in (LATE_CALL, SPX, SPY)]
    assert liquid[0].startswith(f"{stamp}:0830-{stamp}:1215;")
    assert liquid[1].startswith(f"{stamp}:0830-{stamp}:1200;")
    assert liquid[2].startswith(f"{stamp}:0930-{stamp}:1300;")
