"""What traded at each price."""

import numpy as np
import pytest

from bot.domain.instruments import ConId
from bot.exchange.market.quote import Samples
from bot.exchange.reference.underlyings import VIX_ID
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.replies import HistogramData
from tests.support.venue_rig import CALL_15, VIX_INDEX, Rig, at, codes

CALL = WireContract(con_id=CALL_15)


def rig(con_id: ConId = CALL_15) -> Rig:
    made = Rig()
    stamps = [at(f"2018-01-{moment}").timestamp() for moment in ("12T15:00", "16T03:00")]
    stamps += [at(f"2018-01-16T{clock}").timestamp() for clock in ("09:40", "09:45", "09:50")]
    last = np.array([3.0, 5.0, 1.5, 1.0, 1.5])
    ones = np.ones(5)
    volume = np.array([7.0, 8.0, 2.0, 0.0, 3.0])
    made.market.sampled[con_id] = Samples(np.array(stamps), ones, ones, ones, ones, last, volume)
    return made


def histogram(
    period: str, contract: WireContract = CALL, *, regular: bool = True
) -> ask.RequestHistogramData:
    return ask.RequestHistogramData(
        request_id=5, contract=contract, regular_hours_only=regular, period=period
    )


def counted(made: Rig, request: ask.RequestHistogramData) -> dict[float, int]:
    (reply,) = made.say(made.connect(len(made.floor.clients) + 1), request)
    assert isinstance(reply, HistogramData)
    return {float(item.price): item.count for item in reply.items}


def test_contracts_are_counted_by_price() -> None:
    made = rig()
    assert counted(made, histogram("1 day")) == {1.5: 5}
    assert counted(made, histogram("2 days")) == {1.5: 5, 3.0: 7}
    assert counted(made, histogram("1 day", regular=False)) == {1.5: 5, 5.0: 8}
    assert counted(made, histogram("12 minutes")) == {1.5: 3}
    for period in ("1 week", "1 month", "1 year"):
        assert counted(made, histogram(period)) == {1.5: 5, 3.0: 7}


def test_an_index_is_counted_by_the_times_it_stood_somewhere() -> None:
    assert counted(rig(VIX_ID), histogram("1 day", VIX_INDEX)) == {1.0: 1, 1.5: 2}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (histogram("soon"), 321),
        (histogram("0 days"), 321),
        (histogram("1 day", WireContract(con_id=1)), 200),
        (histogram("1 day", VIX_INDEX), 162),
    ],
)
def test_bad_requests_are_refused(request_: ask.RequestHistogramData, code: int) -> None:
    made = rig()
    assert codes(made.say(made.connect(), request_)) == [code]


def test_there_is_nothing_to_cancel() -> None:
    made = rig()
    assert made.say(made.connect(), ask.CancelHistogramData(request_id=5)) == []
