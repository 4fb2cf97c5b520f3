"""Fills by filter, back to midnight."""

import pytest

from bot.exchange.wire import requests as ask
from bot.exchange.wire.replies import CommissionReport, ExecDetails, ExecDetailsEnd
from tests.support.venue_rig import CALL_15, Rig, codes, only, order, place, quote


@pytest.fixture
def rig() -> Rig:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10")])
    first, second = rig.connect(1), rig.connect(2)
    rig.say(first, place(order(1, "BUY", 2, "1.10")))
    rig.step("2018-01-16T11:00")
    rig.say(second, place(order(1, "SELL", 1, "1.00")))
    return rig


def quantities(rig: Rig, **filter_: object) -> list[int]:
    session = next(iter(rig.floor.clients))
    request = ask.RequestExecutions(request_id=8, **filter_)  # type: ignore[arg-type]
    replies = rig.say(session, request)
    found = only(replies, ExecDetails)
    assert {each.request_id for each in found} <= {8}
    assert only(replies, ExecDetailsEnd) == [ExecDetailsEnd(request_id=8)]
    reported = [report.exec_id for report in only(replies, CommissionReport)]
    assert reported == [each.execution.exec_id for each in found]
    return [int(each.execution.shares) for each in found]


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ({}, [2, 1]),
        ({"client_id": 2}, [1]),
        ({"side": "BUY"}, [2]),
        ({"side": "SLD"}, [1]),
        ({"side": "HOLD"}, []),
        ({"time": "20180116 10:30:00"}, [1]),
        ({"account": "DU1"}, []),
        ({"symbol": "VIX", "sec_type": "OPT", "exchange": "SMART"}, [2, 1]),
        ({"symbol": "SPX"}, []),
        ({"sec_type": "FUT"}, []),
        ({"exchange": "CBOE"}, []),
    ],
)
def test_a_filter_keeps_what_it_names(
    rig: Rig, filter_: dict[str, object], expected: list[int]
) -> None:
    assert quantities(rig, **filter_) == expected


def test_yesterdays_fills_are_not_told(rig: Rig) -> None:
    rig.step("2018-01-17T10:00")
    assert quantities(rig) == []
    assert quantities(rig, time="20180101 00:00:00") == []


def test_an_unreadable_time_is_answered(rig: Rig) -> None:
    session = next(iter(rig.floor.clients))
    assert codes(rig.say(session, ask.RequestExecutions(request_id=8, time="noon"))) == [321]
