"""A client's own price and volatility."""

import pytest

from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.replies import TickOptionComputation
from tests.support.venue_rig import CALL_15, VIX_INDEX, Rig, codes, only

CALL = WireContract(con_id=CALL_15)


def test_price_and_volatility_answer_each_other() -> None:
    rig = Rig()
    session = rig.connect()
    wanted = ask.CalculateOptionPrice(request_id=5, contract=CALL, volatility=0.9, under_price=13.5)
    (priced,) = only(rig.say(session, wanted), TickOptionComputation)
    assert (priced.request_id, priced.tick_type) == (5, 53)
    assert priced.option_price is not None
    back = ask.CalculateImpliedVolatility(
        request_id=6, contract=CALL, option_price=priced.option_price, under_price=13.5
    )
    (implied,) = only(rig.say(session, back), TickOptionComputation)
    assert implied.implied_volatility == pytest.approx(0.9)
    assert implied.delta == pytest.approx(priced.delta)


def test_only_options_have_them() -> None:
    rig = Rig()
    session = rig.connect()
    for contract, code in ((VIX_INDEX, 321), (WireContract(con_id=1), 200)):
        price = ask.CalculateOptionPrice(
            request_id=5, contract=contract, volatility=0.9, under_price=13.5
        )
        implied = ask.CalculateImpliedVolatility(
            request_id=5, contract=contract, option_price=1.0, under_price=13.5
        )
        assert codes(rig.say(session, price)) == [code]
        assert codes(rig.say(session, implied)) == [code]


def test_there_is_nothing_to_cancel() -> None:
    rig = Rig()
    session = rig.connect()
    assert rig.say(session, ask.CancelCalculateOptionPrice(request_id=5)) == []
    assert rig.say(session, ask.CancelCalculateImpliedVolatility(request_id=5)) == []
