"""Bars: what was asked for, spelled as asked, and nothing later than the clock."""

from datetime import date, datetime, timedelta
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


def dates_of(replies: list[Reply]) -> list[str]:
    return [bar.date for bar in bars_of(replies)]


# -- days


def test_days_count_sessions_up_to_now() -> None:
    replies = asked()
    assert dates_of(replies) == ["20180110", "20180111", "20180112", "20180116"]
    assert isinstance(replies[0], HistoricalData)
    last = replies[0].bars[-1]
    assert (last.open, last.close) == (Decimal("10.1"), Decimal("24.0"))
    assert (last.volume, last.average, last.count) == (0, 0, 0)
    assert replies[0].start == "20180109 00:00:00 US/Eastern"
    assert replies[0].end == "20180116 10:00:00 US/Eastern"
