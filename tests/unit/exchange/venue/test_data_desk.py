"""Lines: opened, told, limited and closed."""

from decimal import Decimal

from bot.exchange.venue.data_desk import MAX_LINES
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.replies import (
    MarketDataType,
    TickPrice,
    TickRequestParameters,
    TickSnapshotEnd,
)
from tests.support.venue_rig import CALL_15, VIX_INDEX, Rig, codes, only, quote

LINE = quote(CALL_15, "1.00", "1.10")
CALL = WireContract(con_id=CALL_15, exchange="SMART")


def line(
    request_id: int, contract: WireContract = CALL, *, snapshot: bool = False
) -> ask.RequestMarketData:
    return ask.RequestMarketData(request_id=request_id, contract=contract, snapshot=snapshot)


def test_a_line_says_its_kind_and_grid_before_its_ticks() -> None:
    rig = Rig(lines=[LINE])
    replies = rig.say(rig.connect(), line(3))
    assert replies[0] == MarketDataType(request_id=3, data_type=1)
    assert replies[1] == TickRequestParameters(
        request_id=3, min_tick=Decimal("0.01"), bbo_exchange="SMART", snapshot_permissions=3
    )
    assert [t.price for t in only(replies, TickPrice)] == [Decimal("1.00"), Decimal("1.10")]


def test_an_index_line_allows_no_snapshot() -> None:
    rig = Rig()
    (parameters,) = only(rig.say(rig.connect(), line(3, VIX_INDEX)), TickRequestParameters)
    assert (parameters.bbo_exchange, parameters.snapshot_permissions) == ("CBOE", 0)


def test_each_step_tells_what_changed_to_whoever_watches() -> None:
    rig = Rig(lines=[LINE])
    watcher, other = rig.connect(1), rig.connect(2)
    rig.say(watcher, line(3))
    rig.market.show(quote(CALL_15, "1.05", "1.10"))
    told = rig.step("2018-01-16T10:01")
    assert [(t.tick_type, t.price) for t in only(told[watcher], TickPrice)] == [
        (1, Decimal("1.05"))
    ]
    assert other not in told
    assert watcher not in rig.step("2018-01-16T10:02")


def test_a_used_id_is_refused_and_the_line_stays() -> None:
    rig = Rig(lines=[LINE])
    session = rig.connect()
    rig.say(session, line(3))
    assert codes(rig.say(session, line(3))) == [102]
    assert codes(rig.say(session, ask.CancelMarketData(request_id=3))) == []
    assert codes(rig.say(session, ask.CancelMarketData(request_id=3))) == [300]


def test_the_account_has_a_hundred_lines_over_all_clients() -> None:
    rig = Rig()
    first, second = rig.connect(1), rig.connect(2)
    for number in range(MAX_LINES):
        assert codes(rig.say(first, line(number))) == []
    assert codes(rig.say(second, line(1))) == [101]
    rig.say(first, ask.CancelMarketData(request_id=7))
    assert codes(rig.say(second, line(1))) == []


def test_a_snapshot_ends_and_holds_no_line() -> None:
    rig = Rig(lines=[LINE])
    session = rig.connect()
    replies = rig.say(session, line(3, snapshot=True))
    assert replies[-1] == TickSnapshotEnd(request_id=3)
    assert codes(rig.say(session, ask.CancelMarketData(request_id=3))) == [300]


def test_live_data_stay_live_whatever_is_allowed() -> None:
    rig = Rig()
    session = rig.connect()
    assert rig.say(session, ask.RequestMarketDataType(data_type=3)) == []
    assert only(rig.say(session, line(3)), MarketDataType)[0].data_type == 1
    assert codes(rig.say(session, ask.RequestMarketDataType(data_type=9))) == [321]
