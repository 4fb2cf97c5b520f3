"""Profit and loss follow every step; the day's counts from the marks it began with."""

from decimal import Decimal

import pytest

from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.venue.holding import Holding
from bot.exchange.wire import requests as ask
from bot.exchange.wire.replies import PnL, PnLSingle, Reply
from tests.support.venue_rig import (
    ACCOUNT,
    CALL_15,
    FEBRUARY,
    Rig,
    codes,
    only,
    order,
    place,
    quote,
)

LINE = quote(CALL_15, "1.00", "1.10")
HELD = Holding(con_id=CALL_15, multiplier=100, quantity=3, cost_usd=Decimal(301))
FUTURE = con_id_of(ContractKey(ContractClass.VX, FEBRUARY))
ACCOUNT_PNL = ask.RequestPnL(request_id=4, account=ACCOUNT, model_code="")


def single(number: int, con_id: int, account: str = "", model: str = "") -> ask.Request:
    return ask.RequestPnLSingle(request_id=number, account=account, model_code=model, con_id=con_id)


def one(replies: list[Reply]) -> PnLSingle:
    (told,) = only(replies, PnLSingle)
    return told


@pytest.fixture
def rig() -> Rig:
    return Rig(lines=[LINE], holdings=[HELD])


def test_profit_and_loss_follow_the_market(rig: Rig) -> None:
    session = rig.connect()
    assert rig.say(session, ACCOUNT_PNL) == [
        PnL(request_id=4, daily=0.0, unrealized=14.0, realized=0.0)
    ]
    assert session not in rig.step("2018-01-16T10:01")
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    assert rig.step("2018-01-16T10:02")[session] == [
        PnL(request_id=4, daily=300.0, unrealized=314.0, realized=0.0)
    ]
    rig.say(session, ask.CancelPnL(request_id=4))
    rig.market.show(LINE)
    assert session not in rig.step("2018-01-16T10:02:30")


def test_one_positions_profit_and_loss(rig: Rig) -> None:
    session = rig.connect()
    told = one(rig.say(session, single(4, CALL_15)))
    assert told == PnLSingle(
        request_id=4, position=Decimal(3), daily=0.0, unrealized=14.0, realized=0.0, value=315.0
    )
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    told = one(rig.step("2018-01-16T10:02")[session])
    assert (told.daily, told.unrealized, told.value) == (300.0, 314.0, 615.0)
    rig.say(session, ask.CancelPnLSingle(request_id=4))
    rig.market.show(LINE)
    assert session not in rig.step("2018-01-16T10:02:30")


def test_nothing_is_known_of_what_was_never_held(rig: Rig) -> None:
    told = one(rig.say(rig.connect(), single(5, 1)))
    assert told == PnLSingle(
        request_id=5, position=Decimal(0), daily=None, unrealized=None, realized=None, value=None
    )


def test_the_days_trades_count_at_their_prices(rig: Rig) -> None:
    """Marked 1.05 at the start: one sold at 1.00 for 0.65, two that rose to 2.05."""
    session = rig.connect()
    rig.say(session, place(order(1, "SELL", 1, "1.00")))
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    rig.step("2018-01-16T10:02")
    told = one(rig.say(session, single(4, CALL_15)))
    commission = float(rig.books.executions[0].commission_usd)
    assert told.daily == pytest.approx(-5.00 - commission + 200.00)
    assert told.position == 2


def test_a_position_closed_today_keeps_its_days_profit(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, place(order(1, "SELL", 3, "1.00")))
    told = one(rig.say(session, single(4, CALL_15)))
    assert (told.position, told.value, told.unrealized) == (Decimal(0), 0.0, 0.0)
    assert told.daily == pytest.approx(-15.00 - float(rig.books.executions[0].commission_usd))
    assert told.realized == float(rig.books.realized_usd)


def test_a_new_day_counts_from_the_last_marks_of_the_day_before(rig: Rig) -> None:
    session = rig.connect()
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    rig.step("2018-01-16T16:30")
    rig.market.show(quote(CALL_15, "3.00", "3.10"))
    rig.step("2018-01-17T07:55")
    assert one(rig.say(session, single(4, CALL_15))).daily == 300.0
    assert rig.venue.account.figures().daily_usd == 300


def test_the_trading_day_ends_at_five_in_the_evening(rig: Rig) -> None:
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    rig.step("2018-01-16T16:59")
    rig.market.show(quote(CALL_15, "3.00", "3.10"))
    rig.step("2018-01-16T17:00")
    assert rig.venue.account.figures().daily_usd == 300


def test_the_daily_settlement_of_a_future_is_no_profit() -> None:
    """Bought before at 20, 21 when the day begins, 23 later: 2,000 whether settled or not."""
    held = Holding(
        con_id=FUTURE,
        multiplier=1000,
        quantity=1,
        cost_usd=Decimal(20_000),
        is_future=True,
        settled_usd=Decimal(20_000),
    )
    rig = Rig(lines=[quote(FUTURE, "20.95", "21.05")], holdings=[held])
    session = rig.connect()
    rig.say(session, single(4, FUTURE))
    rig.market.show(quote(FUTURE, "22.95", "23.05"))
    told = one(rig.step("2018-01-16T15:59")[session])
    assert (told.daily, told.unrealized, told.value) == (2000.0, 3000.0, 23_000.0)
    assert session not in rig.step("2018-01-16T16:00")
    assert rig.books.cash_usd == 103_000


@pytest.mark.parametrize(
    "request_",
    [
        ask.RequestPnL(request_id=1, account="DU1", model_code=""),
        ask.RequestPnL(request_id=1, account="", model_code="Growth"),
        single(1, CALL_15, account="DU1"),
        single(1, CALL_15, model="Growth"),
    ],
)
def test_another_account_or_model_is_refused(rig: Rig, request_: ask.Request) -> None:
    session = rig.connect()
    assert codes(rig.say(session, request_)) == [321]
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    assert session not in rig.step("2018-01-16T10:01")


def test_a_position_without_quotes_keeps_its_mark(rig: Rig) -> None:
    rig.market.show(quote(CALL_15))
    rig.step("2018-01-16T10:01")
    assert rig.venue.account.figures().total.option_value_usd == 315
