"""Account values and portfolio: in full when asked for, then what changed."""

from decimal import Decimal

import pytest

from bot.exchange.reference.underlyings import SPY_ID
from bot.exchange.venue.holding import Holding
from bot.exchange.wire import requests as ask
from bot.exchange.wire.replies import (
    AccountDownloadEnd,
    AccountUpdateMulti,
    AccountUpdateMultiEnd,
    AccountUpdateTime,
    AccountValue,
    PortfolioValue,
    Reply,
)
from tests.support.venue_rig import ACCOUNT, CALL_15, Rig, codes, only, order, place, quote

LINE = quote(CALL_15, "1.00", "1.10")
HELD = Holding(con_id=CALL_15, multiplier=100, quantity=3, cost_usd=Decimal(301))
SUBSCRIBE = ask.RequestAccountUpdates(subscribe=True, account=ACCOUNT)


@pytest.fixture
def rig() -> Rig:
    return Rig(lines=[LINE], holdings=[HELD])


def values(replies: list[Reply], currency: str = "USD") -> dict[str, str]:
    found = (value for value in only(replies, AccountValue) if value.currency in ("", currency))
    return {value.key: value.value for value in found}


def test_account_values_and_portfolio_end_with_a_mark(rig: Rig) -> None:
    session = rig.connect()
    replies = rig.say(session, SUBSCRIBE)
    told = values(replies)
    assert told["NetLiquidation"] == "100315.00"
    assert told["TotalCashValue"] == told["AvailableFunds"] == "100000.00"
    assert (told["OptionMarketValue"], told["UnrealizedPnL"]) == ("315.00", "14.00")
    assert (told["AccountReady"], told["AccountType"]) == ("true", "INDIVIDUAL")
    (line,) = only(replies, PortfolioValue)
    assert (line.market_price, line.market_value) == (Decimal("1.05"), Decimal("315.00"))
    assert line.contract.primary_exchange == "CBOE"
    assert only(replies, AccountUpdateTime) == [AccountUpdateTime(timestamp="10:00")] * 2
    assert replies[-1] == AccountDownloadEnd(account=ACCOUNT)


def test_a_share_stands_with_its_own_exchange_and_no_multiplier() -> None:
    share = Holding(con_id=SPY_ID, multiplier=1, quantity=10, cost_usd=Decimal(2700))
    rig = Rig(lines=[quote(SPY_ID, "279.99", "280.01")], holdings=[share])
    (line,) = only(rig.say(rig.connect(), SUBSCRIBE), PortfolioValue)
    assert (line.market_value, line.unrealized_pnl) == (Decimal("2800.00"), Decimal("100.00"))
    assert (line.contract.primary_exchange, line.contract.multiplier) == ("ARCA", "")


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


def test_what_closed_today_has_a_line_of_zero_in_a_new_download(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, place(order(1, "SELL", 3, "1.00")))
    assert [line.quantity for line in only(rig.say(session, SUBSCRIBE), PortfolioValue)] == [0]


def test_realized_profit_is_the_days(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, place(order(1, "SELL", 2, "1.00")))
    rig.step("2018-01-17T10:00")
    replies = rig.say(session, SUBSCRIBE)
    assert values(replies)["RealizedPnL"] == "0.00"
    assert [line.realized_pnl for line in only(replies, PortfolioValue)] == [0]


def test_values_are_refreshed_every_three_minutes(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, SUBSCRIBE)
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    assert session not in rig.step("2018-01-16T10:02")
    replies = rig.step("2018-01-16T10:03")[session]
    assert values(replies)["NetLiquidation"] == "100615.00"
    assert "TotalCashValue" not in values(replies)
    assert [line.market_value for line in only(replies, PortfolioValue)] == [Decimal("615.00")]
    rig.say(session, ask.RequestAccountUpdates(subscribe=False, account=ACCOUNT))
    assert session not in rig.step("2018-01-16T10:06")


def test_two_clients_watch_one_account(rig: Rig) -> None:
    """The broker takes a subscription away (2100, 2101) only for a second account."""
    first, second = rig.connect(1), rig.connect(2)
    rig.say(first, SUBSCRIBE)
    assert codes(rig.say(second, SUBSCRIBE)) == []
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    replies = rig.step("2018-01-16T10:03")
    assert values(replies[first]) == values(replies[second]) != {}


def test_a_subscription_survives_a_wrong_one(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, SUBSCRIBE)
    wrong = ask.RequestAccountUpdates(subscribe=True, account="DU1")
    assert codes(rig.say(session, wrong)) == [321]
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    assert values(rig.step("2018-01-16T10:03")[session]) != {}


def multi(*, account: str = ACCOUNT, model: str = "", ledger: bool = False) -> ask.Request:
    return ask.RequestAccountUpdatesMulti(
        request_id=9, account=account, model_code=model, ledger_and_nlv=ledger
    )


def test_values_under_a_request_id(rig: Rig) -> None:
    session = rig.connect()
    replies = rig.say(session, multi())
    told = {(each.key, each.currency): each.value for each in only(replies, AccountUpdateMulti)}
    assert told["NetLiquidation", "USD"] == told["NetLiquidationByCurrency", "BASE"] == "100315.00"
    assert replies[-1] == AccountUpdateMultiEnd(request_id=9)
    assert session not in rig.step("2018-01-16T10:03")
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    changed = only(rig.step("2018-01-16T10:06")[session], AccountUpdateMulti)
    assert "NetLiquidation" in {each.key for each in changed}
    assert "TotalCashValue" not in {each.key for each in changed}
    rig.say(session, ask.CancelAccountUpdatesMulti(request_id=9))
    rig.market.show(LINE)
    assert session not in rig.step("2018-01-16T10:09")


def test_ledger_and_net_liquidation_alone(rig: Rig) -> None:
    replies = rig.say(rig.connect(), multi(ledger=True))
    keys = {each.key for each in only(replies, AccountUpdateMulti)}
    assert {"NetLiquidation", "CashBalance", "ExchangeRate", "AccruedCash"} <= keys
    assert not keys & {"AvailableFunds", "NetLiquidation-S", "BuyingPower", "AccountType"}


@pytest.mark.parametrize(
    "request_",
    [
        ask.RequestAccountUpdates(subscribe=True, account="DU1"),
        multi(account="DU1"),
        multi(model="Growth"),
    ],
)
def test_another_account_or_model_is_refused(rig: Rig, request_: ask.Request) -> None:
    session = rig.connect()
    assert codes(rig.say(session, request_)) == [321]
    assert session not in rig.step("2018-01-16T11:00")
