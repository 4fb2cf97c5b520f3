"""What the account tells: in full when asked, then what changed."""

from decimal import Decimal

import pytest

from bot.exchange.venue.holding import Holding
from bot.exchange.wire import requests as ask
from bot.exchange.wire.replies import (
    AccountDownloadEnd,
    AccountSummary,
    AccountSummaryEnd,
    AccountUpdateMulti,
    AccountUpdateMultiEnd,
    AccountUpdateTime,
    AccountValue,
    PnL,
    PnLSingle,
    PortfolioValue,
    Position,
    PositionEnd,
    PositionMulti,
    PositionMultiEnd,
    Reply,
)
from tests.support.venue_rig import ACCOUNT, CALL_15, Rig, codes, only, order, place, quote

LINE = quote(CALL_15, "1.00", "1.10")
HELD = Holding(con_id=CALL_15, multiplier=100, quantity=3, cost_usd=Decimal(301))


@pytest.fixture
def rig() -> Rig:
    return Rig(lines=[LINE], holdings=[HELD])


def values(replies: list[Reply]) -> dict[str, str]:
    return {value.key: value.value for value in only(replies, AccountValue)}


def test_positions_are_told_and_then_each_change(rig: Rig) -> None:
    session = rig.connect()
    replies = rig.say(session, ask.RequestPositions())
    (held,) = only(replies, Position)
    assert (held.account, held.quantity, held.contract.con_id) == (ACCOUNT, Decimal(3), CALL_15)
    assert held.average_cost == Decimal("100.33333333")
    assert replies[-1] == PositionEnd()
    (sold,) = only(rig.say(session, place(order(1, "SELL", 3, "1.00"))), Position)
    assert (sold.quantity, sold.average_cost) == (Decimal(0), Decimal(0))
    rig.say(session, ask.CancelPositions())
    assert only(rig.say(session, place(order(2, "BUY", 1, "1.10"))), Position) == []


def test_positions_under_a_request_id(rig: Rig) -> None:
    session = rig.connect()
    replies = rig.say(session, ask.RequestPositionsMulti(request_id=9, account=ACCOUNT))
    assert [each.quantity for each in only(replies, PositionMulti)] == [3]
    assert replies[-1] == PositionMultiEnd(request_id=9)
    sold = rig.say(session, place(order(1, "SELL", 1, "1.00")))
    assert [each.quantity for each in only(sold, PositionMulti)] == [2]
    rig.say(session, ask.CancelPositionsMulti(request_id=9))
    assert only(rig.say(session, place(order(2, "BUY", 1, "1.10"))), PositionMulti) == []


def test_account_values_and_portfolio_end_with_a_mark(rig: Rig) -> None:
    session = rig.connect()
    replies = rig.say(session, ask.RequestAccountUpdates(subscribe=True, account=ACCOUNT))
    told = values(replies)
    assert told["NetLiquidation"] == "100315.00"
    assert told["TotalCashValue"] == told["AvailableFunds"] == "100000.00"
    assert (told["OptionMarketValue"], told["UnrealizedPnL"]) == ("315.00", "14.00")
    assert (told["AccountReady"], told["AccountType"]) == ("true", "INDIVIDUAL")
    (line,) = only(replies, PortfolioValue)
    assert (line.market_price, line.market_value) == (Decimal("1.05"), Decimal("315.00"))
    assert only(replies, AccountUpdateTime) == [AccountUpdateTime(timestamp="10:00")]
    assert replies[-1] == AccountDownloadEnd(account=ACCOUNT)


def test_a_fill_refreshes_what_changed_at_once(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, ask.RequestAccountUpdates(subscribe=True, account=""))
    replies = rig.say(session, place(order(1, "SELL", 3, "1.00")))
    told = values(replies)
    assert told["TotalCashValue"] == "100298.05"
    assert told["RealizedPnL"] == "-2.95"
    assert "AccountType" not in told
    (line,) = only(replies, PortfolioValue)
    assert (line.quantity, line.realized_pnl) == (Decimal(0), Decimal("-2.95"))
    assert only(rig.step("2018-01-16T10:03")[session], PortfolioValue) == []


def test_values_are_refreshed_every_three_minutes(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, ask.RequestAccountUpdates(subscribe=True, account=ACCOUNT))
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    assert session not in rig.step("2018-01-16T10:02")
    replies = rig.step("2018-01-16T10:03")[session]
    assert values(replies)["NetLiquidation"] == "100615.00"
    assert "TotalCashValue" not in values(replies)
    rig.say(session, ask.RequestAccountUpdates(subscribe=False, account=ACCOUNT))
    assert session not in rig.step("2018-01-16T10:06")


def test_another_account_is_refused(rig: Rig) -> None:
    session = rig.connect()
    for request in (
        ask.RequestAccountUpdates(subscribe=True, account="DU1"),
        ask.RequestPositionsMulti(request_id=1, account="DU1"),
        ask.RequestAccountUpdatesMulti(
            request_id=1, account="DU1", model_code="", ledger_and_nlv=False
        ),
        ask.RequestPnL(request_id=1, account="DU1", model_code=""),
        ask.RequestPnLSingle(request_id=1, account="DU1", model_code="", con_id=CALL_15),
    ):
        assert codes(rig.say(session, request)) == [321]
    assert session not in rig.step("2018-01-16T11:00")


def test_values_under_a_request_id(rig: Rig) -> None:
    session = rig.connect()
    request = ask.RequestAccountUpdatesMulti(
        request_id=9, account=ACCOUNT, model_code="m", ledger_and_nlv=False
    )
    replies = rig.say(session, request)
    told = {each.key: each.value for each in only(replies, AccountUpdateMulti)}
    assert told["NetLiquidation"] == "100315.00"
    assert {each.model_code for each in only(replies, AccountUpdateMulti)} == {"m"}
    assert replies[-1] == AccountUpdateMultiEnd(request_id=9)
    assert only(rig.step("2018-01-16T10:03")[session], AccountUpdateMulti)
    rig.say(session, ask.CancelAccountUpdatesMulti(request_id=9))
    assert session not in rig.step("2018-01-16T10:06")


def summary(request_id: int) -> ask.RequestAccountSummary:
    return ask.RequestAccountSummary(
        request_id=request_id, group="All", tags="NetLiquidation, TotalCashValue"
    )


def test_a_summary_holds_what_was_asked_and_two_is_the_limit(rig: Rig) -> None:
    session = rig.connect()
    replies = rig.say(session, summary(1))
    assert [(v.tag, v.value) for v in only(replies, AccountSummary)] == [
        ("NetLiquidation", "100315.00"),
        ("TotalCashValue", "100000.00"),
    ]
    assert replies[-1] == AccountSummaryEnd(request_id=1)
    assert codes(rig.say(session, summary(2))) == []
    assert codes(rig.say(session, summary(3))) == [322]
    assert len(only(rig.step("2018-01-16T10:03")[session], AccountSummary)) == 4
    rig.say(session, ask.CancelAccountSummary(request_id=1))
    assert codes(rig.say(session, summary(3))) == []


def test_profit_and_loss_follow_the_market(rig: Rig) -> None:
    session = rig.connect()
    request = ask.RequestPnL(request_id=4, account=ACCOUNT, model_code="")
    assert rig.say(session, request) == [
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
    request = ask.RequestPnLSingle(request_id=4, account="", model_code="", con_id=CALL_15)
    (told,) = rig.say(session, request)
    assert isinstance(told, PnLSingle)
    assert (told.position, told.unrealized, told.realized, told.value) == (
        Decimal(3),
        14.0,
        0.0,
        315.0,
    )
    other = ask.RequestPnLSingle(request_id=5, account="", model_code="", con_id=1)
    (told,) = rig.say(session, other)
    assert isinstance(told, PnLSingle)
    assert (told.position, told.value) == (Decimal(0), None)
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    (told,) = rig.step("2018-01-16T10:02")[session]
    assert isinstance(told, PnLSingle)
    assert (told.request_id, told.unrealized) == (4, 314.0)
    rig.say(session, ask.CancelPnLSingle(request_id=4))
    rig.market.show(LINE)
    assert session not in rig.step("2018-01-16T10:02:30")


def test_the_day_counts_from_the_last_marks_of_the_day_before(rig: Rig) -> None:
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    rig.step("2018-01-16T16:30")
    rig.market.show(quote(CALL_15, "3.00", "3.10"))
    rig.step("2018-01-17T07:55")
    assert rig.venue.account.figures().daily_usd == 300


def test_a_position_without_quotes_keeps_its_mark(rig: Rig) -> None:
    rig.market.show(quote(CALL_15))
    rig.step("2018-01-16T10:01")
    assert rig.venue.account.figures().option_value_usd == 315


def test_a_naked_call_of_the_scenario_is_charged_by_rule() -> None:
    """Nobody may open one here; one that is there takes 20 % of its strike and its premium."""
    short = Holding(con_id=CALL_15, multiplier=100, quantity=-1, cost_usd=Decimal(-90))
    rig = Rig(lines=[LINE], holdings=[short])
    figures = rig.venue.account.figures()
    assert (figures.option_value_usd, figures.margin_usd) == (Decimal(-105), Decimal(405))
