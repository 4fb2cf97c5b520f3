"""Five-second bars as they end."""

from decimal import Decimal

import numpy as np
import pytest

from bot.exchange.market.quote import Samples
from bot.exchange.venue.data_rules import Access, DataRules, Entitlements
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.replies import RealTimeBar
from tests.support.venue_rig import CALL_15, VIX_INDEX, Rig, at, codes, only

CALL = WireContract(con_id=CALL_15, exchange="SMART")
TEN = int(at("2018-01-16T10:00").timestamp())


def rig(rules: DataRules | None = None, start: str = "2018-01-16T10:00") -> Rig:
    made = Rig(start, data_rules=rules)
    n = np.arange(1800.0)
    price = 10.0 + n / 100
    stamps = at("2018-01-16T09:30").timestamp() + 5 * n
    made.market.sampled[CALL_15] = Samples(stamps, price, price + 0.1, n, n, price, n)
    return made


def bars(
    request_id: int = 5,
    *,
    contract: WireContract = CALL,
    what: str = "TRADES",
    regular: bool = False,
) -> ask.RequestRealTimeBars:
    return ask.RequestRealTimeBars(
        request_id=request_id,
        contract=contract,
        bar_size=5,
        what_to_show=what,
        regular_hours_only=regular,
    )


def test_a_bar_is_told_when_it_has_ended() -> None:
    made = rig()
    session = made.connect()
    assert made.say(session, bars()) == []
    assert session not in made.step("2018-01-16T10:00:04")
    (bar,) = only(made.step("2018-01-16T10:00:07")[session], RealTimeBar)
    assert bar == RealTimeBar(
        request_id=5,
        time=TEN,
        open=Decimal("13.6"),
        high=Decimal("13.6"),
        low=Decimal("13.6"),
        close=Decimal("13.6"),
        volume=Decimal("360.0"),
        average=Decimal("13.6"),
        count=1,
    )
    told = only(made.step("2018-01-16T10:00:20")[session], RealTimeBar)
    assert [bar.time - TEN for bar in told] == [5, 10, 15]


def test_bars_of_quotes_count_nothing() -> None:
    made = rig()
    session = made.connect()
    made.say(session, bars(what="MIDPOINT"))
    (bar,) = only(made.step("2018-01-16T10:00:05")[session], RealTimeBar)
    assert (bar.close, int(bar.volume), int(bar.average), bar.count) == (
        Decimal("13.65"),
        -1,
        -1,
        -1,
    )


def test_after_a_leap_bars_go_on_from_now() -> None:
    made = rig()
    session = made.connect()
    made.say(session, bars())
    assert session not in made.step("2018-01-16T11:30")
    assert len(made.step("2018-01-16T11:30:05")[session]) == 1


def test_regular_bars_wait_for_regular_hours() -> None:
    made = rig(start="2018-01-16T09:29:50")
    session = made.connect()
    made.say(session, bars(regular=True))
    told = only(made.step("2018-01-16T09:30:10")[session], RealTimeBar)
    assert [bar.time - TEN + 1800 for bar in told] == [0, 5]


def test_bars_end_when_cancelled_or_when_the_client_goes() -> None:
    made = rig()
    session, other = made.connect(1), made.connect(2)
    made.say(session, bars())
    made.say(other, bars(what="BID"))
    assert made.say(session, ask.CancelRealTimeBars(request_id=5)) == []
    assert codes(made.say(session, ask.CancelRealTimeBars(request_id=5))) == [300]
    made.venue.close_session(other)
    assert made.step("2018-01-16T10:00:05") == {}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (bars(what="BID_ASK"), 321),
        (bars(contract=VIX_INDEX, what="BID"), 420),
        (bars(contract=WireContract(con_id=1)), 200),
    ],
)
def test_bad_requests_are_refused(request_: ask.RequestRealTimeBars, code: int) -> None:
    made = rig()
    assert codes(made.say(made.connect(), request_)) == [code]


def test_a_used_id_and_a_hasty_repetition_are_refused() -> None:
    made = rig()
    session = made.connect()
    made.say(session, bars())
    assert codes(made.say(session, bars())) == [102]
    assert codes(made.say(session, bars(6))) == [420]
    made.step("2018-01-16T10:00:15")
    assert codes(made.say(session, bars(6))) == []


def test_bars_need_live_rights() -> None:
    rules = DataRules(entitlements=Entitlements(option=Access.DELAYED))
    made = rig(rules)
    assert codes(made.say(made.connect(), bars())) == [420]
