"""The market at any hour: nights, the gap before the opening, curbs, weekends, holidays."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from bot.domain.instruments import ConId
from bot.exchange.market.market import Market
from bot.exchange.market.night import evening_path, night_path
from bot.exchange.market.path import Level
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.underlyings import AD_NYSE_ID, SPX_ID, SPY_ID, VIX3M_ID, VIX_ID
from tests.support.paper_market import STORM_DAY, at, future, market, option, scenario, sessions_of

FRIDAY, SUNDAY, TUESDAY = date(2018, 2, 2), date(2018, 2, 4), date(2018, 2, 6)
MARCH = date(2018, 3, 21)
VX, CALL = future(MARCH), option(ContractClass.VIX, MARCH, "20")
ES = future(date(2018, 3, 16), ContractClass.ES)
EVE = timedelta(days=1)


def line(con_id: ConId, now: datetime) -> MarketQuote:
    return market().quotes([con_id], now)[0]


def is_quoted(con_id: ConId, now: datetime) -> bool:
    """Tell whether somebody offers."""
    return line(con_id, now).ask is not None


@pytest.mark.parametrize(
    ("con_id", "now", "quoted"),
    [
        (CALL, at(STORM_DAY, 16, 59), True),
        (CALL, at(STORM_DAY, 17, 1), False),
        (CALL, at(STORM_DAY, 20, 14), False),
        (CALL, at(STORM_DAY, 20, 15), True),
        (CALL, at(TUESDAY, 9, 24, 59), True),
        (CALL, at(TUESDAY, 9, 25), False),
        (CALL, at(TUESDAY, 9, 30), True),
        (CALL, at(SUNDAY, 12), False),
        (VX, at(STORM_DAY, 17, 30), False),
        (VX, at(STORM_DAY, 18), True),
        (VX, at(TUESDAY, 9, 27), True),
        (VX, at(SUNDAY, 17, 59), False),
        (VX, at(SUNDAY, 18), True),
        (ES, at(STORM_DAY, 16, 59), True),
        (ES, at(STORM_DAY, 18), True),
        (SPY_ID, at(STORM_DAY, 19, 59), True),
        (SPY_ID, at(STORM_DAY, 20, 1), False),
        (SPY_ID, at(TUESDAY, 3, 59), False),
        (SPY_ID, at(TUESDAY, 4), True),
    ],
)
def test_a_product_is_quoted_in_its_hours_alone(
    con_id: ConId,
    now: datetime,
    quoted: bool,  # noqa: FBT001 - a table
) -> None:
    """Hours of domain.md sections 1.1 and 1.3; outside them there are no sides and no sizes."""
    told = line(con_id, now)
    assert (told.ask is not None) == quoted
    assert (told.ask_size > 0) == quoted
    assert told.last is not None
    assert told.close is not None


def test_outside_its_hours_the_last_line_stands() -> None:
    """The last price and the close are those of the curb's end, all weekend long."""
    left = line(CALL, at(FRIDAY, 17))
    for later in (at(FRIDAY, 23), at(SUNDAY, 12), at(SUNDAY, 20, 14, 59)):
        told = line(CALL, later)
        assert (told.last, told.close, told.volume) == (left.last, left.close, left.volume)
        assert (told.bid, told.bid_size, told.ask_size) == (None, 0, 0)
        assert market().mark(CALL, later) == market().mark(CALL, at(FRIDAY, 17, 0, 4))
    assert line(CALL, at(SUNDAY, 20, 15)).close != left.close


def test_a_night_ends_at_the_opening() -> None:
    """The last night value of a future is a tick or so from its first of the day."""
    before, opened = (
        float(market().mark(VX, at(TUESDAY, 9, m, s))) for m, s in ((29, 59), (30, 0))
    )
    assert before == pytest.approx(opened, abs=0.25)
    spx = market().spx(at(TUESDAY, 9, 29, 59))
    assert spx == pytest.approx(market().spx(at(TUESDAY, 9, 30)), rel=0.001)


def test_a_night_begins_where_the_evening_ended() -> None:
    """From the close through the curb and into the night no level jumps."""
    instants = [at(STORM_DAY, 16, 14, 30) + timedelta(seconds=5 * n) for n in range(3000)]
    for levels in ([market().vix(t) for t in instants], [market().spx(t) for t in instants]):
        moves = np.abs(np.diff(np.log(levels)))
        assert moves.max() < 0.03
        assert (moves > 0).mean() > 0.1


def test_levels_move_in_the_night() -> None:
    """Futures trade on what happens while nobody prints an index."""
    prices = {line(ES, at(TUESDAY, hour)).bid for hour in range(1, 9)}
    assert len(prices) > 4


def test_an_index_that_is_not_published_is_stale() -> None:
    """SPX keeps its close all night; VIX comes back at 03:15 (domain.md section 2)."""
    for con_id, published in ((SPX_ID, False), (VIX3M_ID, False), (VIX_ID, True)):
        closed = line(con_id, at(STORM_DAY, 16, 15)).last
        assert line(con_id, at(STORM_DAY, 17)).last == closed
        assert line(con_id, at(TUESDAY, 3, 14, 59)).last == closed
        assert (line(con_id, at(TUESDAY, 5)).last != closed) == published
    assert line(VIX_ID, at(TUESDAY, 9, 27)).last == line(VIX_ID, at(TUESDAY, 9, 25)).last
    assert line(SPX_ID, at(STORM_DAY, 20)).last == Decimal("2648.94")


def test_breadth_ends_with_the_stocks() -> None:
    """Its counts stand from 16:00 on."""
    left = line(AD_NYSE_ID, at(STORM_DAY, 16))
    assert line(AD_NYSE_ID, at(STORM_DAY, 16, 14)) == left
    assert line(AD_NYSE_ID, at(TUESDAY, 9, 29)) == left
    assert line(AD_NYSE_ID, at(STORM_DAY, 15, 59)) != left


def test_a_new_trade_date_has_a_new_close() -> None:
    """From 18:00 a future's close is today's; through the curb it was yesterday's."""
    mark = market().mark(VX, at(STORM_DAY, 16, 15))
    assert line(VX, at(STORM_DAY, 16, 30)).close == market().mark(VX, at(FRIDAY, 16, 15))
    assert line(VX, at(STORM_DAY, 18)).close == mark
    assert line(VX, at(TUESDAY, 12)).close == mark


def test_the_night_counts_by_itself() -> None:
    """Volume and range begin at its first minute and again at the opening."""
    first, late = line(VX, at(STORM_DAY, 18)), line(VX, at(TUESDAY, 9))
    assert first.volume == 0 < late.volume
    assert first.open == first.high == first.low == first.last
    assert late.open == first.open
    assert late.low is not None
    assert late.high is not None
    assert late.last is not None
    assert late.low <= late.last <= late.high
    assert line(VX, at(TUESDAY, 9, 30)).volume == 0


def test_the_curb_goes_on_with_the_day() -> None:
    """Its volume is on top of the session's, its range within or beyond it."""
    closed, curb = line(VX, at(STORM_DAY, 16, 15)), line(VX, at(STORM_DAY, 16, 50))
    assert curb.volume > closed.volume
    assert curb.open == closed.open
    assert curb.high is not None
    assert closed.high is not None
    assert curb.high >= closed.high
    assert (curb.ask or 0) - (curb.bid or 0) >= (closed.ask or 0) - (closed.bid or 0)


def test_a_share_keeps_its_day_when_futures_begin_a_new_one() -> None:
    """After 18:00 SPY still trades Monday, with Monday's opening and volume."""
    five, seven = line(SPY_ID, at(STORM_DAY, 17)), line(SPY_ID, at(STORM_DAY, 19))
    assert (seven.open, seven.close) == (five.open, five.close)
    assert seven.volume > five.volume


def test_an_expiring_option_ends_with_its_last_day() -> None:
    """No curb, and no night before its settlement (domain.md section 1.1)."""
    tuesday = date(2018, 2, 13)
    expiring = option(ContractClass.VIX, date(2018, 2, 14), "20")
    assert is_quoted(expiring, at(tuesday, 16, 15))
    for later in (at(tuesday, 16, 15, 5), at(tuesday, 20, 30), at(date(2018, 2, 14), 9)):
        assert not is_quoted(expiring, later)
    assert is_quoted(CALL, at(tuesday, 16, 30))


def test_an_expiring_future_ends_half_an_hour_before_it_settles() -> None:
    """At 09:00 (domain.md section 1.3); its last price stands until 09:30."""
    expiring = future(date(2018, 2, 14))
    wednesday = date(2018, 2, 14)
    assert is_quoted(expiring, at(wednesday, 8, 59, 59))
    assert not is_quoted(expiring, at(wednesday, 9, 1))
    assert line(expiring, at(wednesday, 9, 1)).last is not None
    assert line(expiring, at(wednesday, 9, 30)).last is None


def test_pm_options_end_at_four() -> None:
    """Expiring SPXW stops at 16:00 and settles there."""
    friday = date(2018, 2, 9)
    expiring = option(ContractClass.SPXW, friday, "2600")
    assert is_quoted(expiring, at(friday, 15, 59, 55))
    assert not is_quoted(expiring, at(friday, 16))


def test_an_early_close_moves_the_curb() -> None:
    """24 November 2017: options close at 13:15 and curb to 14:00."""
    day = date(2017, 11, 24)
    call = option(ContractClass.VIX, date(2018, 1, 17), "12")
    assert is_quoted(call, at(day, 13, 59))
    assert not is_quoted(call, at(day, 14, 1))


def test_a_holiday_is_part_of_no_session() -> None:
    """Monday 15 January 2018: closed by day, and the night of Tuesday begins at 18:00."""
    holiday = date(2018, 1, 15)
    call = option(ContractClass.VIX, date(2018, 2, 14), "12")
    assert not is_quoted(call, at(holiday, 12))
    assert not is_quoted(call, at(holiday - EVE, 21))
    assert is_quoted(call, at(holiday, 21))
    assert not is_quoted(future(date(2018, 2, 14)), at(holiday, 17))
    assert is_quoted(future(date(2018, 2, 14)), at(holiday, 18))


def test_after_the_last_evening_everything_stands() -> None:
    """The scenario knows no more."""
    last = date(2018, 3, 2)
    assert line(VX, at(last, 20)).last == line(VX, at(date(2018, 3, 9), 12)).last
    assert not is_quoted(VX, at(date(2018, 3, 9), 12))


def test_the_first_day_has_no_night() -> None:
    """Of the first session nothing is known before its opening."""
    first = scenario().days[0].date
    fresh = Market(scenario(), sessions_of(), 1)
    assert fresh.quotes([SPX_ID], at(first, 9, 30))[0].last == Decimal("2038.20")


def test_an_evening_knows_its_day_alone() -> None:
    """A shorter evening is the beginning of a longer one."""
    day = scenario().days[-1]
    short, whole = evening_path(day, 90, 3), evening_path(day, 450, 3)
    assert np.array_equal(short.spx, whole.spx[:91])
    assert np.array_equal(short.vix, whole.vix[:91])
    assert (whole.spx[0], whole.vix[0]) == (day.spx_close, day.vix_close)


def test_a_night_goes_from_end_to_end() -> None:
    """Both ends exact, the noise of the size it says, VIX against SPX."""
    day = scenario().days[-1]
    ends = Level(2700.0, 20.0), Level(2690.0, 21.0)
    paths = [night_path(day, ends, 1860, seed) for seed in range(40)]
    for path in paths:
        assert (path.spx[0], path.spx[-1], path.vix[0], path.vix[-1]) == (2700, 2690, 20, 21)
        assert len(path.spx) == len(path.vix) == 1861
    middle = np.array([np.log(path.spx[930] / 2695.0) for path in paths])
    assert middle.std() == pytest.approx(0.33 * 0.2 / np.sqrt(252) / 2, rel=0.3)
    together = np.corrcoef(middle, [np.log(path.vix[930] / 20.5) for path in paths])[0, 1]
    assert together < -0.5
