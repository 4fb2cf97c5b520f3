"""Daily bars: what was asked for, and nothing later than the clock."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.exchange.market.quote import DailyBar
from bot.exchange.reference.underlyings import VIX_ID
from bot.exchange.venue.history_desk import HistoryRefusedError, select_bars
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.replies import HeadTimestamp, HistoricalData, Reply
from tests.support.venue_rig import CALL_15, VIX_INDEX, Rig, at, codes

FIRST = date(2018, 1, 2)
BARS = [
    DailyBar(date=FIRST + timedelta(days=n), open=10.1, high=11.0, low=9.0, close=10.0 + n)
    for n in range(15)
]


def asked(
    contract: WireContract = VIX_INDEX,
    *,
    end: str = "",
    bar_size: str = "1 day",
    duration: str = "5 D",
    what: str = "TRADES",
) -> list[Reply]:
    rig = Rig()
    rig.market.bars[VIX_ID] = BARS
    request = ask.RequestHistoricalData(
        request_id=4,
        contract=contract,
        end=end,
        bar_size=bar_size,
        duration=duration,
        regular_hours_only=True,
        what_to_show=what,
        date_format=1,
    )
    return rig.say(rig.connect(), request)


def bars_of(replies: list[Reply]) -> list[str]:
    (reply,) = replies
    assert isinstance(reply, HistoricalData)
    return [bar.date for bar in reply.bars]


def test_days_count_sessions_up_to_now() -> None:
    replies = asked()
    assert bars_of(replies) == ["20180112", "20180113", "20180114", "20180115", "20180116"]
    assert isinstance(replies[0], HistoricalData)
    last = replies[0].bars[-1]
    assert (last.open, last.close) == (Decimal("10.1"), Decimal("24.0"))
    assert replies[0].end == "20180116 10:00:00 US/Eastern"


def test_an_end_cuts_what_came_after() -> None:
    assert bars_of(asked(end="20180105 16:00:00", duration="2 D")) == ["20180104", "20180105"]
    assert bars_of(asked(end="20300101 00:00:00", duration="1 D")) == ["20180116"]


@pytest.mark.parametrize(
    ("duration", "count"), [("1 W", 7), ("1 M", 15), ("1 Y", 15), ("99 D", 15)]
)
def test_longer_units_count_the_calendar(duration: str, count: int) -> None:
    assert len(bars_of(asked(duration=duration))) == count


def test_midpoints_are_served_as_trades() -> None:
    assert bars_of(asked(what="MIDPOINT")) == bars_of(asked())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"bar_size": "5 mins"}, 321),
        ({"duration": "5 S"}, 321),
        ({"end": "yesterday"}, 321),
        ({"what": "BID_ASK"}, 162),
        ({"end": "20170101 00:00:00"}, 162),
        ({"contract": WireContract(con_id=CALL_15)}, 162),
        ({"contract": WireContract(con_id=1)}, 200),
    ],
)
def test_what_cannot_be_served_is_answered(change: dict[str, object], code: int) -> None:
    assert codes(asked(**change)) == [code]  # type: ignore[arg-type]


def test_no_duration_is_no_selection() -> None:
    with pytest.raises(HistoryRefusedError):
        select_bars(BARS, "", at("2018-01-16T10:00"))


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
    assert codes(head(1, WireContract(con_id=CALL_15))) == [162]
    assert codes(head(1, WireContract(con_id=1))) == [200]


def test_nothing_is_left_to_cancel() -> None:
    rig = Rig()
    session = rig.connect()
    assert codes(rig.say(session, ask.CancelHistoricalData(request_id=4))) == [366]
    assert codes(rig.say(session, ask.CancelHeadTimestamp(request_id=4))) == [366]
