"""Ticks, past and streaming."""

from decimal import Decimal

import numpy as np
import pytest

from bot.domain.instruments import ConId
from bot.exchange.market.quote import Samples
from bot.exchange.reference.underlyings import VIX_ID
from bot.exchange.venue.data_rules import Access, DataRules, Entitlements
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.replies import (
    HistoricalTicks,
    HistoricalTicksBidAsk,
    HistoricalTicksLast,
    Reply,
    TickByTickBidAsk,
    TickByTickMidPoint,
    TickByTickTrade,
)
from tests.support.venue_rig import CALL_15, VIX_INDEX, Rig, at, codes, only

CALL = WireContract(con_id=CALL_15)
BAG = WireContract(symbol="VIX", sec_type="BAG", exchange="SMART")


def rig(con_id: ConId = CALL_15, rules: DataRules | None = None) -> Rig:
    """A line whose every sample is new, five seconds apart, from 09:30 to 12:00."""
    made = Rig(data_rules=rules)
    n = np.arange(1800.0)
    price = 10.0 + n / 100
    stamps = at("2018-01-16T09:30").timestamp() + 5 * n
    made.market.sampled[con_id] = Samples(stamps, price, price + 0.1, n + 1, n + 2, price, n + 3)
    return made


def clock(seconds: int) -> str:
    opening = int(at("2018-01-16T09:30").timestamp())
    whole = seconds - opening + 9 * 3600 + 1800
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


# -- past ticks


def past(
    *,
    contract: WireContract = CALL,
    start: str = "",
    end: str = "",
    count: int = 3,
    what: str = "TRADES",
    regular: bool = True,
    ignore_size: bool = False,
) -> ask.RequestHistoricalTicks:
    return ask.RequestHistoricalTicks(
        request_id=5,
        contract=contract,
        start=start,
        end=end,
        number_of_ticks=count,
        what_to_show=what,
        regular_hours_only=regular,
        ignore_size=ignore_size,
    )


def told(made: Rig, request: ask.RequestHistoricalTicks) -> list[Reply]:
    return made.say(made.connect(len(made.floor.clients) + 1), request)


def test_ticks_after_a_start() -> None:
    (reply,) = told(rig(), past(start="20180116 09:40:00"))
    assert isinstance(reply, HistoricalTicksLast)
    assert reply.done
    assert [clock(tick.time) for tick in reply.ticks] == ["09:40:00", "09:40:05", "09:40:10"]
    assert (reply.ticks[0].price, reply.ticks[0].size) == (Decimal("11.2"), Decimal("123.0"))
    assert reply.ticks[0].exchange == "CBOE"


def test_ticks_before_an_end_and_never_after_now() -> None:
    made = rig()
    (reply,) = told(made, past(end="20180116 09:40:00", what="BID_ASK"))
    assert isinstance(reply, HistoricalTicksBidAsk)
    assert [clock(tick.time) for tick in reply.ticks] == ["09:39:45", "09:39:50", "09:39:55"]
    (reply,) = told(made, past(end="20180116 11:00:00", what="MIDPOINT"))
    assert isinstance(reply, HistoricalTicks)
    assert [clock(tick.time) for tick in reply.ticks] == ["09:59:50", "09:59:55", "10:00:00"]


def test_a_start_in_the_future_has_no_ticks() -> None:
    (reply,) = told(rig(), past(start="20180116 11:00:00"))
    assert isinstance(reply, HistoricalTicksLast)
    assert reply.ticks == ()


def test_as_many_ticks_as_there_are() -> None:
    made = rig()
    (reply,) = told(made, past(start="20180112 09:00:00", count=1000, regular=False))
    assert isinstance(reply, HistoricalTicksLast)
    assert len(reply.ticks) == 361
    (reply,) = told(made, past(end="20180116 10:00:00", count=1000))
    assert isinstance(reply, HistoricalTicksLast)
    assert len(reply.ticks) == 361


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, 321),
        ({"start": "20180116 09:40:00", "end": "20180116 09:50:00"}, 321),
        ({"start": "20180116 09:40:00", "count": 0}, 321),
        ({"start": "20180116 09:40:00", "count": 1001}, 321),
        ({"start": "20180116 09:40:00", "what": "ALL"}, 321),
        ({"start": "noon"}, 321),
        ({"end": "20180116 09:40:00", "contract": WireContract(con_id=1)}, 200),
        ({"end": "20180116 09:40:00", "contract": VIX_INDEX, "what": "BID_ASK"}, 162),
        ({"end": "20180116 09:40:00", "contract": BAG}, 162),
    ],
)
def test_bad_requests_for_past_ticks(change: dict[str, object], code: int) -> None:
    assert codes(told(rig(), past(**change))) == [code]  # type: ignore[arg-type]


def test_past_ticks_need_live_rights() -> None:
    rules = DataRules(entitlements=Entitlements(option=Access.DELAYED))
    assert codes(told(rig(rules=rules), past(end="20180116 09:40:00"))) == [10187]


# -- streams


def stream(
    request_id: int = 5,
    *,
    tick_type: str = "Last",
    contract: WireContract = CALL,
    count: int = 0,
    ignore_size: bool = False,
) -> ask.RequestTickByTick:
    return ask.RequestTickByTick(
        request_id=request_id,
        contract=contract,
        tick_type=tick_type,
        number_of_ticks=count,
        ignore_size=ignore_size,
    )


def test_every_trade_since_the_last_step_is_told() -> None:
    made = rig()
    session = made.connect()
    assert made.say(session, stream(tick_type="AllLast")) == []
    ticks = only(made.step("2018-01-16T10:00:15")[session], TickByTickTrade)
    assert [clock(tick.time) for tick in ticks] == ["10:00:05", "10:00:10", "10:00:15"]
    assert {tick.tick_type for tick in ticks} == {2}
    assert ticks[0].price == Decimal("13.61")
    ticks = only(made.step("2018-01-16T10:00:20")[session], TickByTickTrade)
    assert [clock(tick.time) for tick in ticks] == ["10:00:20"]


def test_quotes_and_middles_stream_too() -> None:
    made = rig()
    session = made.connect()
    made.say(session, stream(1, tick_type="BidAsk"))
    made.say(session, stream(2, tick_type="MidPoint"))
    replies = made.step("2018-01-16T10:00:05")[session]
    (sides,) = only(replies, TickByTickBidAsk)
    assert (sides.bid, sides.ask, sides.bid_size) == (
        Decimal("13.61"),
        Decimal("13.71"),
        Decimal("362.0"),
    )
    (middle,) = only(replies, TickByTickMidPoint)
    assert middle.mid_point == Decimal("13.66")


@pytest.mark.parametrize(
    ("tick_type", "kind"),
    [
        ("Last", HistoricalTicksLast),
        ("BidAsk", HistoricalTicksBidAsk),
        ("MidPoint", HistoricalTicks),
    ],
)
def test_past_ticks_come_first(tick_type: str, kind: type) -> None:
    made = rig()
    session = made.connect()
    (reply,) = made.say(session, stream(tick_type=tick_type, count=2))
    assert type(reply) is kind
    assert isinstance(reply, HistoricalTicksLast | HistoricalTicksBidAsk | HistoricalTicks)
    assert [clock(t.time) for t in reply.ticks] == ["09:59:55", "10:00:00"]
    (tick,) = made.step("2018-01-16T10:00:05")[session]
    assert isinstance(tick, TickByTickTrade | TickByTickBidAsk | TickByTickMidPoint)
    assert clock(tick.time) == "10:00:05"


def test_after_a_leap_the_stream_goes_on_from_now() -> None:
    made = rig()
    session = made.connect()
    made.say(session, stream())
    assert session not in made.step("2018-01-16T11:30")
    assert len(made.step("2018-01-16T11:30:05")[session]) == 1


def test_a_stream_ends_when_cancelled_or_when_the_client_goes() -> None:
    made = rig()
    session, other = made.connect(1), made.connect(2)
    made.say(session, stream())
    made.say(other, stream())
    assert made.say(session, ask.CancelTickByTick(request_id=5)) == []
    assert codes(made.say(session, ask.CancelTickByTick(request_id=5))) == [300]
    made.venue.close_session(other)
    assert made.step("2018-01-16T10:00:05") == {}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (stream(tick_type="Trades"), 321),
        (stream(count=1001), 321),
        (stream(contract=BAG), 10189),
        (stream(contract=VIX_INDEX, tick_type="BidAsk"), 10189),
        (stream(contract=WireContract(con_id=1)), 200),
    ],
)
def test_bad_streams_are_refused(request_: ask.RequestTickByTick, code: int) -> None:
    made = rig()
    assert codes(made.say(made.connect(), request_)) == [code]


def test_streams_are_few_and_their_ids_their_own() -> None:
    made = rig(VIX_ID)
    session = made.connect()
    for number in range(5):
        assert codes(made.say(session, stream(number, contract=VIX_INDEX))) == []
    assert codes(made.say(session, stream(4, contract=VIX_INDEX))) == [102]
    assert codes(made.say(session, stream(5, contract=VIX_INDEX))) == [10190]


def test_delayed_data_have_no_stream() -> None:
    rules = DataRules(entitlements=Entitlements(option=Access.DELAYED))
    made = rig(rules=rules)
    assert codes(made.say(made.connect(), stream())) == [10189]
