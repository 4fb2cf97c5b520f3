"""Bars: what was asked for, spelled as asked, and nothing later than the clock."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from bot.domain.instruments import ConId
from bot.exchange.market.quote import DailyBar, Samples
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.underlyings import SPX_ID, VIX_ID, VVIX_ID
from bot.exchange.venue.data_rules import Access, DataRules, Entitlements
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import ComboLeg, WireContract
from bot.exchange.wire.replies import (
    HeadTimestamp,
    HistoricalData,
    HistoricalDataUpdate,
    HistoricalSchedule,
    Reply,
    ScheduledSession,
    WireBar,
)
from tests.support.venue_rig import CALL_15, VIX_INDEX, Rig, at, codes, only

FIRST = date(2018, 1, 2)
BARS = [
    DailyBar(date=FIRST + timedelta(days=n), open=10.1, high=11.0, low=9.0, close=10.0 + n)
    for n in range(15)
]
CALL = WireContract(con_id=CALL_15, exchange="SMART")
MONTH = con_id_of(ContractKey(ContractClass.VX, date(2018, 2, 14)))
FUTURE = WireContract(con_id=MONTH)


def asked_for(
    contract: WireContract = VIX_INDEX,
    *,
    request_id: int = 4,
    end: str = "",
    bar_size: str = "1 day",
    duration: str = "5 D",
    what: str = "TRADES",
    regular: bool = True,
    date_format: int = 1,
    keep: bool = False,
) -> ask.RequestHistoricalData:
    return ask.RequestHistoricalData(
        request_id=request_id,
        contract=contract,
        end=end,
        bar_size=bar_size,
        duration=duration,
        regular_hours_only=regular,
        what_to_show=what,
        date_format=date_format,
        keep_up_to_date=keep,
    )


def asked(contract: WireContract = VIX_INDEX, **changes: object) -> list[Reply]:
    rig = Rig()
    rig.market.bars[VIX_ID] = BARS
    return rig.say(rig.connect(), asked_for(contract, **changes))  # type: ignore[arg-type]


def bars_of(replies: list[Reply]) -> tuple[WireBar, ...]:
    (reply,) = replies
    assert isinstance(reply, HistoricalData)
    return reply.bars


def counted(bar: WireBar) -> tuple[float, float, int]:
    return float(bar.volume), float(bar.average), bar.count


def dates_of(replies: list[Reply]) -> list[str]:
    return [bar.date for bar in bars_of(replies)]


# -- days


def test_days_count_sessions_up_to_now() -> None:
    replies = asked()
    assert dates_of(replies) == ["20180109", "20180110", "20180111", "20180112", "20180116"]
    assert isinstance(replies[0], HistoricalData)
    last = replies[0].bars[-1]
    assert (last.open, last.close) == (Decimal("10.1"), Decimal("24.0"))
    assert counted(last) == (0, 0, 0)
    assert replies[0].start == "20180109 00:00:00 US/Eastern"
    assert replies[0].end == "20180116 10:00:00 US/Eastern"


def test_an_end_cuts_what_came_after() -> None:
    assert dates_of(asked(end="20180105 16:00:00", duration="2 D")) == ["20180104", "20180105"]
    assert dates_of(asked(end="20300101 00:00:00", duration="1 D")) == ["20180116"]
    assert dates_of(asked(end="20180105-21:00:00", duration="1 D")) == ["20180105"]
    assert dates_of(asked(end="20180105 15:00:00 US/Central", duration="1 D")) == ["20180105"]


@pytest.mark.parametrize(
    ("duration", "count"), [("1 W", 4), ("1 M", 10), ("1 Y", 10), ("99 D", 10), ("3600 S", 2)]
)
def test_longer_units_count_the_calendar(duration: str, count: int) -> None:
    """The second to the sixteenth of January hold ten sessions."""
    size = "1 day" if duration[-1] != "S" else "1 hour"
    rig = rig_of_minutes() if duration[-1] == "S" else Rig()
    rig.market.bars[VIX_ID] = BARS
    replies = rig.say(rig.connect(), asked_for(duration=duration, bar_size=size))
    assert len(bars_of(replies)) == count


def test_weeks_and_months_are_merged_from_days() -> None:
    """Each bears the date of its last session."""
    (january,) = bars_of(asked(bar_size="1 month", duration="1 M"))
    assert (january.date, january.open, january.close) == (
        "20180116",
        Decimal("10.1"),
        Decimal("24.0"),
    )
    assert dates_of(asked(bar_size="1W", duration="1 M")) == ["20180105", "20180112", "20180116"]


def test_days_of_what_is_traded_have_volume() -> None:
    rig = Rig()
    day = DailyBar(date=date(2018, 1, 16), open=1.0, high=3.0, low=1.0, close=2.0, volume=70)
    rig.market.bars[MONTH] = [day]
    (bar,) = bars_of(rig.say(rig.connect(), asked_for(FUTURE, duration="1 D")))
    assert counted(bar) == (70, 1.75, 70)


def test_the_past_of_an_expired_future_ends_where_it_settled() -> None:
    rig = Rig("2018-02-20T10:00")
    days = [date(2018, 2, 12), date(2018, 2, 13)]
    rig.market.bars[MONTH] = [
        DailyBar(date=day, open=20.0, high=30.0, low=20.0, close=25.0, volume=7) for day in days
    ]
    asked_now = asked_for(WireContract(con_id=MONTH, include_expired=True), duration="2 D")
    assert dates_of(rig.say(rig.connect(), asked_now)) == ["20180212", "20180213"]


# -- bars within the day

OPENING = at("2018-01-16T09:30").timestamp()


def rig_of_minutes(con_id: ConId = VIX_ID, *, step: int = 30, count: int = 61) -> Rig:
    """Half an hour from the opening on, the price a cent higher at each sample, one traded."""
    rig = Rig()
    n = np.arange(float(count))
    price = 10.0 + n / 100
    columns = (OPENING + step * n, price, price + 0.1, n, n, price, np.ones(count))
    rig.market.sampled[con_id] = Samples(*(np.asarray(column) for column in columns))
    return rig


def within(rig: Rig, contract: WireContract = VIX_INDEX, **changes: object) -> tuple[WireBar, ...]:
    wanted = {"bar_size": "10 mins", "duration": "1 D"} | changes
    session = rig.connect(len(rig.floor.clients) + 1)
    return bars_of(rig.say(session, asked_for(contract, **wanted)))  # type: ignore[arg-type]


def test_minutes_are_built_from_samples() -> None:
    """Twenty samples make ten minutes; the running bar has one, that of now."""
    bars = within(rig_of_minutes(CALL_15), CALL)
    assert [bar.date for bar in bars] == [
        "20180116 09:30:00 US/Eastern",
        "20180116 09:40:00 US/Eastern",
        "20180116 09:50:00 US/Eastern",
        "20180116 10:00:00 US/Eastern",
    ]
    first = bars[0]
    assert (first.open, first.high, first.low, first.close) == (
        Decimal("10.0"),
        Decimal("10.19"),
        Decimal("10.0"),
        Decimal("10.19"),
    )
    assert counted(first) == (20, 10.095, 20)
    assert (float(bars[3].open), float(bars[3].close), counted(bars[3])[0]) == (10.6, 10.6, 1)


def test_dates_may_be_seconds() -> None:
    assert within(rig_of_minutes(), date_format=2)[0].date == str(int(OPENING))


def test_an_hour_that_begins_within_begins_with_trading() -> None:
    bars = within(rig_of_minutes(), bar_size="1 hour")
    assert [bar.date[9:17] for bar in bars] == ["09:30:00", "10:00:00"]
    assert counted(bars[0]) == (0, 0, 0)


def test_quotes_have_bars_without_volume() -> None:
    rig = rig_of_minutes(CALL_15)
    for what, opened in (("BID", "10.0"), ("ASK", "10.1"), ("MIDPOINT", "10.05")):
        bar = within(rig, CALL, what=what)[0]
        assert (bar.open, counted(bar)) == (Decimal(opened), (-1, -1, -1))


def test_both_sides_are_told_as_averages_and_extremes() -> None:
    bar = within(rig_of_minutes(CALL_15), CALL, what="BID_ASK")[0]
    assert (bar.open, bar.close) == (Decimal("10.095"), Decimal("10.195"))
    assert (bar.high, bar.low) == (Decimal("10.29"), Decimal("10.0"))


def test_seconds_reach_back_over_trading_alone() -> None:
    bars = within(rig_of_minutes(), duration="900 S", bar_size="5 mins")
    assert [bar.date[9:17] for bar in bars] == ["09:45:00", "09:50:00", "09:55:00", "10:00:00"]


def test_bars_of_a_second_repeat_what_stands() -> None:
    rig = rig_of_minutes(CALL_15, step=5, count=361)
    bars = within(rig, CALL, bar_size="1 secs", duration="10 S")
    assert [bar.date[14:17] for bar in bars][:3] == [":50", ":51", ":52"]
    assert [int(bar.volume) for bar in bars][:6] == [1, 0, 0, 0, 0, 1]
    assert bars[0].close == bars[4].close != bars[5].close


def test_the_night_belongs_to_all_hours_and_not_to_regular_ones() -> None:
    rig = Rig()
    stamps = np.array([at(f"2018-01-16T{clock}").timestamp() for clock in ("03:00", "09:35")])
    ones = np.ones(2)
    rig.market.sampled[CALL_15] = Samples(stamps, ones, ones, ones, ones, ones, ones)
    assert len(within(rig, CALL)) == 1
    both = within(rig, CALL, regular=False)
    assert [bar.date[9:17] for bar in both] == ["03:00:00", "09:30:00"]


def test_days_of_quotes_join_night_and_day() -> None:
    rig = Rig()
    stamps = np.array([at(f"2018-01-16T{clock}").timestamp() for clock in ("03:00", "09:35")])
    ones = np.ones(2)
    bids = np.array([1.0, 2.0])
    rig.market.sampled[MONTH] = Samples(stamps, bids, ones, ones, ones, ones, ones)
    (bar,) = within(rig, FUTURE, regular=False, bar_size="1 day", what="BID")
    assert (bar.date, float(bar.open), float(bar.close)) == ("20180116", 1, 2)


# -- volatilities


def alternating(count: int) -> list[DailyBar]:
    """Closes of 100 and 101 in turn, up to the sixteenth of January, one per session."""
    days = [date(2017, 11, 1) + timedelta(days=n) for n in range(77)]
    sessions = [d for d in days if Rig().floor.sessions.is_session(d)][-count:]
    return [
        DailyBar(date=d, open=100.0, high=101.0, low=99.0, close=100.0 + n % 2)
        for n, d in enumerate(sessions)
    ]


def test_historical_volatility_is_of_the_closes() -> None:
    """A return of one per cent up and down again: 0.162 a year, by hand."""
    rig = Rig()
    rig.market.bars[SPX_ID] = alternating(30)
    spx = WireContract(con_id=SPX_ID)
    bars = within(rig, spx, bar_size="1 day", duration="5 D", what="HISTORICAL_VOLATILITY")
    assert len(bars) == 5
    assert float(bars[-1].close) == pytest.approx(0.1620, abs=1e-3)
    assert bars[-1].volume == -1
    assert bars[0].close == bars[1].open


def test_the_running_price_is_the_last_close_of_historical_volatility() -> None:
    rig = rig_of_minutes(SPX_ID)
    rig.market.bars[SPX_ID] = alternating(25)
    spx = WireContract(con_id=SPX_ID)
    bars = within(rig, spx, what="HISTORICAL_VOLATILITY")
    assert float(bars[0].open) > 1.0
    rig.market.bars[SPX_ID] = alternating(5)
    refused = rig.say(rig.connect(7), asked_for(spx, bar_size="10 mins", what=HISTORICAL))
    assert codes(refused) == [162]


HISTORICAL = "HISTORICAL_VOLATILITY"


def test_implied_volatility_is_that_of_the_volatility_index() -> None:
    rig = rig_of_minutes(VIX_ID)
    rig.market.bars[VIX_ID] = BARS
    rig.market.bars[VVIX_ID] = BARS
    spx = WireContract(con_id=SPX_ID)
    (day,) = within(rig, spx, bar_size="1 day", what="OPTION_IMPLIED_VOLATILITY")
    assert (day.open, day.close) == (Decimal("0.101"), Decimal("0.24"))
    minutes = within(rig, spx, what="OPTION_IMPLIED_VOLATILITY")
    assert minutes[0].open == Decimal("0.1")
    (of_vix,) = within(rig, VIX_INDEX, bar_size="1 day", what="OPTION_IMPLIED_VOLATILITY")
    assert of_vix.close == Decimal("0.24")


# -- refusals

SETTLED = WireContract(con_id=CALL_15, include_expired=True)
BAG = WireContract(
    symbol="VIX",
    sec_type="BAG",
    exchange="SMART",
    combo_legs=(ComboLeg(con_id=CALL_15, ratio=1, action="BUY"),),
)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"bar_size": "7 mins"}, 321),
        ({"duration": ""}, 321),
        ({"duration": "0 D"}, 321),
        ({"duration": "90000 S"}, 321),
        ({"duration": "366 D"}, 321),
        ({"duration": "53 W"}, 321),
        ({"duration": "13 M"}, 321),
        ({"duration": "5 S"}, 162),
        ({"bar_size": "1 secs", "duration": "1 D"}, 162),
        ({"bar_size": "1 min", "duration": "1 Y"}, 162),
        ({"end": "yesterday"}, 321),
        ({"end": "20180105 16:00:00", "keep": True}, 321),
        ({"what": "WISHES"}, 321),
        ({"what": "BID_ASK"}, 162),
        ({"what": "MIDPOINT"}, 162),
        ({"what": "FEE_RATE"}, 162),
        ({"end": "20170101 00:00:00"}, 162),
        ({"end": "20160101 00:00:00"}, 162),
        ({"end": "20160101 00:00:00", "duration": "600 S", "bar_size": "5 mins"}, 162),
        ({"contract": CALL}, 162),
        ({"contract": CALL, "what": "HISTORICAL_VOLATILITY"}, 162),
        ({"contract": CALL, "what": "OPTION_IMPLIED_VOLATILITY", "bar_size": "5 mins"}, 162),
        ({"contract": CALL, "bar_size": "5 mins"}, 162),
        ({"contract": BAG}, 162),
        ({"contract": WireContract(con_id=1)}, 200),
        ({"what": "SCHEDULE", "bar_size": "5 mins"}, 321),
    ],
)
def test_what_cannot_be_served_is_answered(change: dict[str, object], code: int) -> None:
    assert codes(asked(**change)) == [code]  # type: ignore[arg-type]


def test_expired_options_have_no_past() -> None:
    rig = Rig("2018-02-15T10:00")
    refused = rig.say(rig.connect(), asked_for(SETTLED, bar_size="5 mins"))
    assert codes(refused) == [162]


def test_without_any_rights_there_is_no_past() -> None:
    rules = DataRules(entitlements=Entitlements(index=Access.NONE))
    rig = Rig(data_rules=rules)
    assert codes(rig.say(rig.connect(), asked_for())) == [162]


# -- pacing


def test_small_bars_are_paced_in_the_exchanges_time() -> None:
    rig = rig_of_minutes(CALL_15)
    session = rig.connect()
    small = asked_for(CALL, bar_size="30 secs", duration="600 S")
    assert codes(rig.say(session, small)) == []
    (again,) = rig.say(session, small)
    assert codes([again]) == [162]
    assert "pacing violation" in again.text  # type: ignore[union-attr]
    rig.step("2018-01-16T10:00:15")
    assert codes(rig.say(session, small)) == []


def test_larger_bars_are_not_paced() -> None:
    rig = rig_of_minutes(CALL_15)
    session = rig.connect()
    for _ in range(70):
        assert codes(rig.say(session, asked_for(CALL, bar_size="1 min", duration="600 S"))) == []


# -- bars kept up to date


def grown(rig: Rig, count: int) -> None:
    rig.market.sampled.update(rig_of_minutes(count=count).market.sampled)


def test_the_last_bar_is_kept_up_to_date_and_new_ones_follow() -> None:
    rig = rig_of_minutes()
    session = rig.connect()
    rig.say(session, asked_for(bar_size="10 mins", duration="1 D", keep=True))
    grown(rig, 70)
    (update,) = only(rig.step("2018-01-16T10:04")[session], HistoricalDataUpdate)
    assert update.bar.date == "20180116 10:00:00 US/Eastern"
    assert (update.bar.open, update.bar.close) == (Decimal("10.6"), Decimal("10.68"))
    assert session not in rig.step("2018-01-16T10:04")
    grown(rig, 85)
    updates = only(rig.step("2018-01-16T10:11")[session], HistoricalDataUpdate)
    assert [each.bar.date[9:17] for each in updates] == ["10:00:00", "10:10:00"]


def test_updates_end_when_cancelled_or_when_the_client_goes() -> None:
    rig = rig_of_minutes()
    session, other = rig.connect(1), rig.connect(2)
    for each in (session, other):
        rig.say(each, asked_for(bar_size="10 mins", duration="1 D", keep=True))
    (end,) = rig.say(session, ask.CancelHistoricalData(request_id=4))
    assert codes([end]) == [162]
    rig.venue.close_session(other)
    grown(rig, 70)
    assert rig.step("2018-01-16T10:04") == {}


def test_daily_bars_are_kept_too() -> None:
    rig = Rig()
    rig.market.bars[VIX_ID] = BARS
    session = rig.connect()
    rig.say(session, asked_for(keep=True))
    running = DailyBar(date=date(2018, 1, 16), open=10.1, high=30.0, low=9.0, close=29.0)
    rig.market.bars[VIX_ID] = [*BARS[:-1], running]
    (update,) = only(rig.step("2018-01-16T10:04")[session], HistoricalDataUpdate)
    assert (update.bar.date, update.bar.close) == ("20180116", Decimal("29.0"))


# -- head time stamps, schedules, cancels


def head(date_format: int, contract: WireContract = VIX_INDEX) -> list[Reply]:
    rig = Rig()
    rig.market.bars[VIX_ID] = BARS
    request = ask.RequestHeadTimestamp(
        request_id=4,
        contract=contract,
        regular_hours_only=True,
        what_to_show="TRADES",
        date_format=date_format,
    )
    return rig.say(rig.connect(), request)


def test_the_first_bar_has_a_time_in_both_forms() -> None:
    assert head(1) == [HeadTimestamp(request_id=4, timestamp="20180102-14:30:00")]
    assert head(2) == [HeadTimestamp(request_id=4, timestamp="1514903400")]
    assert codes(head(1, CALL)) == [162]
    assert codes(head(1, WireContract(con_id=1))) == [200]


def test_a_schedule_tells_whole_sessions() -> None:
    rig = Rig()
    wanted = asked_for(CALL, duration="2 D", what="SCHEDULE")
    assert rig.say(rig.connect(), wanted) == [
        HistoricalSchedule(
            request_id=4,
            start="20180112-09:30:00",
            end="20180116-16:15:00",
            time_zone="US/Eastern",
            sessions=(
                ScheduledSession(
                    start="20180112-09:30:00", end="20180112-16:15:00", day="20180112"
                ),
                ScheduledSession(
                    start="20180116-09:30:00", end="20180116-16:15:00", day="20180116"
                ),
            ),
        )
    ]
    with_night = asked_for(CALL, duration="1 D", what="SCHEDULE", regular=False)
    (told,) = rig.say(rig.connect(2), with_night)
    assert isinstance(told, HistoricalSchedule)
    assert (told.start, told.end) == ("20180115-20:15:00", "20180116-17:00:00")


def test_a_schedule_before_history_has_no_sessions() -> None:
    refused = asked(CALL, end="20151224 00:00:00", duration="1 W", what="SCHEDULE")
    assert codes(refused) == [162]


@pytest.mark.parametrize(
    ("end", "duration"), [("20151224 00:00:00", "1 W"), ("20151229 15:00:00", "86400 S")]
)
def test_before_history_there_are_no_bars(end: str, duration: str) -> None:
    """No session at all, or fewer seconds of trading than were asked for, and no trade in them."""
    refused = asked(CALL, end=end, duration=duration, bar_size="30 mins")
    assert codes(refused) == [162]


def test_nothing_is_left_to_cancel() -> None:
    rig = Rig()
    session = rig.connect()
    assert codes(rig.say(session, ask.CancelHistoricalData(request_id=4))) == [366]
    assert rig.say(session, ask.CancelHeadTimestamp(request_id=4)) == []
